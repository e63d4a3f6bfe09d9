//! Runs the binary on a pseudo-terminal.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crate::support::{Outcome, Running, Sandbox, exit_code, until};

/// Runs a program as the leader of a session on a terminal. Bytes from standard input are the keys that
/// are pressed.
const SCRIPT: &str = r#"
import fcntl, os, pty, select, signal, struct, sys, termios

columns = int(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    for number in signal.SIGHUP, signal.SIGINT, signal.SIGTERM:
        signal.signal(number, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
inputs = [terminal, 0]
while terminal in inputs:
    for readable in select.select(inputs, [], [])[0]:
        try:
            data = os.read(readable, 65536)
        except OSError:
            # The program has exited.
            data = b""
        if not data:
            inputs.remove(readable)
        elif readable == 0:
            os.write(terminal, data)
        else:
            os.write(1, data)
status = os.waitpid(child, 0)[1]
sys.exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
"#;

/// A terminal with a number of columns.
pub(crate) struct Terminal {
    columns: u16,
    variables: Vec<(&'static str, &'static str)>,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        Self {
            columns: 80,
            variables: vec![("TERM", "xterm")],
        }
    }

    pub(crate) fn columns(mut self, columns: u16) -> Self {
        self.columns = columns;
        self
    }

    pub(crate) fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    pub(crate) fn command<S: AsRef<str>>(
        &self,
        sandbox: &Sandbox,
        arguments: impl AsRef<[S]>,
    ) -> Command {
        let columns = self.columns.to_string();
        let program = ["-c", SCRIPT, &columns, env!("CARGO_BIN_EXE_dbexec")];
        let arguments = arguments.as_ref().iter().map(AsRef::as_ref);
        let all: Vec<&str> = program.into_iter().chain(arguments).collect();
        let mut command = sandbox.program("python3", all);
        command.envs(self.variables.iter().copied());
        command
    }

    /// Runs `dbexec`. Standard output of the outcome is what the terminal receives, without the
    /// carriage returns that the terminal adds.
    pub(crate) fn run<S: AsRef<str>>(
        &self,
        sandbox: &Sandbox,
        arguments: impl AsRef<[S]>,
    ) -> Outcome {
        let mut outcome = Running::start(self.command(sandbox, arguments)).finish();
        outcome.stdout = outcome.stdout.replace("\r\r", "\r").replace("\r\n", "\n");
        outcome
    }
}

/// `dbexec` on a terminal, whose output is read while it runs.
pub(crate) struct Session {
    child: Child,
    received: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Session {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&received);
        let reader = thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = stdout.read(&mut chunk) {
                sink.lock().unwrap().extend(&chunk[..count]);
            }
        });
        Self {
            child,
            received,
            reader,
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.received.lock().unwrap()).into_owned()
    }

    /// Waits until the terminal has received a text.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        until(text, || self.text().contains(text));
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(keys.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    /// Waits for the end, and returns the exit code and all that the terminal has received.
    pub(crate) fn finish(mut self) -> (Option<i32>, String) {
        let mut status = None;
        until("the command has exited", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        self.reader.join().unwrap();
        let text = String::from_utf8_lossy(&self.received.lock().unwrap()).into_owned();
        (exit_code(status.unwrap()), text.replace("\r\n", "\n"))
    }
}
