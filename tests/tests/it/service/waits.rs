//! Long commands: canceled, timed out, interrupted.

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

/// Waits until a condition holds.
///
/// # Panics
///
/// After two minutes.
pub(super) fn until(mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !holds() {
        assert!(
            Instant::now() < deadline,
            "the condition does not hold after two minutes"
        );
        thread::yield_now();
    }
}

/// Interrupts a client if the test panics, so that `thread::scope` does not wait for its threads.
pub(super) struct InterruptOnPanic(pub(super) Interrupt);

impl Drop for InterruptOnPanic {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.raise();
        }
    }
}

/// A command that takes an hour and creates files when it starts and when it is stopped.
struct LongCommand {
    directory: TempDir,
}

impl LongCommand {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn code(&self) -> String {
        format!(
            "import time\ntry:\n    open({:?}, 'w').close()\n    time.sleep(3600)\nfinally:\n    open({:?}, 'w').close()",
            self.started().display().to_string(),
            self.stopped().display().to_string(),
        )
    }

    fn started(&self) -> PathBuf {
        self.directory.path().join("started")
    }

    fn stopped(&self) -> PathBuf {
        self.directory.path().join("stopped")
    }
}

#[test]
fn cancel_by_another_thread_ends_the_wait() {
    let (server, context) = python();
    let client = client(&server);
    let long = LongCommand::new();
    let request = commands::Execute::new(CLUSTER, context.id(), Language::Python, long.code());
    let command = commands::execute(&client, &request).unwrap();
    until(|| long.started().exists());
    thread::scope(|scope| {
        let waiting =
            scope.spawn(|| commands::wait_for_execute(&client, &request, &command, Wait::new()));
        let cancel = commands::Cancel::new(CLUSTER, context.id(), &command.id);
        commands::cancel(&client, &cancel).unwrap();
        let canceled = commands::wait_for_cancel(&client, &cancel, Wait::new()).unwrap();
        let finished = waiting.join().unwrap().unwrap();
        assert_eq!(canceled.status, finished.status);
        assert!(
            matches!(
                finished.status,
                CommandStatus::Finished | CommandStatus::Cancelled
            ),
            "{finished:?}"
        );
    });
    assert!(long.stopped().exists());
    assert_eq!(
        context.run("1").unwrap().text(),
        Some("1"),
        "the context is usable"
    );
}

/// A transport that records response bodies.
#[derive(Clone, Debug)]
struct Recording {
    http: Http,
    responses: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Transport for Recording {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        let response = self.http.send(call)?;
        self.responses.lock().unwrap().push(response.body().clone());
        Ok(response)
    }
}

impl Recording {
    /// Waits for the response that contains the id of the command.
    fn command(&self, context: &ContextId) -> CommandId {
        let mut found = None;
        until(|| {
            let responses = self.responses.lock().unwrap();
            let mut ids = responses.iter().rev().filter_map(|response| {
                let response: BTreeMap<String, Value> = serde_json::from_slice(response).ok()?;
                (response.len() == 1).then(|| response["id"].as_str().map(CommandId::from))?
            });
            found = ids.next().filter(|id| id.as_str() != context.as_str());
            found.is_some()
        });
        found.unwrap()
    }
}

#[test]
fn canceled_command_is_reported_to_its_caller() {
    let server = tests::serve::start();
    let http = Recording {
        http: Http::builder().proxy(Proxy::None).build().unwrap(),
        responses: Arc::default(),
    };
    let client = Client::builder(server.url())
        .credentials(Credentials::bearer(TOKEN).unwrap())
        .transport(http.clone())
        .build()
        .unwrap();
    let context = ExecutionContext::create(&client, CLUSTER, Language::Python).unwrap();
    let long = LongCommand::new();
    thread::scope(|scope| {
        let _guard = InterruptOnPanic(client.interrupt().clone());
        let running = scope.spawn(|| failure(context.run(&long.code())));
        until(|| long.started().exists());
        let cancel = commands::Cancel::new(CLUSTER, context.id(), http.command(context.id()));
        commands::cancel(&client, &cancel).unwrap();
        let error = running.join().unwrap();
        assert!(matches!(error, RunError::Cancelled), "{error:?}");
        assert_eq!(error.to_string(), "the command was canceled");
    });
    assert_eq!(
        context.run("1").unwrap().text(),
        Some("1"),
        "the context is usable"
    );
}

/// A clock whose time changes only when it is advanced.
#[derive(Clone, Debug)]
struct ManualClock(Arc<Mutex<Instant>>);

impl ManualClock {
    fn advance(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration, interrupt: &Interrupt) {
        SystemClock.sleep(duration, interrupt);
    }
}

#[test]
fn timeout_cancels_the_command() {
    let server = tests::serve::start();
    let clock = ManualClock(Arc::new(Mutex::new(Instant::now())));
    let client = Client::builder(server.url())
        .credentials(Credentials::bearer(TOKEN).unwrap())
        .clock(clock.clone())
        .build()
        .unwrap();
    let context = ExecutionContext::create(&client, CLUSTER, Language::Python).unwrap();
    let long = LongCommand::new();
    thread::scope(|scope| {
        let _guard = InterruptOnPanic(client.interrupt().clone());
        let running = scope.spawn(|| failure(context.run(&long.code())));
        until(|| long.started().exists());
        clock.advance(Duration::from_secs(365 * 24 * 3600));
        let error = running.join().unwrap();
        let RunError::Timeout(inner) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(inner.kind(), ErrorKind::WaitTimeout);
        assert!(
            error.to_string().starts_with("the command was canceled: "),
            "{error}"
        );
    });
    // The command is stopped, and the context is usable.
    until(|| long.stopped().exists());
    assert_eq!(context.run("1").unwrap().text(), Some("1"));
}

#[test]
fn interrupt_cancels_the_command() {
    let server = tests::serve::start();
    let interrupt = Interrupt::new();
    let client = Client::builder(server.url())
        .credentials(Credentials::bearer(TOKEN).unwrap())
        .interrupt(interrupt.clone())
        .build()
        .unwrap();
    let context = ExecutionContext::create(&client, CLUSTER, Language::Python).unwrap();
    let long = LongCommand::new();
    thread::scope(|scope| {
        let _guard = InterruptOnPanic(client.interrupt().clone());
        let running = scope.spawn(|| failure(context.run(&long.code())));
        until(|| long.started().exists());
        interrupt.raise();
        let error = running.join().unwrap();
        let RunError::Interrupted(inner) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(inner.kind(), ErrorKind::Interrupted);
    });
    until(|| long.stopped().exists());
    // The interrupt stays raised, but the context can be destroyed.
    let error = failure(context.run("import time; time.sleep(3600)"));
    assert!(matches!(error, RunError::Interrupted(_)), "{error:?}");
    context.close().unwrap();
    assert_eq!(server.contexts(), 0);
}

#[test]
fn context_is_destroyed_if_it_is_not_ready_in_time() {
    let directory = tempfile::tempdir().unwrap();
    let slow = directory.path().join("slow-python");
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
