//! Parser of proxy URLs.

use std::net::Ipv6Addr;

use percent_encoding::percent_decode_str;
use ureq::{Proxy, ProxyProtocol};

/// Parses the URL of a proxy as curl does: scheme, port, user and password are optional, and a path is
/// ignored.
///
/// The error message does not contain the text, which may contain a password.
pub(super) fn parse(text: &str) -> Result<Proxy, &'static str> {
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("the URL contains white space or control characters");
    }
    let (scheme, rest) = split_scheme(text);
    let protocol = protocol(scheme.unwrap_or("http"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (userinfo, host_port) = match authority.rsplit_once('@') {
        Some((userinfo, host_port)) => (Some(userinfo), host_port),
        None => (None, authority),
    };
    let (host, port) = split_port(host_port)?;
    check_host(host)?;
    let port = match port {
        None => None,
        Some("") if scheme.is_some() => None,
        Some(port) => Some(parse_port(port)?),
    };
    let default_port = match protocol {
        ProxyProtocol::Https => 443,
        _ => 1080,
    };
    let mut proxy = Proxy::builder(protocol)
        .host(host)
        .port(port.unwrap_or(default_port));
    if let Some(userinfo) = userinfo {
        let (user, password) = match userinfo.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (userinfo, None),
        };
        proxy = proxy.username(&decode(user)?);
        if let Some(password) = password {
            proxy = proxy.password(&decode(password)?);
        }
    }
    proxy.build().map_err(|_| "the URL is invalid")
}

/// Splits off the scheme. It is followed by one to three slashes: curl tolerates them.
fn split_scheme(text: &str) -> (Option<&str>, &str) {
    if let Some((scheme, rest)) = text.split_once(':') {
        let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        let slashes = rest.len() - rest.trim_start_matches('/').len();
        if scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(is_scheme)
            && (1..=3).contains(&slashes)
        {
            return (Some(scheme), &rest[slashes..]);
        }
    }
    (None, text)
}

fn protocol(scheme: &str) -> Result<ProxyProtocol, &'static str> {
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Ok(ProxyProtocol::Http),
        "https" if cfg!(feature = "_tls") => Ok(ProxyProtocol::Https),
        "https" => Err("an https proxy requires a TLS feature, e.g. `rustls`"),
        "socks4" | "socks" => Ok(ProxyProtocol::Socks4),
        "socks4a" => Ok(ProxyProtocol::Socks4A),
        "socks5" => Ok(ProxyProtocol::Socks5),
        "socks5h" => Ok(ProxyProtocol::Socks5h),
        _ => Err(
            "the scheme is not supported, expected `http`, `https`, `socks4`, `socks4a`, \
             `socks5` or `socks5h`",
        ),
    }
}

/// Splits off the port. An IPv6 address keeps its brackets.
fn split_port(text: &str) -> Result<(&str, Option<&str>), &'static str> {
    if text.starts_with('[') {
        let end = text.find(']').ok_or("the IPv6 address is invalid")? + 1;
        return match &text[end..] {
            "" => Ok((text, None)),
            rest => rest
                .strip_prefix(':')
                .map(|port| (&text[..end], Some(port)))
                .ok_or("the port is invalid"),
        };
    }
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => Err("an IPv6 address requires brackets"),
        Some((host, port)) => Ok((host, Some(port))),
        None => Ok((text, None)),
    }
}

fn check_host(host: &str) -> Result<(), &'static str> {
    if host.is_empty() {
        return Err("the URL has no host");
    }
    if let Some(address) = host.strip_prefix('[') {
        let address = address.trim_end_matches(']').parse::<Ipv6Addr>();
        return address.map(drop).map_err(|_| "the IPv6 address is invalid");
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if host.bytes().all(is_allowed) {
        Ok(())
    } else {
        Err("the host contains characters that are not allowed")
    }
}

fn parse_port(text: &str) -> Result<u16, &'static str> {
    match text.parse() {
        Ok(port) if port > 0 && text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(port),
        _ => Err("the port is not a number from 1 to 65535"),
    }
}

fn decode(text: &str) -> Result<String, &'static str> {
    let text = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| "the user or password is not valid UTF-8")?;
    if text.contains(char::is_control) {
        return Err("the user or password contains control characters");
    }
    Ok(text.into_owned())
}
