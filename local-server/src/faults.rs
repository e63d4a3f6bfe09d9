//! Errors that the server injects, for tests of programs that use the API.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::limits;

/// Injected error of a request.
///
/// A request that is not idempotent, for example `commands/execute`, must not be sent again after
/// the errors that may follow an execution: code would run twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// `429`: status code 429 with `Retry-After: 1`. The request is not executed.
    ///
    /// A client sends the request again after this time.
    TooManyRequests,
    /// `503-before`: status code 503. The request is not executed.
    ///
    /// A client cannot distinguish it from [`UnavailableAfter`](Self::UnavailableAfter), and sends
    /// only idempotent requests again.
    UnavailableBefore,
    /// `503-after`: the request is executed, but its response has status code 503.
    ///
    /// A client sends only idempotent requests again. The id of a created context or command is lost.
    UnavailableAfter,
    /// `reset-before`: the connection is reset. The request is not executed.
    ///
    /// A client cannot distinguish it from [`ResetAfter`](Self::ResetAfter), and sends only
    /// idempotent requests again.
    ResetBefore,
    /// `reset-after`: the request is executed, but the connection is reset instead of a response.
    ///
    /// A client sends only idempotent requests again. The id of a created context or command is lost.
    ResetAfter,
    /// `slow`: the request is executed at once, and its response is sent after [`Faults::delay`].
    ///
    /// A client with a shorter timeout sends only idempotent requests again.
    Slow,
}

impl Fault {
    /// All variants.
    pub const ALL: [Self; 6] = [
        Self::TooManyRequests,
        Self::UnavailableBefore,
        Self::UnavailableAfter,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::Slow,
    ];

    /// Returns the name on the command line, for example `503-after`.
    pub fn name(self) -> &'static str {
        match self {
            Self::TooManyRequests => "429",
            Self::UnavailableBefore => "503-before",
            Self::UnavailableAfter => "503-after",
            Self::ResetBefore => "reset-before",
            Self::ResetAfter => "reset-after",
            Self::Slow => "slow",
        }
    }

    /// Returns the variant with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }

    /// Returns a short text for help.
    pub fn description(self) -> &'static str {
        match self {
            Self::TooManyRequests => "status code 429, not executed",
            Self::UnavailableBefore => "status code 503, not executed",
            Self::UnavailableAfter => "executed, then status code 503",
            Self::ResetBefore => "connection reset, not executed",
            Self::ResetAfter => "executed, then connection reset",
            Self::Slow => "executed, then a delayed response",
        }
    }
}

/// Errors to inject, and their rates.
///
/// The n-th request to an endpoint has the same result for every server with the same seed and rates.
/// Requests to other endpoints have no influence, so the number of status requests does not matter.
///
/// # Examples
///
/// ```
/// use local_server::{Fault, Faults, Options, Server};
///
/// let faults = Faults::new(42)
///     .rate(Fault::TooManyRequests, 0.1)?
///     .rate(Fault::UnavailableAfter, 0.05)?;
/// let server = Server::start(Options::new().faults(faults))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Faults {
    seed: u64,
    rates: [f64; Fault::ALL.len()],
    delay: Duration,
}

/// Error of [`Faults::rate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidRate;

impl Faults {
    /// Creates a configuration without errors, with a delay of 5 seconds.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            rates: [0.0; Fault::ALL.len()],
            delay: limits::SLOW_RESPONSE,
        }
    }

    /// Sets the fraction of requests that fail in this way: 0.0 to 1.0.
    ///
    /// # Errors
    ///
    /// If the rate, or the sum of all rates, is not between 0.0 and 1.0.
    pub fn rate(mut self, fault: Fault, rate: f64) -> Result<Self, InvalidRate> {
        // A sum such as 0.1 + 0.2 + 0.7 is not exact.
        const ROUNDING: f64 = 1e-9;
        for (known, known_rate) in Fault::ALL.into_iter().zip(&mut self.rates) {
            if known == fault {
                *known_rate = rate;
            }
        }
        let is_valid =
            (0.0..=1.0).contains(&rate) && self.rates.iter().sum::<f64>() <= 1.0 + ROUNDING;
        if is_valid { Ok(self) } else { Err(InvalidRate) }
    }

    /// Sets the delay of the responses with [`Fault::Slow`].
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Returns the injected error of the n-th request to an endpoint.
    fn of(&self, endpoint: &str, number: u64) -> Option<Fault> {
        let mut value = uniform(self.seed, endpoint, number);
        for (fault, rate) in Fault::ALL.into_iter().zip(self.rates) {
            if value < rate {
                return Some(fault);
            }
            value -= rate;
        }
        None
    }
}

impl fmt::Display for InvalidRate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("rates and their sum must be between 0 and 1")
    }
}

impl std::error::Error for InvalidRate {}

/// Selects the injected errors of the requests of a server.
#[derive(Debug)]
pub(crate) struct Injector {
    faults: Faults,
    /// Number of requests by endpoint.
    requests: Mutex<HashMap<String, u64>>,
}

impl Injector {
    pub(crate) fn new(faults: Faults) -> Self {
        Self {
            faults,
            requests: Mutex::default(),
        }
    }

    pub(crate) fn delay(&self) -> Duration {
        self.faults.delay
    }

    /// Returns the injected error of the next request to an endpoint.
    pub(crate) fn next(&self, endpoint: &str) -> Option<Fault> {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let number = match requests.get_mut(endpoint) {
            Some(count) => {
                *count += 1;
                *count
            }
            None => *requests.entry(endpoint.to_owned()).or_default(),
        };
        self.faults.of(endpoint, number)
    }
}

/// Returns a number from 0.0 to 1.0 that is determined by the arguments.
fn uniform(seed: u64, endpoint: &str, number: u64) -> f64 {
    let endpoint = endpoint
        .bytes()
        .fold(0, |hash, byte| mix(hash ^ u64::from(byte)));
    let hash = mix(mix(mix(seed) ^ endpoint) ^ number);
    let high = u32::try_from(hash >> 32).unwrap_or_default(); // always fits
    f64::from(high) / (f64::from(u32::MAX) + 1.0)
}

/// The output function of the generator `SplitMix64`.
fn mix(value: u64) -> u64 {
    let mut value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults, Injector, InvalidRate};

    fn faults(seed: u64) -> Faults {
        let faults = Faults::new(seed).rate(Fault::TooManyRequests, 0.2).unwrap();
        faults.rate(Fault::Slow, 0.3).unwrap()
    }

    fn first(seed: u64, endpoint: &str, count: usize) -> Vec<Option<Fault>> {
        let injector = Injector::new(faults(seed));
        (0..count).map(|_| injector.next(endpoint)).collect()
    }

    #[test]
    fn names_are_unique_and_parsed() {
        for fault in Fault::ALL {
            assert_eq!(Fault::from_name(fault.name()), Some(fault));
        }
        assert_eq!(Fault::from_name("502"), None);
    }

    #[test]
    fn rates_beyond_one_are_rejected() {
        for rate in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Faults::new(1).rate(Fault::Slow, rate), Err(InvalidRate));
        }
        assert_eq!(faults(1).rate(Fault::ResetAfter, 0.6), Err(InvalidRate));
        let full = faults(1).rate(Fault::ResetAfter, 0.5).unwrap();
        assert!((0..1000).all(|number| full.of("/a", number).is_some()));
        // Setting a rate again replaces it.
        assert!(full.rate(Fault::ResetAfter, 0.1).is_ok());
    }

    #[test]
    fn seed_and_endpoint_determine_the_faults() {
        assert_eq!(first(7, "/a", 100), first(7, "/a", 100));
        assert_ne!(first(7, "/a", 100), first(8, "/a", 100));
        assert_ne!(first(7, "/a", 100), first(7, "/b", 100));
    }

    #[test]
    fn requests_to_other_endpoints_have_no_influence() {
        let injector = Injector::new(faults(7));
        let mixed: Vec<_> = (0..100)
            .map(|_| {
                injector.next("/b");
                injector.next("/a")
            })
            .collect();
        assert_eq!(mixed, first(7, "/a", 100));
    }

    #[test]
    fn rates_are_met() {
        let faults = first(7, "/a", 100_000);
        let count = |fault| faults.iter().filter(|found| **found == fault).count();
        let limited = count(Some(Fault::TooManyRequests));
        assert!((19_000..21_000).contains(&limited), "{limited}");
        let none = count(None);
        assert!((49_000..51_000).contains(&none), "{none}");
    }
}
