//! Ctrl-C and its relatives.

use std::net::TcpListener;

use rustix::process::Signal;

use crate::support::{Running, Sandbox, until};

const NOTICE: &str = "interrupted: ending what was begun; once more to leave at once\n";

#[test]
fn while_code_runs() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let sandbox = Sandbox::new();
        let code = "import time\nopen('started', 'w').close()\ntime.sleep(600)";
        let running = sandbox.start(["run", "--local", "-l", "python", "-c", code]);
        until("the code runs", || sandbox.path("started").exists());
        assert!(sandbox.has_interpreter());
        running.signal(signal);
        running.finish().assert(
            130,
            "",
            &format!(
                "{NOTICE}error: the command was cancelled: commands.execute: the wait was \
                 interrupted; the last status was `Running`\n"
            ),
        );
        sandbox.wait_until_empty();
    }
}

#[test]
fn while_the_context_is_created() {
    let sandbox = Sandbox::new();
    // It never says that it is ready.
    let script = "import time\nopen('started', 'w').close()\ntime.sleep(600)";
    sandbox.write("stuck.py", script);
    sandbox.write("stuck", "#!/bin/sh\nexec python3 stuck.py\n");
    let stuck = [
        "run", "--local", "-l", "python", "--python", "./stuck", "-c", "1",
    ];
    make_executable(&sandbox);
    let running = sandbox.start(stuck);
    until("the interpreter is there", || {
        sandbox.path("started").exists()
    });
    running.signal(Signal::INT);
    running.finish().assert(
        130,
        "",
        &format!(
            "{NOTICE}error: contexts.create: the wait was interrupted; the last status was \
             `Pending`\n"
        ),
    );
    sandbox.wait_until_empty();
}

fn make_executable(sandbox: &Sandbox) {
    use std::os::unix::fs::PermissionsExt as _;

    let path = sandbox.path("stuck");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn twice() {
    // A server that takes the request and never answers it.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("http://{}", listener.local_addr().unwrap());
    let sandbox = Sandbox::new();
    let place = ["--host", &host, "--token", "t", "--cluster-id", "c"];
    let mut running = sandbox.start([&["run", "-l", "python", "-c", "1"][..], &place].concat());
    let connection = listener.accept().unwrap();
    running.signal(Signal::INT);
    assert_eq!(running.stderr_line(), NOTICE);
    running.signal(Signal::INT);
    running.finish().assert(130, "", "");
    drop(connection);
}

#[test]
fn under_nohup_a_hangup_changes_nothing() {
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
