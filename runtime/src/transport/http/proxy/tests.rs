//! Tests of the rules, without a network.

use std::process::Command;

use ureq::{Agent, ProxyProtocol};

use super::no_proxy::NoProxy;
use super::{Proxy, ProxyRules, url};
use crate::error::ErrorKind;
use crate::transport::NetworkVariables;

type Variables = &'static [(&'static str, &'static str)];

fn rules(variables: Variables) -> ProxyRules {
    let variables = NetworkVariables::from_pairs(variables.iter().copied());
    let agent = |proxy| Agent::from(Agent::config_builder().proxy(Some(proxy)).build());
    ProxyRules::new(&Proxy::Environment, Some(&variables), &agent).expect("valid rules")
}

/// Returns the variable whose proxy is used, `direct`, or the message of the error.
fn selected(variables: Variables, url: &str) -> String {
    let uri = url.parse().expect("a URL");
    match rules(variables).select(&uri) {
        Ok(None) => "direct".into(),
        Ok(Some(proxy)) => proxy.origin.split('`').nth(1).expect("a name").into(),
        Err(message) => message.into(),
    }
}

const HTTP: &str = "http://ws.corp.example/";
const HTTPS: &str = "https://ws.corp.example/";
const P: &str = "http://127.0.0.1:1";

/// Variables, URL, and the variable whose proxy is used.
const SELECTIONS: &[(Variables, &str, &str)] = &[
    (&[], HTTPS, "direct"),
    (&[("https_proxy", P)], HTTPS, "https_proxy"),
    (&[("HTTPS_PROXY", P)], HTTPS, "HTTPS_PROXY"),
    (&[("https_proxy", P)], HTTP, "direct"),
    (&[("http_proxy", P)], HTTP, "http_proxy"),
    (&[("http_proxy", P)], HTTPS, "direct"),
    // In a CGI program, this variable is the header `Proxy` of a request.
    (&[("HTTP_PROXY", P)], HTTP, "direct"),
    (&[("HTTP_PROXY", P), ("ALL_PROXY", P)], HTTP, "ALL_PROXY"),
    (&[("all_proxy", P)], HTTPS, "all_proxy"),
    (&[("ALL_PROXY", P)], HTTP, "ALL_PROXY"),
    (
        &[("ALL_PROXY", P), ("HTTPS_PROXY", P)],
        HTTPS,
        "HTTPS_PROXY",
    ),
    (
        &[("all_proxy", P), ("HTTPS_PROXY", P)],
        HTTPS,
        "HTTPS_PROXY",
    ),
    (&[("ALL_PROXY", P), ("HTTPS_PROXY", P)], HTTP, "ALL_PROXY"),
    (&[("ALL_PROXY", P), ("all_proxy", P)], HTTP, "all_proxy"),
    (
        &[("HTTPS_PROXY", P), ("https_proxy", P)],
        HTTPS,
        "https_proxy",
    ),
    (
        &[("HTTPS_PROXY", P), ("https_proxy", "")],
        HTTPS,
        "HTTPS_PROXY",
    ),
    (&[("ALL_PROXY", P), ("HTTPS_PROXY", "")], HTTPS, "ALL_PROXY"),
    (&[("ALL_PROXY", "")], HTTPS, "direct"),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "ws.corp.example")],
        HTTPS,
        "direct",
    ),
    (
        &[("ALL_PROXY", P), ("no_proxy", "corp.example")],
        HTTPS,
        "direct",
    ),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "a, ws.corp.example")],
        HTTPS,
        "direct",
    ),
    (
        &[("ALL_PROXY", P), ("no_proxy", "a"), ("NO_PROXY", "*")],
        HTTPS,
        "ALL_PROXY",
    ),
    (
        &[("ALL_PROXY", P), ("no_proxy", ""), ("NO_PROXY", "*")],
        HTTPS,
        "direct",
    ),
    (&[("ALL_PROXY", P), ("NO_PROXY", "")], HTTPS, "ALL_PROXY"),
    (&[("ALL_PROXY", P), ("NO_PROXY", "a,*")], HTTPS, "ALL_PROXY"),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "*.corp.example")],
        HTTPS,
        "ALL_PROXY",
    ),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "ws.corp.example:443")],
        HTTPS,
        "ALL_PROXY",
    ),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "WS.Corp.EXAMPLE")],
        HTTPS,
        "direct",
    ),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "corp.example")],
        "http://WS.CORP.example.:8080/",
        "direct",
    ),
    (&[("ALL_PROXY", P)], "http://localhost:1/", "ALL_PROXY"),
    (&[("ALL_PROXY", P)], "http://127.0.0.1:1/", "ALL_PROXY"),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "localhost")],
        "http://localhost:1/",
        "direct",
    ),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "localhost")],
        "http://127.0.0.1:1/",
        "ALL_PROXY",
    ),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "127.0.0.0/8")],
        "http://127.9.9.9:1/",
        "direct",
    ),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "0.0.1")],
        "http://127.0.0.1:1/",
        "ALL_PROXY",
    ),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "::1")],
        "http://[::1]:1/",
        "direct",
    ),
    (
        &[("ALL_PROXY", P), ("NO_PROXY", "127.0.0.1")],
        "http://[::1]:1/",
        "ALL_PROXY",
    ),
];

#[test]
fn variable_of_the_scheme_takes_precedence() {
    for (variables, url, expected) in SELECTIONS {
        assert_eq!(selected(variables, url), *expected, "{variables:?} {url}");
    }
}

/// Compares the table above with curl. `.ci/run` runs this test.
#[test]
#[ignore = "requires curl"]
fn proxies_are_selected_like_curl_does() {
    for (variables, url, expected) in SELECTIONS {
        let uri: ureq::http::Uri = url.parse().expect("a URL");
        let port = uri.port_u16().unwrap_or_else(|| match uri.scheme_str() {
            Some("https") => 443,
            _ => 80,
        });
        let mut curl = Command::new("curl");
        // Nothing is looked up, and neither this address nor the proxy responds.
        curl.args(["--resolve", &format!("*:{port}:127.0.0.1")]);
        let output = curl
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(variables.iter().copied())
            .args(["--disable", "-v", "--connect-timeout", "5", url])
            .output()
            .expect("curl");
        let log = String::from_utf8_lossy(&output.stderr);
        let variable = log.lines().find_map(|line| {
            let name = line
                .split("Uses proxy env variable ")
                .nth(1)?
                .split(' ')
                .next()?;
            (!name.eq_ignore_ascii_case("no_proxy")).then_some(name)
        });
        assert!(log.contains("Trying "), "{log}");
        assert_eq!(
            variable.unwrap_or("direct"),
            *expected,
            "{variables:?} {url}: {log}"
        );
    }
}

#[test]
fn invalid_proxy_is_an_error_of_the_urls_that_it_applies_to() {
    const BAD: &str = "http://user:secret@bad host:1";
    let message = "invalid proxy in the environment variable `HTTPS_PROXY`: \
                   the URL contains white space or control characters";
    assert_eq!(selected(&[("HTTPS_PROXY", BAD)], HTTPS), message);
    assert_eq!(
        selected(&[("HTTPS_PROXY", BAD), ("ALL_PROXY", P)], HTTPS),
        message
    );
    assert_eq!(selected(&[("HTTPS_PROXY", BAD)], HTTP), "direct");
    assert_eq!(
        selected(&[("HTTPS_PROXY", BAD), ("NO_PROXY", "*")], HTTPS),
        "direct"
    );
}

/// Host, entry, and whether the host is excluded. From `tests/unit/unit1614.c` of curl.
#[test]
fn no_proxy_matches_hosts_like_curl_does() {
    let cases = [
        (
            "www.example.com",
            "localhost,.example.com,.example.de",
            true,
        ),
        (
            "www.example.com.",
            "localhost,.example.com,.example.de",
            true,
        ),
        ("example.com", "localhost,.example.com,.example.de", true),
        ("example.com.", "localhost,.example.com,.example.de", true),
        (
            "www.example.com",
            "localhost,.example.com.,.example.de",
            true,
        ),
        (
            "www.example.com",
            "localhost,www.example.com.,.example.de",
            true,
        ),
        ("example.com", "localhost,example.com,.example.de", true),
        ("example.com.", "localhost,example.com,.example.de", true),
        ("nexample.com", "localhost,example.com,.example.de", false),
        ("www.example.com", "localhost,example.com,.example.de", true),
        ("127.0.0.1", "127.0.0.1,localhost", true),
        ("127.0.0.1", "127.0.0.1,localhost,", true),
        ("127.0.0.1", "127.0.0.1/8,localhost,", true),
        ("127.0.0.1", "127.0.0.1/28,localhost,", true),
        ("127.0.0.1", "127.0.0.1/31,localhost,", true),
        ("127.0.0.1", "localhost,127.0.0.1", true),
        ("127.0.0.1", "localhost,127.0.0.1.127.0.0.1.127.0.0", false),
        ("localhost", "localhost,127.0.0.1", true),
        ("localhost", "127.0.0.1,localhost", true),
        ("foobar", "barfoo", false),
        ("foobar", "foobar", true),
        ("192.168.0.1", "foobar", false),
        ("192.168.0.1", "192.168.0.0/16", true),
        ("192.168.0.1", "192.168.0.0/16a", false),
        ("192.168.0.1", "192.168.0.0/16 ", true),
        ("192.168.0.1", "192.168.0.0/a16", false),
        ("192.168.0.1", "192.168.0.0/ 16", false),
        ("192.168.0.1", "192.168.0.0/24", true),
        ("192.168.0.1", "192.168.0.0/32", false),
        ("192.168.0.1", "192.168.0.1/32", true),
        ("192.168.0.1", "192.168.0.1/33", false),
        ("192.168.0.1", "192.168.0.0", false),
        ("192.168.1.1", "192.168.0.0/24", false),
        ("192.168.1.1", "192.168.0.0/33", false),
        ("192.168.1.1", "foo, bar, 192.168.0.0/24", false),
        ("192.168.1.1", "foo, bar, 192.168.0.0/16", true),
        ("192.160.0.1", "192.160.0.1/0", true),
        ("192.160.0.1", "10.0.0.1/0", false),
        ("[::1]", "foo, bar, 192.168.0.0/16", false),
        ("[::1]", "foo, bar, ::1/64", true),
        ("[::1]", "::1/64", true),
        ("[::1]", "0:0::1", true),
        ("[::1]", "0:0::1/127", true),
        ("[::1]", "::1/0", true),
        ("[::1]", "::1/129", false),
        ("[::1]", "::1/128", true),
        ("[::1]", "::1/127", true),
        ("[::1]", "::1/a127", false),
        ("[::1]", "::1/127a", false),
        ("[::1]", "::1/ 127", false),
        ("[::1]", "::1/127 ", true),
        ("[::1]", "::1/122", true),
        (
            "[fe80::ab47:4396:55c9:8474]",
            "fe80::ab47:4396:55c9:8474/64",
            true,
        ),
        ("[2001:db8:8000::1]", "2001:db8::/65", false),
        ("[2001:db8:8000::1]", "2001:db8::/72", false),
        ("[2001:db8::1]", "2001:db8::/65", true),
        ("[2001:db8::1]", "2001:db8::/72", true),
        ("bar", "foo, bar, ::1/64", true),
        ("BAr", "foo, bar, ::1/64", true),
        ("BAr", "foo,,,,,              bar, ::1/64", true),
        ("www.example.com", "foo, .example.com", true),
        ("www.example.com", "www2.example.com, .example.net", false),
        ("example.com", ".example.com, .example.net", true),
        ("nonexample.com", ".example.com, .example.net", false),
        // Lists without commas are deprecated in curl, and in use.
        (
            "www.example.com",
            "localhost .example.com .example.de",
            true,
        ),
        ("[::1]", "[::1]", true),
        ("[2001:db8::1]", "[2001:db8::]/32", true),
        ("\u{e9}example.com", "example.com", false),
        ("example.com", ".", false),
        ("example.com", "", false),
    ];
    for (host, list, expected) in cases {
        assert_eq!(
            NoProxy::parse(list).contains(host),
            expected,
            "{host} in {list:?}"
        );
    }
}

#[test]
fn proxy_urls_have_default_schemes_and_ports() {
    use ProxyProtocol::{Http, Socks4, Socks4A, Socks5, Socks5h};

    let cases = [
        ("proxy", Http, "proxy", 1080, None),
        ("proxy:3128", Http, "proxy", 3128, None),
        ("http://proxy", Http, "proxy", 1080, None),
        (
            "HTTP://proxy.corp.example:3128/",
            Http,
            "proxy.corp.example",
            3128,
            None,
        ),
        ("http://proxy:", Http, "proxy", 1080, None),
        ("http:/proxy:9", Http, "proxy", 9, None),
        (
            "http://127.0.0.1:9/path?query#fragment",
            Http,
            "127.0.0.1",
            9,
            None,
        ),
        ("http://[::1]:9", Http, "[::1]", 9, None),
        ("[2001:db8::1]", Http, "[2001:db8::1]", 1080, None),
        ("socks://proxy", Socks4, "proxy", 1080, None),
        ("socks4://proxy", Socks4, "proxy", 1080, None),
        ("socks4a://proxy", Socks4A, "proxy", 1080, None),
        ("socks5://proxy:9", Socks5, "proxy", 9, None),
        ("SOCKS5h://proxy", Socks5h, "proxy", 1080, None),
        (
            "http://me:secret@proxy",
            Http,
            "proxy",
            1080,
            Some(("me", Some("secret"))),
        ),
        (
            "me:secret@proxy:9",
            Http,
            "proxy",
            9,
            Some(("me", Some("secret"))),
        ),
        ("http://me@proxy", Http, "proxy", 1080, Some(("me", None))),
        (
            "http://CORP%5Cme:p%40%3A%2f+%25@proxy",
            Http,
            "proxy",
            1080,
            Some(("CORP\\me", Some("p@:/+%"))),
        ),
        (
            "http://me:a@b:c@proxy",
            Http,
            "proxy",
            1080,
            Some(("me", Some("a@b:c"))),
        ),
        (
            "http://:secret@proxy",
            Http,
            "proxy",
            1080,
            Some(("", Some("secret"))),
        ),
    ];
    for (text, protocol, host, port, user) in cases {
        let proxy = url::parse(text).unwrap_or_else(|reason| panic!("{text}: {reason}"));
        assert_eq!(
            (proxy.protocol(), proxy.host(), proxy.port()),
            (protocol, host, port),
            "{text}"
        );
        let actual = proxy.username().map(|user| (user, proxy.password()));
        assert_eq!(actual, user, "{text}");
    }
    #[cfg(feature = "_tls")]
    assert_eq!(
        url::parse("https://proxy").map(|proxy| proxy.port()),
        Ok(443)
    );
}

#[test]
fn invalid_proxy_urls_are_errors_without_their_text() {
    let cases = [
        ("http://bad host:1", "white space"),
        (" http://proxy:1", "white space"),
        ("http://proxy:1\n", "white space"),
        ("http://me:se\tcret@proxy", "white space"),
        ("http://", "no host"),
        ("http://:3128", "no host"),
        ("http://me:secret@", "no host"),
        ("/", "no host"),
        ("gopher://proxy", "scheme"),
        ("ftp://me:secret@proxy", "scheme"),
        ("file:///etc/secret", "scheme"),
        ("proxy:", "port"),
        ("http://proxy:0", "port"),
        ("http://proxy:65536", "port"),
        ("http://proxy:+80", "port"),
        ("http://proxy:80x", "port"),
        ("http://me:secret/1@proxy", "port"),
        ("http://[::1]80", "port"),
        ("http://::1:9", "brackets"),
        ("http://[::1", "IPv6"),
        ("http://[secret]", "IPv6"),
        ("http://b\u{fc}cher.example", "characters"),
        ("http://a\\b", "characters"),
        ("http://a%20b", "characters"),
        ("http://a,b", "characters"),
        ("http://me:%ff@proxy", "UTF-8"),
        ("http://me:%0d%0asecret@proxy", "control characters"),
    ];
    for (text, part) in cases {
        let reason = url::parse(text).expect_err(text);
        assert!(reason.contains(part), "{text}: {reason}");
        assert!(!reason.contains("secret"), "{text}: {reason}");
        let explicit = ProxyRules::new(&Proxy::Url(text.into()), None, &|_| unreachable!());
        assert_eq!(explicit.expect_err(text).kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn debug_output_has_no_values() {
    let variables = [("ALL_PROXY", "http://me:secret@proxy")];
    let variables = NetworkVariables::from_pairs(variables);
    assert_eq!(format!("{variables:?}"), r#"{"ALL_PROXY"}"#);
    let builder = crate::transport::Http::builder().network_variables(variables);
    assert!(!format!("{:?}", builder.build().expect("a transport")).contains("secret"));
}
