//! Signals.

use rustix::process::Signal;
use test_server::Server;

use crate::cleanup::{NOTICE, NOTICE_WITHOUT_COMMAND};
use crate::support::{CLUSTER, NO_RESPONSE, Running, Sandbox, TOKEN, mock_server, until};

#[test]
fn signal_cancels_running_code() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let sandbox = Sandbox::new();
        let code = "import time\nopen('started', 'w').close()\ntime.sleep(600)";
        let running = sandbox.start(["run", "--local", "-l", "python", "-c", code]);
        until("the code runs", || sandbox.path("started").exists());
        assert!(sandbox.has_interpreter());
        running.signal(signal);
        running.finish().assert(
            128 + signal.as_raw(),
            "",
            &format!("{NOTICE}interrupted: command cancelled, context destroyed\n"),
        );
        sandbox.wait_for_processes();
    }
}

#[test]
fn signal_stops_waiting_for_the_context() {
    let sandbox = Sandbox::new();
    // This interpreter never becomes ready.
    let script = "import time\nopen('started', 'w').close()\ntime.sleep(600)";
    sandbox.write("stuck.py", script);
    sandbox.write("stuck", "#!/bin/sh\nexec python3 stuck.py\n");
    let stuck = [
        "run", "--local", "-l", "python", "--python", "./stuck", "-c", "1",
    ];
    make_executable(&sandbox);
    let running = sandbox.start(stuck);
    until("the interpreter has started", || {
        sandbox.path("started").exists()
    });
    running.signal(Signal::INT);
    running.finish().assert(
        130,
        "",
        &format!(
            "{NOTICE_WITHOUT_COMMAND}interrupted: contexts.create: the wait was interrupted; the last \
             status was `Pending`\n"
        ),
    );
    sandbox.wait_for_processes();
}

fn make_executable(sandbox: &Sandbox) {
    use std::os::unix::fs::PermissionsExt as _;

    let path = sandbox.path("stuck");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn second_signal_exits_immediately() {
    // The code runs, and the server does not respond to the cancel request.
    let server = mock_server(&[
        ("/api/1.2/contexts/create", 200, r#"{"id": "1"}"#),
        ("/api/1.2/contexts/status", 200, r#"{"status": "Running"}"#),
        ("/api/1.2/commands/execute", 200, r#"{"id": "2"}"#),
        (
            "/api/1.2/commands/status",
            200,
            r#"{"status": "Running", "results": {"resultType": "text", "data": "output\n"}}"#,
        ),
        ("/api/1.2/commands/cancel", NO_RESPONSE, ""),
    ]);
    let host = server.url();
    let sandbox = Sandbox::new();
    let workspace = ["--host", &host, "--token", TOKEN, "--cluster", CLUSTER];
    let mut running = sandbox.start([&["run", "-l", "python", "-c", "1"][..], &workspace].concat());
    assert_eq!(running.stdout_line(), "output\n");
    running.signal(Signal::INT);
    assert_eq!(running.stderr_line(), NOTICE);
    running.signal(Signal::INT);
    running.finish().assert(
        130,
        "",
        "warning: the execution context `1` may remain on the cluster `0123-456789-c`, requested at TIME\n\
         warning: the command `2` may be running in the execution context `1` on the cluster `0123-456789-c`, \
         sent at TIME\n\
         help: dbexec destroy 0123-456789-c/1\n",
    );
}

#[test]
fn signal_stops_a_request_in_flight() {
    let server = Server::start(|connection| {
        connection.hang();
        Ok(())
    });
    let host = server.url();
    let sandbox = Sandbox::new();
    let workspace = ["--host", &host, "--token", TOKEN, "--cluster", CLUSTER];
    let mut running = sandbox.start([&["run", "-l", "python", "-c", "1"][..], &workspace].concat());
    server.wait_until_connected(1);
    running.signal(Signal::INT);
    assert_eq!(running.stderr_line(), NOTICE_WITHOUT_COMMAND);
    running
        .finish()
        .assert_starts_with(130, "", "interrupted: contexts.create: interrupted ");
}

#[test]
fn signal_ends_a_loop_of_a_shell() {
    let sandbox = Sandbox::new();
    let code = "open('started', 'a').write('x'); import time; time.sleep(600)";
    let script = "for n in 1 2 3; do \"$0\" run --local -l python -c \"$1\"; done; echo next";
    // SIGINT is ignored in the background of a script, and Bash would pass this on.
    let with_default = "import os, signal, sys\n\
                        signal.signal(signal.SIGINT, signal.SIG_DFL)\n\
                        os.execvp(sys.argv[1], sys.argv[1:])";
    let bash = ["bash", "-c", script, env!("CARGO_BIN_EXE_dbexec"), code];
    let mut command = sandbox.program("python3", [&["-c", with_default][..], &bash].concat());
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let running = Running::start(command);
    until("the code runs", || sandbox.path("started").exists());
    running.signal_group(Signal::INT);
    let outcome = running.finish();
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(130), ""),
        "{outcome}"
    );
    assert_eq!(std::fs::read(sandbox.path("started")).unwrap(), b"x");
    sandbox.wait_for_processes();
}

#[test]
fn sighup_is_ignored_under_nohup() {
    let sandbox = Sandbox::new();
    let code = "import os, time\nopen('started', 'w').close()\n\
                while not os.path.exists('go'): time.sleep(0.01)\n\
                print('done')";
    sandbox.write("job.py", code);
    let script = "trap '' HUP; exec \"$0\" run --local job.py";
    let command = sandbox.program("sh", ["-c", script, env!("CARGO_BIN_EXE_dbexec")]);
    let running = Running::start(command);
    until("the code runs", || sandbox.path("started").exists());
    running.signal(Signal::HUP);
    sandbox.write("go", "");
    running.finish().assert(0, "done\n", "");
}
