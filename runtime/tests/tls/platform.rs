//! Whom the platform trusts. On Linux a variable can say so; elsewhere there is no way that leaves
//! the machine as it was.

#![cfg(target_os = "linux")]

use std::env;
use std::io::Write as _;
use std::process::Command;

use test_server::tls::Authority;

use crate::server::with_certificate;
use crate::{KINDS, ask, client};

/// Set in the process whose platform trusts the authority.
const URL: &str = "URL_OF_A_SERVER";

#[test]
fn the_platform_is_asked() {
    match env::var(URL) {
        Ok(url) => trusts(&url),
        Err(_) => run_where_it_is_trusted(),
    }
}

fn run_where_it_is_trusted() {
    let authority = Authority::new();
    let server = with_certificate(&authority.issue(|_| {}));
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(authority.pem().as_bytes()).expect("room");
    let output = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "platform::the_platform_is_asked"])
        .env("SSL_CERT_FILE", file.path())
        .env_remove("SSL_CERT_DIR")
        .env(URL, server.https_url())
        .output()
        .expect("a process");
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("1 passed"), "{told}");
}

fn trusts(url: &str) {
    for &tls in KINDS {
        let asked = ask(&client(url, tls, |builder| builder));
        let is_platform = format!("{tls:?}") != "Rustls";
        assert_eq!(asked.is_ok(), is_platform, "{tls:?}: {asked:?}");
        let other = Authority::new().pem();
        let asked = ask(&client(url, tls, |builder| builder.root_certs(other)));
        // Ours stand in the place of the platform's.
        asked.expect_err("an authority that is not named");
    }
}
