//! Each row at each endpoint: for one request, and for all requests.

pub(crate) mod row;
pub(crate) mod rows;

use std::time::Duration;

use api_runtime::{Delivery, Error};

use self::row::{Expected, Failure, Row};
use crate::cell::{Cell, Findings, run};
use crate::mock::{Endpoint, MockServer, Step};
use crate::observed::{Accepted, Observed, contexts_after};
use crate::rig::{Ids, RETRY_BUDGET, Rig, call};

impl Row {
    /// Returns whether calls succeed.
    pub(crate) fn is_success(&self) -> bool {
        matches!(self.expected, Expected::Success)
    }

    /// Returns whether the server executes the request.
    fn is_executing(&self) -> bool {
        self.fault.iter().any(|step| matches!(step, Step::Execute))
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

    fn check(
        &self,
        endpoint: Endpoint,
        mode: Mode,
        findings: &mut Findings,
    ) -> (Observed, Accepted) {
        let fault = self.fault.clone();
        let server = MockServer::start(|_, _| None);
        let ids = Ids::created_in(&server);
        let rig = if self.impatient {
            Rig::impatient(&server.url())
        } else {
            Rig::new(&server.url())
        };
        if mode == Mode::Later {
            let first = call(&rig.client, endpoint, &ids);
            findings.check(first.is_ok(), format!("first call failed: {first:?}"));
            rig.observe(findings, &server, endpoint, &first);
        }
        let contexts = server.workspace().contexts().len();
        server.inject(move |called, nth| {
            (called == endpoint && mode.is_faulty(nth)).then(|| fault.clone())
        });
        let result = call(&rig.client, endpoint, &ids);
        let observed = rig.observe(findings, &server, endpoint, &result);
        let accepted = self.accepted(endpoint, mode, contexts);
        if let (Err(error), Some(failure)) = (&result, self.failure(endpoint, mode)) {
            failure.check(findings, error, observed.requests);
        }
        if mode != Mode::Always {
            if let Some(Step::Fin | Step::Reset) = self.fault.last() {
                server.wait_until_closed_by_fault();
            }
            check_next_call(findings, &rig, &server, endpoint, &ids);
        }
        (observed, accepted)
    }

    /// Returns the failure of the call, if it fails.
    fn failure(&self, endpoint: Endpoint, mode: Mode) -> Option<Failure> {
        match self.expected(endpoint) {
            Expected::Failure(failure) if mode == Mode::Always || !failure.is_retried(endpoint) => {
                Some(failure)
            }
            Expected::Failure(_) | Expected::Success => None,
        }
    }

    fn accepted(&self, endpoint: Endpoint, mode: Mode, contexts: usize) -> Accepted {
        let (requests, time) = match self.expected(endpoint) {
            Expected::Failure(failure) if failure.is_retried(endpoint) => match mode {
                Mode::Once | Mode::Later => (2, self.delay.0..=self.delay.1),
                Mode::Always => (5, Duration::ZERO..=RETRY_BUDGET),
            },
            _ => (1, Duration::ZERO..=Duration::ZERO),
        };
        let failure = self.failure(endpoint, mode);
        let faulty = if mode == Mode::Always { requests } else { 1 };
        let most = usize::from(self.is_executing()) * faulty + (requests - faulty);
        // A slow server may not even have read the request at the timeout.
        let least = if self.impatient {
            requests - faulty
        } else {
            most
        };
        Accepted {
            requests: requests..=requests,
            executions: least..=most,
            contexts: contexts_after(endpoint, contexts, &(least..=most)),
            deliveries: vec![failure.map(|failure| failure.delivery)],
            time,
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

    fn check(self, findings: &mut Findings, error: &Error, requests: usize) {
        let before = findings.count();
        findings.equal("kind", &error.kind(), &self.kind);
        findings.equal("status", &error.status(), &self.status);
        findings.equal("is_transient", &error.is_transient(), &self.transient);
        let attempts = usize::try_from(error.attempts()).unwrap_or(0);
        findings.equal("attempts", &attempts, &requests);
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
