//! Contexts that are kept: `--keep`, `--context`, and `dbexec status|cancel|destroy`.

use crate::support::{Running, Sandbox, ServeProcess, until, without_times};

/// Arguments for a local server.
fn with(server: &ServeProcess, arguments: &[&str]) -> Vec<String> {
    let workspace = ["--host", &server.url, "--token", "secret"];
    let all = arguments.iter().chain(&workspace);
    all.map(|&argument| argument.to_owned()).collect()
}

/// Returns the handle in the note of `--keep`.
fn handle(stderr: &str) -> String {
    let (_, rest) = stderr.split_once("`dbexec destroy ").unwrap();
    rest.split('`').next().unwrap().to_owned()
}

/// Returns the contexts in the journal.
fn listed(sandbox: &Sandbox, server: &ServeProcess) -> String {
    let outcome = sandbox.run(with(server, &["ps", "--output", "json"]));
    assert_eq!(outcome.code, Some(0), "{outcome}");
    outcome.stdout
}

#[test]
fn context_is_kept_used_again_and_destroyed() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let run = [
        "run",
        "--cluster",
        "c",
        "-l",
        "python",
        "--keep",
        "-c",
        "x = 41",
    ];
    let outcome = sandbox.run(with(&server, &run));
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), ""), "{outcome}");
    let handle = handle(&outcome.stderr);
    assert!(handle.starts_with("c/"), "{outcome}");
    sandbox
        .run(with(&server, &["status", &handle]))
        .assert(0, "Running\n", "");

    let again = ["run", "--context", &handle, "-l", "python", "-c"];
    sandbox
        .run(with(&server, &[&again[..], &["x + 1"]].concat()))
        .assert(0, "42\n", "");
    let failed = sandbox.run(with(&server, &[&again[..], &["x + y"]].concat()));
    let end =
        "error: the code failed after TIME; context kept\nnote: output since TIME may be lost\n";
    assert!(without_times(&failed.stderr).ends_with(end), "{failed}");

    assert!(listed(&sandbox, &server).contains(&handle));
    sandbox
        .run(with(&server, &["destroy", &handle]))
        .assert(0, "", "");
    assert_eq!(listed(&sandbox, &server), "[]\n");
    let outcome = sandbox.run(with(&server, &["status", &handle]));
    assert_eq!((outcome.code, &*outcome.stdout), (Some(3), ""), "{outcome}");
}

#[test]
fn signal_cancels_the_code_and_keeps_the_context() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let code = "open('started', 'w').close()\nimport time\ntime.sleep(600)";
    let run = [
        "run",
        "--cluster",
        "c",
        "-l",
        "python",
        "--keep",
        "-c",
        code,
    ];
    let running = Running::start(sandbox.command(with(&server, &run)));
    until("the code runs", || sandbox.path("started").exists());
    running.signal(rustix::process::Signal::INT);
    let outcome = running.finish();
    assert_eq!(outcome.code, Some(130), "{outcome}");
    let end = "interrupted: command cancelled, context kept\n";
    assert!(outcome.stderr.ends_with(end), "{outcome}");
    let handle = handle(&outcome.stderr);
    let again = ["run", "--context", &handle, "-l", "python", "-c", "6 * 7"];
    sandbox.run(with(&server, &again)).assert(0, "42\n", "");
}

#[test]
fn invalid_handles_are_rejected() {
    let sandbox = Sandbox::new();
    let expected = "error: invalid value 'c' for '<HANDLE>': expected CLUSTER/CONTEXT or \
                    CLUSTER/CONTEXT/COMMAND\n";
    sandbox
        .run(["status", "c"])
        .assert_starts_with(2, "", expected);
    sandbox.run(["cancel", "c/1"]).assert(
        2,
        "",
        "error: `c/1` is the handle of a context\n\
         help: use `dbexec destroy` to end a context with its commands\n",
    );
}

#[test]
fn detached_command_is_awaited_by_another_process() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let code = "import os, time\nprint('first')\nwhile not os.path.exists('go'): time.sleep(.005)\nprint('second')";
    sandbox.write("job.py", code);
    let run = ["run", "--cluster", "c", "--detach", "job.py"];
    let outcome = sandbox.run(with(&server, &run));
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let handle = outcome.stdout.trim_end().to_owned();
    let note = format!("detached; output: dbexec wait {handle}; stop: dbexec cancel {handle}\n");
    assert_eq!((outcome.stderr, handle.split('/').count()), (note, 3));
    assert!(listed(&sandbox, &server).contains(&handle));

    let timeout = sandbox.run(with(&server, &["wait", "--timeout", "1s", &handle]));
    assert_eq!(timeout.code, Some(4), "{timeout}");
    let message = "error: still Running after 1 s (--timeout); not cancelled\n";
    assert!(timeout.stderr.starts_with(message), "{timeout}");

    sandbox.write("go", "");
    sandbox
        .run(with(&server, &["wait", &handle]))
        .assert(0, "first\nsecond\n", "");
    // The context is destroyed.
    assert_eq!(listed(&sandbox, &server), "[]\n");
    let again = sandbox.run(with(&server, &["wait", &handle]));
    assert_eq!(again.code, Some(3), "{again}");
}

#[test]
fn detached_script_has_arguments_and_its_own_lines() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let code =
        "import sys\nprint(sys.argv[1:], dbutils.widgets.get('month'))\nprint('late')\n1/0\n";
    sandbox.write("job.py", code);
    let run = ["run", "--cluster", "c", "--detach", "job.py", "--param"];
    let run = [&run[..], &["month=11", "--report", "r.json"]].concat();
    let run = [with(&server, &run), vec!["--".into(), "a b".into()]].concat();
    let outcome = sandbox.run(run);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let report = std::fs::read_to_string(sandbox.path("r.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["destroyed"], false);
    assert_eq!(report["commands"][0]["result"], "running");
    assert_eq!(report["commands"][0]["delivery"], "processed");

    let handle = outcome.stdout.trim_end();
    let outcome = sandbox.run(with(&server, &["wait", handle]));
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(1), "['a b'] 11\nlate\n"),
        "{outcome}"
    );
    let end = "ZeroDivisionError: division by zero\nerror: job.py:4 failed; context destroyed\n";
    assert!(outcome.stderr.ends_with(end), "{outcome}");
    assert_eq!(listed(&sandbox, &server), "[]\n");
}

#[test]
fn detached_command_is_canceled() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let code = "import time; time.sleep(600)";
    let run = [
        "run",
        "--cluster",
        "c",
        "--detach",
        "-l",
        "python",
        "-c",
        code,
    ];
    let outcome = sandbox.run(with(&server, &run));
    let handle = outcome.stdout.trim_end();
    sandbox
        .run(with(&server, &["cancel", handle]))
        .assert(0, "", "");
    let canceled = sandbox.run(with(&server, &["wait", handle]));
    assert_eq!(canceled.code, Some(1), "{canceled}");
}
