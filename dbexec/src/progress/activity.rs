//! Activity of a run, and its lines.

use std::fmt::Display;
use std::time::{Duration, Instant};

use super::meter::Meter;
use crate::elapsed;
use crate::one_line::one_line;

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
        }
    }

    fn quoted_detail(&self) -> String {
        match self.detail.as_str() {
            "" => String::new(),
            detail => format!(" \"{detail}\""),
        }
    }

    /// Returns the line that is redrawn. `limit` is the maximum time, for example ` of 2h`.
    pub(super) fn bar(&self, limit: &str) -> String {
        let elapsed = self.start.elapsed();
        if let Some(meter) = &self.meter {
            let name = &self.name;
            let separator = if name.is_empty() { "" } else { " " };
            return format!("{name}{separator}{}", meter.text(self.start + elapsed));
        }
        let clock = elapsed::clock(elapsed);
        let detail = self.quoted_detail();
        let line = format!("{}  {} {clock}{limit}{detail}", self.name, self.state);
        line.trim_start().to_owned()
    }

    /// Returns a line if it is due, and schedules the next one.
    pub(super) fn plain_line(&mut self, elapsed: Duration) -> Option<String> {
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
