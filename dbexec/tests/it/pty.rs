//! Runs programs on a pseudo-terminal, as a person uses them.
//!
//! ```ignore
//! let mut session = Terminal::new().size(40, 10).start(&sandbox, ["repl", "--local"]);
//! session.wait_for("local py> ");
//! session.press("1 + 1\r");
//! session.wait_for("2");
//! session.resize(20, 10);
//! session.press("\u{4}");
//! let end = session.finish();
//! assert_eq!(end.code(), Some(0), "{end}");
//! ```

use std::fmt;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;
use std::time::Instant;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{DBEXEC, DEADLINE, Outcome, Sandbox, exit_code, until};

/// Lines of a terminal that have left the screen and are kept.
const SCROLLBACK: usize = 20_000;

/// Size and variables of a terminal. The default is `xterm` with 80 columns and 24 rows.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    size: PtySize,
    variables: Vec<(&'static str, String)>,
    deadline: Duration,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        Self {
            size: size(80, 24),
            variables: vec![("TERM", "xterm".to_owned())],
            deadline: DEADLINE,
        }
    }

    pub(crate) fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = size(columns, rows);
        self
    }

    /// Waits up to half an hour: a JVM starts in minutes on a busy machine.
    pub(crate) fn with_jvm(mut self) -> Self {
        self.deadline = Duration::from_secs(30 * 60);
        self
    }

    /// Sets an environment variable of the programs.
    pub(crate) fn variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Starts `dbexec`.
    pub(crate) fn start<'s, S: AsRef<str>>(
        &self,
        sandbox: &'s Sandbox,
        arguments: impl AsRef<[S]>,
    ) -> Session<'s> {
        self.start_program(sandbox, DBEXEC, arguments)
    }

    /// Starts a program, for example `sh`, in which `$DBEXEC` is the path of `dbexec`.
    pub(crate) fn start_program<'s, S: AsRef<str>>(
        &self,
        sandbox: &'s Sandbox,
        program: &str,
        arguments: impl AsRef<[S]>,
    ) -> Session<'s> {
        let arguments: Vec<&str> = arguments.as_ref().iter().map(AsRef::as_ref).collect();
        let mut command = sandbox.program(program, arguments);
        command.env("DBEXEC", DBEXEC);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        Session::start(sandbox, &command, self)
    }

    /// Runs `dbexec`. Standard output of the outcome is all that the terminal receives, without the
    /// carriage returns that the terminal adds.
    pub(crate) fn run<S: AsRef<str>>(
        &self,
        sandbox: &Sandbox,
        arguments: impl AsRef<[S]>,
    ) -> Outcome {
        let end = self.start(sandbox, arguments).finish();
        Outcome {
            code: end.code(),
            stdout: end.received,
            stderr: String::new(),
        }
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        cols: columns,
        rows,
        ..PtySize::default()
    }
}

/// Program on a terminal. It is killed if it has not ended when the session is dropped.
pub(crate) struct Session<'s> {
    /// The working directory of the program.
    _sandbox: &'s Sandbox,
    child: Child,
    master: Box<dyn MasterPty>,
    keyboard: Box<dyn Write + Send>,
    display: Arc<Display>,
}

impl<'s> Session<'s> {
    fn start(sandbox: &'s Sandbox, command: &Command, terminal: &Terminal) -> Self {
        let size = terminal.size;
        let pair = native_pty_system().openpty(size).unwrap();
        let child: Box<dyn portable_pty::Child> =
            pair.slave.spawn_command(command_builder(command)).unwrap();
        // Otherwise the end of the program would not be the end of the output.
        drop(pair.slave);
        let display = Arc::new(Display::new(terminal));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let sink = Arc::clone(&display);
        thread::spawn(move || sink.receive(&mut *reader));
        Self {
            _sandbox: sandbox,
            child: *child.downcast::<Child>().unwrap(),
            keyboard: pair.master.take_writer().unwrap(),
            master: pair.master,
            display,
        }
    }

    /// Presses keys, for example `"a\r"`, or `"\u{3}"` for Ctrl-C.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Changes the size of the terminal, which sends SIGWINCH.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let size = size(columns, rows);
        let mut content = self.display.lock();
        content
            .parser
            .screen_mut()
            .set_size(non_zero(rows), non_zero(columns));
        self.master.resize(size).unwrap();
    }

    /// Sends a signal to the program only, unlike keys.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(crate) fn has_exited(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits until a text is on the screen or in the lines above it. Lines that the terminal has wrapped are
    /// one line.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        self.display
            .wait(text, |content| content.text().contains(text));
    }

    /// Waits until the terminal has received a text, which may be an escape sequence or may have been
    /// erased since.
    #[track_caller]
    pub(crate) fn wait_for_received(&self, text: &str) {
        self.display
            .wait(text, |content| content.received().contains(text));
    }

    /// Waits until the rows of the screen, without white space at their ends, meet a condition.
    #[track_caller]
    pub(crate) fn wait_for_screen(&self, condition: &str, is_met: impl Fn(&str) -> bool) {
        self.display
            .wait(condition, |content| is_met(&content.screen()));
    }

    /// Returns the lines above the screen and on it. Lines that the terminal has wrapped are one line.
    pub(crate) fn text(&self) -> String {
        self.display.lock().text()
    }

    /// Returns the rows of the screen, without white space at their ends.
    pub(crate) fn screen(&self) -> String {
        self.display.lock().screen()
    }

    /// Returns what the terminal has received, in parts with the times at which they arrived.
    pub(crate) fn received_parts(&self) -> Vec<(Instant, Vec<u8>)> {
        let content = self.display.lock();
        let mut rest = &content.received[..];
        let mut parts = Vec::new();
        for &(time, length) in &content.arrivals {
            let (part, after) = rest.split_at(length);
            parts.push((time, part.to_owned()));
            rest = after;
        }
        parts
    }

    /// Waits until the program has exited and no other process has the terminal open.
    #[track_caller]
    pub(crate) fn finish(mut self) -> End {
        // The output ends when no process has the terminal open.
        self.display
            .wait("end of the output", |content| content.is_complete);
        let mut status = None;
        until("the program has exited", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        let mut content = self.display.lock();
        End {
            status: status.unwrap(),
            screen: content.screen(),
            text: content.text(),
            received: content.received(),
        }
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command_builder(command: &Command) -> CommandBuilder {
    let mut builder = CommandBuilder::new(command.get_program());
    builder.args(command.get_args());
    // A sandbox passes no other variables either.
    builder.env_clear();
    for (name, value) in command.get_envs() {
        builder.env(name, value.unwrap_or_default());
    }
    builder.cwd(command.get_current_dir().unwrap());
    builder
}

/// End of a program on a terminal.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) status: ExitStatus,
    /// Rows of the screen, without white space at their ends.
    pub(crate) screen: String,
    /// Lines above the screen and on it. Lines that the terminal has wrapped are one line.
    pub(crate) text: String,
    /// All that the terminal has received, without the carriage returns that the terminal adds.
    pub(crate) received: String,
}

impl End {
    /// Returns the exit code, or 128 and the signal, as a shell shows it.
    pub(crate) fn code(&self) -> Option<i32> {
        exit_code(self.status)
    }

    /// Returns the signal that ended the program.
    pub(crate) fn signal(&self) -> Option<i32> {
        self.status.signal()
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{:?}", self.status, self.received)
    }
}

/// Output of the program.
struct Display {
    content: Mutex<Content>,
    changed: Condvar,
    deadline: Duration,
}

struct Content {
    parser: vt100::Parser,
    received: Vec<u8>,
    /// Time and number of bytes of each read.
    arrivals: Vec<(Instant, usize)>,
    /// Set if no process has the terminal open any more.
    is_complete: bool,
}

impl Display {
    fn new(terminal: &Terminal) -> Self {
        let size = terminal.size;
        Self {
            content: Mutex::new(Content {
                parser: vt100::Parser::new(non_zero(size.rows), non_zero(size.cols), SCROLLBACK),
                received: Vec::new(),
                arrivals: Vec::new(),
                is_complete: false,
            }),
            changed: Condvar::new(),
            deadline: terminal.deadline,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap()
    }

    /// Reads until the end. An error (EIO) is the end, too.
    fn receive(&self, reader: &mut dyn Read) {
        let mut chunk = [0; 4096];
        while let Ok(count @ 1..) = reader.read(&mut chunk) {
            let mut content = self.lock();
            content.parser.process(&chunk[..count]);
            content.received.extend(&chunk[..count]);
            content.arrivals.push((Instant::now(), count));
            drop(content);
            self.changed.notify_all();
        }
        self.lock().is_complete = true;
        self.changed.notify_all();
    }

    #[track_caller]
    fn wait(&self, condition: &str, mut is_met: impl FnMut(&mut Content) -> bool) {
        let is_waiting = |content: &mut Content| !is_met(content) && !content.is_complete;
        let wait = self
            .changed
            .wait_timeout_while(self.lock(), self.deadline, is_waiting);
        let mut content = wait.unwrap().0;
        if !is_met(&mut content) {
            let (screen, received) = (content.screen(), content.received());
            // The reader must not see a poisoned lock.
            drop(content);
            panic!("not on the terminal: {condition}\nscreen:\n{screen}\nreceived: {received:?}");
        }
    }
}

impl Content {
    fn screen(&mut self) -> String {
        let screen = self.parser.screen();
        let rows = screen.rows(0, screen.size().1.get());
        let rows: Vec<_> = rows.map(|row| row.trim_end().to_owned()).collect();
        rows.join("\n").trim_end().to_owned()
    }

    fn text(&mut self) -> String {
        let screen = self.parser.screen_mut();
        let columns = screen.size().1.get();
        let mut text = String::new();
        let mut add = |row: &str, is_wrapped: bool| {
            text.push_str(row);
            if !is_wrapped {
                text.push('\n');
            }
        };
        for above in (1..=screen.scrollback_len()).rev() {
            screen.set_scrollback(above);
            let row = screen.rows(0, columns).next().unwrap();
            add(&row, screen.row_wrapped(0));
        }
        screen.set_scrollback(0);
        for (number, row) in (0..).zip(screen.rows(0, columns)) {
            add(&row, screen.row_wrapped(number));
        }
        text.truncate(text.trim_end_matches('\n').len());
        text
    }

    fn received(&self) -> String {
        let text = String::from_utf8_lossy(&self.received);
        text.replace("\r\r", "\r").replace("\r\n", "\n")
    }
}

fn non_zero(size: u16) -> NonZeroU16 {
    NonZeroU16::new(size).unwrap()
}

#[test]
fn keys_size_screen_and_signals_reach_both_sides() {
    let script = "stty size; read line; stty size; echo \"<$line>\"; seq 30; \
                  printf 'gone\\r\\033[Kkept\\n'; exec sleep 600";
    let terminal = Terminal::new().size(20, 5).variable("TERM", "dumb");
    let sandbox = Sandbox::new();
    let mut session = terminal.start_program(&sandbox, "sh", ["-c", script]);
    session.wait_for("5 20");
    session.resize(30, 6);
    session.press("a b\r");
    session.wait_for_received("gone\r\u{1b}[Kkept\n");
    assert_eq!(session.screen(), "27\n28\n29\n30\nkept");
    session.signal(Signal::TERM);
    let end = session.finish();
    assert_eq!((end.signal(), end.code()), (Some(15), Some(143)), "{end}");
    assert!(
        end.text.starts_with("5 20\na b\n6 30\n<a b>\n1\n2\n"),
        "{end}"
    );
    assert_eq!(end.screen, "27\n28\n29\n30\nkept", "{end}");
}
