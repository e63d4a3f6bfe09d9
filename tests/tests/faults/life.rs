//! Life of an `ExecutionContext`: created, used for a command from memory and one from a file, and
//! closed or dropped.

use std::io::Write as _;
use std::ops::RangeInclusive;
use std::time::Duration;

use api_runtime::{Client, Delivery, ErrorKind};
use generated_client::{ContextBuilder, Error, Language, Leftovers, Output, RunError};

use crate::cell::Findings;
use crate::mock::{CLUSTER, CODE, Endpoint, MockServer};
use crate::observed::{Accepted, Observed, Streams};
use crate::rig::{Rig, texts};

/// Results that a program observes.
pub(crate) struct Life {
    pub(crate) created: Result<(), Error>,
    pub(crate) ran: Option<Result<Output, RunError>>,
    pub(crate) ran_file: Option<Result<Output, RunError>>,
    pub(crate) closed: Option<Result<(), Error>>,
    /// Code of the two commands.
    code: [String; 2],
    /// Record of contexts and commands that remain.
    leftovers: Leftovers,
}

/// Returns a builder for contexts on the cluster of the mock.
pub(crate) fn builder() -> ContextBuilder {
    ContextBuilder::new(CLUSTER, Language::Python)
}

impl Life {
    /// Lives with this client. Whether the context is closed or dropped depends on the seed: both are
    /// the same to the server.
    pub(crate) fn new(client: &Client, builder: &ContextBuilder) -> Self {
        Self::with_padding(client, builder, 0)
    }

    /// Lives with commands that are longer by this number of bytes.
    pub(crate) fn with_padding(client: &Client, builder: &ContextBuilder, bytes: usize) -> Self {
        let padding = "x".repeat(bytes);
        let leftovers = Leftovers::new();
        let mut life = Self {
            created: Ok(()),
            ran: None,
            ran_file: None,
            closed: None,
            code: ["memory", "file"].map(|name| format!("{name}('{CODE}')#{padding}")),
            leftovers: leftovers.clone(),
        };
        match builder.clone().leftovers(&leftovers).create(client) {
            Err(error) => life.created = Err(error),
            Ok(context) => {
                life.ran = Some(context.run(&life.code[0]));
                let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
                file.write_all(life.code[1].as_bytes())
                    .expect("the file is writable");
                life.ran_file = Some(context.run_file(file.path()));
                if fastrand::bool() {
                    life.closed = Some(context.close());
                }
            }
        }
        life
    }

    /// Returns the delivery of the first error.
    fn delivery(&self) -> Option<Delivery> {
        let ran = [&self.ran, &self.ran_file].map(|ran| ran.as_ref()?.as_ref().err());
        let closed = self
            .closed
            .as_ref()
            .and_then(|closed| closed.as_ref().err());
        let created = self.created.as_ref().err().map(Error::delivery);
        created
            .or(ran[0].map(RunError::delivery))
            .or(ran[1].map(RunError::delivery))
            .or(closed.map(Error::delivery))
    }

    fn texts(&self, findings: &mut Findings) -> String {
        let mut all = String::new();
        if let Err(error) = &self.created {
            all += &texts(findings, error);
        }
        for ran in [&self.ran, &self.ran_file].into_iter().flatten() {
            if let Err(error) = ran {
                all += &texts(findings, error);
            }
        }
        if let Some(Err(error)) = &self.closed {
            all += &texts(findings, error);
        }
        all
    }

    /// Compares the results with the server: no code ran twice, no result denies an execution, and
    /// no context remains that is not recorded. `endpoint` is the one with injected errors.
    pub(crate) fn observe(
        &self,
        findings: &mut Findings,
        rig: &Rig,
        server: &MockServer,
        endpoint: Endpoint,
    ) -> Observed {
        let mut workspace = server.workspace();
        let created = workspace.take_executions(Endpoint::Create);
        let destroyed = workspace.take_executions(Endpoint::Destroy);
        let contexts = workspace.contexts().len();
        let mut executions = created;
        check_claim(findings, "created", created, self.created.as_ref().err());
        for (ran, code) in [(&self.ran, &self.code[0]), (&self.ran_file, &self.code[1])] {
            let runs = workspace.runs(code);
            executions += runs;
            findings.check(runs <= 1, format!("ran {runs} times"));
            if let Some(ran) = ran {
                check_run(findings, ran, runs, |id| workspace.has_created(id));
            }
        }
        match &self.closed {
            Some(Ok(())) => findings.equal("the contexts after closing", &contexts, &0),
            Some(Err(error)) => check_claim(findings, "destroyed", destroyed, Some(error)),
            None => {}
        }
        findings.check(
            contexts == 0 || !self.leftovers.is_empty(),
            "a context remains that is not recorded",
        );
        drop(workspace);
        Observed {
            requests: server.requests(endpoint),
            executions,
            contexts,
            delivery: self.delivery(),
            time: rig.take_time(),
            streams: {
                let list = self.leftovers.list().into_iter();
                let texts = list.map(|leftover| format!("{leftover} {leftover:?} {leftover:#?}"));
                Streams {
                    leftovers: texts.collect::<Vec<_>>().join("\n"),
                    ..rig.take_streams(self.texts(findings))
                }
            },
        }
    }

    /// Returns what is accepted: one context and two commands at most. A context may remain if the
    /// server did not respond to the request that creates it, or never executed one that destroys it.
    pub(crate) fn accepted(
        &self,
        requests: RangeInclusive<usize>,
        is_destroyable: bool,
        time: RangeInclusive<Duration>,
    ) -> Accepted {
        let is_unknown = matches!(
            &self.created,
            Err(error) if error.operation() == Some("contexts.create")
                && error.kind() != ErrorKind::WaitTimeout
                && error.may_have_been_processed()
        );
        let most = usize::from(is_unknown || !is_destroyable);
        Accepted {
            requests,
            executions: 0..=3,
            contexts: 0..=most,
            // Compared with the executions of each endpoint.
            deliveries: vec![None, Some(Delivery::NotProcessed), Some(Delivery::Unknown)],
            time,
        }
    }
}

/// Checks that an error does not deny an execution.
fn check_claim(findings: &mut Findings, done: &str, executions: usize, error: Option<&Error>) {
    if done == "created" {
        findings.check(executions <= 1, format!("{done} {executions} times"));
    }
    if let Some(error) = error {
        findings.check(
            executions == 0 || error.may_have_been_processed(),
            format!("{done}, but reported as not processed: {error}"),
        );
    }
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
        Err(error) => {
            findings.check(
                runs == 0 || error.may_have_been_processed(),
                format!("run, but reported as not processed: {error}"),
            );
            if let RunError::Request(error) = error {
                findings.check(
                    error.kind() != ErrorKind::InvalidInput,
                    format!("reported as invalid input: {error}"),
                );
            }
        }
    }
}
