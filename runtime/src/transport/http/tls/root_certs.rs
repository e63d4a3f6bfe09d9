//! Root certificates from memory, files and environment variables.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use ureq::tls::{Certificate, PemItem, parse_pem};

use super::super::super::variables::NetworkVariables;

/// Limit of the size of a file. Bundles of all public authorities have about 250 KiB.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// Limit of the number of files in a directory.
const MAX_FILES: usize = 10_000;

/// Configured root certificates.
#[derive(Clone, Debug)]
pub(in super::super) enum RootCerts {
    /// Certificates in PEM format.
    Pem(Vec<u8>),
    /// File with certificates in PEM format.
    File(PathBuf),
}

/// Certificates from environment variables.
#[derive(Debug)]
pub(super) struct FromVariables {
    pub(super) certificates: Vec<Certificate<'static>>,
    /// Names of the variables in backticks, for messages.
    pub(super) names: String,
}

/// Reads the certificates of a CA file.
///
/// # Errors
///
/// Returns a message if the file cannot be read, contains no certificate, or contains a private key.
pub(super) fn read_file(path: &Path) -> Result<Vec<Certificate<'static>>, String> {
    let result = read(path).map_err(|error| error.to_string());
    result
        .and_then(|pem| parse(&pem).map_err(str::to_owned))
        .map_err(|reason| format!("invalid CA file `{}`: {reason}", path.display()))
}

/// Reads the certificates of the variables for root certificates. Returns `None` if none is set.
///
/// # Errors
///
/// Returns a message as [`read_file`] does, and if no directory contains a certificate.
pub(super) fn read_variables(
    variables: &NetworkVariables,
) -> Result<Option<FromVariables>, String> {
    let mut certificates = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for name in ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"] {
        let Some((name, path)) = variables.first(&[name]) else {
            continue;
        };
        names.push(name);
        let path = Path::new(path);
        if name == "REQUESTS_CA_BUNDLE" && path.is_dir() {
            certificates.extend(read_directory(path));
        } else {
            let read = read_file(path).map_err(|reason| format!("`{name}`: {reason}"))?;
            certificates.extend(read);
        }
    }
    if let Some((name, directories)) = variables.first(&["SSL_CERT_DIR"]) {
        names.push(name);
        let directories = std::env::split_paths(directories);
        certificates.extend(directories.flat_map(|path| read_directory(&path)));
    }
    if names.is_empty() {
        return Ok(None);
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let names = names.join(" and ");
    if certificates.is_empty() {
        return Err(format!(
            "{names}: no certificate found in files `*.pem`, `*.crt`, `*.cer` or with hashed names"
        ));
    }
    // The same certificate is usually in a bundle, in a separate file and in a link with a hashed name.
    let mut seen = HashSet::new();
    certificates.retain(|certificate| seen.insert(certificate.der().to_vec()));
    Ok(Some(FromVariables {
        certificates,
        names,
    }))
}

/// Parses certificates in PEM format.
pub(super) fn parse(pem: &[u8]) -> Result<Vec<Certificate<'static>>, &'static str> {
    // Editors of Windows write it. The parser would skip the first certificate.
    let pem = pem.strip_prefix(b"\xef\xbb\xbf").unwrap_or(pem);
    if pem.trim_ascii().is_empty() {
        return Err("it is empty");
    }
    if contains(pem, b"PRIVATE KEY-----") {
        return Err("it contains a private key");
    }
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| "it is not valid PEM")? {
            certificates.push(certificate);
        }
    }
    if !certificates.is_empty() {
        Ok(certificates)
    } else if contains(pem, b"-----BEGIN ") {
        Err("it contains no certificate (`-----BEGIN CERTIFICATE-----`)")
    } else {
        Err("it is not in PEM format")
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::other("it is larger than 16 MiB"));
    }
    Ok(bytes)
}

/// Reads the certificates in a directory. Other files are skipped, as OpenSSL does: such directories
/// contain dangling links, revocation lists and files that only root can read.
fn read_directory(path: &Path) -> Vec<Certificate<'static>> {
    let Ok(entries) = fs::read_dir(path) else {
        log::warn!(
            "the directory of root certificates {} cannot be read",
            path.display()
        );
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = paths
        .filter(|path| is_certificate_name(path) && path.is_file())
        .take(MAX_FILES)
        .collect();
    paths.sort();
    let files = paths.iter().filter_map(|path| read(path).ok());
    files
        .flat_map(|pem| parse(&pem).unwrap_or_default())
        .collect()
}

/// Returns whether a file name is one of certificates: by its extension, or the hash of a subject and
/// a number.
fn is_certificate_name(path: &Path) -> bool {
    let Some(extension) = path.extension().and_then(OsStr::to_str) else {
        return false;
    };
    let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let is_hash = stem.len() == 8 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_number = extension.bytes().all(|byte| byte.is_ascii_digit());
    matches!(
        extension.to_ascii_lowercase().as_str(),
        "pem" | "crt" | "cer"
    ) || (is_hash && is_number)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
