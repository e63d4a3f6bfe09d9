//! Many threads, one client, and a server with which something goes wrong all the time: in the end
//! every command is accounted for, and nothing is left.
//!
//! `SOAK_SEED` repeats a run, as far as threads allow; `SOAK_COMMANDS` makes it shorter or longer.

#[path = "../faults/mock/mod.rs"]
#[allow(
    dead_code,
    reason = "shared with the test `faults`, which needs more of it"
)]
mod mock;

mod clock;
mod faults;
mod process;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fmt, thread};

use api_runtime::{Client, Credentials, ErrorKind, Timeouts};
use generated_client::{ExecutionContext, Language, Upload, Wait, commands};

use self::clock::ClockOfThread;
use self::mock::{CLUSTER, CODE, MockServer, TOKEN};
use self::process::Footprint;

const THREADS: usize = 16;

/// So many commands and a context is old.
const AGE: usize = 40;

/// By how much a process may grow that leaks nothing: what the server remembers, and what the
/// allocator keeps.
const GROWTH: u64 = 24 << 20;

/// As many connections may be open at one moment more than at another, each with its three ends.
const MORE_FILES: usize = 3 * THREADS;

#[test]
fn every_outcome_is_accounted_for() {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>());
    let number = |name| number(name).map(|number| number.expect("a number"));
    let seed = number("SOAK_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("SOAK_SEED={seed}");
    let total = usize::try_from(number("SOAK_COMMANDS").unwrap_or(10_000)).expect("fewer");

    let server = MockServer::start(faults::of_seed(seed));
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

    // What the server has to remember was accounted for: now for what nobody needs.
    let warm: Footprint = warm.into_inner().unwrap().expect("a tenth of all");
    let end = Footprint::now();
    println!("{warm:?}, then {end:?}");
    let grown = end.resident.saturating_sub(warm.resident);
    assert!(grown < GROWTH, "grown by {grown} bytes");
    let files = warm.files + MORE_FILES;
    assert!(end.files <= files, "{end:?}, not {files} files");

    drop(client);
    server.http.wait_until_closed(server.http.connections());
}

fn client(server: &MockServer) -> Client {
    let mut timeouts = Timeouts::default();
    timeouts.response = Some(Duration::from_secs(1));
    timeouts.idle = Some(Duration::from_secs(1));
    Client::builder(server.url())
        .credentials(Credentials::bearer(TOKEN).expect("a token"))
        .timeouts(timeouts)
        .clock(ClockOfThread::new())
        .build()
        .expect("a client")
}

/// What was told to callers.
#[derive(Default)]
struct Ledger {
    /// Commands that were answered with an id.
    sent: Vec<usize>,
    /// Those that may run for all that is known.
    perhaps: Vec<usize>,
    /// Those that do not.
    refused: Vec<usize>,
    /// Those that were answered with an id, and with their end.
    ended: usize,
    /// Contexts that were closed well.
    closed: BTreeSet<String>,
    /// Contexts that may be there for all that is known.
    contexts: usize,
}

impl Ledger {
    fn check(&self, server: &MockServer, total: usize) {
        let workspace = server.workspace();
        let told = self.sent.len() + self.perhaps.len() + self.refused.len();
        assert_eq!(told, total, "every command has an outcome");
        let runs = |number: &usize| workspace.runs(&code(*number));
        for (of, commands, possible) in [
            ("sent", &self.sent, 1..=1),
            ("perhaps", &self.perhaps, 0..=1),
            ("refused", &self.refused, 0..=0),
        ] {
            let odd = commands
                .iter()
                .find(|number| !possible.contains(&runs(number)));
            assert_eq!(odd.map(|number| (number, runs(number))), None, "{of}");
        }
        let perhaps = self.perhaps.iter().map(runs).sum::<usize>();
        // Else nothing would have been tried here.
        assert!(perhaps > 0 && !self.refused.is_empty(), "{perhaps}");

        let left = workspace.contexts();
        let closed: Vec<_> = left.iter().filter(|id| self.closed.contains(*id)).collect();
        assert!(closed.is_empty(), "closed, and there: {closed:?}");
        assert!(left.len() <= self.contexts, "left: {left:?}");
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} sent, of which {} were seen to end; {} perhaps, {} refused; {} contexts closed, \
             {} perhaps left",
            self.sent.len(),
            self.ended,
            self.perhaps.len(),
            self.refused.len(),
            self.closed.len(),
            self.contexts,
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
            let more = (0..AGE).all(|_| self.command(&context));
            let closed = context.close();
            let mut ledger = self.ledger.lock().unwrap();
            match closed {
                Ok(()) => drop(ledger.closed.insert(id)),
                Err(_) => ledger.contexts += 1,
            }
            drop(ledger);
            if !more {
                return;
            }
        }
    }

    fn context(&self) -> Option<ExecutionContext> {
        match ExecutionContext::create(self.client, CLUSTER, Language::Python) {
            Ok(context) => Some(context),
            Err(error) => {
                let lost = error.operation() == Some("contexts.create");
                let lost = lost && error.may_have_been_processed();
                // A context that did not get ready is destroyed, unless that fails too.
                let lost = lost || error.operation() == Some("contexts.status");
                self.ledger.lock().unwrap().contexts += usize::from(lost);
                None
            }
        }
    }

    /// Runs one more command, if there is one left.
    fn command(&self, context: &ExecutionContext) -> bool {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.total {
            return false;
        }
        if number == self.total / 10 {
            *self.warm.lock().unwrap() = Some(Footprint::now());
        }
        let command = self.execute(context, number);
        let ended = command.as_ref().is_ok_and(|ended| *ended);
        let mut ledger = self.ledger.lock().unwrap();
        match command {
            Ok(_) => ledger.sent.push(number),
            Err(error) if error.may_have_been_processed() => ledger.perhaps.push(number),
            Err(error) => {
                let odd = matches!(
                    error.kind(),
                    ErrorKind::InvalidInput | ErrorKind::WaitFailed
                );
                assert!(!odd, "{error:?}");
                ledger.refused.push(number);
            }
        }
        ledger.ended += usize::from(ended);
        true
    }

    /// Sends a command, and tells whether its end was seen.
    fn execute(
        &self,
        context: &ExecutionContext,
        number: usize,
    ) -> Result<bool, api_runtime::Error> {
        let (cluster, id) = (context.cluster_id(), context.id());
        let language = context.language().clone();
        let ended = if number.is_multiple_of(3) {
            let file = Upload::bytes("a.py", code(number));
            let request = commands::ExecuteFile::new(cluster, id, language, file);
            let command = commands::execute_file(self.client, &request)?;
            commands::wait_for_execute_file(self.client, &request, &command, Wait::new())
        } else {
            let request = commands::Execute::new(cluster, id, language, code(number));
            let command = commands::execute(self.client, &request)?;
            commands::wait_for_execute(self.client, &request, &command, Wait::new())
        };
        let known = ended
            .as_ref()
            .ok()
            .and_then(|response| response.id.as_ref())
            .map(ToString::to_string);
        if let Some(id) = known {
            assert!(self.server.workspace().has_created(&id), "nobody made {id}");
        }
        Ok(ended.is_ok())
    }
}

fn code(number: usize) -> String {
    format!("print('{CODE}') #{number}")
}
