//! Large requests that are answered, cut or left alone before they are sent.

use std::time::Instant;

use api_runtime::{Error, ErrorKind};
use generated_client::{Language, Upload, commands};

use crate::cell::{Cell, Findings, run};
use crate::mock::{CLUSTER, CODE, Endpoint, Fault, MockServer, Response, Step};
use crate::rig::{Ids, Rig, check_truth};
use Step::{Execute, Fin, Hang, Read, ReadAll, ReadHead, Reset, Respond, SkipContinue};

/// More than all buffers between client and server hold.
const LARGE: usize = 12 << 20;

fn refusal(status: u16) -> Step {
    let response = Response {
        status,
        body: Vec::new(),
    };
    Step::send(response.with(&[], br#"{"error": "TooLarge: words"}"#))
}

/// Asks for the body, reads a part of it, and goes on like this.
fn under_way(then: &[Step]) -> Fault {
    let go_on = Step::send("HTTP/1.1 100 Continue\r\n\r\n");
    [&[ReadHead, go_on, Read(300_000)], then].concat().into()
}

enum Expected {
    Good,
    /// The server's response.
    Refused(u16),
    /// The connection went.
    Lost,
    Slow,
    /// The response was heard, or nothing was.
    RefusedOrSlow(u16),
    /// Either: the response went with the connection, or did not.
    RefusedOrLost(u16),
}

impl Expected {
    fn matches(&self, ended: &Result<Option<String>, Error>) -> bool {
        let seen = ended.as_ref().map_err(|error| {
            let processed = error.may_have_been_processed();
            (error.kind(), error.status(), processed)
        });
        let refused = |status| Err((ErrorKind::Status, Some(status), false));
        let slow = Err((ErrorKind::Timeout, None, true));
        let lost = Err((ErrorKind::Disconnected, None, true));
        let seen = seen.map(|_| ());
        match *self {
            Self::Good => seen == Ok(()),
            Self::Refused(status) => seen == refused(status),
            Self::Lost => seen == lost,
            Self::Slow => seen == slow,
            Self::RefusedOrSlow(status) => seen == refused(status) || seen == slow,
            Self::RefusedOrLost(status) => seen == refused(status) || seen == lost,
        }
    }
}

fn large(
    client: &api_runtime::Client,
    endpoint: Endpoint,
    ids: &Ids,
) -> Result<Option<String>, Error> {
    let context = ids.context.as_str();
    let code = format!("print('{CODE}')\n#{}", "x".repeat(LARGE));
    let language = Language::Python;
    let command = if endpoint == Endpoint::ExecuteFile {
        let file = Upload::bytes("a.py", code);
        commands::execute_file(
            client,
            &commands::ExecuteFile::new(CLUSTER, context, language, file),
        )?
        .id
    } else {
        commands::execute(
            client,
            &commands::Execute::new(CLUSTER, context, language, code),
        )?
        .id
    };
    Ok(Some(command.to_string()))
}

fn cell(name: &str, endpoint: Endpoint, fault: Fault, impatient: bool, expected: Expected) -> Cell {
    let name = format!("large: {name} / {}", endpoint.name());
    Cell::new(name, move |findings: &mut Findings| {
        let fault = fault.clone();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::made_in(&server);
        let rig = if impatient {
            Rig::impatient(&server.url())
        } else {
            Rig::new(&server.url())
        };
        let start = Instant::now();
        let ended = large(&rig.client, endpoint, &ids);
        check_truth(findings, &server, endpoint, &ended);
        findings.check(expected.matches(&ended), format!("ended with {ended:?}"));
        findings.equal("the requests", &server.requests(endpoint), &1);
        let took = start.elapsed();
        findings.check(took.as_secs() < 20, format!("took {took:?}"));
        rig.check_quiet(findings);
    })
}

#[test]
fn large_requests() {
    run("uploads", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for endpoint in [Endpoint::Execute, Endpoint::ExecuteFile] {
        let mut add = |name: &str, fault: Fault, impatient: bool, expected: Expected| {
            cells.push(cell(name, endpoint, fault, impatient, expected));
        };
        let all = || [ReadAll, Execute, Respond];
        add("nothing", all().into(), false, Expected::Good);
        let mute = [&[SkipContinue], &all()[..]].concat();
        add("no word of 100", mute.into(), false, Expected::Good);
        for status in [401, 413] {
            let early = |end: Step| [ReadHead, refusal(status), end].into();
            add(
                &format!("{status} at the head"),
                early(Fin),
                false,
                Expected::Refused(status),
            );
            // The response is there to be read, whatever became of the connection.
            add(
                &format!("{status} at the head, then reset"),
                early(Reset),
                false,
                Expected::Refused(status),
            );
            add(
                &format!("{status} at the head, then nothing is read"),
                early(Hang),
                true,
                Expected::Refused(status),
            );
        }
        let refused = Expected::Refused(413);
        add(
            "413 under way",
            under_way(&[refusal(413), Fin]),
            false,
            refused,
        );
        let refused = Expected::RefusedOrLost(413);
        add(
            "413 under way, then reset",
            under_way(&[refusal(413), Reset]),
            false,
            refused,
        );
        // Nothing can be heard by one who only talks.
        let refused = Expected::RefusedOrSlow(413);
        add(
            "413 under way, then nothing is read",
            under_way(&[refusal(413), Hang]),
            true,
            refused,
        );
        add(
            "nothing more is read",
            under_way(&[Hang]),
            true,
            Expected::Slow,
        );
        add(
            "reset under way",
            under_way(&[Reset]),
            false,
            Expected::Lost,
        );
        add("closed under way", under_way(&[Fin]), false, Expected::Lost);
        add(
            "reset after executing",
            [ReadAll, Execute, Reset].into(),
            false,
            Expected::Lost,
        );
    }
    cells
}
