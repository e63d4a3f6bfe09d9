//! Tests of waits with a manual clock.

use super::*;
use crate::client::response::Response;
use crate::client::schedule::{MAX_PAUSE, MIN_PAUSE};
use crate::clock::{Clock as _, Interrupt, ManualClock};
use crate::error::ErrorKind;
use crate::operation::Operation;
use crate::transport::Scripted;

/// Waits for an operation of this duration. Returns the result, the elapsed time and the number of
/// polls.
fn run(operation: Duration, options: Wait) -> (Result<u32, Error>, Duration, u32) {
    let clock = ManualClock::new();
    let client = Client::builder("http://127.0.0.1:1")
        .clock(clock.clone())
        .build()
        .unwrap();
    let mut polls = 0;
    let mut poll = |_: &Client| {
        polls += 1;
        Ok(u32::from(clock.elapsed() >= operation))
    };
    let result = wait(
        &client,
        options,
        "test.wait",
        &mut poll,
        |done| match done {
            0 => Progress::Pending("Running"),
            _ => Progress::Done,
        },
    );
    (result, clock.elapsed(), polls)
}

#[test]
fn first_poll_is_sent_immediately() {
    let (result, elapsed, polls) = run(Duration::ZERO, Wait::new());
    assert_eq!((result.unwrap(), elapsed, polls), (1, Duration::ZERO, 1));
}

#[test]
fn completion_is_noticed_within_a_tenth_of_the_duration() {
    for milliseconds in [1, 20, 50, 333, 1_000, 12_345, 60_000, 3_600_000] {
        let duration = Duration::from_millis(milliseconds);
        let (result, elapsed, polls) = run(duration, Wait::new().no_timeout());
        result.unwrap();
        let delay = elapsed.saturating_sub(duration);
        let bound = (duration / 10).clamp(MIN_PAUSE, MAX_PAUSE);
        assert!(delay <= bound, "{duration:?}: noticed after {delay:?}");
        assert!(polls <= 700, "{duration:?}: {polls} polls");
    }
}

#[test]
fn wait_times_out() {
    let timeout = Duration::from_secs(10);
    let (result, elapsed, _) = run(Duration::from_secs(11), Wait::new().timeout(timeout));
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert_eq!(
        error.to_string(),
        "test.wait: timed out after 10.0 s; the last status was `Running`"
    );
    assert_eq!(elapsed, timeout);
}

#[test]
fn endpoint_is_polled_once_with_a_timeout_of_zero() {
    let (result, _, polls) = run(Duration::ZERO, Wait::new().timeout(Duration::ZERO));
    assert_eq!((result.unwrap(), polls), (1, 1));
}

#[test]
fn first_poll_has_half_a_second_even_with_a_timeout_of_zero() {
    let client = Client::builder("http://127.0.0.1:1").clock(ManualClock::new());
    let client = client.build().unwrap();
    for (timeout, expected) in [(0, 500), (400, 500), (600, 600)] {
        let options = Wait::new().timeout(Duration::from_millis(timeout));
        let mut poll = |client: &Client| {
            let deadline = client.current_deadline().unwrap();
            Ok(deadline.duration_since(client.clock().now()))
        };
        let left = wait(&client, options, "test.wait", &mut poll, |_| Progress::Done);
        assert_eq!(left.unwrap(), Duration::from_millis(expected), "{timeout}");
    }
}

/// Returns the times at which the polls of an operation of this duration start. Each poll takes
/// `round_trip`.
fn poll_starts(operation: Duration, round_trip: Duration) -> (Vec<Duration>, Duration) {
    let clock = ManualClock::new();
    let builder = Client::builder("http://127.0.0.1:1").clock(clock.clone());
    let client = builder.build().unwrap();
    let mut starts = Vec::new();
    let mut poll = |_: &Client| {
        starts.push(clock.elapsed());
        let is_done = clock.elapsed() >= operation;
        clock.advance(round_trip);
        Ok(is_done)
    };
    let progress = |is_done: &bool| {
        if *is_done {
            Progress::Done
        } else {
            Progress::Pending("Running")
        }
    };
    let options = Wait::new().no_timeout();
    wait(&client, options, "test.wait", &mut poll, progress).unwrap();
    (starts, clock.elapsed())
}

#[test]
fn pause_is_at_least_a_round_trip() {
    for milliseconds in [0, 1, 20, 400, 3_000] {
        let round_trip = Duration::from_millis(milliseconds);
        let (starts, _) = poll_starts(Duration::from_secs(100), round_trip);
        let shortest = MIN_PAUSE.mul_f64(0.8).max(round_trip);
        for pair in starts.windows(2) {
            let pause = pair[1].saturating_sub(pair[0] + round_trip);
            assert!(pause >= shortest, "{round_trip:?}: a pause of {pause:?}");
        }
    }
}

#[test]
fn concurrent_waits_do_not_poll_in_step() {
    let starts = |seed| {
        fastrand::seed(seed);
        poll_starts(Duration::from_secs(10), Duration::ZERO).0
    };
    let (one, other) = (starts(1), starts(2));
    // Only the first polls are sent at the same time.
    let in_step = one.iter().filter(|start| other.contains(start));
    assert_eq!(in_step.count(), 1);
}

#[test]
fn slow_poll_does_not_lengthen_the_pauses() {
    let clock = ManualClock::new();
    let builder = Client::builder("http://127.0.0.1:1").clock(clock.clone());
    let client = builder.build().unwrap();
    let mut round_trips = [100, 3_000, 100].map(Duration::from_millis).into_iter();
    let mut polls = Vec::new();
    let mut poll = |_: &Client| {
        let start = clock.elapsed();
        clock.advance(round_trips.next().unwrap());
        polls.push((start, clock.elapsed()));
        Ok(polls.len())
    };
    let progress = |polls: &usize| match polls {
        3 => Progress::Done,
        _ => Progress::Pending("Running"),
    };
    wait(&client, Wait::new(), "test.wait", &mut poll, progress).unwrap();
    let pause = polls[2].0.saturating_sub(polls[1].1);
    assert!(pause < Duration::from_secs(1), "{pause:?}");
}

#[test]
fn last_poll_is_sent_early_enough_for_its_response() {
    let round_trip = Duration::from_millis(400);
    let timeout = Duration::from_secs(10);
    for seed in 0..20 {
        fastrand::seed(seed);
        let clock = ManualClock::new();
        let builder = Client::builder("http://127.0.0.1:1").clock(clock.clone());
        let client = builder.build().unwrap();
        let mut last = Duration::ZERO;
        let mut poll = |_: &Client| {
            last = clock.elapsed();
            clock.advance(round_trip);
            Ok(())
        };
        let options = Wait::new().timeout(timeout);
        let progress = |(): &()| Progress::Pending("Running");
        wait(&client, options, "test.wait", &mut poll, progress).unwrap_err();
        let left = timeout.saturating_sub(last);
        assert!(left > round_trip, "sent {left:?} before the timeout");
        assert!(left < 3 * round_trip, "sent {left:?} before the timeout");
    }
}

#[test]
fn short_operation_is_noticed_within_milliseconds_on_a_fast_line() {
    let round_trip = Duration::from_micros(300);
    for milliseconds in [0, 1, 3, 5, 10, 20] {
        let operation = Duration::from_millis(milliseconds);
        let (starts, end) = poll_starts(operation, round_trip);
        let delay = end.saturating_sub(operation);
        assert!(
            delay <= MIN_PAUSE + 2 * round_trip,
            "{operation:?}: {delay:?}"
        );
        assert!(starts.len() <= 12, "{operation:?}: {} polls", starts.len());
    }
}

#[test]
fn slow_line_has_no_more_polls_than_with_pauses_of_at_least_50_ms() {
    // Numbers of polls in 100 waits with pauses of at least 50 ms, measured with the same jitter.
    for (round_trip, operation, expected) in [
        (50, 1_000, 1_100),
        (50, 60_000, 5_322),
        (100, 300, 400),
        (100, 5_000, 2_000),
        (200, 1_000, 500),
        (200, 60_000, 3_904),
        (400, 300, 200),
        (400, 5_000, 1_000),
    ] {
        let round_trip = Duration::from_millis(round_trip);
        let operation = Duration::from_millis(operation);
        let polls: usize = (0..100)
            .map(|seed| {
                fastrand::seed(seed);
                poll_starts(operation, round_trip).0.len()
            })
            .sum();
        assert!(polls <= expected, "{round_trip:?}, {operation:?}: {polls}");
    }
}

#[test]
fn progress_has_the_state_and_the_elapsed_time() {
    let clock = ManualClock::new();
    let builder = Client::builder("http://127.0.0.1:1").clock(clock.clone());
    let client = builder.build().unwrap();
    let mut seen = Vec::new();
    let options = Wait::new().on_progress(|progress: &WaitProgress<'_>| {
        assert_eq!(progress.elapsed, clock.elapsed());
        seen.push(progress.to_string());
    });
    let mut polls = 0;
    let mut poll = |_: &Client| {
        clock.advance(Duration::from_secs(1));
        polls += 1;
        Ok(polls)
    };
    let result = wait(
        &client,
        options,
        "test.wait",
        &mut poll,
        |polls| match polls {
            2 => Progress::Failed("\u{1b}[2JBroken"),
            _ => Progress::Pending("Running"),
        },
    );
    assert_eq!(result.unwrap_err().kind(), ErrorKind::WaitFailed);
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], "`Running` after 1.0 s");
    assert!(seen[1].starts_with("`Broken` after 3."), "{}", seen[1]);
}

static STATUS: Operation = Operation {
    name: "test.status",
    path: "/status",
    ..Operation::DEFAULT
};

struct Status;

impl crate::codec::encode::Request for Status {}

/// Waits with polls that take this many seconds. Only the first one has a response.
fn run_slow_polls(seconds: [u64; 2], timeout: Option<u64>, deadline: Option<u64>) -> Error {
    let clock = ManualClock::new();
    let script = Scripted::new().respond(200, "{}");
    let builder = Client::builder("http://127.0.0.1:1").transport(script);
    let client = builder.clock(clock.clone()).build().unwrap();
    let client = client.deadline(deadline.map(|end| clock.now() + Duration::from_secs(end)));
    let wait_options = match timeout {
        Some(timeout) => Wait::new().timeout(Duration::from_secs(timeout)),
        None => Wait::new().no_timeout(),
    };
    let mut seconds = seconds.into_iter();
    let mut poll = |client: &Client| {
        clock.advance(Duration::from_secs(seconds.next().unwrap()));
        client.send(&STATUS, &Status)
    };
    let progress = |_: &Response| Progress::Pending("Running");
    wait(&client, wait_options, "test.wait", &mut poll, progress).unwrap_err()
}

#[test]
fn deadline_of_the_wait_bounds_each_poll() {
    let running = "; the last status was `Running`";
    let after = "timed out after 6";
    for (seconds, timeout, deadline, start, end) in [
        ([1, 60], Some(30), None, after, running),
        // The time before the wait counts, too.
        ([1, 60], None, Some(30), "the deadline passed", running),
        ([1, 60], Some(30), Some(20), "the deadline passed", running),
        ([1, 60], Some(30), Some(300), after, running),
        ([60, 0], Some(30), None, after, "; there was no response"),
    ] {
        let error = run_slow_polls(seconds, timeout, deadline);
        assert_eq!(error.kind(), ErrorKind::WaitTimeout, "{error}");
        assert_eq!(error.operation(), Some("test.wait"));
        assert!(!error.may_have_been_processed(), "{error}");
        assert!(error.message().starts_with(start), "{error}");
        assert!(error.message().ends_with(end), "{error}");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "test.status: the deadline passed before it was sent");
    }
}

#[test]
fn error_of_a_poll_is_that_of_the_wait_if_it_ends_the_wait() {
    use ErrorKind::{Disconnected, Interrupted, Timeout, WaitTimeout};

    let timeout = Duration::from_secs(30);
    let (early, late) = (Duration::from_secs(1), timeout);
    for (kind, changes_state, elapsed, expected, may_have_been_processed) in [
        (Interrupted, true, early, Interrupted, true),
        (Interrupted, false, early, Interrupted, false),
        (Timeout, true, late, WaitTimeout, true),
        (Timeout, false, late, WaitTimeout, false),
        (Timeout, true, early, Timeout, true),
        (Disconnected, true, late, Disconnected, true),
    ] {
        let clock = ManualClock::new();
        let client = Client::builder("http://127.0.0.1:1").clock(clock.clone());
        let client = client.build().unwrap();
        let mut poll = |_: &Client| {
            clock.advance(elapsed);
            let error = Error::after_sending(kind, "no response").with_operation("test.status");
            Err(error.with_changes_state(changes_state))
        };
        let options = Wait::new().timeout(timeout);
        let result = wait(&client, options, "test.wait", &mut poll, |()| {
            Progress::Done
        });
        let error = result.unwrap_err();
        assert_eq!(error.kind(), expected);
        let is_of_wait = matches!(expected, Interrupted | WaitTimeout);
        let operation = if is_of_wait {
            "test.wait"
        } else {
            "test.status"
        };
        assert_eq!(error.operation(), Some(operation), "{error}");
        assert_eq!(
            error.may_have_been_processed(),
            may_have_been_processed,
            "{error}"
        );
    }
}

#[test]
fn failed_status_and_interrupt_are_errors() {
    let interrupt = Interrupt::new();
    let client = Client::builder("http://127.0.0.1:1").interrupt(interrupt.clone());
    let client = client.build().unwrap();
    let result = wait(&client, Wait::new(), "test.wait", &mut |_| Ok(()), |()| {
        Progress::Failed("Error")
    });
    assert_eq!(result.unwrap_err().kind(), ErrorKind::WaitFailed);

    interrupt.raise();
    let result = wait(&client, Wait::new(), "test.wait", &mut |_| Ok(()), |()| {
        Progress::Pending("Running")
    });
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Interrupted);
}

#[test]
fn every_response_is_passed_to_on_poll() {
    let clock = ManualClock::new();
    let client = Client::builder("http://127.0.0.1:1").clock(clock);
    let client = client.build().unwrap();
    let (mut count, mut seen) = (0, Vec::new());
    let mut poll = |_: &Client| {
        count += 1;
        Ok(count)
    };
    let options = Wait::new().on_poll(|count: &u32| seen.push(*count));
    let result = wait(
        &client,
        options,
        "test.wait",
        &mut poll,
        |count| match count {
            3 => Progress::Failed("Error"),
            _ => Progress::Pending("Running"),
        },
    );
    assert_eq!(result.unwrap_err().kind(), ErrorKind::WaitFailed);
    assert_eq!(seen, [1, 2, 3]);
}

#[test]
fn interrupt_ends_a_sleep() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let sleeper = std::thread::spawn(move || {
        crate::clock::SystemClock.sleep(Duration::from_secs(3600), &handle);
    });
    interrupt.raise();
    sleeper.join().unwrap();
}
