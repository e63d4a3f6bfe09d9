//! Parser for the host of a workspace, and for the workspace id in its query.

use std::net::{IpAddr, Ipv6Addr};

use super::workspace_id;

/// Scheme, host name and port of a workspace, and the workspace id if it is part of the URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Host {
    url: String,
    name: String,
    workspace_id: Option<String>,
}

impl Host {
    /// Parses a host name or a URL.
    ///
    /// The error message does not contain the text: a malformed URL may have a password in place of
    /// the port.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err("contains white space or control characters");
        }
        let (scheme, rest) = split_scheme(text)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("contains a user name or password; pass them as credentials");
        }
        let (name, port) = split_port(authority)?;
        let name = parse_name(name)?;
        let port = port.map(parse_port).transpose()?;
        let scheme = scheme.unwrap_or_else(|| default_scheme(&name, port));
        let default_port = if scheme == "https" { 443 } else { 80 };
        let port = match port {
            Some(port) if port != default_port => format!(":{port}"),
            _ => String::new(),
        };
        let url = match name.parse::<Ipv6Addr>() {
            Ok(address) => format!("{scheme}://[{address}]{port}"),
            Err(_) => format!("{scheme}://{name}{port}"),
        };
        let workspace_id = workspace_id::in_query(query(rest))?;
        Ok(Self {
            url,
            name,
            workspace_id,
        })
    }

    /// Returns the base URL, for example `https://adb-123.azuredatabricks.net`.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn into_url(self) -> String {
        self.url
    }

    /// Returns the host name. IPv6 addresses have no brackets.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the workspace id in the query of the URL, for example of `https://adb-123.net/?o=123`.
    pub(super) fn workspace_id(&self) -> Option<&str> {
        self.workspace_id.as_deref()
    }

    /// Returns whether the host is this machine.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.name)
    }
}

fn is_loopback(name: &str) -> bool {
    match name.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => name == "localhost",
    }
}

/// Returns the scheme of a host without one. Servers on this machine, for example `dbexec serve`, seldom use
/// TLS.
fn default_scheme(name: &str, port: Option<u16>) -> &'static str {
    if is_loopback(name) && port != Some(443) {
        "http"
    } else {
        "https"
    }
}

fn split_scheme(text: &str) -> Result<(Option<&'static str>, &str), &'static str> {
    match text.split_once("://") {
        // The `://` belongs to the path or query of a URL without a scheme.
        Some((before, _)) if before.contains(['/', '?', '#']) => Ok((None, text)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => Ok((Some("https"), rest)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => Ok((Some("http"), rest)),
        Some(_) => Err("scheme is neither `https` nor `http`"),
        None => Ok((None, text)),
    }
}

/// Returns the query of a URL without its scheme. A `?` in the fragment does not start a query.
fn query(rest: &str) -> &str {
    let before_fragment = rest.split('#').next().unwrap_or_default();
    before_fragment
        .split_once('?')
        .map_or("", |(_, query)| query)
}

/// Splits off the port. An IPv6 address keeps its brackets.
fn split_port(authority: &str) -> Result<(&str, Option<&str>), &'static str> {
    let colon = match authority.rfind(']') {
        Some(bracket) if bracket + 1 == authority.len() => None,
        Some(bracket) if authority[bracket + 1..].starts_with(':') => Some(bracket + 1),
        Some(_) => return Err("unexpected text after `]`, expected a port"),
        None if authority.matches(':').count() > 1 => {
            return Err("IPv6 address without brackets, expected for example `[::1]`");
        }
        None => authority.find(':'),
    };
    Ok(match colon {
        Some(colon) => (&authority[..colon], Some(&authority[colon + 1..])),
        None => (authority, None),
    })
}

fn parse_port(text: &str) -> Result<u16, &'static str> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(port) if digits && port > 0 => Ok(port),
        _ => Err("port is not a number from 1 to 65535"),
    }
}

fn parse_name(text: &str) -> Result<String, &'static str> {
    if let Some(address) = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let address = address
            .parse::<Ipv6Addr>()
            .map_err(|_| "invalid IPv6 address")?;
        return Ok(address.to_string());
    }
    if text.is_empty() {
        return Err("empty host name");
    }
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    {
        return Err("host name contains characters other than letters, digits, `-`, `_` and `.`");
    }
    if text.split('.').any(str::is_empty) {
        return Err("host name contains an empty label between dots");
    }
    Ok(text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_and_urls_are_normalized() {
        let cases = [
            (
                "adb-123.4.azuredatabricks.net",
                "https://adb-123.4.azuredatabricks.net",
            ),
            ("https://adb-123.net/", "https://adb-123.net"),
            ("https://adb-123.net/?o=123#job/7", "https://adb-123.net"),
            ("adb-123.net?o=123", "https://adb-123.net"),
            ("adb-123.net#x@y", "https://adb-123.net"),
            (
                "https://adb-123.net/a/b?next=http://other",
                "https://adb-123.net",
            ),
            ("adb-123.net/?next=http://other", "https://adb-123.net"),
            ("  https://adb-123.net \n", "https://adb-123.net"),
            ("HTTPS://ADB-123.Net", "https://adb-123.net"),
            ("https://adb-123.net:443", "https://adb-123.net"),
            ("https://adb-123.net:80", "https://adb-123.net:80"),
            ("http://adb-123.net:80/", "http://adb-123.net"),
            ("http://adb-123.net:443", "http://adb-123.net:443"),
            ("adb-123.net:0443", "https://adb-123.net"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("localhost:8080", "http://localhost:8080"),
            ("127.0.0.1", "http://127.0.0.1"),
            ("[::1]:9", "http://[::1]:9"),
            ("localhost:443", "https://localhost"),
            ("https://localhost:8080", "https://localhost:8080"),
            ("http://[::1]:8080/x", "http://[::1]:8080"),
            ("[2001:DB8:0::1]", "https://[2001:db8::1]"),
            ("my_host", "https://my_host"),
        ];
        for (text, url) in cases {
            assert_eq!(
                Host::parse(text).map(Host::into_url),
                Ok(url.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn workspace_id_is_part_of_the_query() {
        for (text, id) in [
            ("https://adb-123.net", None),
            ("https://adb-123.net/?o=123", Some("123")),
            ("https://adb-123.net?o=123", Some("123")),
            ("adb-123.net:8443/jobs/7?x=1&o=123#job/7", Some("123")),
            ("https://adb-123.net/?workspace_id=123", Some("123")),
            (
                "https://adb-123.net/?w=7a99b43c-b46c",
                Some("7a99b43c-b46c"),
            ),
            ("https://adb-123.net/#job/7?o=123", None),
            ("https://adb-123.net/?next=https://other/?o=1", None),
        ] {
            let host = Host::parse(text).unwrap();
            assert_eq!(host.workspace_id(), id, "{text}");
        }
    }

    #[test]
    fn invalid_hosts_are_reported_without_their_text() {
        let cases = [
            ("", "empty"),
            (" ", "empty"),
            ("https://", "empty"),
            ("https:///path", "empty"),
            ("//adb-123.net", "empty"),
            ("https://:8080", "empty"),
            ("ftp://adb-123.net", "scheme"),
            ("://adb-123.net", "scheme"),
            ("https://me:hunter2@adb-123.net", "a user name or password"),
            ("me@adb-123.net", "a user name or password"),
            ("https://me:hunter/2@adb-123.net", "port"),
            ("adb 123.net", "white space"),
            ("adb-123\n.net", "white space"),
            ("adb-123\u{0}.net", "white space"),
            ("adb-123.net:99999", "port"),
            ("adb-123.net:0", "port"),
            ("adb-123.net:+80", "port"),
            ("adb-123.net:", "port"),
            ("https:/adb-123.net", "port"),
            ("::1", "brackets"),
            ("[::1", "brackets"),
            ("[::1]8080", "after `]`"),
            ("[::1%eth0]", "IPv6"),
            ("[adb-123.net]", "IPv6"),
            ("bücher.example", "letters"),
            ("adb%2d123.net", "letters"),
            ("adb-123.net\\@other", "a user name or password"),
            ("adb-123.net\\other", "letters"),
            ("adb..net", "dots"),
            ("adb-123.net.", "dots"),
            ("adb-123.net?o=hunter2", "workspace id"),
        ];
        for (text, part) in cases {
            let error = Host::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
            assert!(!error.contains("hunter"), "{text}: {error}");
        }
    }

    #[test]
    fn loopback_hosts_are_recognized() {
        for text in [
            "localhost",
            "http://LOCALHOST:8080",
            "127.0.0.1",
            "127.9.9.9:1",
            "[::1]",
        ] {
            assert!(Host::parse(text).unwrap().is_loopback(), "{text}");
        }
        for text in [
            "adb-123.net",
            "localhost.net",
            "10.0.0.1",
            "0.0.0.0",
            "127.0.0.1.net",
        ] {
            assert!(!Host::parse(text).unwrap().is_loopback(), "{text}");
        }
    }

    #[test]
    fn arbitrary_text_does_not_panic_and_urls_round_trip() {
        const PARTS: &[&str] = &[
            "https", "http", "://", ":", "/", "?", "#", "@", "[", "]", "::1", ".", "a", "443", "é",
            "o=", "w=", "&", "%", "%31",
        ];
        arbtest::arbtest(|u| {
            let mut text = String::new();
            while !u.is_empty() {
                text.push_str(u.choose(PARTS)?);
            }
            if let Ok(mut host) = Host::parse(&text) {
                let reparsed = Host::parse(host.url()).unwrap();
                host.workspace_id = None;
                assert_eq!(reparsed, host, "{text}");
            }
            Ok(())
        });
    }
}
