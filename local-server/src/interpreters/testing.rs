//! R for tests.

use std::process::Command;
use std::sync::Once;

const INSTALL: &str = "apt-get update && \
                       apt-get install --yes --no-install-recommends r-base-core";

/// Checks that R is installed. Installs it first if it is missing and the user is root on Debian or Ubuntu.
///
/// # Panics
///
/// If R is missing.
pub fn require_r() {
    static ONCE: Once = Once::new();

    ONCE.call_once(|| {
        if !is_installed() && rustix::process::getuid().is_root() {
            let _ = Command::new("sh")
                .args(["-c", INSTALL])
                .env("DEBIAN_FRONTEND", "noninteractive")
                .status();
        }
        assert!(
            is_installed(),
            "these tests require R 4.0 or newer; install it with `sudo sh -c '{INSTALL}'`"
        );
    });
}

fn is_installed() -> bool {
    Command::new("R")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}
