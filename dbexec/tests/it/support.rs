//! Running the binary in an environment of its own, within a deadline.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use test_server::Server;

/// Far beyond what anything here takes: two tests of a loaded machine may share a core.
const DEADLINE: Duration = Duration::from_secs(120);
/// A token that is found in no other words: messages never show it.
pub(crate) const TOKEN: &str = "dapi-0123";

const PAUSE: Duration = Duration::from_millis(10);

/// A home directory, and the environment of the processes that live there: no variable of this
/// process but `PATH`, and one by which the processes are found again.
pub(crate) struct Sandbox(TempDir);

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: impl AsRef<[S]>) -> Command {
        self.program(env!("CARGO_BIN_EXE_dbexec"), arguments)
    }

    pub(crate) fn program<S: AsRef<OsStr>>(
        &self,
        program: &str,
        arguments: impl AsRef<[S]>,
    ) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments.as_ref())
            .current_dir(self.0.path())
            .env_clear()
            .env("HOME", self.0.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl AsRef<[S]>) -> Done {
        Running::start(self.command(arguments)).finish()
    }

    pub(crate) fn start<S: AsRef<OsStr>>(&self, arguments: impl AsRef<[S]>) -> Running {
        Running::start(self.command(arguments))
    }

    /// The command lines of the processes that live here.
    fn processes(&self) -> Vec<String> {
        let home = format!("HOME={}\0", self.0.path().display());
        let all = fs::read_dir("/proc").unwrap().flatten();
        let read = |path: PathBuf| {
            String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
        };
        let ours = all.filter(|process| read(process.path().join("environ")).contains(&home));
        ours.map(|process| read(process.path().join("cmdline")))
            .collect()
    }

    pub(crate) fn has_interpreter(&self) -> bool {
        let program = |line: &String| {
            line.split('\0')
                .next()
                .is_some_and(|p| p.contains("python"))
        };
        self.processes().iter().any(program)
    }

    pub(crate) fn wait_until_empty(&self) {
        until("no process is left", || self.processes().is_empty());
    }
}

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    #[track_caller]
    pub(crate) fn assert(&self, code: i32, stdout: &str, stderr: &str) {
        let expected = Self {
            code: Some(code),
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        };
        assert_eq!(*self, expected, "{self}");
    }

    /// As `assert`, for errors whose words end in what differs from machine to machine.
    #[track_caller]
    pub(crate) fn assert_begins(&self, code: i32, stdout: &str, stderr: &str) {
        let same = self.code == Some(code) && self.stdout == stdout;
        assert!(same && self.stderr.starts_with(stderr), "{self}");
    }
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        write!(f, "code {code:?}\nstdout:\n{stdout}\nstderr:\n{stderr}")
    }
}

/// A command that runs; killed when it goes.
pub(crate) struct Running {
    child: Child,
    stdout: Lines,
    stderr: Lines,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = Lines::of(child.stdout.take().unwrap());
        let stderr = Lines::of(child.stderr.take().unwrap());
        Self {
            child,
            stdout,
            stderr,
        }
    }

    /// With this on its standard input.
    pub(crate) fn fed(mut command: Command, input: &[u8]) -> Self {
        let mut running = Self::start({
            command.stdin(Stdio::piped());
            command
        });
        running
            .child
            .stdin
            .take()
            .unwrap()
            .write_all(input)
            .unwrap();
        running
    }

    pub(crate) fn stdout_line(&mut self) -> String {
        self.stdout.next().expect("standard output has ended")
    }

    pub(crate) fn stderr_line(&mut self) -> String {
        self.stderr.next().expect("standard error has ended")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end. Lines that were asked for are not among the output.
    pub(crate) fn finish(mut self) -> Done {
        Done {
            stdout: self.stdout.rest(),
            stderr: self.stderr.rest(),
            code: self.wait().code(),
        }
    }

    fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        until("the command has ended", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a stream, as they come.
struct Lines(Receiver<String>);

impl Lines {
    fn of(stream: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            while stream
                .read_until(b'\n', &mut line)
                .is_ok_and(|length| length > 0)
            {
                let text = String::from_utf8(std::mem::take(&mut line)).unwrap();
                if sender.send(text).is_err() {
                    return;
                }
            }
        });
        Self(receiver)
    }

    fn next(&mut self) -> Option<String> {
        match self.0.recv_timeout(DEADLINE) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("no line within {DEADLINE:?}"),
        }
    }

    fn rest(&mut self) -> String {
        std::iter::from_fn(|| self.next()).collect()
    }
}

/// Asks again and again until it is so.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(
            start.elapsed() < DEADLINE,
            "not so within {DEADLINE:?}: {what}"
        );
        thread::sleep(PAUSE);
    }
}

/// `dbexec serve` on a free port, with the token `secret`.
pub(crate) struct Served {
    pub(crate) url: String,
    pub(crate) running: Running,
}

impl Served {
    pub(crate) fn start(sandbox: &Sandbox) -> Self {
        let mut running = sandbox.start(["serve", "--port", "0", "--token", "secret"]);
        let url = running.stdout_line().trim_end().to_owned();
        Self { url, running }
    }
}

/// Sends these bytes and brings everything that is answered.
pub(crate) fn exchange(url: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Status of a request that gets no response.
pub(crate) const NEVER: u16 = 0;

/// A server that sends canned responses, for what no sound server does. The first entry whose path
/// is a prefix of the request's path is used. Other paths get 404.
pub(crate) fn faulty_server(responses: &'static [(&'static str, u16, &'static str)]) -> Server {
    Server::start(move |mut connection| {
        let request = connection.read_request()?;
        let found = responses
            .iter()
            .find(|(prefix, ..)| request.target().starts_with(prefix));
        let (status, body) = found.map_or((404, "{}"), |(_, status, body)| (*status, *body));
        if status == NEVER {
            connection.hang();
            return Ok(());
        }
        let headers = ["content-type: application/json", "connection: close"];
        connection.respond(status, &headers, body)
    })
}
