//! Against a real server with a real Python.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use generated_client::{Client, Config, ErrorKind, ExecutionContext, Language, RunError};
use local_server::{Options, Server};
use tempfile::TempDir;

const CLUSTER: &str = "batVenom";

fn start() -> (Server, Client) {
    let server = Server::start(Options::new().token("secret")).unwrap();
    let config = Config::new().host(server.url()).token("secret");
    let client = config.client().unwrap();
    (server, client)
}

fn create(client: &Client) -> ExecutionContext {
    ExecutionContext::create(client, CLUSTER, Language::Python).unwrap()
}

/// Prints a line, waits until the file is there, and goes on.
fn held(file: &Path, rest: &str) -> String {
    // In one piece: `print` writes its line and the end of it one after the other.
    format!(
        "import os, sys, time\nsys.stdout.write('first\\n')\n\
         while not os.path.exists('{}'): time.sleep(.005)\n{rest}",
        file.display()
    )
}

fn gate() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("go");
    (directory, file)
}

#[test]
fn the_code_waits_until_its_output_was_seen() {
    let (_server, client) = start();
    let context = create(&client);
    let (_directory, file) = gate();
    let seen = RefCell::new(String::new());
    let output = context
        .command(&held(&file, "print('é')\n6 * 7"))
        .on_output(|piece| {
            seen.borrow_mut().push_str(piece);
            std::fs::write(&file, "").unwrap();
        })
        .run()
        .unwrap();
    assert_eq!(seen.into_inner(), "first\né\n42");
    assert_eq!(output.text(), Some("first\né\n42"));
}

#[test]
fn what_was_printed_before_an_error_is_kept() {
    let (_server, client) = start();
    let context = create(&client);
    let (_directory, file) = gate();
    let ended = context
        .command(&held(&file, "1 / 0"))
        .on_output(|_| std::fs::write(&file, "").unwrap())
        .run();
    let Err(RunError::Failed(failure)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(failure.output.as_deref(), Some("first\n"));
    assert_eq!(failure.name().as_deref(), Some("ZeroDivisionError"));
    assert_eq!(failure.message(), "division by zero");
}

#[test]
fn a_context_can_be_used_after_a_command_ran_out_of_time() {
    let (_server, client) = start();
    let context = create(&client);
    let limit = Duration::from_millis(50);
    let command = context
        .command("import time\ntime.sleep(600)")
        .timeout(limit);
    let ended = command.run();
    assert!(matches!(ended, Err(RunError::Timeout(_))), "{ended:?}");
    assert_eq!(context.run("6 * 7").unwrap().text(), Some("42"));
}

#[test]
fn files_are_run() {
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
fn a_detached_context_keeps_what_is_in_it() {
    let (_server, client) = start();
    let context = create(&client);
    context.run("x = 6").unwrap();
    let id = context.detach();
    let attach = || ExecutionContext::attach(&client, CLUSTER, &id, Language::Python);
    assert_eq!(attach().unwrap().run("x * 7").unwrap().text(), Some("42"));
    // An attached context was left alone.
    attach().unwrap().close().unwrap();
    assert_eq!(attach().unwrap_err().status(), Some(404));
}

#[test]
fn a_panic_leaves_no_context_behind() {
    let (server, client) = start();
    let panicked = std::thread::spawn(move || {
        let context = create(&client);
        let seen = |_: &str| panic!("not this");
        drop(context.command("print(1)").on_output(seen).run());
    });
    panicked.join().unwrap_err();
    assert_eq!(server.contexts(), 0);
}

#[test]
fn threads_share_a_client() {
    let (server, client) = start();
    let context = create(&client);
    std::thread::scope(|scope| {
        for n in 0..4 {
            let (client, context) = (&client, &context);
            scope.spawn(move || {
                let own = create(client);
                let output = own.run(&format!("{n} * 2")).unwrap();
                assert_eq!(output.text(), Some(&*(n * 2).to_string()));
                let shared = context.run(&format!("{n} * 3")).unwrap();
                assert_eq!(shared.text(), Some(&*(n * 3).to_string()));
            });
        }
    });
    assert_eq!(server.contexts(), 1);
}
