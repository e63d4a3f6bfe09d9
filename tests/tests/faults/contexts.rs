//! Faults at every step of an execution context's life: nothing is run twice, nothing is left
//! behind, and nothing is claimed that the server knows better.

use std::io::Write as _;

use api_runtime::ErrorKind;
use generated_client::{Error, ExecutionContext, Language, Output, RunError};

use crate::cell::{Cell, Findings, run};
use crate::matrix::{Row, rows};
use crate::mock::{CLUSTER, CODE, Endpoint, MockServer};
use crate::rig::{Rig, check_quiet, check_quiet_error};

/// The steps of [`life`], each an endpoint and which of its requests.
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

/// More requests to an endpoint than anybody needs, however patient.
const MOST: usize = 300;

/// What a program saw.
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
            let mut file = tempfile::NamedTempFile::new().expect("a file");
            file.write_all(in_file().as_bytes()).expect("a disk");
            life.ran_file = Some(context.run_file(file.path()));
            if close {
                life.closed = Some(context.close());
            }
        }
    }
    life
}

fn cell(row: Row, (endpoint, nth): (Endpoint, usize), always: bool) -> Cell {
    let when = if always { "from then on" } else { "once" };
    let name = format!("context: {} / {} {nth} {when}", row.name, endpoint.name());
    Cell::new(name, move |findings| {
        let fault = row.fault.clone();
        let server = MockServer::start(move |called, at| {
            let faulty = called == endpoint && (at == nth || always && at > nth);
            // Who is not content with so many tries would go on for ever.
            (faulty && at < 2 * MOST).then(|| fault.clone())
        });
        let rig = if row.impatient {
            Rig::impatient(&server.url())
        } else {
            Rig::new(&server.url())
        };
        // Which of the two ways it ends makes no difference to the server.
        let close = fastrand::bool();
        let life = life(&rig.client, close);

        let mut workspace = server.workspace();
        let created = workspace.take_executions(Endpoint::Create);
        let destroyed = workspace.take_executions(Endpoint::Destroy);
        findings.check(created <= 1, format!("{created} contexts were created"));
        let requests = server.requests(endpoint);
        findings.check(requests <= MOST, format!("{requests} requests"));
        let left = workspace.contexts().len();
        match &life.created {
            // Without a response nobody knows the context; that it may be there is told.
            Err(error) if error.operation() == Some("contexts.create") => {
                findings.check(left <= 1, format!("{left} contexts are left"));
                let told = created == 0 || error.may_have_been_processed();
                findings.check(told, format!("created, but told as not: {error}"));
            }
            _ => {
                // The server has had its chance to be reached.
                let unwilling = endpoint == Endpoint::Destroy && destroyed == 0;
                findings.check(
                    left == 0 || unwilling,
                    format!("{left} contexts are left, destroyed {destroyed} times"),
                );
            }
        }
        if let Err(error) = &life.created {
            check_quiet_error(findings, error);
        }
        for (ran, code) in [(&life.ran, in_memory()), (&life.ran_file, in_file())] {
            let runs = workspace.runs(&code);
            findings.check(runs <= 1, format!("ran {runs} times"));
            if let Some(ran) = ran {
                let made = |id: &str| workspace.has_created(id);
                check_run(findings, ran, runs, made);
            }
        }
        match &life.closed {
            Some(Ok(())) => findings.equal("the contexts left after closing", &left, &0),
            Some(Err(error)) => {
                let told = destroyed == 0 || error.may_have_been_processed();
                findings.check(told, format!("destroyed, but told as not: {error}"));
                check_quiet_error(findings, error);
            }
            None => {}
        }
        drop(workspace);
        rig.check_quiet(findings);
    })
}

fn check_run(
    findings: &mut Findings,
    ran: &Result<Output, RunError>,
    runs: usize,
    made: impl Fn(&str) -> bool,
) {
    match ran {
        Ok(output) => {
            findings.equal("the runs", &runs, &1);
            let text = output.text();
            findings.check(text.is_some_and(made), format!("printed {text:?}"));
        }
        Err(RunError::Request(error)) => {
            findings.check(
                runs == 0 || error.may_have_been_processed(),
                format!("run, but told as not: {error}"),
            );
            findings.check(
                error.kind() != ErrorKind::InvalidInput,
                format!("blamed on the caller: {error}"),
            );
            check_quiet_error(findings, error);
        }
        // Nothing of these has happened.
        Err(error) => findings.add(format!("told as {error:?}")),
    }
    if let Err(error) = ran {
        check_quiet(findings, "the error shows", &format!("{error} {error:?}"));
    }
}

#[test]
fn lives_of_contexts() {
    run("contexts", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for row in rows::all() {
        for step in STEPS {
            cells.push(cell(row.clone(), step, false));
            if !row.impatient && !row.is_good() {
                cells.push(cell(row.clone(), step, true));
            }
        }
    }
    cells
}
