//! Configuration files with profiles: no panic, and no token in a message.
//!
//! A token is appended to the input.

#![no_main]

use std::fs;
use std::sync::LazyLock;

use generated_client::config::{Config, Environment};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static HOME: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary directory"));

fuzz_target!(|data: &[u8]| {
    let mut file = data.to_vec();
    file.extend_from_slice(b"\ntoken = dapi0Mark1Mark2\nhost = adb-1.net\n");
    fs::write(HOME.path().join("profiles"), file).expect("the file is writable");
    let home = Some(HOME.path().to_owned());
    let environment = Environment::from_pairs(home, [("DATABRICKS_CONFIG_FILE", "~/profiles")]);
    for config in [Config::new(), Config::new().profile("dev")] {
        let text = match config.resolve(&environment) {
            Ok(settings) => format!("{settings:?} {}", settings.credentials),
            Err(error) => {
                let line = error.to_string();
                assert!(!line.contains(char::is_control), "{line:?}");
                format!("{line} {error:?}")
            }
        };
        assert!(!text.contains("Mark"), "{text}");
    }
});
