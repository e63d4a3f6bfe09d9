//! netrc files: no panic, and no secret in a message.
//!
//! The byte 1 in the input is replaced by a secret.

#![no_main]

use std::fs;
use std::sync::LazyLock;

use generated_client::config::{Config, Environment};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

const SECRET: &str = "dapi0Mark1Mark2";

static HOME: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary directory"));

fuzz_target!(|data: &[u8]| {
    let mut file = Vec::with_capacity(data.len());
    for byte in data {
        match byte {
            1 => file.extend_from_slice(SECRET.as_bytes()),
            byte => file.push(*byte),
        }
    }
    let path = HOME.path().join("netrc");
    fs::write(&path, file).expect("the file is writable");
    let home = Some(HOME.path().to_owned());
    let environment = Environment::from_pairs(home, [("NETRC", path.as_os_str())]);
    let text = match Config::new().host("adb-1.net").resolve(&environment) {
        Ok(settings) => format!("{settings:?} {}", settings.credentials),
        Err(error) => {
            let line = error.to_string();
            assert!(!line.contains(char::is_control), "{line:?}");
            format!("{line} {error:?}")
        }
    };
    assert!(!text.contains("Mark"), "{text}");
});
