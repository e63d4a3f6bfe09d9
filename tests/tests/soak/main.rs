//! Soak test: many threads share one client, and requests have random faults. At the end, all commands
//! and resources are accounted for.
//!
//! `SOAK_SEED` repeats the faults of a run, and `SOAK_COMMANDS` sets its length. See README.md.

#[path = "../faults/mock/mod.rs"]
#[allow(
    dead_code,
    reason = "shared with the test `faults`, which uses more of it"
)]
mod mock;

mod clock;
mod faults;
mod process;
mod settings;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{fmt, thread};

use api_runtime::{Client, Credentials, ErrorKind, Timeouts};
use generated_client::{ExecutionContext, Language, Upload, Wait, commands};

use self::clock::ThreadClock;
use self::mock::{CLUSTER, CODE, MockServer, TOKEN};
use self::process::Footprint;

const THREADS: usize = 16;

/// Number of commands per context.
const COMMANDS_PER_CONTEXT: usize = 40;

/// Maximum growth of the resident memory: state of the mock, and memory retained by the allocator.
const MAX_GROWTH: u64 = 24 << 20;

/// Maximum growth of open files. The number of open connections varies, and each has three file
/// descriptors: one in the client and two in the mock.
const MAX_MORE_FILES: usize = 3 * THREADS;

#[test]
fn every_outcome_is_accounted_for() {
    let seed = settings::seed();
    let total = settings::total(10_000);

    let server = MockServer::start(faults::from_seed(seed));
    let client = client(&server);
    let next = AtomicUsize::new(0);
    let ledger = Mutex::new(Ledger::default());
    let warm = Mutex::new(None);
    let start = Instant::now();
    thread::scope(|scope| {
        for number in 0..THREADS {
            let worker = Worker {
                client: &client,
                server: &server,
                next: &next,
                total,
                ledger: &ledger,
                warm: &warm,
            };
            scope.spawn(move || {
                fastrand::seed(seed.wrapping_add(number as u64));
                worker.work();
            });
        }
    });
    let ledger = ledger.into_inner().unwrap();
    println!("{total} commands in {:.1?}: {ledger}", start.elapsed());
    ledger.check(&server, total);

    // The state of the mock has its warm-up size. Other growth is a leak.
    let warm: Footprint = warm
        .into_inner()
        .unwrap()
        .expect("a tenth of the commands has run");
    let end = Footprint::current();
    println!("{warm:?}, then {end:?}");
    let grown = end.resident.saturating_sub(warm.resident);
    assert!(
        grown < MAX_GROWTH,
        "resident memory has grown by {grown} bytes"
    );
    let files = warm.files + MAX_MORE_FILES;
    assert!(end.files <= files, "{end:?}, more than {files} files");

    drop(client);
    server.http.wait_until_closed(server.http.connections());
}

fn client(server: &MockServer) -> Client {
    let mut timeouts = Timeouts::default();
    timeouts.response = Some(Duration::from_secs(1));
    timeouts.idle = Some(Duration::from_secs(1));
    Client::builder(server.url())
        .credentials(Credentials::bearer(TOKEN).expect("the token is valid"))
        .timeouts(timeouts)
        .clock(ThreadClock::new())
        .build()
        .expect("the settings are valid")
}

/// Results that the callers have received.
#[derive(Default)]
struct Ledger {
    /// Commands whose call returned an id.
    sent: Vec<usize>,
    /// Commands with unknown delivery.
    unknown: Vec<usize>,
    /// Commands reported as not processed.
    not_processed: Vec<usize>,
    /// Number of sent commands whose end was observed.
    finished: usize,
    /// Contexts that were closed successfully.
    closed: BTreeSet<String>,
    /// Number of contexts that may exist.
    possible_contexts: usize,
}

impl Ledger {
    fn check(&self, server: &MockServer, total: usize) {
        let workspace = server.workspace();
        let counted = self.sent.len() + self.unknown.len() + self.not_processed.len();
        assert_eq!(counted, total, "each command should have a result");
        let runs = |number: &usize| workspace.runs(&code(*number));
        for (result, commands, accepted) in [
            ("sent", &self.sent, 1..=1),
            ("unknown", &self.unknown, 0..=1),
            ("not processed", &self.not_processed, 0..=0),
        ] {
            let wrong = commands
                .iter()
                .find(|number| !accepted.contains(&runs(number)));
            assert_eq!(wrong.map(|number| (number, runs(number))), None, "{result}");
        }
        let executed = self.unknown.iter().map(runs).sum::<usize>();
        // Otherwise the run would have tested nothing.
        assert!(executed > 0 && !self.not_processed.is_empty(), "{executed}");

        let left = workspace.contexts();
        let closed: Vec<_> = left.iter().filter(|id| self.closed.contains(*id)).collect();
        assert!(closed.is_empty(), "closed contexts exist: {closed:?}");
        assert!(
            left.len() <= self.possible_contexts,
            "contexts left: {left:?}"
        );
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} sent ({} finished), {} unknown, {} not processed; {} contexts closed, {} may exist",
            self.sent.len(),
            self.finished,
            self.unknown.len(),
            self.not_processed.len(),
            self.closed.len(),
            self.possible_contexts,
        )
    }
}

struct Worker<'a> {
    client: &'a Client,
    server: &'a MockServer,
    next: &'a AtomicUsize,
    total: usize,
    ledger: &'a Mutex<Ledger>,
    warm: &'a Mutex<Option<Footprint>>,
}

impl Worker<'_> {
    fn work(&self) {
        loop {
            let Some(context) = self.context() else {
                continue;
            };
            let id = context.id().to_string();
            let has_more = (0..COMMANDS_PER_CONTEXT).all(|_| self.command(&context));
            let closed = context.close();
            let mut ledger = self.ledger.lock().unwrap();
            match closed {
                Ok(()) => drop(ledger.closed.insert(id)),
                Err(_) => ledger.possible_contexts += 1,
            }
            drop(ledger);
            if !has_more {
                return;
            }
        }
    }

    fn context(&self) -> Option<ExecutionContext> {
        match ExecutionContext::create(self.client, CLUSTER, Language::Python) {
            Ok(context) => Some(context),
            Err(error) => {
                let may_exist =
                    error.operation() == Some("contexts.create") && error.may_have_been_processed();
                // The client destroys a context that does not become ready, unless this fails too.
                let may_exist = may_exist || error.operation() == Some("contexts.status");
                self.ledger.lock().unwrap().possible_contexts += usize::from(may_exist);
                None
            }
        }
    }

    /// Runs the next command. Returns `false` if there is none.
    fn command(&self, context: &ExecutionContext) -> bool {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.total {
            return false;
        }
        if number == self.total / 10 {
            *self.warm.lock().unwrap() = Some(Footprint::current());
        }
        let command = self.execute(context, number);
        let is_finished = command.as_ref().is_ok_and(|is_finished| *is_finished);
        let mut ledger = self.ledger.lock().unwrap();
        match command {
            Ok(_) => ledger.sent.push(number),
            Err(error) if error.may_have_been_processed() => ledger.unknown.push(number),
            Err(error) => {
                let unexpected = matches!(
                    error.kind(),
                    ErrorKind::InvalidInput | ErrorKind::WaitFailed
                );
                assert!(!unexpected, "{error:?}");
                ledger.not_processed.push(number);
            }
        }
        ledger.finished += usize::from(is_finished);
        true
    }

    /// Sends a command and waits for it. Returns whether the wait succeeded.
    fn execute(
        &self,
        context: &ExecutionContext,
        number: usize,
    ) -> Result<bool, api_runtime::Error> {
        let (cluster, id) = (context.cluster_id(), context.id());
        let language = context.language().clone();
        let waited = if number.is_multiple_of(3) {
            let file = Upload::bytes("a.py", code(number));
            let request = commands::ExecuteFile::new(cluster, id, language, file);
            let command = commands::execute_file(self.client, &request)?;
            commands::wait_for_execute_file(self.client, &request, &command, Wait::new())
        } else {
            let request = commands::Execute::new(cluster, id, language, code(number));
            let command = commands::execute(self.client, &request)?;
            commands::wait_for_execute(self.client, &request, &command, Wait::new())
        };
        let id = waited
            .as_ref()
            .ok()
            .and_then(|response| response.id.as_ref())
            .map(ToString::to_string);
        if let Some(id) = id {
            assert!(
                self.server.workspace().has_created(&id),
                "the server has not created {id}"
            );
        }
        Ok(waited.is_ok())
    }
}

fn code(number: usize) -> String {
    format!("print('{CODE}') #{number}")
}
