//! Exit of interpreters, and termination of all interpreters with the server.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use local_server::{Options, Server};
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Harness, create, error_of, exists, is_alive, poll};

fn kill(process: i32) {
    kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
}

/// Starts a background process and returns its id.
fn background(harness: &Harness) -> i32 {
    let command = "import subprocess; p = subprocess.Popen(['sleep', '1000']); p.pid";
    harness.text(command).parse().unwrap()
}

#[test]
fn exit_of_the_interpreter_finishes_commands_and_fails_the_context() {
    let harness = Harness::start();
    let interpreter = harness.interpreter();
    let background = background(&harness);
    let go = std::env::temp_dir().join(format!("local-server-{}-go", harness.context));
    let running = harness.submit(&format!(
        "import os, time\nprint('last words')\n\
         while not os.path.exists('{}'): time.sleep(.005)\nos._exit(3)",
        go.display()
    ));
    let queued = harness.submit("1");
    std::fs::write(&go, "").unwrap();

    let (summary, cause) = error_of(&harness.results(&running));
    assert_eq!(summary, "Fatal error: The Python kernel is unresponsive.");
    std::fs::remove_file(go).unwrap();
    assert!(cause.contains("exit code 3."), "{cause}");
    assert!(cause.ends_with("last words"), "{cause}");
    let (summary, cause) = error_of(&harness.results(&queued));
    assert_eq!(summary, "Fatal error: The Python kernel is unresponsive.");
    assert!(cause.contains("did not run"), "{cause}");

    assert_eq!(harness.context_status().json()["status"], "Error");
    let response = harness.execute("1");
    assert_eq!(response.status, 500);
    assert!(
        response.error().contains("exit code 3"),
        "{}",
        response.body
    );
    assert!(!exists(interpreter));
    poll(|| (!is_alive(background)).then_some(()));

    assert_eq!(harness.server.contexts(), 1);
    assert_eq!(harness.destroy().status, 200);
    assert_eq!(harness.server.contexts(), 0);
}

#[test]
fn killed_interpreter_is_detected() {
    let harness = Harness::start();
    let interpreter = harness.interpreter();
    let id = harness.submit("import time; time.sleep(1000)");
    harness.await_command(&id, "Running");
    kill(interpreter);
    let (_, cause) = error_of(&harness.results(&id));
    assert!(
        cause.contains("exit code 137 (signal 9, SIGKILL)"),
        "{cause}"
    );
}

#[test]
fn killed_idle_interpreter_is_detected() {
    let harness = Harness::start();
    kill(harness.interpreter());
    harness.await_context("Error");
    assert_eq!(harness.execute("1").status, 500);
}

#[test]
fn crash_of_the_interpreter_is_detected() {
    let harness = Harness::start();
    let (_, cause) = harness.failure("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)");
    assert!(cause.contains("signal 11, SIGSEGV"), "{cause}");
}

#[test]
fn interpreter_replaced_by_exec_is_killed() {
    let harness = Harness::start();
    let interpreter = harness.interpreter();
    let (_, cause) = harness.failure("import os; os.execvp('sleep', ['sleep', '1000'])");
    assert!(cause.contains("closed its connection"), "{cause}");
    assert!(!exists(interpreter));
}

#[test]
fn exit_is_detected_although_a_forked_process_holds_the_pipes() {
    let harness = Harness::start();
    // `fork` of libc bypasses `after_fork` of the kernel, which would close the pipes.
    let command = "import ctypes, os, time\n\
                   if ctypes.PyDLL(None).fork() == 0: time.sleep(1000)\n\
                   os._exit(4)";
    let (_, cause) = harness.failure(command);
    assert!(cause.contains("exit code 4"), "{cause}");
}

#[test]
fn destroy_kills_a_running_command_and_its_child_processes() {
    let harness = Harness::start();
    let (interpreter, background) = (harness.interpreter(), background(&harness));
    let id = harness.submit("while True: pass");
    harness.await_command(&id, "Running");
    assert_eq!(harness.destroy().status, 200);
    assert!(
        !exists(interpreter),
        "the interpreter exits before the response"
    );
    poll(|| (!is_alive(background)).then_some(()));
    assert_eq!(harness.command(&id).status, 404);
    assert_eq!(harness.server.contexts(), 0);
}

#[test]
fn context_can_be_destroyed_before_it_is_ready() {
    let server = Server::start(Options::new()).unwrap();
    let context = create(&server);
    let harness = Harness { server, context };
    assert_eq!(harness.destroy().status, 200);
    assert_eq!(harness.server.contexts(), 0);
}

#[test]
fn stop_kills_all_processes() {
    let harness = Harness::start();
    let second = create(&harness.server);
    let mut processes = vec![harness.interpreter(), background(&harness)];
    let busy = harness.submit("while True: pass");
    harness.await_command(&busy, "Running");
    let harness = Harness {
        server: harness.server,
        context: second,
    };
    processes.push(harness.interpreter());
    create(&harness.server); // may still be starting

    let address = harness.server.address();
    harness.server.stop();
    assert!(
        !exists(processes[0]) && !exists(processes[2]),
        "interpreters are waited for"
    );
    poll(|| (!is_alive(processes[1])).then_some(()));
    // Not immediately: a process that another test forks holds the socket until it calls `exec`.
    poll(|| TcpStream::connect(address).err());
}

#[test]
fn stopped_server_frees_its_port_with_clients_connected() {
    let server = Server::start(Options::new()).unwrap();
    let address = server.address();
    let _idle = TcpStream::connect(address).unwrap();
    drop(server);
    // Not immediately, see above.
    let again = poll(|| Server::start(Options::new().port(address.port())).ok());
    assert_eq!(again.address(), address);
}

/// Not a test: the process that [`interpreters_are_killed_with_the_server_process`] kills.
#[test]
#[ignore = "started by another test"]
fn serve_until_killed() {
    if std::env::var_os("LOCAL_SERVER_VICTIM").is_none() {
        return;
    }
    let idle = Harness::start();
    let pids = [idle.interpreter(), background(&idle)];
    let busy = Harness::start();
    let pid = busy.interpreter();
    let id = busy.submit("while True: pass");
    busy.await_command(&id, "Running");
    let locked = Harness::start();
    let locked_pid = locked.interpreter();
    let id = locked.submit("import ctypes; ctypes.PyDLL(None).sleep(1000)");
    locked.await_command(&id, "Running");
    println!("\npids {} {} {pid} {locked_pid}", pids[0], pids[1]);
    loop {
        std::thread::park();
    }
}

#[test]
fn interpreters_are_killed_with_the_server_process() {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "lifecycle::serve_until_killed",
        ])
        .env("LOCAL_SERVER_VICTIM", "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let line = lines
        .map(Result::unwrap)
        .find(|line| line.starts_with("pids "))
        .unwrap();
    let pids: Vec<i32> = line[5..]
        .split(' ')
        .map(|pid| pid.parse().unwrap())
        .collect();
    assert!(pids.iter().all(|&pid| is_alive(pid)), "{line}");
    victim.kill().unwrap();
    victim.wait().unwrap();
    poll(|| pids.iter().all(|&pid| !is_alive(pid)).then_some(()));
}

/// The variables of Cargo are the environment of this test.
#[test]
fn removed_variables_are_not_inherited() {
    let harness = Harness::with(Options::new().remove_variable("CARGO_PKG_NAME"));
    let command =
        "import os; [name in os.environ for name in ('CARGO_PKG_NAME', 'CARGO_PKG_VERSION')]";
    assert_eq!(harness.text(command), "[False, True]");
}
