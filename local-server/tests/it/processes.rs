//! Termination of all processes of a context, whatever they do to leave it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use local_server::Options;

use crate::harness::{Harness, poll};

/// Python code that starts a process which leaves the context, and the minimum number of processes
/// of the context afterwards, including the interpreter.
const ESCAPES: [(&str, usize); 13] = [
    ("subprocess.Popen(['sleep', '1000'])", 2),
    (
        "subprocess.Popen(['sleep', '1000'], start_new_session=True)",
        2,
    ),
    (
        "subprocess.Popen(['env', '-i', '/bin/sh', '-c', 'sleep 1000 & sleep 1000'])",
        3,
    ),
    ("attempt(os.setpgid, 0, os.getpgid(os.getppid()))", 1),
    ("attempt(os.setpgid, 0, os.getpgid(os.getpid()))", 1),
    // A daemon: its parent has exited.
    ("daemon(lambda: time.sleep(1000))", 2),
    (
        "daemon(lambda: os.execve('/bin/sleep', ['x'] + ['1000'], {}))",
        2,
    ),
    (
        "daemon(lambda: (rename(b'a) S 1 (b\\n'), time.sleep(1000)))",
        2,
    ),
    (
        "daemon(lambda: daemon(lambda: daemon(lambda: time.sleep(1000))))",
        2,
    ),
    ("daemon(lambda: (ignore_signals(), time.sleep(1000)))", 2),
    ("daemon(lambda: os.kill(os.getpid(), signal.SIGSTOP))", 2),
    // Each process forks and exits.
    ("daemon(flee)", 1),
    // Each process replaces those that are killed.
    ("if os.fork() == 0: multiply()", 8),
];

const HELPERS: &str = "\
import ctypes, fcntl, os, signal, subprocess, time
def attempt(function, *args):
    try: function(*args)
    except OSError: pass
def daemon(function):
    pid = os.fork()
    if pid: return os.waitpid(pid, 0) and None
    os.setsid()
    if os.fork(): os._exit(0)
    try: function()
    finally: os._exit(0)
def rename(name): ctypes.CDLL(None).prctl(15, name, 0, 0, 0)
def ignore_signals():
    for number in signal.valid_signals() - {signal.SIGCHLD}:
        attempt(signal.signal, number, signal.SIG_IGN)
def flee():
    while True:
        time.sleep(.001)
        if os.fork(): os._exit(0)
def multiply():
    held = None
    while True:
        for number in range(16):
            lock = os.open(f'lock-{number}', os.O_CREAT | os.O_RDWR)
            try:
                # A lock is held until the process exits, which limits the number of processes.
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fork() == 0: held, lock = lock, held
            except OSError: pass
            if lock is not None: os.close(lock)
";

/// Temporary directory in which the processes of a context run, which identifies them.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let name = format!("local-server-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    /// Starts a context whose processes run in the directory.
    fn harness(&self, options: Options) -> Harness {
        let harness = Harness::with(options);
        harness.text(&format!("{HELPERS}os.chdir('{}')", self.0.display()));
        harness
    }

    fn processes(&self) -> usize {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        // A zombie has no directory.
        let directory = |process: &Path| std::fs::read_link(process.join("cwd")).ok();
        processes
            .filter(|process| directory(&process.path()).as_ref() == Some(&self.0))
            .count()
    }

    #[track_caller]
    fn await_processes(&self, minimum: usize) {
        poll(|| (self.processes() >= minimum).then_some(()));
    }

    #[track_caller]
    fn await_no_process(&self) {
        poll(|| (self.processes() == 0).then_some(()));
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn destroy_kills_processes_that_left_the_context() {
    let directory = Directory::new("destroy");
    for (escape, processes) in ESCAPES {
        let harness = directory.harness(Options::new());
        harness.text(escape);
        directory.await_processes(processes);
        let response = harness.destroy();
        assert_eq!(
            (response.status, directory.processes()),
            (200, 0),
            "{escape}"
        );
    }
}

#[test]
fn stop_kills_processes_that_left_the_context() {
    let directory = Directory::new("stop");
    let harnesses = ESCAPES.map(|(escape, _)| {
        let harness = directory.harness(Options::new());
        harness.text(escape);
        harness
    });
    directory.await_processes(2 * ESCAPES.len() - 3);
    for harness in harnesses {
        harness.server.stop();
    }
    assert_eq!(directory.processes(), 0);
}

#[test]
fn exit_of_the_interpreter_kills_processes_that_left_the_context() {
    let directory = Directory::new("exit");
    for (escape, processes) in ESCAPES {
        let harness = directory.harness(Options::new());
        harness.text(escape);
        directory.await_processes(processes);
        let (_, cause) = harness.failure("os._exit(3)");
        assert!(cause.contains("exit code 3."), "{escape}: {cause}");
        assert_eq!(directory.processes(), 0, "{escape}");
    }
}

#[test]
fn cancel_kills_processes_of_code_that_ignores_interrupts() {
    let directory = Directory::new("cancel");
    let harness = directory.harness(Options::new().cancel_grace(Duration::from_millis(100)));
    let id = harness.submit(
        "attempt(os.setpgid, 0, os.getpgid(os.getppid()))\n\
         ignore_signals()\ndaemon(lambda: time.sleep(1000))\nwhile True: time.sleep(1000)",
    );
    directory.await_processes(2);
    harness.cancel(&id);
    let results = harness.results(&id);
    assert_eq!(results["summary"], "Command Cancelled", "{results}");
    assert_eq!(directory.processes(), 0);
}

/// Supervisors: the parent and the grandparent of the interpreter.
const PARENT: &str = "os.getppid()";
const GRANDPARENT: &str = "int(open(f'/proc/{os.getppid()}/stat').read().split()[3])";

fn is_stopped(process: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    stat.contains(") T ")
}

#[test]
fn killed_supervisor_is_replaced_by_the_other() {
    let directory = Directory::new("killed");
    for (signal, pid) in [("KILL", PARENT), ("TERM", PARENT), ("KILL", GRANDPARENT)] {
        let harness = directory.harness(Options::new());
        harness.text("daemon(lambda: time.sleep(1000))");
        directory.await_processes(2);
        harness.submit(&format!(
            "os.kill({pid}, signal.SIG{signal})\ntime.sleep(1000)"
        ));
        harness.await_context("Error");
        directory.await_no_process();
        assert_eq!(harness.destroy().status, 200, "{signal} {pid}");
    }
}

#[test]
fn stopped_supervisor_is_replaced_by_the_other_or_continued() {
    let directory = Directory::new("stopped");
    for pids in [PARENT, GRANDPARENT, &format!("{GRANDPARENT}, {PARENT}")] {
        let harness = directory.harness(Options::new());
        harness.text("daemon(lambda: time.sleep(1000))");
        let supervisors = harness.text(&format!("print(*[{pids}])"));
        harness.submit(&format!(
            "for pid in [{pids}]: os.kill(pid, signal.SIGSTOP)"
        ));
        for pid in supervisors.split(' ') {
            poll(|| is_stopped(pid).then_some(()));
        }
        assert_eq!(harness.destroy().status, 200, "{pids}");
        assert_eq!(directory.processes(), 0, "{pids}");
    }
}

#[test]
fn processes_outside_of_the_context_are_not_killed() {
    let directory = Directory::new("others");
    let mut other = Command::new("sleep")
        .arg("1000")
        .current_dir(&directory.0)
        .spawn()
        .unwrap();
    let second = directory.harness(Options::new());
    second.text("daemon(lambda: time.sleep(1000))");
    let first = directory.harness(Options::new());
    // A command can name processes of others, for example as its process group.
    first.text(&format!("attempt(os.setpgid, 0, {})", other.id()));
    first.text("daemon(lambda: time.sleep(1000))");
    directory.await_processes(5);
    assert_eq!(first.destroy().status, 200);
    assert_eq!(directory.processes(), 3);
    assert_eq!(second.text("1"), "1");
    other.kill().unwrap();
    other.wait().unwrap();
}

const VICTIM: &str = "LOCAL_SERVER_ESCAPES";

/// Not a test: the process that [`processes_are_killed_with_the_server_process`] kills.
#[test]
#[ignore = "started by another test"]
fn serve_escapes_until_killed() {
    let Some(path) = std::env::var_os(VICTIM) else {
        return;
    };
    // Dropping the directory would remove it.
    let directory = std::mem::ManuallyDrop::new(Directory(path.into()));
    let harnesses = ESCAPES.map(|(escape, _)| {
        let harness = directory.harness(Options::new());
        harness.text(escape);
        harness.submit("while True: pass");
        harness
    });
    println!("\nready {}", harnesses.len());
    loop {
        std::thread::park();
    }
}

#[test]
fn processes_are_killed_with_the_server_process() {
    let directory = Directory::new("victim");
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture"])
        .arg("processes::serve_escapes_until_killed")
        .env(VICTIM, &directory.0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    lines
        .map(Result::unwrap)
        .find(|line| line.starts_with("ready "))
        .unwrap();
    directory.await_processes(2 * ESCAPES.len() - 3);
    victim.kill().unwrap();
    victim.wait().unwrap();
    directory.await_no_process();
}
