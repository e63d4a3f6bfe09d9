//! Tests with programs that `exec.py` executes.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use super::{CancelSignal, Launch, Process};
use crate::python;
use crate::quirks::Quirks;

const EVENT_TIMEOUT: Duration = Duration::from_secs(300);

fn shell(cancel: CancelSignal, script: &str) -> Process {
    let mut command = Command::new("sh");
    command.args(["-c", script]).env("NAME", "value");
    start(cancel, &command)
}

fn start(cancel: CancelSignal, command: &Command) -> Process {
    let launch = Launch::program(Path::new("python3"), cancel, None, command);
    Process::start(launch.input(b"first\n")).unwrap()
}

/// Returns the next event, and appends output to `output`.
///
/// # Panics
///
/// If no event arrives in [`EVENT_TIMEOUT`], so that a lost signal fails the test instead of stopping all tests.
async fn next(process: &mut Process, output: &mut String) -> Option<String> {
    let line = process.next_event(|bytes| *output += std::str::from_utf8(bytes).unwrap());
    let line = timeout(EVENT_TIMEOUT, line).await.expect("no event");
    line.map(|line| String::from_utf8(line).unwrap())
}

#[tokio::test]
async fn program_has_pipes_at_known_descriptors() {
    let mut process = shell(
        CancelSignal::None,
        "read input <&3; echo $NAME; cat; echo error >&2; echo event $input >&4; exit 7",
    );
    let mut output = String::new();
    assert_eq!(
        next(&mut process, &mut output).await.unwrap(),
        "event first\n"
    );
    assert_eq!(next(&mut process, &mut output).await, None);
    process.drain_output(|bytes| output += std::str::from_utf8(bytes).unwrap());
    assert_eq!(output, "value\nerror\n");
    assert_eq!(process.reap().await, "The process exited with exit code 7.");
    assert!(process.kill().await.is_ok());
}

#[tokio::test]
async fn requests_are_forwarded_unchanged() {
    let mut process = shell(
        CancelSignal::None,
        "while read -r line <&3; do printf '%s\\n' \"$line\" >&4; done",
    );
    let mut output = String::new();
    assert_eq!(next(&mut process, &mut output).await.unwrap(), "first\n");
    let long = "x".repeat(200_000);
    for (word, text) in [("run", "1"), ("cancelled", "2"), ("c", "3"), ("sql", &long)] {
        process.send(word, &json!({ "text": text }));
        process.send_cancel("id");
        let expected = format!("{word} {{\"text\":\"{text}\"}}\n");
        assert_eq!(next(&mut process, &mut output).await.unwrap(), expected);
        assert_eq!(
            next(&mut process, &mut output).await.unwrap(),
            "cancel id\n"
        );
    }
    assert!(process.kill().await.is_ok());
}

#[tokio::test]
async fn cancel_sends_sigint_if_requested() {
    // `sigwait` receives a signal at whatever moment it arrives. A trap of a shell can miss one: it does not
    // run if the signal arrives immediately before the shell waits.
    let program = r"
import os, signal, sys
events = os.fdopen(4, 'w', buffering=1)
if sys.argv[1] == 'delivered':
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
else:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
requests = os.fdopen(3)
requests.readline()
print('ready', file=events)
print(requests.readline().strip(), file=events)
if sys.argv[1] == 'delivered':
    signal.sigwait([signal.SIGINT])
    print('interrupted', file=events)
requests.read()
";
    for outcome in ["delivered", "ignored"] {
        let mut command = Command::new("python3");
        command.args(["-c", program, outcome]);
        let mut process = start(CancelSignal::Sigint, &command);
        let mut output = String::new();
        assert_eq!(next(&mut process, &mut output).await.unwrap(), "ready\n");
        process.send_cancel("id");
        let mut expected = vec![format!("cancel id {outcome}\n")];
        if outcome == "delivered" {
            expected.push("interrupted\n".to_owned());
        }
        for event in expected {
            assert_eq!(next(&mut process, &mut output).await.unwrap(), event);
        }
        assert!(process.kill().await.is_ok());
        assert_eq!(output, "");
    }
}

#[tokio::test]
async fn program_that_does_not_exist_exits_with_127() {
    let command = Command::new("/nowhere/program");
    let launch = Launch::program(Path::new("python3"), CancelSignal::None, None, &command);
    let mut process = Process::start(launch).unwrap();
    let mut output = String::new();
    assert_eq!(next(&mut process, &mut output).await, None);
    process.drain_output(|bytes| output += std::str::from_utf8(bytes).unwrap());
    assert_eq!(
        output,
        "cannot execute /nowhere/program: No such file or directory\n"
    );
    assert!(process.reap().await.contains("exit code 127"));
    assert!(process.kill().await.is_ok());
}

#[test]
fn modules_in_the_working_directory_do_not_replace_those_of_the_standard_library() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "ast",
        "ctypes",
        "fcntl",
        "json",
        "select",
        "signal",
        "traceback",
    ] {
        let file = folder.path().join(format!("{name}.py"));
        fs::write(file, "raise SystemExit('not this module')").unwrap();
    }
    fs::write(folder.path().join("own.py"), "print('imported')").unwrap();
    let launch = python::launch(Path::new("python3"), folder.path(), Quirks::default(), None);
    let Launch {
        mut command, input, ..
    } = launch;
    let mut child = command
        .current_dir(folder.path())
        .env_remove("PYTHONSAFEPATH")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut requests = child.stdin.take().unwrap();
    requests.write_all(&input).unwrap();
    let run = json!({"id": "1", "language": "python", "source": "import own"});
    requests
        .write_all(format!("run {run}\n").as_bytes())
        .unwrap();
    let mut events = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || events.next().unwrap().unwrap();
    assert_eq!(next(), r#"{"event": "ready"}"#);
    assert_eq!(next(), r#"{"outcome": "text", "event": "done", "id": "1"}"#);
    drop(requests);
    child.wait().unwrap();
}
