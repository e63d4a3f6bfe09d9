//! Progress of an installation: a bar on a terminal, otherwise a line for each tenth.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use local_server::spark::{Progress, Step};

use crate::console;

/// Interval at which the bar is drawn.
const INTERVAL: Duration = Duration::from_millis(100);

const BAR_WIDTH: usize = 30;

/// Display of the progress on standard error.
pub(super) struct Display {
    is_terminal: bool,
    step: Option<Step>,
    step_started: Instant,
    /// Bytes that were present at the start of the step, for example of an earlier download.
    first_bytes: u64,
    drawn: Option<Instant>,
    /// Number of tenths that have been printed.
    tenths: u64,
}

impl Display {
    pub(super) fn new() -> Self {
        Self {
            is_terminal: std::io::stderr().is_terminal(),
            step: None,
            step_started: Instant::now(),
            first_bytes: 0,
            drawn: None,
            tenths: 0,
        }
    }

    /// Shows the progress. Cheap enough to be called for every block.
    pub(super) fn update(&mut self, progress: Progress) {
        if self.step != Some(progress.step) {
            self.start(progress);
        }
        if progress.step == Step::Wait {
            return;
        }
        if self.is_terminal {
            self.draw(progress);
        } else {
            self.print(progress);
        }
    }

    fn start(&mut self, progress: Progress) {
        self.finish();
        self.step = Some(progress.step);
        self.step_started = Instant::now();
        self.first_bytes = progress.bytes;
        self.tenths = 0;
        if progress.step == Step::Wait {
            console::eprintln("waiting for another installation");
        }
    }

    fn draw(&mut self, progress: Progress) {
        let is_due = self.drawn.is_none_or(|drawn| drawn.elapsed() >= INTERVAL);
        if is_due || progress.bytes == progress.total {
            let elapsed = self.step_started.elapsed();
            let bytes = progress.bytes.saturating_sub(self.first_bytes);
            let bar = bar(progress.step, progress.bytes, progress.total);
            let rate = rate(bytes, elapsed).filter(|_| progress.step == Step::Download);
            let rate = rate.map_or(String::new(), |rate| format!("  {rate} MB/s"));
            console::draw(&format!("{bar}{rate}"));
            self.drawn = Some(Instant::now());
        }
    }

    fn print(&mut self, progress: Progress) {
        let tenths = progress.bytes * 10 / progress.total.max(1);
        if tenths > self.tenths {
            self.tenths = tenths;
            console::eprintln(format_args!(
                "{}: {}% of {} MB",
                title(progress.step),
                tenths * 10,
                megabytes(progress.total)
            ));
        }
    }

    /// Ends the line of the bar.
    pub(super) fn finish(&mut self) {
        if self.drawn.take().is_some() {
            console::draw_end();
        }
    }
}

fn title(step: Step) -> &'static str {
    match step {
        Step::Download => "downloading",
        Step::Verify => "verifying",
        Step::Unpack => "unpacking",
        _ => "installing",
    }
}

/// Returns megabytes per second, or `None` if it is too early for a rate.
fn rate(bytes: u64, elapsed: Duration) -> Option<u64> {
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    (milliseconds >= 500).then(|| megabytes(bytes.saturating_mul(1000) / milliseconds))
}

fn bar(step: Step, bytes: u64, total: u64) -> String {
    let part = |of: u64| usize::try_from(bytes.min(total) * of / total.max(1)).unwrap_or(0);
    let filled = part(BAR_WIDTH as u64);
    let bar = format!("{}{}", "=".repeat(filled), " ".repeat(BAR_WIDTH - filled));
    format!(
        "{:<11} [{bar}] {:>3}%  {}/{} MB",
        title(step),
        part(100),
        megabytes(bytes),
        megabytes(total)
    )
}

fn megabytes(bytes: u64) -> u64 {
    bytes / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bar_shows_percentage_and_size() {
        assert_eq!(
            bar(Step::Download, 227_955_431, 455_910_862),
            "downloading [===============               ]  50%  227/455 MB"
        );
        let full = bar(Step::Unpack, 9_000_000, 9_000_000);
        assert_eq!(
            full,
            "unpacking   [==============================] 100%  9/9 MB"
        );
        assert!(bar(Step::Verify, 0, 0).contains("  0%"));
    }

    #[test]
    fn rate_needs_half_a_second() {
        assert_eq!(rate(10_000_000, Duration::from_secs(2)), Some(5));
        assert_eq!(rate(10_000_000, Duration::from_millis(499)), None);
    }
}
