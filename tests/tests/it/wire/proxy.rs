//! A proxy of the surroundings: a process of its own, for its variables are those of all threads.

use std::fs;
use std::process::Command;

use test_server::{Action, Server};

/// Plain HTTP to this machine is allowed because nobody listens in between: so nobody is put there.
#[test]
fn a_server_on_this_machine_is_asked_directly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("job.py");
    fs::write(&path, "1").unwrap();
    for variable in ["ALL_PROXY", "http_proxy", "HTTPS_PROXY"] {
        let proxy = Server::scripted([]);
        let server =
            Server::scripted([Action::json(200, "{}"), Action::json(200, r#"{"id": "7"}"#)]);
        let mut upload = Command::new(env!("CARGO_BIN_EXE_upload"));
        for known in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
            upload.env_remove(known).env_remove(known.to_lowercase());
        }
        upload.env(variable, proxy.url());
        let output = upload.arg(server.url()).arg(&path).output().unwrap();
        assert_eq!(proxy.connections(), 0, "{variable}");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(server.requests().len(), 2);
    }
}
