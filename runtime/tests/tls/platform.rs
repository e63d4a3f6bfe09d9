//! Root certificates of the platform. They are tested on Linux only, where an environment variable
//! sets them; other systems would have to be changed permanently.

#![cfg(target_os = "linux")]

use std::env;
use std::io::Write as _;
use std::process::Command;

use test_server::tls::Authority;

use crate::server::with_certificate;
use crate::{ALL, client, show_time};

/// Environment variable of the child process, whose platform trusts the authority.
const URL: &str = "TEST_SERVER_URL";

#[test]
fn root_certificates_of_the_platform_are_trusted() {
    match env::var(URL) {
        Ok(url) => check_trust(&url),
        Err(_) => run_with_trusted_authority(),
    }
}

fn run_with_trusted_authority() {
    let authority = Authority::new();
    let server = with_certificate(&authority.issue(|_| {}));
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(authority.pem().as_bytes()).expect("room");
    let output = Command::new(env::current_exe().expect("this program"))
        .args([
            "--exact",
            "platform::root_certificates_of_the_platform_are_trusted",
        ])
        .env("SSL_CERT_FILE", file.path())
        .env_remove("SSL_CERT_DIR")
        .env(URL, server.https_url())
        .output()
        .expect("a process");
    assert!(output.status.success(), "{output:?}");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("1 passed"), "{stdout}");
}

fn check_trust(url: &str) {
    for &tls in ALL {
        let result = show_time(&client(url, tls, |builder| builder));
        let is_platform = format!("{tls:?}") != "Rustls";
        assert_eq!(result.is_ok(), is_platform, "{tls:?}: {result:?}");
        let other = Authority::new().pem();
        let result = show_time(&client(url, tls, |builder| builder.root_certs(other)));
        // Configured root certificates replace those of the platform.
        result.expect_err("an untrusted authority");
    }
}
