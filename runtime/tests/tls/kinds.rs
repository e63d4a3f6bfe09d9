//! What is trusted, and who is shown.

use api_runtime::{Client, ErrorKind, Tls};

use test_server::tls::{Authority, Certificate};

use crate::server::{with_certificate, with_clients_of};
use crate::{KINDS, ask, client};

#[test]
fn the_first_is_used_unless_another_is_chosen() {
    assert_eq!(Some(&Tls::default()), KINDS.first());
}

#[test]
fn ones_own_authorities_are_trusted() {
    let authority = Authority::new();
    let server = with_certificate(&authority.issue(|_| {}));
    for (index, &tls) in KINDS.iter().enumerate() {
        let client = client(&server.https_url(), tls, |builder| {
            builder.root_certs(authority.pem())
        });
        for _ in 0..3 {
            ask(&client).unwrap_or_else(|error| panic!("{tls:?}: {error}"));
        }
        assert_eq!(server.connections(), index + 1, "{tls:?}");
    }
}

#[test]
fn several_authorities_are_trusted_and_names_count() {
    let (one, other) = (Authority::new(), Authority::new());
    let server = with_certificate(&other.issue(|_| {}));
    let url = server.https_url().replace("127.0.0.1", "localhost");
    for &tls in KINDS {
        let client = client(&url, tls, |builder| {
            builder.root_certs(one.pem() + &other.pem())
        });
        ask(&client).unwrap_or_else(|error| panic!("{tls:?}: {error}"));
    }
}

#[test]
fn clients_show_themselves_where_they_are_asked() {
    let authority = Authority::new();
    let server = with_clients_of(&authority, &authority.issue(|_| {}));
    let shown = authority.issue(|_| {});
    let both = shown.key_pem() + &shown.pem();
    for &tls in KINDS {
        for (chain, key) in [(shown.pem(), shown.key_pem()), (both.clone(), both.clone())] {
            let client = client(&server.https_url(), tls, |builder| {
                builder.root_certs(authority.pem()).client_cert(chain, key)
            });
            ask(&client).unwrap_or_else(|error| panic!("{tls:?}: {error}"));
        }
    }
    let before = server.requests().len();
    for &tls in KINDS {
        let nobody = client(&server.https_url(), tls, |builder| {
            builder.root_certs(authority.pem())
        });
        ask(&nobody).expect_err("nobody is not somebody");
        assert_eq!(server.requests().len(), before, "{tls:?}");
    }
}

#[test]
fn what_cannot_be_used_is_told_at_once() {
    let (one, other) = (Certificate::self_signed(), Certificate::self_signed());
    let builder = |tls| Client::builder("https://127.0.0.1:1").tls(tls);
    for &tls in KINDS {
        for builder in [
            builder(tls).root_certs("not PEM"),
            builder(tls).root_certs(one.key_pem()),
            builder(tls).root_certs("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
            builder(tls).client_cert(one.pem(), other.key_pem()),
            builder(tls).client_cert(one.pem(), "not PEM"),
            builder(tls).client_cert("not PEM", one.key_pem()),
        ] {
            let error = builder.build().expect_err("nothing to use");
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{tls:?}: {error}");
            assert!(!format!("{error} {error:?}").contains("MI"), "{error:?}");
        }
    }
}

/// The same key, in the two ways that elliptic curves have.
#[test]
fn keys_may_be_in_an_older_form_for_rustls() {
    let builder = |tls| {
        Client::builder("https://127.0.0.1:1").tls(tls).client_cert(
            include_bytes!("sec1/certificate.pem"),
            include_bytes!("sec1/key.pem"),
        )
    };
    for &tls in KINDS {
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
