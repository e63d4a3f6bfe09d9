//! Root certificates from files and environment variables.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use api_runtime::{Client, ErrorKind, NetworkVariables};
use tempfile::TempDir;
use test_server::tls::{Authority, Certificate};

use crate::server::with_certificate;
use crate::{ALL, client, show_time};

const URL: &str = "https://127.0.0.1:1";

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("room");
    }
    folder
}

fn variables<const N: usize>(pairs: [(&str, OsString); N]) -> NetworkVariables {
    NetworkVariables::from_pairs(pairs)
}

#[test]
fn ca_file_is_trusted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = with_certificate(&authority.issue(|_| {}));
    let bundle = format!(
        "\u{feff}# Company\r\n{}\r\n# Other\n{}",
        authority.pem(),
        other.pem()
    );
    let folder = folder_with(&[("bundle.pem", &bundle), ("other.pem", &other.pem())]);
    for &tls in ALL {
        let client_of = |name: &str| {
            client(&server.https_url(), tls, |builder| {
                builder.ca_file(folder.path().join(name))
            })
        };
        show_time(&client_of("bundle.pem")).unwrap_or_else(|error| panic!("{tls:?}: {error}"));
        let error = show_time(&client_of("other.pem")).expect_err("an untrusted authority");
        assert!(
            error.is_certificate() && error.is_connect(),
            "{tls:?}: {error}"
        );
        assert_eq!(error.attempts(), 1, "{tls:?}: {error}");
        let text = error.to_string();
        assert!(
            text.contains("other.pem`: to trust another authority"),
            "{text}"
        );
        // The variables are not read.
        assert!(!text.contains("SSL_CERT_FILE"), "{text}");
    }
}

#[test]
fn all_certificates_of_all_variables_are_trusted() {
    let authority = Authority::new();
    let pem = authority.pem();
    let server = with_certificate(&authority.issue(|_| {}));
    let other = Authority::new().pem();
    let folder = folder_with(&[("other.pem", &other)]);
    let other = folder.path().join("other.pem");
    let certificates = folder_with(&[("company.pem", &pem)]);
    let hashed = folder_with(&[
        ("5ed36f99.0", &pem),
        ("README.txt", "text"),
        ("broken.pem", "text"),
    ]);
    let path = |folder: &TempDir| folder.path().as_os_str().to_owned();
    let file = || certificates.path().join("company.pem").into_os_string();
    let directories = std::env::join_paths([Path::new("/nonexistent"), hashed.path()]);
    let cases = [
        variables([("SSL_CERT_FILE", file())]),
        variables([("CURL_CA_BUNDLE", file())]),
        variables([("REQUESTS_CA_BUNDLE", file())]),
        variables([("REQUESTS_CA_BUNDLE", path(&hashed))]),
        variables([("SSL_CERT_DIR", path(&hashed))]),
        variables([("SSL_CERT_DIR", path(&certificates))]),
        variables([(
            "SSL_CERT_DIR",
            directories.expect("paths without separators"),
        )]),
        variables([
            ("SSL_CERT_FILE", file()),
            ("CURL_CA_BUNDLE", other.clone().into()),
        ]),
        variables([
            ("SSL_CERT_FILE", other.clone().into()),
            ("SSL_CERT_DIR", path(&hashed)),
        ]),
        variables([
            ("SSL_CERT_FILE", file()),
            ("SSL_CERT_DIR", "/nonexistent".into()),
        ]),
        variables([
            ("SSL_CERT_FILE", file()),
            ("CURL_CA_BUNDLE", OsString::new()),
        ]),
    ];
    for &tls in ALL {
        for variables in &cases {
            let client = client(&server.https_url(), tls, |builder| {
                builder.network_variables(variables.clone())
            });
            show_time(&client).unwrap_or_else(|error| panic!("{tls:?}, {variables:?}: {error}"));
            // An explicit file takes precedence.
            let explicit = client_with_file(&server.https_url(), tls, variables, &other);
            show_time(&explicit).expect_err("an untrusted authority");
        }
    }
}

fn client_with_file(
    url: &str,
    tls: api_runtime::Tls,
    variables: &NetworkVariables,
    file: &Path,
) -> Client {
    client(url, tls, |builder| {
        builder.ca_file(file).network_variables(variables.clone())
    })
}

#[test]
fn certificate_errors_name_the_variables_if_they_are_used() {
    let server = with_certificate(&Certificate::self_signed());
    for &tls in ALL {
        let error_of = |variables: Option<NetworkVariables>| {
            let client = client(&server.https_url(), tls, |builder| match variables {
                Some(variables) => builder.network_variables(variables),
                None => builder,
            });
            show_time(&client)
                .expect_err("an untrusted server")
                .to_string()
        };
        let error = error_of(Some(NetworkVariables::default()));
        for name in [
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "CURL_CA_BUNDLE",
            "REQUESTS_CA_BUNDLE",
        ] {
            assert!(error.contains(&format!("`{name}`")), "{tls:?}: {error}");
        }
        let error = error_of(None);
        assert!(
            error.contains("pass its certificate as a CA file"),
            "{tls:?}: {error}"
        );
        assert!(!error.contains("SSL_CERT_FILE"), "{tls:?}: {error}");
    }
}

#[test]
fn invalid_ca_files_are_errors_before_anything_is_sent() {
    let certificate = Certificate::self_signed();
    let both = certificate.pem() + &certificate.key_pem();
    let not_der = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let no_base64 = "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n";
    let public = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    let files = [
        ("empty.pem", "", "it is empty"),
        ("blank.pem", " \n", "it is empty"),
        ("text.pem", "text", "it is not in PEM format"),
        ("der.pem", "0\u{82}\u{3}", "it is not in PEM format"),
        (
            "key.pem",
            &certificate.key_pem(),
            "it contains a private key",
        ),
        ("both.pem", &both, "it contains a private key"),
        ("public.pem", public, "it contains no certificate"),
        (
            "cut.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA\n",
            "it is not valid PEM",
        ),
        ("no-base64.pem", no_base64, "it is not valid PEM"),
        ("not-der.pem", not_der, "are invalid"),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text, _) in files {
        fs::write(folder.path().join(name), text).expect("room");
    }
    let expected = files.iter().map(|(name, _, reason)| (*name, *reason));
    let missing = [("missing.pem", "os error 2"), ("", "os error")];
    for (name, reason) in expected.chain(missing) {
        let path: PathBuf = folder.path().join(name);
        for &tls in ALL {
            let builder = || Client::builder(URL).tls(tls);
            let error = builder().ca_file(&path).build().expect_err(name);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            let text = error.to_string();
            assert!(
                text.contains(reason) && text.contains(name),
                "{tls:?}: {text}"
            );
            for variable in ["SSL_CERT_FILE", "CURL_CA_BUNDLE"] {
                let variables = variables([(variable, path.clone().into())]);
                let error = builder().network_variables(variables.clone()).build();
                let text = error.expect_err(name).to_string();
                assert!(
                    text.contains(reason) && text.contains(variable),
                    "{tls:?}: {text}"
                );
                // Without TLS they are not used.
                let plain = Client::builder("http://127.0.0.1:1").tls(tls);
                plain
                    .network_variables(variables)
                    .build()
                    .expect("a client");
            }
        }
    }
}

#[test]
fn directories_without_certificates_are_an_error() {
    let folder = folder_with(&[("notes.txt", &Authority::new().pem()), ("empty.pem", "")]);
    for name in ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"] {
        let variables = variables([(name, folder.path().into())]);
        let error = Client::builder(URL).network_variables(variables).build();
        let text = error.expect_err("no certificate").to_string();
        assert!(
            text.contains("no certificate found") && text.contains(name),
            "{text}"
        );
    }
}
