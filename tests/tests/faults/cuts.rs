//! Answers that end at every single byte, and requests that end at many.

use api_runtime::{Error, ErrorKind};

use crate::cell::{Cell, Findings, run};
use crate::mock::{Endpoint, Fault, MockServer, Response, Step};
use crate::rig::{Ids, Rig, call, check_truth};
use Step::{Execute, Fin, Read, ReadAll, Reset, Truncate};

/// How far apart the cuts of a request are.
const SPREAD: usize = 7;

/// How the end of a response is told.
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
            Self::Close => "an end by closing",
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

/// What a response that was cut is to the client.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// Cut.
    Lost,
    /// ReadAll, and its body is not.
    Nonsense,
    /// All there that is needed.
    Good,
    /// All there but for the last marks of its end: lost or good.
    Nearly,
}

fn seen(response: &[u8], cut: usize, framing: Framing, endpoint: Endpoint) -> Seen {
    let head = response.windows(4).position(|window| window == b"\r\n\r\n");
    let head = head.map_or(0, |at| at + 4);
    // The mark of the last chunk, and the empty line behind it.
    let marks = response.len() - "0\r\n\r\n".len();
    match framing {
        _ if cut == response.len() => Seen::Good,
        _ if cut < head => Seen::Lost,
        Framing::Chunks if cut > marks => Seen::Nearly,
        Framing::Length | Framing::Chunks => Seen::Lost,
        Framing::Close if cut > head => Seen::Nonsense,
        // No body at all is as good as an empty object.
        Framing::Close if matches!(endpoint, Endpoint::Destroy | Endpoint::Cancel) => Seen::Good,
        Framing::Close => Seen::Nonsense,
    }
}

fn responses(endpoint: Endpoint, framing: Framing, end: &Step) -> Cell {
    let name = format!(
        "every cut of a response with {}, {end:?} / {}",
        framing.name(),
        endpoint.name()
    );
    let end = end.clone();
    Cell::new(name, move |findings| {
        let (server, rig, ids) = start(endpoint);
        let response = framing.rewrite()(&server.last_response());
        for cut in 0..=response.len() {
            let steps = [
                ReadAll,
                Execute,
                Truncate(framing.rewrite(), cut),
                end.clone(),
            ];
            let seen = seen(&response, cut, framing, endpoint);
            let of = format!("cut at {cut} of {} bytes", response.len());
            check(
                findings,
                (&server, &rig, &ids),
                endpoint,
                steps.into(),
                &seen,
                &of,
            );
        }
        rig.check_quiet(findings);
    })
}

fn requests(endpoint: Endpoint, end: &Step) -> Cell {
    let name = format!("every cut of a request, {end:?} / {}", endpoint.name());
    let end = end.clone();
    Cell::new(name, move |findings| {
        let (server, rig, ids) = start(endpoint);
        let length = server.last_request_len();
        // The client sends a request at once, so that fewer will do; which, the seed tells.
        for cut in (fastrand::usize(..SPREAD)..length).step_by(SPREAD) {
            let steps = [Read(cut), end.clone()];
            let of = format!("cut at {cut} of {length} bytes");
            check(
                findings,
                (&server, &rig, &ids),
                endpoint,
                steps.into(),
                &Seen::Lost,
                &of,
            );
        }
        rig.check_quiet(findings);
    })
}

/// A server that has answered as it will from now on: the first status is another.
fn start(endpoint: Endpoint) -> (MockServer, Rig, Ids) {
    let server = MockServer::start(|_, _| None);
    let rig = Rig::new(&server.url());
    let ids = Ids::made_in(&server);
    for _ in 0..2 {
        call(&rig.client, endpoint, &ids).expect("a response");
    }
    server.workspace().take_executions(endpoint);
    (server, rig, ids)
}

fn check(
    findings: &mut Findings,
    (server, rig, ids): (&MockServer, &Rig, &Ids),
    endpoint: Endpoint,
    fault: Fault,
    seen: &Seen,
    of: &str,
) {
    server.inject(move |called, nth| (called == endpoint && nth == 0).then(|| fault.clone()));
    let ended = call(&rig.client, endpoint, ids);
    server.wait_until_closed_by_fault();
    let before = findings.count();
    check_truth(findings, server, endpoint, &ended);
    let kind = ended.as_ref().err().map(Error::kind);
    let requests = server.requests(endpoint);
    let lost = if endpoint.is_idempotent() {
        (None, 2)
    } else {
        (Some(ErrorKind::Disconnected), 1)
    };
    let expected: &[_] = match seen {
        Seen::Lost => &[lost],
        Seen::Nonsense => &[(Some(ErrorKind::InvalidResponse), 1)],
        Seen::Good => &[(None, 1)],
        Seen::Nearly => &[(None, 1), lost],
    };
    findings.check(
        expected.contains(&(kind, requests)),
        format!("{requests} requests, {ended:?}"),
    );
    if findings.count() > before {
        findings.add(format!("... {of}"));
    }
}

#[test]
fn cuts_at_every_byte() {
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
