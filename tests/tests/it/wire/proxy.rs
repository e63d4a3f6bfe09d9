//! Proxies from environment variables.

use std::fs;
use std::process::Command;

use generated_client::config::Environment;
use generated_client::{Config, Language, contexts};
use test_server::{Action, Server};

#[test]
fn loopback_addresses_bypass_the_proxy() {
    // The client allows plain HTTP to loopback addresses only because no other host is involved. It runs
    // in a separate process, because all threads share the environment.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("job.py");
    fs::write(&path, "1").unwrap();
    for variable in ["ALL_PROXY", "http_proxy", "HTTPS_PROXY"] {
        let proxy = Server::scripted([]);
        let server =
            Server::scripted([Action::json(200, "{}"), Action::json(200, r#"{"id": "7"}"#)]);
        let mut upload = Command::new(env!("CARGO_BIN_EXE_upload"));
        for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
            upload.env_remove(name).env_remove(name.to_lowercase());
        }
        upload.env(variable, proxy.url());
        let output = upload.arg(server.url()).arg(&path).output().unwrap();
        assert_eq!(proxy.connections(), 0, "{variable}");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn proxy_of_token_requests_depends_on_their_url() {
    let login = Server::scripted([Action::json(
        200,
        r#"{"access_token": "t", "expires_in": 60}"#,
    )]);
    let proxy = Server::scripted([
        Action::Send(b"HTTP/1.1 200 Connected\r\n\r\n".to_vec()),
        Action::json(200, r#"{"id": "7"}"#),
    ]);
    let environment = Environment::from_pairs(
        None,
        [("all_proxy", proxy.url()), ("no_proxy", "127.0.0.1".into())],
    );
    let settings = Config::new()
        .host("http://ws.corp.invalid")
        .azure("tenant", "id", "secret")
        .azure_login(login.url())
        .resolve(&environment)
        .unwrap();
    let builder = settings.client_builder().allow_plain_http();
    let create = contexts::Create::new("c", Language::Python);
    let context = contexts::create(&builder.build().unwrap(), &create).unwrap();
    assert_eq!(context.id, "7".into());
    assert_eq!(
        login.request().line,
        "POST /tenant/oauth2/v2.0/token HTTP/1.1"
    );
    let lines: Vec<_> = proxy
        .requests()
        .into_iter()
        .map(|request| request.line)
        .collect();
    let expected = [
        "CONNECT ws.corp.invalid:80 HTTP/1.1",
        "POST /api/1.2/contexts/create HTTP/1.1",
    ];
    assert_eq!(lines, expected);
}
