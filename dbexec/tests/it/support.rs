//! Runs the binary in an isolated environment, with a time limit.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use local_server::spark::Installation;
use local_server::{Options, SparkChoice};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tempfile::TempDir;
use test_server::Server;

/// Generous, because tests may share a core of a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);
/// Token that differs from all other text, so that tests detect it in messages.
pub(crate) const TOKEN: &str = "dapi-0123";

/// Id of a cluster, which no request looks up.
pub(crate) const CLUSTER: &str = "0123-456789-c";

const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Temporary home directory. Its processes inherit no environment variable except `PATH`, and are
/// identified by `HOME`.
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
        if !ignores_signals() {
            return self.program(DBEXEC, arguments);
        }
        let arguments = arguments.as_ref().iter().map(AsRef::as_ref);
        let program = ["-c", WITH_DEFAULT_SIGNALS, DBEXEC].map(OsStr::new);
        self.program(
            "python3",
            program.into_iter().chain(arguments).collect::<Vec<_>>(),
        )
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
            // Its lines depend on the speed of the machine.
            .env("DBEXEC_PROGRESS", "none")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl AsRef<[S]>) -> Outcome {
        Running::start(self.command(arguments)).finish()
    }

    pub(crate) fn start<S: AsRef<OsStr>>(&self, arguments: impl AsRef<[S]>) -> Running {
        Running::start(self.command(arguments))
    }

    /// Returns the command lines of the processes of this sandbox.
    fn processes(&self) -> Vec<String> {
        let home = format!("HOME={}\0", self.0.path().display());
        let all = fs::read_dir("/proc").unwrap().flatten();
        let read = |path: PathBuf| {
            String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
        };
        let own = all.filter(|process| read(process.path().join("environ")).contains(&home));
        own.map(|process| read(process.path().join("cmdline")))
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

    pub(crate) fn wait_for_processes(&self) {
        until("all processes have exited", || self.processes().is_empty());
    }
}

pub(crate) const DBEXEC: &str = env!("CARGO_BIN_EXE_dbexec");

/// Runs a command with the default reactions to signals.
const WITH_DEFAULT_SIGNALS: &str = "\
import os, signal, sys
for number in signal.SIGHUP, signal.SIGINT, signal.SIGTERM:
    signal.signal(number, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
";

/// Returns whether this process ignores a signal of the tests, which its children would inherit: SIGHUP
/// under `nohup`, and SIGINT in the background of a script.
fn ignores_signals() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = u64::from_str_radix(mask.unwrap().trim(), 16).unwrap();
    let bit = |signal: Signal| 1_u64 << (signal.as_raw() - 1);
    mask & (bit(Signal::HUP) | bit(Signal::INT) | bit(Signal::TERM)) != 0
}

/// Returns whether a process runs this program or has exited.
fn has_executed(process: u32, program: &str) -> bool {
    let running = fs::read_link(format!("/proc/{process}/exe"));
    let program = fs::canonicalize(program).unwrap();
    running.map_or(true, |running| running == program)
}

/// Exit code and output of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Compares all, with `TIME` in place of the times in standard error.
    #[track_caller]
    pub(crate) fn assert(&self, code: i32, stdout: &str, stderr: &str) {
        let expected = Self {
            code: Some(code),
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        };
        let actual = Self {
            code: self.code,
            stdout: self.stdout.clone(),
            stderr: without_times(&self.stderr),
        };
        assert_eq!(actual, expected, "{self}");
    }

    /// Like `assert`, for messages of which the end differs between machines.
    #[track_caller]
    pub(crate) fn assert_starts_with(&self, code: i32, stdout: &str, stderr: &str) {
        let matches = self.code == Some(code) && self.stdout == stdout;
        assert!(matches && self.stderr.starts_with(stderr), "{self}");
    }
}

/// Returns the exit code, or 128 and the signal that ended the process, as in a shell.
pub(crate) fn exit_code(status: ExitStatus) -> Option<i32> {
    status.code().or_else(|| Some(128 + status.signal()?))
}

/// Replaces times such as `2026-11-26T19:26:59Z`, `3.4 s`, `1:02` and `0:02.9` by `TIME`.
pub(crate) fn without_times(text: &str) -> String {
    let text = without_dates(text);
    let mut result = String::new();
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let (time, end) = word.split_at(word.find([';', ',', '\n']).unwrap_or(word.len()));
        let is_unit = |word: &&str| {
            let rest = word.strip_prefix('s');
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        };
        let is_seconds = time.contains('.') && time.parse::<f64>().is_ok();
        let is_clock =
            time.contains(':') && time.split(':').all(|part| part.parse::<f64>().is_ok());
        if is_seconds && let Some(unit) = words.next_if(is_unit) {
            result.push_str("TIME");
            result.push_str(&unit[1..]);
        } else if is_clock {
            result.push_str("TIME");
            result.push_str(end);
        } else {
            result.push_str(word);
        }
        if words.peek().is_some() {
            result.push(' ');
        }
    }
    result
}

fn without_dates(text: &str) -> String {
    const FORM: &str = "0000-00-00T00:00:00Z";
    let mut result = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_time = rest.get(..FORM.len()).is_some_and(|part| {
            let digits = part.replace(|c: char| c.is_ascii_digit(), "0");
            digits == FORM
        });
        if is_time {
            result.push_str("TIME");
            rest = &rest[FORM.len()..];
        } else {
            result.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    result
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        write!(f, "code {code:?}\nstdout:\n{stdout}\nstderr:\n{stderr}")
    }
}

/// Starts a server with this Spark in this process.
pub(crate) fn start_with_spark(installation: Installation) -> local_server::Server {
    let options = Options::new()
        .token(TOKEN)
        .spark(SparkChoice::Home(installation.spark.home))
        .java(installation.java.program);
    local_server::Server::start(options).unwrap()
}

/// Runs a program without a time limit, for example one that waits for the start of Spark. `dbexec` has
/// other limits.
pub(crate) fn run_to_end(mut command: Command) -> Outcome {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome {
        code: exit_code(output.status),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A running command. Killed on drop.
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
        if command.get_args().any(|arg| arg == WITH_DEFAULT_SIGNALS) {
            // Until then, signals are ignored.
            until("`dbexec` has been executed", || {
                has_executed(child.id(), DBEXEC)
            });
        }
        let stdout = Lines::new(child.stdout.take().unwrap());
        let stderr = Lines::new(child.stderr.take().unwrap());
        Self {
            child,
            stdout,
            stderr,
        }
    }

    /// Starts a command and writes `input` to its standard input.
    pub(crate) fn with_input(mut command: Command, input: &[u8]) -> Self {
        let mut running = Self::start({
            command.stdin(Stdio::piped());
            command
        });
        let written = running.child.stdin.take().unwrap().write_all(input);
        // A program that needs no input may exit before it reads any.
        if let Err(error) = written {
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{error}");
        }
        running
    }

    pub(crate) fn stdout_line(&mut self) -> String {
        self.stdout.next().expect("standard output has ended")
    }

    pub(crate) fn stderr_line(&mut self) -> String {
        self.stderr.next().expect("standard error has ended")
    }

    /// Sends a signal to all processes of the group that the command leads, as Ctrl-C does.
    pub(crate) fn signal_group(&self, signal: Signal) {
        kill_process_group(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(crate) fn has_exited(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Returns the peak of the resident memory in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: u64 = line
            .unwrap()
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .unwrap();
        kib << 10
    }

    /// Waits for the command. The output does not contain lines that were read before.
    pub(crate) fn finish(mut self) -> Outcome {
        Outcome {
            stdout: self.stdout.rest(),
            stderr: self.stderr.rest(),
            code: exit_code(self.wait()),
        }
    }

    fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        until("the command has exited", || {
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

/// Reader of lines in a background thread.
struct Lines(Receiver<String>);

impl Lines {
    fn new(stream: impl Read + Send + 'static) -> Self {
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

/// Waits until a condition is true.
#[track_caller]
pub(crate) fn until(condition: &str, mut is_true: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_true() {
        assert!(
            start.elapsed() < DEADLINE,
            "timed out after {DEADLINE:?}: {condition}"
        );
        thread::sleep(POLL_INTERVAL);
    }
}

/// A running `dbexec serve` on a free port, with the token `secret`.
pub(crate) struct ServeProcess {
    pub(crate) url: String,
    pub(crate) running: Running,
}

impl ServeProcess {
    pub(crate) fn start(sandbox: &Sandbox) -> Self {
        Self::with(sandbox, &[])
    }

    pub(crate) fn with(sandbox: &Sandbox, options: &[&str]) -> Self {
        let serve = ["serve", "--port", "0", "--token", "secret"];
        let mut running = sandbox.start([&serve, options].concat());
        let url = running.stdout_line().trim_end().to_owned();
        Self { url, running }
    }
}

/// Sends a request and returns the response.
pub(crate) fn exchange(url: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// Response of [`mock_server`]: prefix of the path, status code, and body.
pub(crate) type MockResponse = (&'static str, u16, &'static str);

/// Status code of a [`MockResponse`] that is never sent.
pub(crate) const NO_RESPONSE: u16 = 0;

/// Starts a server with fixed responses: the first one whose path is a prefix of the requested
/// path, or status code 404.
pub(crate) fn mock_server(responses: &'static [MockResponse]) -> Server {
    Server::start(move |mut connection| {
        let request = connection.read_request()?;
        let response = responses
            .iter()
            .find(|(prefix, ..)| request.target().starts_with(prefix));
        let (status, body) = response.map_or((404, "{}"), |(_, status, body)| (*status, *body));
        if status == NO_RESPONSE {
            connection.hang();
            return Ok(());
        }
        let headers = ["content-type: application/json", "connection: close"];
        connection.respond(status, &headers, body)
    })
}
