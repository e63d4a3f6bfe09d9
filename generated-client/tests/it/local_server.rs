//! Contexts and commands on the local server, which runs Python.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use generated_client::{
    Client, Config, ContextBuilder, ErrorKind, ExecutionContext, Language, RunError,
};
use local_server::{Options, Server};
use tempfile::TempDir;

const CLUSTER: &str = "batVenom";

pub(crate) fn start() -> (Server, Client) {
    // On a busy machine, a canceled command can take longer to end than the default.
    let options = Options::new().cancel_grace(Duration::from_secs(600));
    let server = Server::start(options.token("secret")).unwrap();
    let config = Config::new().host(server.url()).token("secret");
    let client = config.client().unwrap();
    (server, client)
}

pub(crate) fn create(client: &Client) -> ExecutionContext {
    // On a busy machine, the response that contains the id of a command may take longer than the default.
    let builder = ContextBuilder::new(CLUSTER, Language::Python);
    let builder = builder.cleanup_timeout(Duration::from_secs(600));
    builder.create(client).unwrap()
}

/// Python code that prints a line and waits for a file before it runs `rest`.
fn wait_for_file(file: &Path, rest: &str) -> String {
    // `print` would write the text and the line end separately.
    format!(
        "import os, sys, time\nsys.stdout.write('first\\n')\n\
         while not os.path.exists('{}'): time.sleep(.005)\n{rest}",
        file.display()
    )
}

fn file_in_temporary_directory() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("go");
    (directory, file)
}

#[test]
fn output_is_delivered_while_the_code_runs() {
    let (_server, client) = start();
    let context = create(&client);
    let (_directory, file) = file_in_temporary_directory();
    let output_so_far = RefCell::new(String::new());
    let output = context
        .command(wait_for_file(&file, "print('é')\n6 * 7"))
        .on_output(|piece| {
            output_so_far.borrow_mut().push_str(piece);
            std::fs::write(&file, "").unwrap();
        })
        .run()
        .unwrap();
    // A status request between the last line and the end of the command reports the line end as well.
    let heard = output_so_far.into_inner();
    assert_eq!(heard.strip_suffix('\n').unwrap_or(&heard), "first\né\n42");
    assert_eq!(output.text(), Some("first\né\n42"));
}

#[test]
fn output_before_an_exception_is_kept() {
    let (_server, client) = start();
    let context = create(&client);
    let (_directory, file) = file_in_temporary_directory();
    let result = context
        .command(wait_for_file(&file, "1 / 0"))
        .on_output(|_| std::fs::write(&file, "").unwrap())
        .run();
    let Err(RunError::Failed(failure)) = result else {
        panic!("{result:?}");
    };
    assert_eq!(failure.output.as_deref(), Some("first\n"));
    assert_eq!(failure.name().as_deref(), Some("ZeroDivisionError"));
    assert_eq!(failure.message(), "division by zero");
}

#[test]
fn context_is_usable_after_a_timeout() {
    let (_server, client) = start();
    let context = create(&client);
    let timeout = Duration::from_millis(50);
    let command = context
        .command("import time\ntime.sleep(600)")
        .timeout(timeout);
    let result = command.run();
    assert!(matches!(result, Err(RunError::Timeout(_))), "{result:?}");
    assert_eq!(context.run("6 * 7").unwrap().text(), Some("42"));
}

#[test]
fn file_is_run_and_missing_file_is_an_error() {
    let (_server, client) = start();
    let context = create(&client);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("job.py");
    std::fs::write(&path, "print('from a file')").unwrap();
    assert_eq!(context.run_file(&path).unwrap().to_string(), "from a file");
    let missing = context.run_file(directory.path().join("missing.py"));
    assert!(
        matches!(&missing, Err(RunError::Request(error)) if error.kind() == ErrorKind::InvalidInput),
        "{missing:?}"
    );
}

#[test]
fn detached_context_keeps_its_state() {
    let (_server, client) = start();
    let context = create(&client);
    context.run("x = 6").unwrap();
    let id = context.detach();
    let attach = || ExecutionContext::attach(&client, CLUSTER, &id, Language::Python);
    assert_eq!(attach().unwrap().run("x * 7").unwrap().text(), Some("42"));
    // Dropping an attached context does not destroy it.
    attach().unwrap().close().unwrap();
    assert_eq!(attach().unwrap_err().status(), Some(404));
}

#[test]
fn context_is_destroyed_during_a_panic() {
    let (server, client) = start();
    let panicked = std::thread::spawn(move || {
        let context = create(&client);
        let listener = |_: &str| panic!("expected");
        drop(context.command("print(1)").on_output(listener).run());
    });
    panicked.join().unwrap_err();
    assert_eq!(server.contexts(), 0);
}

#[test]
fn threads_share_a_client_and_a_context() {
    let (server, client) = start();
    let context = create(&client);
    std::thread::scope(|scope| {
        for n in 0..4 {
            let (client, context) = (&client, &context);
            scope.spawn(move || {
                let context_of_thread = create(client);
                let output = context_of_thread.run(&format!("{n} * 2")).unwrap();
                assert_eq!(output.text(), Some(&*(n * 2).to_string()));
                let shared = context.run(&format!("{n} * 3")).unwrap();
                assert_eq!(shared.text(), Some(&*(n * 3).to_string()));
            });
        }
    });
    assert_eq!(server.contexts(), 1);
}

#[test]
fn command_is_canceled_from_another_thread_and_the_context_is_used_further() {
    let (_server, client) = start();
    let context = create(&client);
    let mut running = context
        .command(
            "import sys, time\nx = 6\nsys.stdout.write('started\\n')\nwhile True: time.sleep(.01)",
        )
        .start()
        .unwrap();
    let cancel = running.cancel_handle();
    assert_eq!(running.output().next().as_deref(), Some("started\n"));
    std::thread::spawn(move || cancel.cancel());
    let result = running.wait();
    assert!(matches!(result, Err(RunError::Cancelled)), "{result:?}");
    assert_eq!(context.run("x * 7").unwrap().to_string(), "42");
    context.close().unwrap();
}
