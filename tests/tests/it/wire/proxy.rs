//! Proxies from environment variables. In a separate process, because all threads share the
//! environment.

use std::fs;
use std::process::Command;

use test_server::{Action, Server};

#[test]
fn loopback_addresses_bypass_the_proxy() {
    // The client allows plain HTTP to loopback addresses only because no other host is involved.
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
