//! Root certificates and client certificates.

use api_runtime::{Client, ErrorKind, Tls};

use test_server::tls::{Authority, Certificate};

use crate::server::{with_certificate, with_clients_of};
use crate::{ALL, client, show_time};

#[test]
fn default_is_the_first_enabled_feature() {
    assert_eq!(Some(&Tls::default()), ALL.first());
}

#[test]
fn configured_root_certificate_is_trusted() {
    let authority = Authority::new();
    let server = with_certificate(&authority.issue(|_| {}));
    for (index, &tls) in ALL.iter().enumerate() {
        let client = client(&server.https_url(), tls, |builder| {
            builder.root_certs(authority.pem())
        });
        for _ in 0..3 {
            show_time(&client).unwrap_or_else(|error| panic!("{tls:?}: {error}"));
        }
        assert_eq!(server.connections(), index + 1, "{tls:?}");
    }
}

#[test]
fn several_root_certificates_are_trusted() {
    let (one, other) = (Authority::new(), Authority::new());
    let server = with_certificate(&other.issue(|_| {}));
    let url = server.https_url().replace("127.0.0.1", "localhost");
    for &tls in ALL {
        let client = client(&url, tls, |builder| {
            builder.root_certs(one.pem() + &other.pem())
        });
        show_time(&client).unwrap_or_else(|error| panic!("{tls:?}: {error}"));
    }
}

#[test]
fn client_certificate_is_sent() {
    let authority = Authority::new();
    let server = with_clients_of(&authority, &authority.issue(|_| {}));
    let certificate = authority.issue(|_| {});
    let both = certificate.key_pem() + &certificate.pem();
    for &tls in ALL {
        for (chain, key) in [
            (certificate.pem(), certificate.key_pem()),
            (both.clone(), both.clone()),
        ] {
            let client = client(&server.https_url(), tls, |builder| {
                builder.root_certs(authority.pem()).client_cert(chain, key)
            });
            show_time(&client).unwrap_or_else(|error| panic!("{tls:?}: {error}"));
        }
    }
    let before = server.requests().len();
    for &tls in ALL {
        let anonymous = client(&server.https_url(), tls, |builder| {
            builder.root_certs(authority.pem())
        });
        show_time(&anonymous).expect_err("a client without a certificate");
        assert_eq!(server.requests().len(), before, "{tls:?}");
    }
}

#[test]
fn invalid_certificates_and_keys_are_errors() {
    let (one, other) = (Certificate::self_signed(), Certificate::self_signed());
    let builder = |tls| Client::builder("https://127.0.0.1:1").tls(tls);
    for &tls in ALL {
        for builder in [
            builder(tls).root_certs("not PEM"),
            builder(tls).root_certs(one.key_pem()),
            builder(tls).root_certs("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
            builder(tls).client_cert(one.pem(), other.key_pem()),
            builder(tls).client_cert(one.pem(), "not PEM"),
            builder(tls).client_cert("not PEM", one.key_pem()),
        ] {
            let error = builder.build().expect_err("an invalid certificate");
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{tls:?}: {error}");
            assert!(!format!("{error} {error:?}").contains("MI"), "{error:?}");
        }
    }
}

#[test]
fn sec1_keys_are_supported_by_rustls_only() {
    let builder = |tls| {
        Client::builder("https://127.0.0.1:1").tls(tls).client_cert(
            include_bytes!("sec1/certificate.pem"),
            include_bytes!("sec1/key.pem"),
        )
    };
    for &tls in ALL {
        match (format!("{tls:?}").as_str(), builder(tls).build()) {
            ("Native", Err(error)) => {
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
                assert!(error.to_string().contains("PKCS #8"), "{error}");
            }
            ("Rustls" | "Platform", Ok(_)) => {}
            (_, other) => panic!("{tls:?}: {other:?}"),
        }
    }
}
