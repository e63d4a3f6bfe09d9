//! Activity of a run, and its lines.

use std::fmt::Display;
use std::time::{Duration, Instant};

use super::meter::Meter;
use crate::elapsed;
use crate::one_line::one_line;
use crate::status_line::cut;

/// Number of the forms of the line that is redrawn: each one is shorter than the one before.
pub(super) const FORMS: usize = 6;

/// Width of the name in the form in which it is cut.
const NAME_WIDTH: usize = 8;

const MINUTE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Activity {
    /// For example `job.py`, or empty.
    pub(super) name: String,
    /// For example `Running`.
    pub(super) state: String,
    /// Message of the server about the state, or empty.
    pub(super) detail: String,
    pub(super) start: Instant,
    /// Bytes of a transfer.
    pub(super) meter: Option<Meter>,
    /// Time of the next line in the mode `plain`, or `None` if the state has not been printed.
    pub(super) next_line: Option<Duration>,
    /// Changes of the state have no line in the mode `plain`.
    pub(super) is_quiet: bool,
}

impl Activity {
    pub(super) fn new(name: &dyn Display, state: &str) -> Self {
        Self {
            // Names of files may contain line ends.
            name: one_line(name),
            state: state.to_owned(),
            detail: String::new(),
            start: Instant::now(),
            meter: None,
            next_line: None,
            is_quiet: false,
        }
    }

    /// Creates an activity that has a line in the mode `plain` only if it takes long.
    pub(super) fn quiet(name: &dyn Display, state: &str) -> Self {
        Self {
            next_line: Some(MINUTE),
            is_quiet: true,
            ..Self::new(name, state)
        }
    }

    /// Sets the state and its message. A change is a separate line.
    pub(super) fn set_state(&mut self, state: &str, detail: &str) {
        if self.state == state && self.detail == detail {
            return;
        }
        state.clone_into(&mut self.state);
        detail.clone_into(&mut self.detail);
        if !self.is_quiet {
            self.next_line = None;
        }
    }

    fn quoted_detail(&self) -> String {
        match self.detail.as_str() {
            "" => String::new(),
            detail => format!(" \"{detail}\""),
        }
    }

    /// Returns the line that is redrawn, in a form. `limit` is the maximum time, for example ` of 2h`. The time
    /// and the state are those parts that are omitted last: they show that the process has not stopped.
    pub(super) fn bar(&self, limit: &str, form: usize) -> String {
        let elapsed = self.start.elapsed();
        if let Some(meter) = &self.meter {
            let text = meter.text(self.start + elapsed, form);
            let line = if form < 4 {
                format!("{} {text}", self.name)
            } else {
                text
            };
            return line.trim_start().to_owned();
        }
        let clock = elapsed::clock(elapsed);
        let (name, state) = (&self.name, &self.state);
        let line = match form {
            0 => format!("{name}  {state} {clock}{limit}{}", self.quoted_detail()),
            1 => format!("{name}  {state} {clock}{limit}"),
            2 => format!("{name}  {state} {clock}"),
            3 => format!("{}  {state} {clock}", short_name(name)),
            4 => format!("{state} {clock}"),
            _ => clock,
        };
        line.trim_start().to_owned()
    }

    /// Returns a line if it is due, and schedules the next one.
    pub(super) fn plain_line(&mut self, elapsed: Duration) -> Option<String> {
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

/// Cuts a name to [`NAME_WIDTH`].
pub(super) fn short_name(name: &str) -> String {
    if cut(name, NAME_WIDTH) == name {
        return name.to_owned();
    }
    let mut short = cut(name, NAME_WIDTH - 1);
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_activity_has_a_line_after_a_minute() {
        let mut activity = Activity::quiet(&"a.sql (statement 2 of 3)", "Running");
        let line =
            |activity: &mut Activity, seconds| activity.plain_line(Duration::from_secs(seconds));
        assert_eq!(line(&mut activity, 0), None);
        activity.set_state("Queued", "");
        assert_eq!(line(&mut activity, 59), None);
        let expected = "a.sql (statement 2 of 3)  Queued 1:00";
        assert_eq!(line(&mut activity, 60).as_deref(), Some(expected));
        assert_eq!(line(&mut activity, 61), None);

        let mut activity = Activity::new(&"a.sql", "Running");
        assert_eq!(line(&mut activity, 0).as_deref(), Some("a.sql  Running"));
        activity.set_state("Queued", "");
        assert_eq!(line(&mut activity, 1).as_deref(), Some("a.sql  Queued"));
    }

    #[test]
    fn forms_of_a_line_become_shorter() {
        let mut activity = Activity::new(&"a_long_name.py", "Running");
        activity.detail = "busy".to_owned();
        let forms = |activity: &Activity| {
            (0..FORMS)
                .map(|form| activity.bar(" of 2h", form))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            forms(&activity),
            [
                "a_long_name.py  Running 0:00 of 2h \"busy\"",
                "a_long_name.py  Running 0:00 of 2h",
                "a_long_name.py  Running 0:00",
                "a_long_…  Running 0:00",
                "Running 0:00",
                "0:00",
            ]
        );
        let mut meter = Meter::default();
        meter.set(1 << 20, Some(1 << 21), activity.start);
        activity.meter = Some(meter);
        assert_eq!(
            forms(&activity)[2..],
            [
                "a_long_name.py [#####-----] 1.0/2.0 MiB",
                "a_long_name.py 1.0/2.0 MiB",
                "1.0/2.0 MiB",
                "50%",
            ]
        );
    }

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
