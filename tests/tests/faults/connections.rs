//! Servers that are not there, or were there a moment ago.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use api_runtime::{ErrorKind, ManualClock};

use crate::cell::{Cell, Findings, run};
use crate::mock::{Endpoint, Server, Step};
use crate::rig::{Hooked, Ids, Rig, call, check_quiet_error, check_truth};

/// An address at which nobody listens, and nobody will.
struct Nobody {
    address: SocketAddr,
    /// A connection from that port keeps others off it.
    _held: (TcpListener, TcpStream),
}

impl Nobody {
    fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let stream = TcpStream::connect(address).expect("a connection");
        Self {
            address: stream.local_addr().expect("an address"),
            _held: (listener, stream),
        }
    }
}

fn refused(endpoint: Endpoint) -> Cell {
    Cell::new(
        format!("a refused port / {}", endpoint.name()),
        move |findings| {
            let nobody = Nobody::new();
            let rig = Rig::new(&format!("http://{}", nobody.address));
            let error = call(&rig.client, endpoint, &Ids::any()).expect_err("nobody listens");
            findings.equal("the kind", &error.kind(), &ErrorKind::Connect);
            findings.equal("is_transient", &error.is_transient(), &true);
            findings.equal("processed", &error.may_have_been_processed(), &false);
            findings.equal("the tries", &error.attempts(), &5);
            check_quiet_error(findings, &error);
            rig.check_quiet(findings);
        },
    )
}

/// The server starts while the client pauses after its first try.
fn refused_at_first(endpoint: Endpoint) -> Cell {
    let name = format!("a port that is refused once / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let nobody = Mutex::new(Some(Nobody::new()));
        let address = nobody.lock().unwrap().as_ref().map(|n| n.address);
        let started = Arc::new(Mutex::new(None));
        let starting = Arc::clone(&started);
        let hook = move || {
            if let Some(nobody) = nobody.lock().unwrap().take() {
                let address = nobody.address;
                drop(nobody);
                // The end of that connection may still be under way.
                let listener = loop {
                    match TcpListener::bind(address) {
                        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                            thread::yield_now();
                        }
                        bound => break bound.expect("the port is free again"),
                    }
                };
                *starting.lock().unwrap() = Some(Server::on(listener, |_, _| None));
            }
        };
        let clock = ManualClock::new();
        let url = format!("http://{}", address.expect("an address"));
        let rig = Rig::with(&url, |builder| builder.clock(Hooked { clock, hook }));
        // There is nothing in that server, so only what makes something can succeed.
        let ended = call(&rig.client, endpoint, &Ids::any());
        let started = started.lock().unwrap().take();
        let Some(server) = started else {
            return findings.add(format!("no second try: {ended:?}"));
        };
        findings.equal("the requests", &server.requests(endpoint), &1);
        match &ended {
            Err(error) => findings.equal("the status", &error.status(), &Some(404)),
            Ok(_) => check_truth(findings, &server, endpoint, &ended),
        }
        rig.check_quiet(findings);
    })
}

/// While the client does nothing, the server closes the connection that it keeps.
fn stale(endpoint: Endpoint) -> Cell {
    let name = format!("a connection closed while idle / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let server = Server::start(|_, _| None);
        let ids = Ids::made_in(&server);
        let rig = Rig::new(&server.url());
        for round in 1..=5 {
            let ended = call(&rig.client, endpoint, &ids);
            check_truth(findings, &server, endpoint, &ended);
            findings.check(ended.is_ok(), format!("round {round}: {ended:?}"));
            findings.equal("the connections", &server.connections(), &round);
            server.close_connections();
        }
        findings.equal("the requests", &server.requests(endpoint), &5);
        rig.check_quiet(findings);
    })
}

/// Good answers leave a connection that is used again; so do refusals with a small body.
fn kept(endpoint: Endpoint) -> Cell {
    let name = format!("a connection is kept / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let refusal = b"HTTP/1.1 400 No\r\ncontent-length: 2\r\n\r\n{}";
        let fault = [Step::Whole, Step::send(refusal)];
        let server = Server::start(move |_, nth| (nth % 2 == 1).then(|| fault.clone().into()));
        let ids = Ids::made_in(&server);
        let rig = Rig::new(&server.url());
        for _ in 0..6 {
            let ended = call(&rig.client, endpoint, &ids);
            check_truth(findings, &server, endpoint, &ended);
        }
        findings.equal("the requests", &server.requests(endpoint), &6);
        findings.equal("the connections", &server.connections(), &1);
        rig.check_quiet(findings);
    })
}

fn unknown_host() -> Cell {
    Cell::new(
        "an unknown host / commands.execute",
        |findings: &mut Findings| {
            let rig = Rig::with("http://no-such-host.invalid", |builder| {
                builder.allow_plain_http()
            });
            let error = call(&rig.client, Endpoint::Execute, &Ids::any()).expect_err("no host");
            findings.equal("the kind", &error.kind(), &ErrorKind::Connect);
            findings.equal("processed", &error.may_have_been_processed(), &false);
            check_quiet_error(findings, &error);
            rig.check_quiet(findings);
        },
    )
}

#[test]
fn servers_that_are_not_there() {
    run("connections", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = vec![unknown_host()];
    for endpoint in Endpoint::ALL {
        cells.push(refused(endpoint));
        cells.push(refused_at_first(endpoint));
        cells.push(stale(endpoint));
        cells.push(kept(endpoint));
    }
    cells
}
