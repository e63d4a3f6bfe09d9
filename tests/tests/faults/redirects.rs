//! Redirects are not followed, and carry nothing to another host.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use api_runtime::ErrorKind;

use crate::cell::{Cell, run};
use crate::mock::{Answer, Endpoint, Server, Step};
use crate::rig::{Ids, Rig, call, check_truth};

/// A listener to which nobody may connect.
struct Trap {
    listener: TcpListener,
    address: SocketAddr,
}

impl Trap {
    fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a way to look");
        let address = listener.local_addr().expect("an address");
        Self { listener, address }
    }

    fn is_untouched(&self) -> bool {
        self.listener.accept().is_err()
    }
}

fn cell(status: u16, executed: bool, form: &'static str, endpoint: Endpoint) -> Cell {
    let when = if executed { " after executing" } else { "" };
    let name = format!("{status}{when} to {form:?} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let trap = Trap::new();
        let port = trap.address.port();
        let location = format!("location: {}", form.replace("PORT", &port.to_string()));
        let answer = Answer {
            status,
            body: Vec::new(),
        };
        let answer = Step::send(answer.with(&[&location], b"<a>moved</a>"));
        let steps = if executed {
            vec![Step::Whole, Step::Execute, answer]
        } else {
            vec![Step::Whole, answer]
        };
        let server = Server::start(move |_, _| Some(steps.clone().into()));
        let ids = Ids::made_in(&server);
        let rig = Rig::new(&server.url());
        let ended = call(&rig.client, endpoint, &ids);
        check_truth(findings, &server, endpoint, &ended);
        findings.check(trap.is_untouched(), "another host was connected to");
        findings.equal("the requests", &server.requests(endpoint), &1);
        if let Err(error) = &ended {
            findings.equal("the kind", &error.kind(), &ErrorKind::InvalidResponse);
            findings.equal("the status", &error.status(), &Some(status));
            findings.equal("is_transient", &error.is_transient(), &false);
            // These two say that the request is to be made elsewhere.
            if matches!(status, 307 | 308) {
                let processed = error.may_have_been_processed();
                findings.equal("may_have_been_processed", &processed, &false);
            }
        } else {
            findings.add("succeeded");
        }
        rig.check_quiet(findings);
    })
}

#[test]
fn nowhere_else() {
    run("redirects", cells());
}

fn cells() -> Vec<Cell> {
    let forms = [
        "http://localhost:PORT/login.html",
        "http://127.0.0.1:PORT/api/1.2/contexts/create",
        "//127.0.0.1:PORT/",
        "/elsewhere",
        "http://me:secret@127.0.0.1:PORT/",
        "\u{9b}31mred",
        "",
    ];
    let mut cells = Vec::new();
    for endpoint in Endpoint::ALL {
        for form in forms {
            for status in [301, 302, 303, 307, 308] {
                cells.push(cell(status, false, form, endpoint));
            }
        }
        // The usual answer to a form that was taken.
        for status in [301, 302, 303] {
            cells.push(cell(status, true, forms[3], endpoint));
        }
    }
    cells
}
