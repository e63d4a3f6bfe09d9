//! Commands that take long: cancelled, out of time, interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use api_runtime::http::Response;
use api_runtime::transport::{Call, Http, Transport, TransportError};
use api_runtime::{Clock, SystemClock};
use generated_client::api_runtime::{Client, Credentials, Interrupt};
use generated_client::{
    CommandId, CommandStatus, ContextBuilder, ContextId, ErrorKind, ExecutionContext, Language,
    Proxy, RunError, Wait, commands,
};
use local_server::Options;
use serde_json::Value;
use tempfile::TempDir;
use tests::secret::TOKEN;

use super::{CLUSTER, client, failure, python};

/// Returns when it is so.
///
/// # Panics
///
/// If it is not so after minutes.
pub(super) fn until(mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !so() {
        assert!(Instant::now() < deadline, "waited for minutes");
        thread::yield_now();
    }
}

/// Ends the waits of a client when a test panics, so that no thread is waited for in vain.
pub(super) struct EndWaits(pub(super) Interrupt);

impl Drop for EndWaits {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.raise();
        }
    }
}

/// Code that tells when it begins and whether it was stopped, and takes an hour.
struct Long {
    folder: TempDir,
}

impl Long {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn code(&self) -> String {
        format!(
            "import time\ntry:\n    open({:?}, 'w').close()\n    time.sleep(3600)\nfinally:\n    open({:?}, 'w').close()",
            self.begun().display().to_string(),
            self.stopped().display().to_string(),
        )
    }

    fn begun(&self) -> PathBuf {
        self.folder.path().join("begun")
    }

    fn stopped(&self) -> PathBuf {
        self.folder.path().join("stopped")
    }
}

#[test]
fn cancelled_by_another_thread() {
    let (server, context) = python();
    let client = client(&server);
    let long = Long::new();
    let request = commands::Execute::new(CLUSTER, context.id(), Language::Python, long.code());
    let command = commands::execute(&client, &request).unwrap();
    until(|| long.begun().exists());
    thread::scope(|scope| {
        let waiting =
            scope.spawn(|| commands::wait_for_execute(&client, &request, &command, Wait::new()));
        let cancel = commands::Cancel::new(CLUSTER, context.id(), &command.id);
        commands::cancel(&client, &cancel).unwrap();
        let answer = commands::wait_for_cancel(&client, &cancel, Wait::new()).unwrap();
        let ended = waiting.join().unwrap().unwrap();
        assert_eq!(answer.status, ended.status);
        assert!(
            matches!(
                ended.status,
                CommandStatus::Finished | CommandStatus::Cancelled
            ),
            "{ended:?}"
        );
    });
    assert!(long.stopped().exists());
    assert_eq!(
        context.run("1").unwrap().text(),
        Some("1"),
        "the context lives on"
    );
}

/// The network, with notes of what came.
#[derive(Clone, Debug)]
struct Noting {
    network: Http,
    answers: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Transport for Noting {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        let response = self.network.send(call)?;
        self.answers.lock().unwrap().push(response.body().clone());
        Ok(response)
    }
}

impl Noting {
    /// The id of the command that was begun, as soon as its answer is there.
    fn command(&self, context: &ContextId) -> CommandId {
        let mut found = None;
        until(|| {
            let answers = self.answers.lock().unwrap();
            let mut ids = answers.iter().rev().filter_map(|answer| {
                let answer: BTreeMap<String, Value> = serde_json::from_slice(answer).ok()?;
                (answer.len() == 1).then(|| answer["id"].as_str().map(CommandId::from))?
            });
            found = ids.next().filter(|id| id.as_str() != context.as_str());
            found.is_some()
        });
        found.unwrap()
    }
}

/// As one object: whoever runs the command learns that it was cancelled.
#[test]
fn cancelled_while_run() {
    let server = tests::serve::start();
    let network = Noting {
        network: Http::builder().proxy(Proxy::None).build().unwrap(),
        answers: Arc::default(),
    };
    let client = Client::builder(server.url())
        .credentials(Credentials::bearer(TOKEN).unwrap())
        .transport(network.clone())
        .build()
        .unwrap();
    let context = ExecutionContext::create(&client, CLUSTER, Language::Python).unwrap();
    let long = Long::new();
    thread::scope(|scope| {
        let _guard = EndWaits(client.interrupt().clone());
        let running = scope.spawn(|| failure(context.run(&long.code())));
        until(|| long.begun().exists());
        let cancel = commands::Cancel::new(CLUSTER, context.id(), network.command(context.id()));
        commands::cancel(&client, &cancel).unwrap();
        let error = running.join().unwrap();
        assert!(matches!(error, RunError::Cancelled), "{error:?}");
        assert_eq!(error.to_string(), "the command was cancelled");
    });
    assert_eq!(
        context.run("1").unwrap().text(),
        Some("1"),
        "the context lives on"
    );
}

/// The real time, until told to run: from then on an hour passes whenever one looks.
#[derive(Clone, Debug, Default)]
struct Running(Arc<Mutex<(bool, Duration)>>);

impl Running {
    fn set(&self, runs: bool) {
        self.0.lock().unwrap().0 = runs;
    }
}

impl Clock for Running {
    fn now(&self) -> Instant {
        let mut state = self.0.lock().unwrap();
        if state.0 {
            state.1 += Duration::from_secs(3600);
        }
        Instant::now() + state.1
    }

    fn sleep(&self, duration: Duration, interrupt: &Interrupt) {
        SystemClock.sleep(duration, interrupt);
    }
}

#[test]
fn out_of_time() {
    let server = tests::serve::start();
    let clock = Running::default();
    let client = Client::builder(server.url())
        .credentials(Credentials::bearer(TOKEN).unwrap())
        .clock(clock.clone())
        .build()
        .unwrap();
    let context = ExecutionContext::create(&client, CLUSTER, Language::Python).unwrap();
    let long = Long::new();
    thread::scope(|scope| {
        let _guard = EndWaits(client.interrupt().clone());
        let running = scope.spawn(|| failure(context.run(&long.code())));
        until(|| long.begun().exists());
        clock.set(true);
        let error = running.join().unwrap();
        let RunError::Timeout(inner) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(inner.kind(), ErrorKind::WaitTimeout);
        assert!(
            error.to_string().starts_with("the command was cancelled: "),
            "{error}"
        );
    });
    clock.set(false);
    // It was really stopped, and the context lives on.
    until(|| long.stopped().exists());
    assert_eq!(context.run("1").unwrap().text(), Some("1"));
}

#[test]
fn interrupted() {
    let server = tests::serve::start();
    let interrupt = Interrupt::new();
    let client = Client::builder(server.url())
        .credentials(Credentials::bearer(TOKEN).unwrap())
        .interrupt(interrupt.clone())
        .build()
        .unwrap();
    let context = ExecutionContext::create(&client, CLUSTER, Language::Python).unwrap();
    let long = Long::new();
    thread::scope(|scope| {
        let _guard = EndWaits(client.interrupt().clone());
        let running = scope.spawn(|| failure(context.run(&long.code())));
        until(|| long.begun().exists());
        interrupt.raise();
        let error = running.join().unwrap();
        let RunError::Interrupted(inner) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(inner.kind(), ErrorKind::Interrupted);
    });
    until(|| long.stopped().exists());
    // Raised is raised; what must be cleaned up still can be.
    let error = failure(context.run("import time; time.sleep(3600)"));
    assert!(matches!(error, RunError::Interrupted(_)), "{error:?}");
    context.close().unwrap();
    assert_eq!(server.contexts(), 0);
}

#[test]
fn a_context_that_is_not_ready_in_time_is_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    let slow = folder.path().join("slow-python");
    fs::write(&slow, "#!/bin/sh\nexec sleep 3600\n").unwrap();
    fs::set_permissions(&slow, fs::Permissions::from_mode(0o755)).unwrap();
    let server = tests::serve::start_with(Options::new().python(&slow));
    let wait = Wait::new().timeout(Duration::ZERO);
    let builder = ContextBuilder::new(CLUSTER, Language::Python).wait(wait);
    let error = builder.create(&client(&server)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimeout, "{error}");
    assert_eq!(error.operation(), Some("contexts.create"));
    assert_eq!(server.contexts(), 0);
}
