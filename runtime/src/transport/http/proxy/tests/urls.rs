//! URLs of proxies.

use ureq::ProxyProtocol;

use super::super::{Proxy, ProxyRules, url};
use crate::error::ErrorKind;

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
