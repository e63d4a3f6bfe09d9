//! Untrusted certificates, failed handshakes, and ports of the other protocol.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api_runtime::{Delivery, ErrorKind};
use rustls::ServerConfig;
use test_server::Server;
use test_server::tls::{Authority, Certificate, SanType, date_time_ymd};

use crate::cell::{Cell, run};
use crate::mock::{Endpoint, MockServer};
use crate::observed::{Accepted, Observed};
use crate::rig::{Ids, RETRY_BUDGET, Rig, call};

/// Defect of a certificate.
#[derive(Clone, Copy, Debug)]
enum Defect {
    UnknownIssuer,
    SelfSigned,
    Expired,
    NotYetValid,
    OtherHost,
}

impl Defect {
    fn config(self) -> Arc<ServerConfig> {
        let certificate = match self {
            Self::SelfSigned => Certificate::self_signed(),
            _ => Authority::new().issue(|params| match self {
                Self::Expired => params.not_after = date_time_ymd(2020, 1, 1),
                Self::NotYetValid => params.not_before = date_time_ymd(2090, 1, 1),
                Self::OtherHost => {
                    let name = "other.example".try_into().expect("the name is ASCII");
                    params.subject_alt_names = vec![SanType::DnsName(name)];
                }
                Self::UnknownIssuer | Self::SelfSigned => {}
            }),
        };
        certificate.server_config()
    }
}

/// Behavior of a server during the TLS handshake.
#[derive(Clone)]
enum Greeting {
    /// Performs a handshake and reads what the client sends.
    Tls(Arc<ServerConfig>),
    /// Sends nothing.
    Silence,
    Reset,
    Close,
}

/// Starts a server, and returns it with the decrypted data that it has received.
fn start(greeting: Greeting) -> (Server, Arc<Mutex<Vec<u8>>>) {
    let received = Arc::<Mutex<Vec<u8>>>::default();
    let receiving = Arc::clone(&received);
    let server = Server::start(move |mut connection| {
        // The client speaks first.
        connection.has_data()?;
        match &greeting {
            Greeting::Tls(config) => {
                let mut connection = connection.into_tls(config)?;
                loop {
                    let chunk = connection.read_chunk()?;
                    if chunk.is_empty() {
                        return Ok(());
                    }
                    receiving.lock().unwrap().extend(chunk);
                }
            }
            Greeting::Silence => connection.wait_for_close(),
            Greeting::Reset => connection.reset(),
            Greeting::Close => {
                connection.shut_down_write()?;
                connection.wait_for_close()
            }
        }
    });
    (server, received)
}

/// No TLS connection is established.
fn handshake_fails(name: &str, greeting: Greeting, is_transient: bool, endpoint: Endpoint) -> Cell {
    let name = format!("{name} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let (server, received) = start(greeting.clone());
        let url = server.https_url();
        let rig = if let Greeting::Silence = greeting {
            Rig::impatient(&url)
        } else {
            Rig::new(&url)
        };
        let result = call(&rig.client, endpoint, &Ids::any());
        if let Err(error) = &result {
            findings.equal("kind", &error.kind(), &ErrorKind::Connect);
            findings.equal("is_transient", &error.is_transient(), &is_transient);
            let attempts = if is_transient { 5 } else { 1 };
            findings.equal("attempts", &error.attempts(), &attempts);
        }
        if findings.count() > 0 {
            findings.add(format!("in {result:?}"));
        }
        let received = received.lock().unwrap();
        findings.check(received.is_empty(), "data was sent to an untrusted server");
        let observed = rig.observe_unreached(findings, &result);
        (observed, Accepted::nothing_sent(RETRY_BUDGET))
    })
}

fn https_to_plain_http(endpoint: Endpoint) -> Cell {
    let name = format!("https to an http port / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let server = MockServer::start(|_, _| None);
        let rig = Rig::new(&server.url().replace("http://", "https://"));
        let result = call(&rig.client, endpoint, &Ids::any());
        if let Err(error) = &result {
            let seen = (error.kind(), error.is_transient(), error.attempts());
            findings.equal("error", &seen, &(ErrorKind::Connect, false, 1));
        }
        let observed = rig.observe(findings, &server, endpoint, &result);
        (observed, Accepted::nothing_sent(Duration::ZERO))
    })
}

fn plain_http_to_https(endpoint: Endpoint) -> Cell {
    let name = format!("http to an https port / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let (server, _) = start(Greeting::Tls(Defect::UnknownIssuer.config()));
        let rig = Rig::new(&server.url());
        let result = call(&rig.client, endpoint, &Ids::any());
        if let Err(error) = &result {
            findings.equal("kind", &error.kind(), &ErrorKind::InvalidResponse);
            findings.equal("is_transient", &error.is_transient(), &false);
        }
        if findings.count() > 0 {
            findings.add(format!("in {result:?}"));
        }
        let observed = Observed {
            requests: server.connections(),
            ..rig.observe_unreached(findings, &result)
        };
        // The request was sent, and any server may have read it.
        let accepted = Accepted {
            deliveries: vec![Some(Delivery::Unknown)],
            ..Accepted::rejected(0)
        };
        (observed, accepted)
    })
}

#[test]
fn untrusted_and_broken_handshakes_send_no_request() {
    run("tls", cells());
}

fn cells() -> Vec<Cell> {
    let defects = [
        Defect::UnknownIssuer,
        Defect::SelfSigned,
        Defect::Expired,
        Defect::NotYetValid,
        Defect::OtherHost,
    ];
    let greetings = defects
        .map(|defect| {
            let greeting = Greeting::Tls(defect.config());
            (format!("certificate: {defect:?}"), greeting, false)
        })
        .into_iter()
        .chain([
            (
                "no response to the handshake".to_owned(),
                Greeting::Silence,
                true,
            ),
            ("handshake reset".to_owned(), Greeting::Reset, true),
            ("handshake closed".to_owned(), Greeting::Close, true),
        ]);
    let mut cells = Vec::new();
    for (name, greeting, is_transient) in greetings {
        for endpoint in Endpoint::ALL {
            cells.push(handshake_fails(
                &name,
                greeting.clone(),
                is_transient,
                endpoint,
            ));
        }
    }
    for endpoint in Endpoint::ALL {
        cells.push(https_to_plain_http(endpoint));
        cells.push(plain_http_to_https(endpoint));
    }
    cells
}
