//! Proxies and root certificates. Servers and proxies record who contacts them.

use std::process::Command;

use test_server::tls::{Authority, SanType};
use test_server::{Connection, Server};

use crate::support::{Outcome, Running, Sandbox, TOKEN};

/// Response to a created context, which `dbexec call` prints in this form.
const CREATED: &str = "{\"id\": \"7\"}\n";

const HOST: &str = "ws.corp.invalid";

/// Starts a server that creates contexts. `tls` is its authority.
fn workspace(tls: Option<&Authority>) -> Server {
    let config = tls.map(|authority| authority.issue(|_| {}).server_config());
    Server::start(move |connection| match &config {
        Some(config) => create_contexts(connection.into_tls(config)?),
        None => create_contexts(connection),
    })
}

/// Starts an HTTP proxy that responds in place of all servers. `tls` is the authority of [`HOST`].
fn proxy(tls: Option<&Authority>) -> Server {
    let config = tls.map(|authority| {
        let names = vec![SanType::DnsName(HOST.try_into().unwrap())];
        authority
            .issue(|params| params.subject_alt_names = names)
            .server_config()
    });
    Server::start(move |mut connection| {
        connection.read_request()?;
        connection.send("HTTP/1.1 200 Connected\r\n\r\n")?;
        match &config {
            Some(config) => create_contexts(connection.into_tls(config)?),
            None => create_contexts(connection),
        }
    })
}

fn create_contexts(mut connection: Connection) -> std::io::Result<()> {
    loop {
        connection.read_request()?;
        connection.respond(200, &["content-type: application/json"], CREATED)?;
    }
}

/// Returns a command that creates a context.
fn create(sandbox: &Sandbox, host: &str, options: &[&str]) -> Command {
    let endpoint = ["call", "contexts.create", "clusterId=c", "language=python"];
    let workspace = ["--host", host, "--token", TOKEN];
    sandbox.command([&endpoint[..], &workspace, options].concat())
}

fn create_with(sandbox: &Sandbox, host: &str, variables: &[(&str, &str)]) -> Outcome {
    let options: &[&str] = if host.contains(HOST) {
        &["--allow-plain-http"]
    } else {
        &[]
    };
    let mut command = create(sandbox, host, options);
    command.envs(variables.iter().copied());
    Running::start(command).finish()
}

#[test]
fn authority_of_the_company_is_trusted() {
    let sandbox = Sandbox::new();
    let authority = Authority::new();
    let server = workspace(Some(&authority));
    let ca_file = sandbox.write("corp.pem", authority.pem());
    let ca_file = ca_file.to_str().unwrap();
    let folder = sandbox.path("").to_str().unwrap().to_owned();
    let with_option = create(&sandbox, &server.https_url(), &["--ca-file", ca_file]);
    Running::start(with_option).finish().assert(0, CREATED, "");
    for (variable, value) in [
        ("SSL_CERT_FILE", ca_file),
        ("CURL_CA_BUNDLE", ca_file),
        ("REQUESTS_CA_BUNDLE", ca_file),
        ("SSL_CERT_DIR", &folder),
    ] {
        let outcome = create_with(&sandbox, &server.https_url(), &[(variable, value)]);
        outcome.assert(0, CREATED, "");
    }
    assert_eq!(server.requests().len(), 5);
}

#[test]
fn untrusted_certificate_names_the_options() {
    let sandbox = Sandbox::new();
    let server = workspace(Some(&Authority::new()));
    let outcome = create_with(&sandbox, &server.https_url(), &[]);
    assert_eq!((outcome.code, &*outcome.stdout), (Some(3), ""), "{outcome}");
    for part in [
        "error: contexts.create: the server cannot be reached: invalid peer certificate: UnknownIssuer; \
         trusted are Mozilla's root certificates",
        "`SSL_CERT_FILE`",
        "`SSL_CERT_DIR`",
        "`CURL_CA_BUNDLE`",
        "`REQUESTS_CA_BUNDLE`",
        "\nhelp: if the network inspects TLS, use `--ca-file FILE`",
    ] {
        assert!(outcome.stderr.contains(part), "{outcome}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn invalid_ca_file_is_an_error_before_anything_is_sent() {
    let sandbox = Sandbox::new();
    let server = workspace(Some(&Authority::new()));
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (name, text, reason) in [
        ("missing.pem", None, "No such file"),
        ("empty.pem", Some(""), "it is empty"),
        ("text.pem", Some("text"), "it is not in PEM format"),
        ("key.pem", Some(key), "it contains a private key"),
    ] {
        let path = match text {
            Some(text) => sandbox.write(name, text),
            None => sandbox.path(name),
        };
        let path = path.to_str().unwrap();
        let option = create(&sandbox, &server.https_url(), &["--ca-file", path]);
        let option = Running::start(option).finish();
        let variable = create_with(&sandbox, &server.https_url(), &[("SSL_CERT_FILE", path)]);
        assert!(variable.stderr.contains("`SSL_CERT_FILE`"), "{variable}");
        for outcome in [option, variable] {
            assert_eq!(outcome.code, Some(2), "{outcome}");
            let file = format!("invalid CA file `{path}`: {reason}");
            assert!(outcome.stderr.contains(&file), "{outcome}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn proxy_of_the_scheme_takes_precedence() {
    let sandbox = Sandbox::new();
    let authority = Authority::new();
    let ca_file = sandbox.write("corp.pem", authority.pem());
    let ca_file = ca_file.to_str().unwrap();
    let (https, all) = (proxy(Some(&authority)), proxy(None));
    let variables = [
        ("ALL_PROXY", &*all.url()),
        ("HTTPS_PROXY", &https.url()),
        // Of a CGI program: not used.
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("SSL_CERT_FILE", ca_file),
    ];
    let outcome = create_with(&sandbox, &format!("https://{HOST}"), &variables);
    outcome.assert(0, CREATED, "");
    assert_eq!((https.connections(), all.connections()), (1, 0));
    assert_eq!(
        https.requests()[0].line,
        format!("CONNECT {HOST}:443 HTTP/1.1")
    );

    let outcome = create_with(&sandbox, &format!("http://{HOST}:8080"), &variables);
    outcome.assert(0, CREATED, "");
    assert_eq!((https.connections(), all.connections()), (1, 1));
    assert_eq!(
        all.requests()[0].line,
        format!("CONNECT {HOST}:8080 HTTP/1.1")
    );
}

#[test]
fn excluded_hosts_are_contacted_directly() {
    let sandbox = Sandbox::new();
    let (server, proxy) = (workspace(None), proxy(None));
    let port = server.address().port();
    let local = |host: &str| format!("http://{host}:{port}");
    // The proxy responds in place of the server, so that only the connections differ.
    let mut expected = (0, 0);
    for (host, list, is_direct) in [
        (local("localhost"), "localhost", true),
        (local("localhost"), "a, LOCALHOST", true),
        (local("localhost"), "a .localhost.", true),
        (local("localhost"), "*", true),
        (local("127.0.0.1"), "127.0.0.0/8", true),
        (local("127.0.0.1"), "10.0.0.0/8,127.0.0.1", true),
        (local("localhost"), "host,127.0.0.1", false),
        (local("localhost"), "localhost:8080", false),
        (local("127.0.0.1"), "10.0.0.0/8", false),
        (local("127.0.0.1"), "", false),
        (format!("http://{HOST}"), "orp.invalid", false),
    ] {
        let variables = [("ALL_PROXY", &*proxy.url()), ("NO_PROXY", list)];
        let outcome = create_with(&sandbox, &host, &variables);
        outcome.assert(0, CREATED, "");
        if is_direct {
            expected.0 += 1;
        } else {
            expected.1 += 1;
        }
        let connections = (server.connections(), proxy.connections());
        assert_eq!(connections, expected, "{host}, NO_PROXY={list}");
    }
    // This host does not exist, so a direct request fails.
    for list in ["corp.invalid", ".corp.invalid", "a, ws.corp.invalid"] {
        let variables = [("ALL_PROXY", &*proxy.url()), ("no_proxy", list)];
        let outcome = create_with(&sandbox, &format!("http://{HOST}"), &variables);
        assert_eq!(outcome.code, Some(3), "{outcome}");
        assert_eq!(proxy.connections(), expected.1, "NO_PROXY={list}");
    }
}

#[test]
fn invalid_proxy_is_an_error_before_anything_is_sent() {
    let sandbox = Sandbox::new();
    let authority = Authority::new();
    let server = workspace(Some(&authority));
    let ca_file = sandbox.write("corp.pem", authority.pem());
    let ca_file = ca_file.to_str().unwrap();
    for value in [
        "http://bad host:1",
        "http://me:dapi-secret@bad host:1",
        "gopher://me:dapi-secret@127.0.0.1:1",
        "http://127.0.0.1:99999",
        "http://",
    ] {
        for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let variables = [(variable, value), ("SSL_CERT_FILE", ca_file)];
            let outcome = create_with(&sandbox, &server.https_url(), &variables);
            let message =
                format!("error: invalid proxy in the environment variable `{variable}`: ");
            outcome.assert_starts_with(2, "", &message);
            assert!(!outcome.stderr.contains("secret"), "{outcome}");
            assert_eq!(server.connections(), 0, "{variable}={value}");
        }
    }
    let variables = [
        ("HTTPS_PROXY", "http://bad host:1"),
        ("NO_PROXY", "127.0.0.1"),
        ("SSL_CERT_FILE", ca_file),
    ];
    let outcome = create_with(&sandbox, &server.https_url(), &variables);
    outcome.assert(0, CREATED, "");
}

#[test]
fn unreachable_proxy_is_named() {
    let sandbox = Sandbox::new();
    let variables = [("ALL_PROXY", "socks5h://127.0.0.1:1")];
    let outcome = create_with(&sandbox, &format!("http://{HOST}"), &variables);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(
        outcome
            .stderr
            .contains("(through the proxy in `ALL_PROXY`)"),
        "{outcome}"
    );
}

#[test]
fn plain_http_is_not_sent_through_a_proxy_on_another_machine() {
    let sandbox = Sandbox::new();
    let server = workspace(None);
    let variables = [("http_proxy", "http://proxy.invalid:1")];
    let outcome = create_with(&sandbox, &server.url(), &variables);
    let message = format!(
        "error: {} is plain http through a proxy on another machine: add the host to `NO_PROXY`",
        server.url()
    );
    outcome.assert_starts_with(2, "", &message);
    assert_eq!(server.connections(), 0);
}

#[test]
fn local_server_is_contacted_directly() {
    let sandbox = Sandbox::new();
    let proxy = proxy(None);
    let mut command = sandbox.command(["run", "--local", "-l", "python", "-c", "print(6*7)"]);
    for name in [
        "http_proxy",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ] {
        command.env(name, proxy.url());
    }
    command.env("SSL_CERT_FILE", "/nonexistent");
    Running::start(command).finish().assert(0, "42\n", "");
    assert_eq!(proxy.connections(), 0);
}
