//! Each row at each endpoint: for one request, and for all requests.

pub(crate) mod row;
pub(crate) mod rows;

use api_runtime::{Delivery, Error};

use self::row::{Expected, Failure, Row};
use crate::cell::{Cell, Findings, run};
use crate::mock::{Endpoint, MockServer, Step};
use crate::rig::{Ids, Rig, call, check_against_server};

impl Row {
    /// Returns whether calls succeed.
    pub(crate) fn is_success(&self) -> bool {
        matches!(self.expected, Expected::Success)
    }

    fn expected(&self, endpoint: Endpoint) -> Expected {
        let without_required = matches!(endpoint, Endpoint::Destroy | Endpoint::Cancel);
        self.without_required
            .filter(|_| without_required)
            .unwrap_or(self.expected)
    }

    fn cell(&self, endpoint: Endpoint, mode: Mode) -> Cell {
        let row = self.clone();
        let name = format!("{} / {} / {}", self.name, endpoint.name(), mode.name());
        Cell::new(name, move |findings| row.check(endpoint, mode, findings))
    }

    fn check(&self, endpoint: Endpoint, mode: Mode, findings: &mut Findings) {
        let fault = self.fault.clone();
        let server = MockServer::start(|_, _| None);
        let ids = Ids::created_in(&server);
        let rig = if self.impatient {
            Rig::impatient(&server.url())
        } else {
            Rig::new(&server.url())
        };
        if mode == Mode::Later {
            if let Err(error) = call(&rig.client, endpoint, &ids) {
                findings.add(format!("first call failed: {error:?}"));
            }
            server.workspace().take_executions(endpoint);
        }
        server.inject(move |called, nth| {
            (called == endpoint && mode.is_faulty(nth)).then(|| fault.clone())
        });
        let result = call(&rig.client, endpoint, &ids);

        check_against_server(findings, &server, endpoint, &result);
        let requests = server.requests(endpoint);
        match self.expected(endpoint) {
            Expected::Success => {
                if let Err(error) = &result {
                    findings.add(format!("failed: {error:?}"));
                }
                findings.equal("number of requests", &requests, &1);
            }
            Expected::Failure(failure) => {
                let attempts = if failure.is_retried(endpoint) {
                    mode.max_attempts()
                } else {
                    1
                };
                findings.equal("number of requests", &requests, &attempts);
                if attempts == 2 {
                    let (least, most) = self.delay;
                    let elapsed = rig.clock.elapsed();
                    findings.check(
                        (least..=most).contains(&elapsed),
                        format!("the delay is {elapsed:?}, not {least:?} to {most:?}"),
                    );
                }
                if attempts == 2 {
                    if let Err(error) = &result {
                        findings.add(format!("failed: {error:?}"));
                    }
                } else {
                    failure.check(findings, &result, attempts);
                }
            }
        }
        rig.check_no_secrets(findings);
        if mode != Mode::Always {
            if let Some(Step::Fin | Step::Reset) = self.fault.last() {
                server.wait_until_closed_by_fault();
            }
            check_next_call(findings, &rig, &server, endpoint, &ids);
        }
    }
}

/// Checks that the next call succeeds.
fn check_next_call(
    findings: &mut Findings,
    rig: &Rig,
    server: &MockServer,
    endpoint: Endpoint,
    ids: &Ids,
) {
    match call(&rig.client, endpoint, ids) {
        Ok(Some(id)) => {
            let is_created = server.workspace().has_created(&id);
            let finding = format!("next call: the server has not created the id {id}");
            findings.check(is_created, finding);
        }
        Ok(None) => {}
        Err(error) => findings.add(format!("next call failed: {error:?}")),
    }
}

impl Failure {
    fn is_retried(self, endpoint: Endpoint) -> bool {
        !self.exceeds_policy
            && self.transient
            && (self.delivery == Delivery::NotProcessed || endpoint.is_idempotent())
    }

    fn check(
        self,
        findings: &mut Findings,
        result: &Result<Option<String>, Error>,
        expected_attempts: usize,
    ) {
        let Err(error) = result else {
            findings.add(format!("succeeded: {result:?}"));
            return;
        };
        let before = findings.count();
        findings.equal("kind", &error.kind(), &self.kind);
        findings.equal("status", &error.status(), &self.status);
        findings.equal("is_transient", &error.is_transient(), &self.transient);
        findings.equal("the delivery", &error.delivery(), &self.delivery);
        let attempts = usize::try_from(error.attempts()).unwrap_or(0);
        findings.equal("attempts", &attempts, &expected_attempts);
        if findings.count() > before {
            findings.add(format!("in {error:?}"));
        }
    }
}

/// Requests for which the server performs the steps of the row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The first request.
    Once,
    /// The first request after a successful one, on a reused connection.
    Later,
    /// All requests.
    Always,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Later => "later",
            Self::Always => "always",
        }
    }

    fn is_faulty(self, nth: usize) -> bool {
        nth == 0 || self == Self::Always
    }

    /// Number of requests if the call is retried.
    fn max_attempts(self) -> usize {
        match self {
            Self::Once | Self::Later => 2,
            Self::Always => 5,
        }
    }
}

#[test]
fn each_fault_at_each_endpoint_has_the_expected_result() {
    run("matrix", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for row in rows::all() {
        for endpoint in Endpoint::ALL {
            for mode in [Mode::Once, Mode::Later, Mode::Always] {
                cells.push(row.cell(endpoint, mode));
            }
        }
    }
    cells
}
