//! Asking until something has happened.

use std::time::Duration;

use crate::client::Client;
use crate::error::{Error, ErrorKind};

/// How long and how often one asks.
///
/// The first question is asked at once. The pause then grows with the time waited, a tenth of it,
/// from 50 ms to 10 s: a result is noticed within about a tenth of the time it took, and an hour
/// costs some hundreds of requests. A little chance keeps many waiters from asking together.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use api_runtime::Wait;
///
/// let patient = Wait::new().timeout(Duration::from_secs(3600));
/// let endless = Wait::new().no_timeout();
/// # let _ = (patient, endless);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Wait {
    timeout: Option<Duration>,
}

/// The longest wait unless one says otherwise.
const TIMEOUT: Duration = Duration::from_secs(20 * 60);
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl Wait {
    /// Up to 20 minutes.
    pub const fn new() -> Self {
        Self {
            timeout: Some(TIMEOUT),
        }
    }

    /// Up to this long.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// For ever.
    pub const fn no_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }
}

impl Default for Wait {
    fn default() -> Self {
        Self::new()
    }
}

/// What an answer says of the thing waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// It happened.
    Done,
    /// It failed, with this status.
    Failed(&'a str),
    /// Not yet; the status is this.
    Pending(&'a str),
}

/// Asks until the answer is [`Progress::Done`], and gives that answer.
///
/// `operation` is what is waited for, as in `contexts.create`.
///
/// # Errors
///
/// Those of `ask`; [`ErrorKind::WaitFailed`], [`ErrorKind::WaitTimeout`] and
/// [`ErrorKind::Interrupted`].
pub fn wait<T>(
    client: &Client,
    wait: Wait,
    operation: &'static str,
    ask: &mut dyn FnMut() -> Result<T, Error>,
    progress: fn(&T) -> Progress<'_>,
) -> Result<T, Error> {
    let mut schedule = Schedule::new(client, wait, operation);
    loop {
        let answer = ask()?;
        match progress(&answer) {
            Progress::Done => return Ok(answer),
            Progress::Failed(status) => return Err(schedule.failed(status)),
            Progress::Pending(status) => schedule.pause(status)?,
        }
    }
}

/// The part of a wait that knows nothing of the answers.
struct Schedule<'a> {
    client: &'a Client,
    operation: &'static str,
    timeout: Option<Duration>,
    start: std::time::Instant,
}

impl<'a> Schedule<'a> {
    fn new(client: &'a Client, wait: Wait, operation: &'static str) -> Self {
        Self {
            client,
            operation,
            timeout: wait.timeout,
            start: client.clock().now(),
        }
    }

    fn pause(&mut self, status: &str) -> Result<(), Error> {
        let clock = self.client.clock();
        let waited = clock.now().saturating_duration_since(self.start);
        let left = self.timeout.map(|timeout| timeout.saturating_sub(waited));
        if left == Some(Duration::ZERO) {
            return Err(self.timed_out(waited, status));
        }
        let pause = with_jitter(pause_after(waited)).min(left.unwrap_or(Duration::MAX));
        clock.sleep(pause, self.client.interrupt());
        if self.client.interrupt().is_raised() {
            let text = format!("the wait was interrupted; the last status was `{status}`");
            return Err(self.error(ErrorKind::Interrupted, text));
        }
        Ok(())
    }

    fn failed(&self, status: &str) -> Error {
        self.error(
            ErrorKind::WaitFailed,
            format!("failed with the status `{status}`"),
        )
    }

    fn timed_out(&self, waited: Duration, status: &str) -> Error {
        let text = format!(
            "not done after {:.1} s; the last status was `{status}`",
            waited.as_secs_f64()
        );
        self.error(ErrorKind::WaitTimeout, text)
    }

    fn error(&self, kind: ErrorKind, text: String) -> Error {
        Error::before_sending(kind, text).with_operation(self.operation)
    }
}

fn pause_after(waited: Duration) -> Duration {
    (waited / 10).clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
}

/// Shortens by up to a fifth; never lengthens, so that the bounds hold.
fn with_jitter(pause: Duration) -> Duration {
    pause.mul_f64(1.0 - 0.2 * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock as _, Interrupt, ManualClock};

    /// Waits for something that takes `work`; tells how it ended, when, and how often it asked.
    fn waited(work: Duration, wait_for: Wait) -> (Result<u32, Error>, Duration, u32) {
        let clock = ManualClock::new();
        let client = Client::builder("http://127.0.0.1:1")
            .clock(clock.clone())
            .build()
            .unwrap();
        let mut asked = 0;
        let mut ask = || {
            asked += 1;
            Ok(u32::from(clock.elapsed() >= work))
        };
        let ended = wait(
            &client,
            wait_for,
            "test.wait",
            &mut ask,
            |done| match done {
                0 => Progress::Pending("Running"),
                _ => Progress::Done,
            },
        );
        (ended, clock.elapsed(), asked)
    }

    #[test]
    fn the_first_question_comes_at_once() {
        let (ended, elapsed, asked) = waited(Duration::ZERO, Wait::new());
        assert_eq!((ended.unwrap(), elapsed, asked), (1, Duration::ZERO, 1));
    }

    #[test]
    fn a_result_is_noticed_within_a_tenth_of_its_time() {
        for milliseconds in [1, 20, 50, 333, 1_000, 12_345, 60_000, 3_600_000] {
            let work = Duration::from_millis(milliseconds);
            let (ended, elapsed, asked) = waited(work, Wait::new().no_timeout());
            ended.unwrap();
            let late = elapsed.saturating_sub(work);
            let bound = (work / 10).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
            assert!(late <= bound, "{work:?}: {late:?} late");
            assert!(asked <= 700, "{work:?}: asked {asked} times");
        }
    }

    #[test]
    fn time_runs_out_where_it_was_told_to() {
        let timeout = Duration::from_secs(10);
        let (ended, elapsed, _) = waited(Duration::from_secs(11), Wait::new().timeout(timeout));
        let error = ended.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitTimeout);
        assert_eq!(
            error.to_string(),
            "test.wait: not done after 10.0 s; the last status was `Running`"
        );
        assert_eq!(elapsed, timeout);
    }

    #[test]
    fn no_time_at_all_still_asks_once() {
        let (ended, _, asked) = waited(Duration::ZERO, Wait::new().timeout(Duration::ZERO));
        assert_eq!((ended.unwrap(), asked), (1, 1));
    }

    #[test]
    fn failures_and_interrupts_end_it() {
        let interrupt = Interrupt::new();
        let client = Client::builder("http://127.0.0.1:1").interrupt(interrupt.clone());
        let client = client.build().unwrap();
        let ended = wait(&client, Wait::new(), "test.wait", &mut || Ok(()), |()| {
            Progress::Failed("Error")
        });
        assert_eq!(ended.unwrap_err().kind(), ErrorKind::WaitFailed);

        interrupt.raise();
        let ended = wait(&client, Wait::new(), "test.wait", &mut || Ok(()), |()| {
            Progress::Pending("Running")
        });
        assert_eq!(ended.unwrap_err().kind(), ErrorKind::Interrupted);
    }

    #[test]
    fn an_interrupt_ends_a_sleep_under_way() {
        let interrupt = Interrupt::new();
        let handle = interrupt.clone();
        let sleeper = std::thread::spawn(move || {
            crate::clock::SystemClock.sleep(Duration::from_secs(3600), &handle);
        });
        interrupt.raise();
        sleeper.join().unwrap();
    }
}
