//! Hosts in `NO_PROXY`.

use super::super::no_proxy::NoProxy;

/// Host, list, and expected result. Most are from `tests/unit/unit1614.c` of curl.
const CASES: &[(&str, &str, bool)] = &[
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

#[test]
fn no_proxy_matches_hosts_like_curl_does() {
    for (host, list, expected) in CASES {
        assert_eq!(
            NoProxy::parse(list).contains(host),
            *expected,
            "{host} in {list:?}"
        );
    }
}
