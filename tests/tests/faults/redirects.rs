//! Redirects are not followed.

use std::time::Duration;

use api_runtime::{Delivery, ErrorKind};
use test_server::Listener;

use crate::cell::{Cell, run};
use crate::mock::{Endpoint, MockServer, Response, Step};
use crate::observed::{Accepted, contexts_after};
use crate::rig::{Ids, Rig, call};

fn cell(status: u16, executed: bool, location: &'static str, endpoint: Endpoint) -> Cell {
    let when = if executed { " after executing" } else { "" };
    let name = format!("{status}{when} to {location:?} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let target = Listener::bind();
        let port = target.address().port();
        let location = format!("location: {}", location.replace("PORT", &port.to_string()));
        let response = Step::send(Response::empty(status).with(&[&location], b"<a>moved</a>"));
        let steps = if executed {
            vec![Step::ReadAll, Step::Execute, response]
        } else {
            vec![Step::ReadAll, response]
        };
        let server = MockServer::start(move |_, _| Some(steps.clone().into()));
        let ids = Ids::created_in(&server);
        let rig = Rig::new(&server.url());
        let result = call(&rig.client, endpoint, &ids);
        findings.check(!target.take_connection(), "the redirect was followed");
        if let Err(error) = &result {
            findings.equal("kind", &error.kind(), &ErrorKind::InvalidResponse);
            findings.equal("status", &error.status(), &Some(status));
            findings.equal("is_transient", &error.is_transient(), &false);
        }
        let executions = usize::from(executed)..=usize::from(executed);
        // These two mean that the server has not processed the request (RFC 9110, 15.4.8 and 15.4.9).
        let delivery = match status {
            307 | 308 => Delivery::NotProcessed,
            _ => Delivery::Unknown,
        };
        let accepted = Accepted {
            requests: 1..=1,
            contexts: contexts_after(endpoint, 1, &executions),
            executions,
            deliveries: vec![Some(delivery)],
            time: Duration::ZERO..=Duration::ZERO,
        };
        (rig.observe(findings, &server, endpoint, &result), accepted)
    })
}

#[test]
fn redirects_are_not_followed() {
    run("redirects", cells());
}

fn cells() -> Vec<Cell> {
    let locations = [
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
        for location in locations {
            for status in [301, 302, 303, 307, 308] {
                cells.push(cell(status, false, location, endpoint));
            }
        }
        // Post/Redirect/Get: a form handler redirects after it has executed the request.
        for status in [301, 302, 303] {
            cells.push(cell(status, true, locations[3], endpoint));
        }
    }
    cells
}
