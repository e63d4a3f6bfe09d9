//! Every fault at every endpoint: once, and with every request.

pub(crate) mod rows;

use std::time::Duration;

use api_runtime::{Delivery, Error, ErrorKind};

use crate::cell::{Cell, Findings, run};
use crate::mock::{Endpoint, Fault, MockServer, Step};
use crate::rig::{Ids, Rig, call, check_truth};

/// One fault, and what a client makes of it.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) fault: Fault,
    /// The client gives up soon: the server is too slow.
    pub(crate) impatient: bool,
    expected: Expected,
    /// The same for endpoints whose responses hold nothing that is needed, if it is another.
    without_needs: Option<Expected>,
    /// How long the pause before the second try is.
    pause: (Duration, Duration),
}

/// How a call ends that meets a fault with each try.
#[derive(Clone, Copy, Debug)]
enum Expected {
    Good,
    Bad(Bad),
}

#[derive(Clone, Copy, Debug)]
struct Bad {
    kind: ErrorKind,
    status: Option<u16>,
    transient: bool,
    delivery: Delivery,
    /// Whether the delay that the server requests fits into the policy.
    in_time: bool,
}

impl Row {
    /// Whether it is no trouble at all.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self.expected, Expected::Good)
    }

    fn expected(&self, endpoint: Endpoint) -> Expected {
        let without_needs = matches!(endpoint, Endpoint::Destroy | Endpoint::Cancel);
        self.without_needs
            .filter(|_| without_needs)
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
        let ids = Ids::made_in(&server);
        let rig = if self.impatient {
            Rig::impatient(&server.url())
        } else {
            Rig::new(&server.url())
        };
        if mode == Mode::Later {
            if let Err(error) = call(&rig.client, endpoint, &ids) {
                findings.add(format!("before: failed: {error:?}"));
            }
            server.workspace().take_executions(endpoint);
        }
        server.inject(move |called, nth| {
            (called == endpoint && mode.is_faulty(nth)).then(|| fault.clone())
        });
        let ended = call(&rig.client, endpoint, &ids);

        check_truth(findings, &server, endpoint, &ended);
        let requests = server.requests(endpoint);
        match self.expected(endpoint) {
            Expected::Good => {
                if let Err(error) = &ended {
                    findings.add(format!("failed: {error:?}"));
                }
                findings.equal("the number of requests", &requests, &1);
            }
            Expected::Bad(bad) => {
                let tried = if bad.is_tried_again(endpoint) {
                    mode.tries()
                } else {
                    1
                };
                findings.equal("the number of requests", &requests, &tried);
                if tried == 2 {
                    let (least, most) = self.pause;
                    let elapsed = rig.clock.elapsed();
                    findings.check(
                        (least..=most).contains(&elapsed),
                        format!("paused for {elapsed:?}, not {least:?} to {most:?}"),
                    );
                }
                if tried == 2 {
                    if let Err(error) = &ended {
                        findings.add(format!("failed: {error:?}"));
                    }
                } else {
                    bad.check(findings, &ended, tried);
                }
            }
        }
        rig.check_quiet(findings);
        if mode != Mode::Always {
            if let Some(Step::Fin | Step::Reset) = self.fault.last() {
                server.wait_until_closed_by_fault();
            }
            afterwards(findings, &rig, &server, endpoint, &ids);
        }
    }
}

/// What is left over of a fault does not get into the next call.
fn afterwards(
    findings: &mut Findings,
    rig: &Rig,
    server: &MockServer,
    endpoint: Endpoint,
    ids: &Ids,
) {
    match call(&rig.client, endpoint, ids) {
        Ok(Some(id)) => {
            let made = server.workspace().has_created(&id);
            findings.check(made, format!("then: nobody made the id {id}"));
        }
        Ok(None) => {}
        Err(error) => findings.add(format!("then: failed: {error:?}")),
    }
}

impl Bad {
    fn is_tried_again(self, endpoint: Endpoint) -> bool {
        self.in_time
            && self.transient
            && (self.delivery == Delivery::NotProcessed || endpoint.is_idempotent())
    }

    fn check(self, findings: &mut Findings, ended: &Result<Option<String>, Error>, tried: usize) {
        let Err(error) = ended else {
            findings.add(format!("succeeded: {ended:?}"));
            return;
        };
        let before = findings.count();
        findings.equal("the kind", &error.kind(), &self.kind);
        findings.equal("the status", &error.status(), &self.status);
        findings.equal("is_transient", &error.is_transient(), &self.transient);
        findings.equal("the delivery", &error.delivery(), &self.delivery);
        let attempts = usize::try_from(error.attempts()).unwrap_or(0);
        findings.equal("the number of tries told", &attempts, &tried);
        if findings.count() > before {
            findings.add(format!("in {error:?}"));
        }
    }
}

/// Which requests meet the fault.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The first.
    Once,
    /// The first after a good one, on a connection that stands already.
    Later,
    /// All.
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

    /// How many requests there are where the call may go again.
    fn tries(self) -> usize {
        match self {
            Self::Once | Self::Later => 2,
            Self::Always => 5,
        }
    }
}

#[test]
fn every_fault_at_every_endpoint() {
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
