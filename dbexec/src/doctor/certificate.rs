//! Certificates of servers.

use std::time::{Duration, SystemTime};

use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// Contents of a certificate.
#[derive(Debug)]
pub(super) struct Contents {
    /// Common name of the issuer, or its whole name.
    pub(super) issuer: String,
    pub(super) not_before: SystemTime,
    pub(super) not_after: SystemTime,
}

/// Reads a certificate in DER format. Returns `None` if it is invalid.
pub(super) fn read(der: &[u8]) -> Option<Contents> {
    let certificate = Certificate::from_der(der).ok()?;
    let certificate = certificate.tbs_certificate();
    let time = |since_epoch: Duration| SystemTime::UNIX_EPOCH.checked_add(since_epoch);
    let validity = certificate.validity();
    Some(Contents {
        issuer: common_name(&certificate.issuer().to_string()),
        not_before: time(validity.not_before.to_unix_duration())?,
        not_after: time(validity.not_after.to_unix_duration())?,
    })
}

/// Returns the common name in a name such as `CN=Example CA,O=Example` (RFC 4514), or else the whole name.
fn common_name(name: &str) -> String {
    let common = name
        .split(',')
        .find_map(|part| part.trim().strip_prefix("CN="));
    common.unwrap_or(name).to_owned()
}

/// Returns the number of days from one time to a later one.
pub(super) fn days(from: SystemTime, to: SystemTime) -> u64 {
    to.duration_since(from).unwrap_or_default().as_secs() / (24 * 60 * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_name_is_part_of_a_name() {
        assert_eq!(common_name("CN=Example CA,O=Example"), "Example CA");
        assert_eq!(common_name("O=Example, CN=A B"), "A B");
        assert_eq!(common_name("O=Example"), "O=Example");
    }

    #[test]
    fn other_bytes_are_no_certificate() {
        assert!(read(b"").is_none() && read(&[0x30; 100]).is_none());
    }
}
