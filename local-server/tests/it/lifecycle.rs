//! Interpreters that end, and how all of them end with the server.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use local_server::{Options, Server};
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Harness, create, error_of, exists, is_alive, poll};

fn kill(process: i32) {
    kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
}

/// Starts a process that would outlive its command, and gives its id.
fn background(harness: &Harness) -> i32 {
    let command = "import subprocess; p = subprocess.Popen(['sleep', '1000']); p.pid";
    harness.text(command).parse().unwrap()
}

#[test]
fn an_interpreter_that_exits_is_noticed() {
    let harness = Harness::start();
    let interpreter = harness.interpreter();
    let background = background(&harness);
    let running =
        harness.submit("import os, time; print('last words'); time.sleep(.2); os._exit(3)");
    let queued = harness.submit("1");

    let (summary, cause) = error_of(&harness.results(&running));
    assert_eq!(summary, "Fatal error: The Python kernel is unresponsive.");
    assert!(cause.contains("exit code 3."), "{cause}");
    assert!(cause.ends_with("last words"), "{cause}");
    let (summary, cause) = error_of(&harness.results(&queued));
    assert_eq!(summary, "Fatal error: The Python kernel is unresponsive.");
    assert!(cause.contains("did not run"), "{cause}");

    assert_eq!(harness.context_status().json()["status"], "Error");
    let reply = harness.execute("1");
    assert_eq!(reply.status, 500);
    assert!(reply.error().contains("exit code 3"), "{}", reply.body);
    assert!(!exists(interpreter));
    poll(|| (!is_alive(background)).then_some(()));

    assert_eq!(harness.server.contexts(), 1);
    assert_eq!(harness.destroy().status, 200);
    assert_eq!(harness.server.contexts(), 0);
}

#[test]
fn an_interpreter_that_is_killed_is_noticed() {
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
fn an_idle_interpreter_that_is_killed_is_noticed() {
    let harness = Harness::start();
    kill(harness.interpreter());
    harness.await_context("Error");
    assert_eq!(harness.execute("1").status, 500);
}

#[test]
fn an_interpreter_that_crashes_is_noticed() {
    let harness = Harness::start();
    let (_, cause) = harness.failure("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)");
    assert!(cause.contains("signal 11, SIGSEGV"), "{cause}");
}

#[test]
fn an_interpreter_that_becomes_another_program_is_ended() {
    let harness = Harness::start();
    let interpreter = harness.interpreter();
    let (_, cause) = harness.failure("import os; os.execvp('sleep', ['sleep', '1000'])");
    assert!(cause.contains("closed its connection"), "{cause}");
    assert!(!exists(interpreter));
}

#[test]
fn the_end_is_noticed_though_a_fork_holds_the_pipes() {
    let harness = Harness::start();
    // Past the interpreter, so that it has no chance to close them.
    let command = "import ctypes, os, time\n\
                   if ctypes.PyDLL(None).fork() == 0: time.sleep(1000)\n\
                   os._exit(4)";
    let (_, cause) = harness.failure(command);
    assert!(cause.contains("exit code 4"), "{cause}");
}

#[test]
fn destroy_ends_a_running_command_and_all_it_started() {
    let harness = Harness::start();
    let (interpreter, background) = (harness.interpreter(), background(&harness));
    let id = harness.submit("while True: pass");
    harness.await_command(&id, "Running");
    assert_eq!(harness.destroy().status, 200);
    assert!(!exists(interpreter), "it has ended before the answer");
    poll(|| (!is_alive(background)).then_some(()));
    assert_eq!(harness.command(&id).status, 404);
    assert_eq!(harness.server.contexts(), 0);
}

#[test]
fn a_context_can_be_destroyed_before_it_is_ready() {
    let server = Server::start(Options::new()).unwrap();
    let context = create(&server);
    let harness = Harness { server, context };
    assert_eq!(harness.destroy().status, 200);
    assert_eq!(harness.server.contexts(), 0);
}

#[test]
fn stop_leaves_no_process() {
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
    create(&harness.server); // may not be ready yet

    let address = harness.server.address();
    harness.server.stop();
    assert!(
        !exists(processes[0]) && !exists(processes[2]),
        "interpreters are waited for"
    );
    poll(|| (!is_alive(processes[1])).then_some(()));
    // Not at once: a process that another test starts has the socket until it becomes `python3`.
    poll(|| TcpStream::connect(address).err());
}

#[test]
fn a_stopped_server_frees_its_port_though_clients_are_connected() {
    let server = Server::start(Options::new()).unwrap();
    let address = server.address();
    let _idle = TcpStream::connect(address).unwrap();
    drop(server);
    // Not at once, as above.
    let again = poll(|| Server::start(Options::new().port(address.port())).ok());
    assert_eq!(again.address(), address);
}

/// Not a test: the process that [`interpreters_end_with_the_process_of_the_server`] kills.
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
fn interpreters_end_with_the_process_of_the_server() {
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
