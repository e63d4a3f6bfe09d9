//! Large requests: early responses, broken connections and stalls while the body is sent.

use std::time::Duration;

use api_runtime::{Delivery, Error, ErrorKind};
use generated_client::{Language, Upload, commands};

use crate::cell::{Cell, run};
use crate::mock::{CLUSTER, CODE, Endpoint, Fault, MockServer, Response, Step};
use crate::observed::Accepted;
use crate::rig::{Ids, Rig};
use Step::{Execute, Fin, Hang, Read, ReadAll, ReadHead, Reset, Respond, SkipContinue};

/// More than the socket buffers of client and server hold.
pub(crate) const LARGE: usize = 12 << 20;

fn error(status: u16) -> Step {
    let response = Response::error(status, "TooLarge: message");
    Step::send(response.with(&[], &response.body))
}

/// Requests the body, reads a part of it, and continues with `then`.
pub(crate) fn while_sending(then: &[Step]) -> Fault {
    let proceed = Step::send(test_server::CONTINUE);
    [&[ReadHead, proceed, Read(300_000)], then].concat().into()
}

enum Expected {
    Success,
    /// The error response.
    Status(u16),
    /// The connection is lost.
    Lost,
    Timeout,
    /// The error response is received before the timeout or not.
    StatusOrTimeout(u16),
    /// The error response is received before the connection is lost or not.
    StatusOrLost(u16),
}

impl Expected {
    fn deliveries(&self) -> Vec<Option<Delivery>> {
        let (refused, unknown) = (Some(Delivery::NotProcessed), Some(Delivery::Unknown));
        match self {
            Self::Success => vec![None],
            Self::Status(_) => vec![refused],
            Self::Lost | Self::Timeout => vec![unknown],
            Self::StatusOrTimeout(_) | Self::StatusOrLost(_) => vec![refused, unknown],
        }
    }

    fn matches(&self, result: &Result<Option<String>, Error>) -> bool {
        let seen = result.as_ref().map_err(|error| {
            let processed = error.may_have_been_processed();
            (error.kind(), error.status(), processed)
        });
        let refused = |status| Err((ErrorKind::Status, Some(status), false));
        let slow = Err((ErrorKind::Timeout, None, true));
        let lost = Err((ErrorKind::Disconnected, None, true));
        let seen = seen.map(|_| ());
        match *self {
            Self::Success => seen == Ok(()),
            Self::Status(status) => seen == refused(status),
            Self::Lost => seen == lost,
            Self::Timeout => seen == slow,
            Self::StatusOrTimeout(status) => seen == refused(status) || seen == slow,
            Self::StatusOrLost(status) => seen == refused(status) || seen == lost,
        }
    }
}

pub(crate) fn large(
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
    let is_executed = fault.iter().any(|step| matches!(step, Execute));
    Cell::new(name, move |findings| {
        let fault = fault.clone();
        let server = MockServer::start(move |_, _| Some(fault.clone()));
        let ids = Ids::created_in(&server);
        let rig = if impatient {
            Rig::impatient(&server.url())
        } else {
            Rig::new(&server.url())
        };
        let result = large(&rig.client, endpoint, &ids);
        findings.check(expected.matches(&result), format!("result is {result:?}"));
        let executions = usize::from(is_executed)..=usize::from(is_executed);
        let accepted = Accepted {
            requests: 1..=1,
            executions,
            contexts: 1..=1,
            deliveries: expected.deliveries(),
            time: Duration::ZERO..=Duration::ZERO,
        };
        (rig.observe(findings, &server, endpoint, &result), accepted)
    })
}

#[test]
fn large_requests_receive_early_responses() {
    run("uploads", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for endpoint in [Endpoint::Execute, Endpoint::ExecuteFile] {
        let mut add = |name: &str, fault: Fault, impatient: bool, expected: Expected| {
            cells.push(cell(name, endpoint, fault, impatient, expected));
        };
        let all = || [ReadAll, Execute, Respond];
        add("nothing", all().into(), false, Expected::Success);
        let mute = [&[SkipContinue], &all()[..]].concat();
        add("no 100 Continue", mute.into(), false, Expected::Success);
        for status in [401, 413] {
            let early = |end: Step| [ReadHead, error(status), end].into();
            add(
                &format!("{status} after the head"),
                early(Fin),
                false,
                Expected::Status(status),
            );
            // The response is readable after a reset too.
            add(
                &format!("{status} after the head, then reset"),
                early(Reset),
                false,
                Expected::Status(status),
            );
            add(
                &format!("{status} after the head, then nothing is read"),
                early(Hang),
                true,
                Expected::Status(status),
            );
        }
        let refused = Expected::Status(413);
        add(
            "413 while sending",
            while_sending(&[error(413), Fin]),
            false,
            refused,
        );
        let refused = Expected::StatusOrLost(413);
        add(
            "413 while sending, then reset",
            while_sending(&[error(413), Reset]),
            false,
            refused,
        );
        // A client that is blocked in a write does not read the response.
        let refused = Expected::StatusOrTimeout(413);
        add(
            "413 while sending, then nothing is read",
            while_sending(&[error(413), Hang]),
            true,
            refused,
        );
        add(
            "nothing more is read",
            while_sending(&[Hang]),
            true,
            Expected::Timeout,
        );
        add(
            "reset while sending",
            while_sending(&[Reset]),
            false,
            Expected::Lost,
        );
        add(
            "closed while sending",
            while_sending(&[Fin]),
            false,
            Expected::Lost,
        );
        add(
            "reset after executing",
            [ReadAll, Execute, Reset].into(),
            false,
            Expected::Lost,
        );
    }
    cells
}
