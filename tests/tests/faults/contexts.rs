//! Errors during the life of an `ExecutionContext`.

use std::time::Duration;

use crate::cell::{Cell, run};
use crate::life::{self, Life};
use crate::matrix::row::Row;
use crate::matrix::rows;
use crate::mock::{Endpoint, MockServer};
use crate::rig::Rig;

/// Requests of a [`Life`], as an endpoint and the index of its request.
pub(crate) const STEPS: [(Endpoint, usize); 9] = [
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

/// Maximum time of a life: that of [`cluster_timeout`](generated_client::ContextBuilder::cluster_timeout),
/// and some calls that use up the budget for their retries.
const MAX_TIME: Duration = Duration::from_secs(10 * 60);

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
        let life = Life::new(&rig.client, &life::builder());
        let is_destroyed = server.workspace().executions(Endpoint::Destroy) > 0;
        let is_destroyable = endpoint != Endpoint::Destroy || is_destroyed;
        let observed = life.observe(findings, &rig, &server, endpoint);
        let accepted = life.accepted(0..=MAX_REQUESTS, is_destroyable, Duration::ZERO..=MAX_TIME);
        (observed, accepted)
    })
}

#[test]
fn context_is_created_and_destroyed_at_most_once() {
    run("contexts", cells());
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for row in rows::all() {
        for step in STEPS {
            // It means that the context does not exist.
            if step.0 == Endpoint::Destroy && row.name == "404" {
                continue;
            }
            cells.push(cell(row.clone(), step, false));
            if !row.impatient && !row.is_success() {
                cells.push(cell(row.clone(), step, true));
            }
        }
    }
    cells
}
