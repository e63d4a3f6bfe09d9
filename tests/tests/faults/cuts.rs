//! Responses truncated at each byte, and requests cut off at many positions.

use std::time::Duration;

use api_runtime::{Delivery, Error, ErrorKind};

use crate::cell::{Cell, Findings, run};
use crate::mock::{Endpoint, Fault, MockServer, Response, Step};
use crate::observed::{Accepted, Observed, contexts_after};
use crate::rig::{Ids, RETRY_BUDGET, Rig, call};
use Step::{Execute, Fin, Read, ReadAll, Reset, Truncate};

/// Distance between the positions in a request.
const STEP_SIZE: usize = 7;

/// Framing of the response body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length,
    Chunks,
    Close,
}

impl Framing {
    fn name(self) -> &'static str {
        match self {
            Self::Length => "content-length",
            Self::Chunks => "chunks",
            Self::Close => "end of connection",
        }
    }

    fn rewrite(self) -> fn(&Response) -> Vec<u8> {
        match self {
            Self::Length => Response::bytes,
            Self::Chunks => |response| {
                let size = format!("{:x}\r\n", response.body.len()).into_bytes();
                let body = [&size, &*response.body, b"\r\n0\r\n\r\n"].concat();
                response.framed(&["transfer-encoding: chunked"], &body)
            },
            Self::Close => |response| response.framed(&[], &response.body),
        }
    }
}

/// Expected result of a truncated response.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// Truncated.
    Lost,
    /// Complete, with an invalid body.
    Invalid,
    /// Complete.
    Success,
    /// Complete except for the end of the last chunk: lost or successful.
    LostOrSuccess,
}

fn outcome(response: &[u8], cut: usize, framing: Framing, endpoint: Endpoint) -> Outcome {
    let head = response.windows(4).position(|window| window == b"\r\n\r\n");
    let head = head.map_or(0, |at| at + 4);
    // The last chunk and the empty line after it.
    let last_chunk = response.len() - "0\r\n\r\n".len();
    match framing {
        _ if cut == response.len() => Outcome::Success,
        _ if cut < head => Outcome::Lost,
        Framing::Chunks if cut > last_chunk => Outcome::LostOrSuccess,
        Framing::Length | Framing::Chunks => Outcome::Lost,
        Framing::Close if cut > head => Outcome::Invalid,
        // An empty body is decoded like an empty object.
        Framing::Close if matches!(endpoint, Endpoint::Destroy | Endpoint::Cancel) => {
            Outcome::Success
        }
        Framing::Close => Outcome::Invalid,
    }
}

fn responses(endpoint: Endpoint, framing: Framing, end: &Step) -> Cell {
    let name = format!(
        "response truncated at each byte, {}, {end:?} / {}",
        framing.name(),
        endpoint.name()
    );
    let end = end.clone();
    Cell::with_calls(name, move |findings| {
        let (server, rig, ids) = start(endpoint);
        let response = framing.rewrite()(&server.last_response());
        let mut calls = Vec::new();
        for cut in 0..=response.len() {
            let steps = [
                ReadAll,
                Execute,
                Truncate(framing.rewrite(), cut),
                end.clone(),
            ];
            let outcome = outcome(&response, cut, framing, endpoint);
            let of = format!("cut at {cut} of {} bytes", response.len());
            let start = (&server, &rig, &ids);
            calls.push(check(
                findings,
                start,
                endpoint,
                steps.into(),
                &outcome,
                &of,
            ));
        }
        calls
    })
}

fn requests(endpoint: Endpoint, end: &Step) -> Cell {
    let name = format!("request cut off, {end:?} / {}", endpoint.name());
    let end = end.clone();
    Cell::with_calls(name, move |findings| {
        let (server, rig, ids) = start(endpoint);
        let length = server.last_request_len();
        let mut calls = Vec::new();
        // The client sends a small request in one packet, so that some positions suffice. The seed
        // determines the first of them.
        for cut in (fastrand::usize(..STEP_SIZE)..length).step_by(STEP_SIZE) {
            let steps = [Read(cut), end.clone()];
            let of = format!("cut at {cut} of {length} bytes");
            let (start, lost) = ((&server, &rig, &ids), Outcome::Lost);
            calls.push(check(findings, start, endpoint, steps.into(), &lost, &of));
        }
        calls
    })
}

/// Starts a server, and calls the endpoint until its responses are the same: the first status differs.
fn start(endpoint: Endpoint) -> (MockServer, Rig, Ids) {
    let server = MockServer::start(|_, _| None);
    let rig = Rig::new(&server.url());
    let ids = Ids::created_in(&server);
    for _ in 0..2 {
        call(&rig.client, endpoint, &ids).expect("no fault is injected");
    }
    server.workspace().take_executions(endpoint);
    rig.take_streams(String::new());
    (server, rig, ids)
}

fn check(
    findings: &mut Findings,
    (server, rig, ids): (&MockServer, &Rig, &Ids),
    endpoint: Endpoint,
    fault: Fault,
    expected: &Outcome,
    of: &str,
) -> (Observed, Accepted) {
    let contexts = server.workspace().contexts().len();
    let is_executed = fault.iter().any(|step| matches!(step, Execute));
    server.inject(move |called, nth| (called == endpoint && nth == 0).then(|| fault.clone()));
    let result = call(&rig.client, endpoint, ids);
    server.wait_until_closed_by_fault();
    let before = findings.count();
    let observed = rig.observe(findings, server, endpoint, &result);
    let kind = result.as_ref().err().map(Error::kind);
    let lost = if endpoint.is_idempotent() {
        (None, 2)
    } else {
        (Some(ErrorKind::Disconnected), 1)
    };
    let accepted: &[_] = match expected {
        Outcome::Lost => &[lost],
        Outcome::Invalid => &[(Some(ErrorKind::InvalidResponse), 1)],
        Outcome::Success => &[(None, 1)],
        Outcome::LostOrSuccess => &[(None, 1), lost],
    };
    findings.check(
        accepted.contains(&(kind, observed.requests)),
        format!("{} requests, {result:?}", observed.requests),
    );
    if findings.count() > before {
        findings.add(format!("... {of}"));
    }
    let requests = observed.requests;
    let executions = requests - usize::from(!is_executed);
    let accepted = Accepted {
        // Checked above.
        requests: requests..=requests,
        executions: executions..=executions,
        contexts: contexts_after(endpoint, contexts, &(executions..=executions)),
        deliveries: vec![kind.map(|_| Delivery::Unknown)],
        time: Duration::ZERO..=if requests == 1 {
            Duration::ZERO
        } else {
            RETRY_BUDGET
        },
    };
    (observed, accepted)
}

#[test]
fn truncated_messages_are_lost_or_invalid() {
    run("cuts", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for endpoint in Endpoint::ALL {
        for end in [Fin, Reset] {
            cells.push(requests(endpoint, &end));
            cells.push(responses(endpoint, Framing::Length, &end));
            cells.push(responses(endpoint, Framing::Chunks, &end));
        }
        cells.push(responses(endpoint, Framing::Close, &Fin));
    }
    cells
}
