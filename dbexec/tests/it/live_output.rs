//! Output that is printed while the code runs.

use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::Stdio;

use rustix::process::Signal;

use crate::support::{Running, Sandbox, exit_code, without_times};

/// Code that prints a line, and blocks until the test creates the file `go`.
const BLOCKING_CODE: &str = "import os, time\nprint('first')\n\
                    while not os.path.exists('go'): time.sleep(.005)\n";

fn start(sandbox: &Sandbox, rest: &str) -> Running {
    let code = format!("{BLOCKING_CODE}{rest}");
    sandbox.start(["run", "--local", "-l", "python", "-c", &code])
}

#[test]
fn lines_are_printed_immediately_and_once() {
    for (rest, stdout) in [
        ("print('second')\n6 * 7", "second\n42\n"),
        ("", ""),
        ("print('é', end='')", "é\n"),
        ("print('a\\n')", "a\n\n"),
    ] {
        let sandbox = Sandbox::new();
        let mut running = start(&sandbox, rest);
        assert_eq!(running.stdout_line(), "first\n");
        sandbox.write("go", "");
        running.finish().assert(0, stdout, "");
    }
}

/// Several processes may write to one pipe, e.g. those of `xargs -P`: their lines must not be mixed.
#[test]
fn last_line_and_its_end_are_one_write() {
    let sandbox = Sandbox::new();
    // Each write is a message.
    let (receiver, stdout) = UnixDatagram::pair().unwrap();
    let status = sandbox
        .command(["run", "--local", "-l", "python", "-c", "print(42)"])
        .stdout(Stdio::from(OwnedFd::from(stdout)))
        .status()
        .unwrap();
    assert!(status.success(), "{status}");
    receiver.set_nonblocking(true).unwrap();
    let mut message = [0; 10];
    let length = receiver.recv(&mut message).unwrap();
    assert_eq!(&message[..length], b"42\n");
    assert!(receiver.recv(&mut message).is_err());
}

#[test]
fn output_before_an_error_is_kept() {
    let sandbox = Sandbox::new();
    let mut running = start(&sandbox, "1/0");
    assert_eq!(running.stdout_line(), "first\n");
    sandbox.write("go", "");
    let outcome = running.finish();
    outcome.assert_starts_with(1, "", "Traceback (most recent call last):\n");
    let end = "\nZeroDivisionError: division by zero\n\
               error: the code failed after TIME; context destroyed\n\
               note: output since TIME may be lost\n";
    assert!(without_times(&outcome.stderr).ends_with(end), "{outcome}");
}

#[test]
fn closed_standard_output_cancels_the_code_silently() {
    let sandbox = Sandbox::new();
    // The code never ends by itself.
    let code = format!("{BLOCKING_CODE}while True:\n    print('x' * 1000)\n    time.sleep(.005)");
    let mut command = sandbox.command(["run", "--local", "-l", "python", "-c", &code]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut first = [0; 6];
    stdout.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"first\n");
    drop(stdout);
    sandbox.write("go", "");
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(exit_code(output.status), Some(128 + Signal::PIPE.as_raw()));
    sandbox.wait_for_processes();
}
