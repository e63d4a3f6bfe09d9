//! Selection of proxies.

use std::process::Command;

use ureq::Agent;

use super::super::{Proxy, ProxyRules};
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

#[test]
fn debug_output_has_no_values() {
    let variables = [("ALL_PROXY", "http://me:secret@proxy")];
    let variables = NetworkVariables::from_pairs(variables);
    assert_eq!(format!("{variables:?}"), r#"{"ALL_PROXY"}"#);
    let builder = crate::transport::Http::builder().network_variables(variables);
    assert!(!format!("{:?}", builder.build().expect("a transport")).contains("secret"));
}
