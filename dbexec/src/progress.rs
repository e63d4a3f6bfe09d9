//! Progress of runs and transfers on standard error.
//!
//! ```text
//! progress ──▶ activity   what happens, and its lines
//!    └───────▶ meter      bytes, rate and remaining time of a transfer
//! ```

mod activity;
mod meter;

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use generated_client::{CommandStatus, Interrupt};
use unicode_width::UnicodeWidthStr as _;

use self::activity::Activity;
use self::meter::Meter;
use crate::console;
use crate::elapsed;
use crate::timeout::Timeout;
use crate::{status_line, taskbar};

/// Display of the progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// `bar` if standard error is a terminal that can erase a line (not `TERM=dumb`), else `plain`
    Auto,
    /// One line with state and elapsed time, which is redrawn
    Bar,
    /// A line for each change of the state, and then after 1, 2 and 5 minutes and every 5 minutes
    Plain,
    /// No progress, and no lines for files and cells that have succeeded
    None,
}

impl Mode {
    /// Returns whether a person reads standard error on a terminal.
    pub(crate) fn is_for_terminal(self) -> bool {
        match self {
            // A dumb terminal cannot erase a line.
            Self::Auto => {
                io::stderr().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
            Self::Bar => true,
            Self::Plain | Self::None => false,
        }
    }
}

/// Time before anything is displayed: short runs need no progress.
const DELAY: Duration = Duration::from_millis(500);

/// Interval between two redraws.
const REDRAW_INTERVAL: Duration = Duration::from_millis(200);

/// Returns whether a command has not ended.
pub(crate) fn is_running(status: &CommandStatus) -> bool {
    !matches!(
        status,
        CommandStatus::Finished | CommandStatus::Error | CommandStatus::Cancelled
    )
}

/// Progress of a run, or of one of its files. The thread of a run ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    shared: Arc<Shared>,
    /// Index of the activity.
    index: usize,
    is_displayed: bool,
    /// Started with the first activity. `None` if the system has no thread: the progress is not displayed.
    ticker: OnceLock<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    is_bar: bool,
    timeout: Timeout,
    cleanup: Option<Cleanup>,
    state: Mutex<State>,
    changed: Condvar,
}

/// Clean-up after a signal or the timeout.
#[derive(Debug)]
struct Cleanup {
    interrupt: Interrupt,
    timeout: Timeout,
}

#[derive(Debug)]
struct State {
    /// Start of the run.
    start: Instant,
    /// Activities of the run and of its files, or `None` while results are printed.
    activities: Vec<Option<Activity>>,
    /// Names of the files that have failed.
    failed: Vec<String>,
    /// Numbers of the parts of the run that have ended, and of all.
    parts: (usize, usize),
    is_finished: bool,
}

impl Progress {
    pub(crate) fn new(mode: Mode, timeout: Timeout) -> Self {
        Self::start(mode, timeout, None)
    }

    /// Creates a progress that also displays the time of the clean-up after a signal or the timeout.
    pub(crate) fn with_cleanup(
        mode: Mode,
        timeout: Timeout,
        interrupt: &Interrupt,
        cleanup_timeout: Timeout,
    ) -> Self {
        let cleanup = Cleanup {
            interrupt: interrupt.clone(),
            timeout: cleanup_timeout,
        };
        Self::start(mode, timeout, Some(cleanup))
    }

    fn start(mode: Mode, timeout: Timeout, cleanup: Option<Cleanup>) -> Self {
        let shared = Arc::new(Shared {
            is_bar: mode.is_for_terminal(),
            timeout,
            cleanup,
            state: Mutex::new(State {
                start: Instant::now(),
                activities: vec![None],
                failed: Vec::new(),
                parts: (0, 1),
                is_finished: false,
            }),
            changed: Condvar::new(),
        });
        Self {
            shared,
            index: 0,
            is_displayed: mode != Mode::None,
            ticker: OnceLock::new(),
        }
    }

    fn start_ticker(&self) {
        if self.is_displayed {
            self.ticker.get_or_init(|| {
                let shared = Arc::clone(&self.shared);
                thread::Builder::new().spawn(move || shared.tick()).ok()
            });
        }
    }

    /// Creates the progress of a file that runs at the same time as others.
    pub(crate) fn file(&self) -> Self {
        self.start_ticker();
        let mut state = self.shared.lock();
        state.activities.push(None);
        Self {
            shared: Arc::clone(&self.shared),
            index: state.activities.len() - 1,
            is_displayed: false,
            ticker: OnceLock::new(),
        }
    }

    /// Begins an activity, for example a command.
    pub(crate) fn begin(&self, name: &dyn Display, state: &str) {
        self.begin_activity(Activity::new(name, state));
    }

    /// Begins an activity that has a line in the mode `plain` only if it takes long.
    pub(crate) fn begin_quietly(&self, name: &dyn Display, state: &str) {
        self.begin_activity(Activity::quiet(name, state));
    }

    /// Begins the destruction of contexts.
    pub(crate) fn begin_closing(&self, name: &dyn Display) {
        self.begin_quietly(name, "closing");
    }

    /// Begins the transfer of a file. [`meter`](Self::meter) sets its bytes.
    pub(crate) fn begin_transfer(&self, name: &dyn Display, state: &str) {
        let mut activity = Activity::new(name, state);
        activity.meter = Some(Meter::default());
        self.begin_activity(activity);
    }

    fn begin_activity(&self, activity: Activity) {
        self.shared.lock().activities[self.index] = Some(activity);
        self.start_ticker();
        self.shared.changed.notify_all();
    }

    /// Returns a function that sets the number of bytes that were transferred, and that of all bytes if it is
    /// known.
    pub(crate) fn meter(&self) -> impl Fn(u64, Option<u64>) + Send + Sync + use<> {
        let (shared, index) = (Arc::clone(&self.shared), self.index);
        move |bytes, total| shared.set_bytes(index, bytes, total)
    }

    /// Sets the number of bytes that were transferred, and that of all bytes if it is known.
    #[cfg(unix)]
    pub(crate) fn set_bytes(&self, bytes: u64, total: Option<u64>) {
        self.shared.set_bytes(self.index, bytes, total);
    }

    /// Returns a function that sets the state of the current activity.
    pub(crate) fn setter(&self) -> impl Fn(&str) + Send + Sync + use<> {
        let (shared, index) = (Arc::clone(&self.shared), self.index);
        move |state| shared.set_state(index, state, "")
    }

    /// Sets the state of the current activity, and a message about it.
    pub(crate) fn set_state(&self, state: &str, detail: &str) {
        self.shared.set_state(self.index, state, detail);
    }

    /// Ends the activity and erases its line, so that results can be printed.
    pub(crate) fn end(&self) {
        let mut state = self.shared.lock();
        state.activities[self.index] = None;
        // While the lock is held, the line cannot be drawn again.
        console::erase_status();
    }

    /// Displays that a file has failed.
    pub(crate) fn add_failed(&self, name: &str) {
        self.shared.lock().failed.push(name.to_owned());
    }

    /// Sets the number of the parts of the run that have ended, and of all.
    pub(crate) fn set_parts(&self, ended: usize, all: usize) {
        self.shared.lock().parts = (ended, all);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
        if let Some(ticker) = self.ticker.take().flatten() {
            self.shared.lock().is_finished = true;
            self.shared.changed.notify_all();
            let _ = ticker.join();
            taskbar::clear();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_state(&self, index: usize, text: &str, detail: &str) {
        if let Some(activity) = &mut self.lock().activities[index] {
            activity.set_state(text, detail);
        }
    }

    fn set_bytes(&self, index: usize, bytes: u64, total: Option<u64>) {
        if let Some(Activity {
            meter: Some(meter), ..
        }) = &mut self.lock().activities[index]
        {
            meter.set(bytes, total, Instant::now());
        }
    }

    /// Displays the activities until the end of the run.
    fn tick(&self) {
        let mut state = self.lock();
        while !state.is_finished {
            if state.start.elapsed() >= DELAY {
                self.display(&mut state);
            }
            let wait = self.changed.wait_timeout(state, REDRAW_INTERVAL);
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn display(&self, state: &mut State) {
        if state.activities.iter().all(Option::is_none) {
            return;
        }
        if self.is_bar {
            console::draw_status(&self.bar(state, status_line::width()));
            taskbar::show(state.taskbar());
            return;
        }
        for activity in state.activities.iter_mut().flatten() {
            if let Some(line) = activity.plain_line(activity.start.elapsed()) {
                console::eprintln(line);
            }
        }
    }

    /// Returns the longest form of the line that is not wider than a number of columns.
    fn bar(&self, state: &State, width: usize) -> String {
        let mut line = String::new();
        for form in 0..activity::FORMS {
            line = match self.cleanup_line(state, form) {
                Some(line) => line,
                None => self.activities_line(state, form),
            };
            if line.width() <= width {
                break;
            }
        }
        line
    }

    fn activities_line(&self, state: &State, form: usize) -> String {
        let limit = match self.timeout.duration() {
            Some(_) => format!(" of {}", self.timeout),
            None => String::new(),
        };
        let running = state.activities.iter().flatten();
        let running = running.map(|activity| activity.bar(&limit, form));
        let failed = state.failed.iter().filter_map(|name| match form {
            0..=2 => Some(format!("{name}  failed")),
            3 => Some(format!("{}  failed", activity::short_name(name))),
            _ => None,
        });
        running.chain(failed).collect::<Vec<_>>().join("   ")
    }

    /// Returns the line of the clean-up, if it has begun.
    fn cleanup_line(&self, state: &State, form: usize) -> Option<String> {
        let cleanup = self.cleanup.as_ref()?;
        let deadline = self.timeout.duration();
        let timed_out_at = deadline.and_then(|timeout| state.start.checked_add(timeout));
        let begin = cleanup.interrupt.raised_at().or(timed_out_at)?;
        let elapsed = Instant::now().checked_duration_since(begin)?;
        let limit = match cleanup.timeout.duration() {
            Some(limit) => format!(" of {}", elapsed::clock(limit)),
            None => String::new(),
        };
        let clock = elapsed::clock(elapsed);
        Some(match form {
            0 => format!("waiting for confirmation {clock}{limit}"),
            1..=4 => format!("waiting {clock}"),
            _ => clock,
        })
    }
}

impl State {
    fn taskbar(&self) -> taskbar::State {
        let mut meters = self
            .activities
            .iter()
            .flatten()
            .filter_map(|activity| activity.meter.as_ref());
        if let Some(percent) = meters.next().and_then(Meter::percent) {
            return taskbar::State::Percent(percent);
        }
        match self.parts {
            (_, 0 | 1) => taskbar::State::Running,
            (ended, all) => {
                let percent = ended.saturating_mul(100) / all;
                taskbar::State::Percent(u8::try_from(percent).unwrap_or(100))
            }
        }
    }
}
