//! Progress of runs and transfers on standard error.

mod meter;

use std::fmt::Display;
use std::io::{self, IsTerminal as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use generated_client::CommandStatus;

use self::meter::Meter;
use crate::console;
use crate::elapsed;
use crate::timeout::Timeout;

/// Display of the progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// `bar` if standard error is a terminal, else `plain`
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
            Self::Auto => io::stderr().is_terminal(),
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

/// Display of the progress. Its thread ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    shared: Arc<Shared>,
    is_displayed: bool,
    /// Started with the first activity.
    ticker: OnceLock<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    is_bar: bool,
    timeout: Timeout,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// Start of the run.
    start: Instant,
    /// Current activity, or `None` while results are printed.
    activity: Option<Activity>,
    is_finished: bool,
}

#[derive(Debug)]
struct Activity {
    /// For example `job.py`, or empty.
    name: String,
    /// For example `Running`.
    state: String,
    /// Message of the server about the state, or empty.
    detail: String,
    start: Instant,
    /// Bytes of a transfer.
    meter: Option<Meter>,
    /// Time of the next line in the mode `plain`, or `None` if the state has not been printed.
    next_line: Option<Duration>,
}

impl Progress {
    pub(crate) fn new(mode: Mode, timeout: Timeout) -> Self {
        let shared = Arc::new(Shared {
            is_bar: mode.is_for_terminal(),
            timeout,
            state: Mutex::new(State {
                start: Instant::now(),
                activity: None,
                is_finished: false,
            }),
            changed: Condvar::new(),
        });
        Self {
            shared,
            is_displayed: mode != Mode::None,
            ticker: OnceLock::new(),
        }
    }

    /// Begins an activity, for example a command.
    pub(crate) fn begin(&self, name: &dyn Display, state: &str) {
        self.begin_activity(Activity::new(name, state));
    }

    /// Begins the transfer of a file. [`meter`](Self::meter) sets its bytes.
    pub(crate) fn begin_transfer(&self, name: &dyn Display, state: &str) {
        let mut activity = Activity::new(name, state);
        activity.meter = Some(Meter::default());
        self.begin_activity(activity);
    }

    fn begin_activity(&self, activity: Activity) {
        self.shared.lock().activity = Some(activity);
        if self.is_displayed {
            self.ticker.get_or_init(|| {
                let shared = Arc::clone(&self.shared);
                thread::spawn(move || shared.tick())
            });
        }
        self.shared.changed.notify_all();
    }

    /// Returns a function that calls [`set_bytes`](Self::set_bytes).
    pub(crate) fn meter(&self) -> impl Fn(u64, Option<u64>) + Send + Sync + use<> {
        let shared = Arc::clone(&self.shared);
        move |bytes, total| shared.set_bytes(bytes, total)
    }

    /// Sets the number of bytes that were transferred, and that of all bytes if it is known.
    pub(crate) fn set_bytes(&self, bytes: u64, total: Option<u64>) {
        self.shared.set_bytes(bytes, total);
    }

    /// Returns a function that sets the state of the current activity.
    pub(crate) fn setter(&self) -> impl Fn(&str) + Send + Sync + use<> {
        let shared = Arc::clone(&self.shared);
        move |state| shared.set_state(state, "")
    }

    /// Sets the state of the current activity, and a message about it.
    pub(crate) fn set_state(&self, state: &str, detail: &str) {
        self.shared.set_state(state, detail);
    }

    /// Ends the activity and erases its line, so that results can be printed.
    pub(crate) fn end(&self) {
        let mut state = self.shared.lock();
        state.activity = None;
        // While the lock is held, the line cannot be drawn again.
        console::erase_status();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
        self.shared.lock().is_finished = true;
        self.shared.changed.notify_all();
        if let Some(ticker) = self.ticker.take() {
            let _ = ticker.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_state(&self, text: &str, detail: &str) {
        if let Some(activity) = &mut self.lock().activity
            && (activity.state != text || activity.detail != detail)
        {
            text.clone_into(&mut activity.state);
            detail.clone_into(&mut activity.detail);
            activity.next_line = None;
        }
    }

    fn set_bytes(&self, bytes: u64, total: Option<u64>) {
        if let Some(Activity {
            meter: Some(meter), ..
        }) = &mut self.lock().activity
        {
            meter.set(bytes, total, Instant::now());
        }
    }

    /// Displays the activity until the end of the run.
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
        let Some(activity) = &mut state.activity else {
            return;
        };
        let elapsed = activity.start.elapsed();
        if self.is_bar {
            console::draw_status(&self.bar(activity, elapsed));
        } else if let Some(line) = activity.plain_line(elapsed) {
            console::eprintln(line);
        }
    }

    fn bar(&self, activity: &Activity, elapsed: Duration) -> String {
        if let Some(meter) = &activity.meter {
            let name = &activity.name;
            let separator = if name.is_empty() { "" } else { " " };
            return format!("{name}{separator}{}", meter.text(activity.start + elapsed));
        }
        let clock = elapsed::clock(elapsed);
        let limit = match self.timeout.duration() {
            Some(_) => format!(" of {}", self.timeout),
            None => String::new(),
        };
        let detail = activity.quoted_detail();
        let line = format!(
            "{}  {} {clock}{limit}{detail}",
            activity.name, activity.state
        );
        line.trim_start().to_owned()
    }
}

impl Activity {
    fn new(name: &dyn Display, state: &str) -> Self {
        Self {
            name: name.to_string(),
            state: state.to_owned(),
            detail: String::new(),
            start: Instant::now(),
            meter: None,
            next_line: None,
        }
    }

    fn quoted_detail(&self) -> String {
        match self.detail.as_str() {
            "" => String::new(),
            detail => format!(" \"{detail}\""),
        }
    }

    /// Returns a line if it is due, and schedules the next one.
    fn plain_line(&mut self, elapsed: Duration) -> Option<String> {
        const MINUTE: Duration = Duration::from_secs(60);
        let detail = self.quoted_detail();
        let Self { name, state, .. } = self;
        let amount = self
            .meter
            .as_ref()
            .map(|meter| format!("  {}", meter.amount()));
        let amount = amount.unwrap_or_default();
        let line = match self.next_line {
            None => format!("{name}  {state}{detail}"),
            Some(due) if elapsed >= due => {
                format!(
                    "{name}  {state} {}{amount}{detail}",
                    elapsed::clock(elapsed)
                )
            }
            Some(_) => return None,
        };
        let minutes = elapsed.as_secs() / 60;
        let next = match minutes {
            0 => 1,
            1 => 2,
            _ => (minutes / 5 + 1) * 5,
        };
        self.next_line = Some(MINUTE * u32::try_from(next).unwrap_or(u32::MAX));
        Some(line.trim_start().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_become_rare() {
        let mut activity = Activity::new(&"job.py", "Running");
        let mut lines = Vec::new();
        for seconds in 0..=1000 {
            lines.extend(activity.plain_line(Duration::from_secs(seconds)));
        }
        assert_eq!(
            lines,
            [
                "job.py  Running",
                "job.py  Running 1:00",
                "job.py  Running 2:00",
                "job.py  Running 5:00",
                "job.py  Running 10:00",
                "job.py  Running 15:00",
            ]
        );
    }

    #[test]
    fn plain_lines_of_transfers_have_the_amount() {
        let mut activity = Activity::new(&"big.csv", "Uploading");
        let mut meter = Meter::default();
        meter.set(1 << 20, Some(1 << 30), activity.start);
        activity.meter = Some(meter);
        let mut line = |seconds| activity.plain_line(Duration::from_secs(seconds));
        assert_eq!(line(0).unwrap(), "big.csv  Uploading");
        assert_eq!(line(59), None);
        assert_eq!(
            line(60).unwrap(),
            "big.csv  Uploading 1:00  1.0 MiB/1.0 GiB"
        );
    }
}
