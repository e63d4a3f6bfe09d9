//! Events whose occurrence is counted, so that the simulation cannot silently stop producing them.

use std::fmt;

/// Defines the events with their descriptions.
macro_rules! events {
    ($($name:ident = $text:literal,)*) => {
        /// An event in a life.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Event {
            $(#[doc = $text] $name,)*
        }

        impl Event {
            const ALL: &'static [Self] = &[$(Self::$name),*];

            fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

events! {
    // Faults of the network and of gateways.
    Refused = "connection refused",
    UnknownHost = "unknown host",
    ConnectStalled = "no connection until the timeout",
    WriteCut = "connection reset while the request was sent",
    LostBefore = "connection reset before processing",
    LostAfter = "connection reset after processing",
    SilentBefore = "no response, not processed",
    SilentAfter = "no response, processed",
    ProcessedLate = "processed after the client had given up",
    Duplicated = "processed twice because of a gateway",
    Portal = "web page of a captive portal",
    Redirected = "redirect to a login page",
    Foreign = "response of another request",
    BodyCut = "response cut",
    BodyStalled = "response that does not end",
    Dripped = "response byte by byte",
    Garbage = "no HTTP in the response",
    GatewayBefore = "500 to 504 before processing",
    GatewayAfter = "500 to 504 after processing",
    TooMany = "429",
    RefusalListed = "refusal that the spec lists",
    RefusalQuoted = "refusal quoted after processing",
    FailureListed = "transient failure that the spec lists, after processing",
    Slow = "slow response",
    Rejected401 = "401",
    Expired403 = "403 because of an expired token",
    Forbidden = "403",
    // The server.
    ClusterNotReady = "cluster not ready",
    ContextFailed = "context failed while it started",
    ContextEvicted = "context evicted",
    CodeFailed = "code failed",
    UnknownStatus = "unknown status",
    CommandCanceled = "running command canceled",
    TokenIssued = "token issued",
    TokenRefreshed = "second token issued",
    // Interrupts and limits.
    InterruptConnecting = "interrupt before the first byte was sent",
    InterruptInFlight = "interrupt while a request was in flight",
    InterruptInSleep = "interrupt during a pause",
    InterruptInCleanup = "interrupt during clean-up",
    DeadlineInFlight = "deadline passed while a request was in flight",
    ResponseTimeout = "timeout of the response",
    // Results of the caller.
    Retried = "request retried",
    RetriedAfter = "request retried after `Retry-After`",
    Created = "context ready",
    CreateFailed = "context not ready",
    CreateUnknown = "context that may exist",
    RunSucceeded = "command succeeded",
    RunUnknown = "command that may have run",
    RunNotProcessed = "command that did not run",
    RunAgain = "command sent again by the caller",
    RunTimedOut = "command timed out",
    RunInterrupted = "command interrupted",
    RunCanceled = "command canceled by its handle",
    RunCanceledLate = "command that ended before its handle canceled it",
    RunCancelUnconfirmed = "cancellation by a handle not confirmed",
    RunAfterCancel = "command succeeded after a canceled one",
    ContextLost = "context lost",
    CleanupFailed = "context left because clean-up failed",
    CommandLeft = "command left because clean-up failed",
    Unknowable = "context left whose creation was not answered",
}

/// Set of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Events(u128);

impl Events {
    pub(crate) fn insert(&mut self, event: Event) {
        self.0 |= 1 << event as u32;
    }

    fn contains(self, event: Event) -> bool {
        self.0 & 1 << event as u32 != 0
    }
}

/// Number of lives in which each event occurred.
#[derive(Clone, Debug)]
pub(crate) struct Coverage {
    lives: u64,
    counts: Vec<u64>,
}

impl Coverage {
    pub(crate) fn new() -> Self {
        Self {
            lives: 0,
            counts: vec![0; Event::ALL.len()],
        }
    }

    pub(crate) fn add(&mut self, events: Events) {
        self.lives += 1;
        for (event, count) in Event::ALL.iter().zip(&mut self.counts) {
            *count += u64::from(events.contains(*event));
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.lives += other.lives;
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count += other;
        }
    }

    /// Returns the events that have not occurred.
    pub(crate) fn missing(&self) -> Vec<Event> {
        let counted = Event::ALL.iter().zip(&self.counts);
        let missing = counted.filter(|(_, count)| **count == 0);
        missing.map(|(event, _)| *event).collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} lives, in which occurred:", self.lives)?;
        for (event, count) in Event::ALL.iter().zip(&self.counts) {
            writeln!(f, "{count:>9}  {}", event.text())?;
        }
        Ok(())
    }
}
