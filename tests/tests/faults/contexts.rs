//! Errors during the life of an `ExecutionContext`: no command is executed twice, no context remains,
//! and no error denies an execution.

use std::io::Write as _;

use api_runtime::ErrorKind;
use generated_client::{Error, ExecutionContext, Language, Output, RunError};

use crate::cell::{Cell, Findings, run};
use crate::matrix::row::Row;
use crate::matrix::rows;
use crate::mock::{CLUSTER, CODE, Endpoint, MockServer};
use crate::rig::{Rig, check_error_message, check_no_secrets};

/// Requests of [`life`], as an endpoint and the index of its request.
const STEPS: [(Endpoint, usize); 9] = [
    (Endpoint::Create, 0),
    (Endpoint::ContextStatus, 0),
    (Endpoint::ContextStatus, 1),
    (Endpoint::Execute, 0),
    (Endpoint::CommandStatus, 0),
    (Endpoint::CommandStatus, 1),
    (Endpoint::ExecuteFile, 0),
    (Endpoint::CommandStatus, 2),
    (Endpoint::Destroy, 0),
];

/// Maximum number of requests to an endpoint, including retries and polls.
const MAX_REQUESTS: usize = 300;

/// Results that a program observes.
struct Life {
    created: Result<(), Error>,
    ran: Option<Result<Output, RunError>>,
    ran_file: Option<Result<Output, RunError>>,
    closed: Option<Result<(), Error>>,
}

fn in_memory() -> String {
    format!("memory('{CODE}')")
}

fn in_file() -> String {
    format!("file('{CODE}')")
}

fn life(client: &api_runtime::Client, close: bool) -> Life {
    let mut life = Life {
        created: Ok(()),
        ran: None,
        ran_file: None,
        closed: None,
    };
    match ExecutionContext::create(client, CLUSTER, Language::Python) {
        Err(error) => life.created = Err(error),
        Ok(context) => {
            life.ran = Some(context.run(&in_memory()));
            let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
            file.write_all(in_file().as_bytes())
                .expect("the file is writable");
            life.ran_file = Some(context.run_file(file.path()));
            if close {
                life.closed = Some(context.close());
            }
        }
    }
    life
}

fn cell(row: Row, (endpoint, nth): (Endpoint, usize), always: bool) -> Cell {
    let when = if always { "and all later" } else { "once" };
    let name = format!("context: {} / {} {nth} {when}", row.name, endpoint.name());
    Cell::new(name, move |findings| {
        let fault = row.fault.clone();
        let server = MockServer::start(move |called, at| {
            let faulty = called == endpoint && (at == nth || always && at > nth);
            // A client that exceeds the maximum succeeds then, instead of retrying forever.
            (faulty && at < 2 * MAX_REQUESTS).then(|| fault.clone())
        });
        let rig = if row.impatient {
            Rig::impatient(&server.url())
        } else {
            Rig::new(&server.url())
        };
        // `close` and drop are the same to the server.
        let close = fastrand::bool();
        let life = life(&rig.client, close);

        let mut workspace = server.workspace();
        let created = workspace.take_executions(Endpoint::Create);
        let destroyed = workspace.take_executions(Endpoint::Destroy);
        findings.check(created <= 1, format!("{created} contexts were created"));
        let requests = server.requests(endpoint);
        findings.check(requests <= MAX_REQUESTS, format!("{requests} requests"));
        let left = workspace.contexts().len();
        match &life.created {
            // The client does not know the id. The error must report that a context may exist.
            Err(error) if error.operation() == Some("contexts.create") => {
                findings.check(left <= 1, format!("{left} contexts are left"));
                let is_reported = created == 0 || error.may_have_been_processed();
                let finding = format!("created, but reported as not processed: {error}");
                findings.check(is_reported, finding);
            }
            _ => {
                // Only a server that never executes `contexts.destroy` keeps the context.
                let is_never_destroyed = endpoint == Endpoint::Destroy && destroyed == 0;
                findings.check(
                    left == 0 || is_never_destroyed,
                    format!("{left} contexts are left, destroyed {destroyed} times"),
                );
            }
        }
        if let Err(error) = &life.created {
            check_error_message(findings, error);
        }
        for (ran, code) in [(&life.ran, in_memory()), (&life.ran_file, in_file())] {
            let runs = workspace.runs(&code);
            findings.check(runs <= 1, format!("ran {runs} times"));
            if let Some(ran) = ran {
                let is_created = |id: &str| workspace.has_created(id);
                check_run(findings, ran, runs, is_created);
            }
        }
        match &life.closed {
            Some(Ok(())) => findings.equal("the contexts left after closing", &left, &0),
            Some(Err(error)) => {
                let is_reported = destroyed == 0 || error.may_have_been_processed();
                let finding = format!("destroyed, but reported as not processed: {error}");
                findings.check(is_reported, finding);
                check_error_message(findings, error);
            }
            None => {}
        }
        drop(workspace);
        rig.check_no_secrets(findings);
    })
}

fn check_run(
    findings: &mut Findings,
    ran: &Result<Output, RunError>,
    runs: usize,
    is_created: impl Fn(&str) -> bool,
) {
    match ran {
        Ok(output) => {
            findings.equal("the runs", &runs, &1);
            let text = output.text();
            findings.check(text.is_some_and(is_created), format!("printed {text:?}"));
        }
        Err(RunError::Request(error)) => {
            findings.check(
                runs == 0 || error.may_have_been_processed(),
                format!("run, but reported as not processed: {error}"),
            );
            findings.check(
                error.kind() != ErrorKind::InvalidInput,
                format!("reported as invalid input: {error}"),
            );
            check_error_message(findings, error);
        }
        // The mock neither fails commands nor loses contexts.
        Err(error) => findings.add(format!("reported as {error:?}")),
    }
    if let Err(error) = ran {
        check_no_secrets(findings, "the error", &format!("{error} {error:?}"));
    }
}

#[test]
fn context_is_created_and_destroyed_at_most_once() {
    run("contexts", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for row in rows::all() {
        for step in STEPS {
            cells.push(cell(row.clone(), step, false));
            if !row.impatient && !row.is_success() {
                cells.push(cell(row.clone(), step, true));
            }
        }
    }
    cells
}
