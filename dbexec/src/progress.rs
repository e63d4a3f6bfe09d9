//! Progress of a run on standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use clap::ValueEnum;

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

/// Display of the progress. Its thread ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    shared: Arc<Shared>,
    ticker: Option<JoinHandle<()>>,
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
    /// For example `job.py`.
    name: String,
    /// For example `Running`.
    state: String,
    start: Instant,
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
        let ticker = (mode != Mode::None).then(|| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.tick())
        });
        Self { shared, ticker }
    }

    /// Begins an activity, for example a command.
    pub(crate) fn begin(&self, name: &dyn Display, state: &str) {
        self.shared.lock().activity = Some(Activity {
            name: name.to_string(),
            state: state.to_owned(),
            start: Instant::now(),
            next_line: None,
        });
        self.shared.changed.notify_all();
    }

    /// Returns a function that sets the state of the current activity.
    pub(crate) fn setter(&self) -> impl Fn(&str) + Send + Sync + use<> {
        let shared = Arc::clone(&self.shared);
        move |state| shared.set_state(state)
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

    fn set_state(&self, text: &str) {
        if let Some(activity) = &mut self.lock().activity
            && activity.state != text
        {
            text.clone_into(&mut activity.state);
            activity.next_line = None;
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
        let clock = elapsed::clock(elapsed);
        let limit = match self.timeout.duration() {
            Some(_) => format!(" of {}", self.timeout),
            None => String::new(),
        };
        format!("{}  {} {clock}{limit}", activity.name, activity.state)
    }
}

impl Activity {
    /// Returns a line if it is due, and schedules the next one.
    fn plain_line(&mut self, elapsed: Duration) -> Option<String> {
        const MINUTE: Duration = Duration::from_secs(60);
        let Self { name, state, .. } = self;
        let line = match self.next_line {
            None => format!("{name}  {state}"),
            Some(due) if elapsed >= due => format!("{name}  {state} {}", elapsed::clock(elapsed)),
            Some(_) => return None,
        };
        let minutes = elapsed.as_secs() / 60;
        let next = match minutes {
            0 => 1,
            1 => 2,
            _ => (minutes / 5 + 1) * 5,
        };
        self.next_line = Some(MINUTE * u32::try_from(next).unwrap_or(u32::MAX));
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_become_rare() {
        let mut activity = Activity {
            name: "job.py".to_owned(),
            state: "Running".to_owned(),
            start: Instant::now(),
            next_line: None,
        };
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
}
