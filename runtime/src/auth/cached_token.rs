//! Tokens that are fetched anew before they expire.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::exchange::Exchange;
use super::headers::Headers;
use super::token::{Token, TokenSource};
use super::{Authenticate, interrupted, reworded};
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};

/// A tenth of its lifetime before its end a token is fetched anew, within these bounds ...
const EARLIEST: Duration = Duration::from_secs(300);
const LATEST: Duration = Duration::from_secs(40);

/// A token that is younger is not fetched anew when it is refused: the next one would be, too.
const FRESH: Duration = Duration::from_secs(30);

/// So long a token that is still good is used after fetching the next one failed.
const PAUSE: Duration = Duration::from_secs(10);

/// How often a thread that waits for another's token looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Bearer credentials whose token comes from a [`TokenSource`], and is kept as long as it is good.
///
/// - It is fetched by the first call that needs it, and anew by the first one after nine tenths of
///   its lifetime: but at least 40 seconds and at most five minutes before its end, and not
///   before half of it is over. No thread is started for it.
/// - One thread fetches. The others go on with the token that is still good, or wait for the next
///   one, and get the error if there is none.
/// - If fetching fails and the token is still good, it stays in use, and the next attempt is made
///   ten seconds later at the earliest.
/// - A token that a server refuses with 401 is fetched anew, and the call is sent once more,
///   unless the token was fetched within the last 30 seconds.
///
/// # Example
///
/// ```
/// use api_runtime::Credentials;
/// use api_runtime::auth::{ClientCredentials, Refreshing};
///
/// let source = ClientCredentials::new("https://example.com/token", "id", "secret")?;
/// let credentials = Credentials::custom(Refreshing::new(source));
/// assert_eq!(credentials.to_string(), "an OAuth client id and secret");
/// # Ok::<(), api_runtime::Error>(())
/// ```
pub struct Refreshing<S> {
    source: S,
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Default)]
struct State {
    held: Option<Arc<Held>>,
    /// A server refused what is held.
    refused: bool,
    /// A thread is fetching.
    busy: bool,
    /// How many attempts at fetching have ended, and how the last one did.
    rounds: u64,
    failure: Option<Arc<Error>>,
    /// No attempt before this as long as what is held is good.
    not_before: Option<Instant>,
}

/// A token, and when its time is over. No end is known if it is `None`.
struct Held {
    token: Secret,
    gained: Instant,
    renew: Option<Instant>,
    end: Option<Instant>,
}

/// What a thread that needs a token is to do.
enum Step {
    Use(Arc<Held>),
    Fetch,
    Wait,
}

impl<S: TokenSource> Refreshing<S> {
    /// Credentials of this source. Nothing is fetched yet.
    pub fn new(source: S) -> Self {
        Self {
            source,
            state: Mutex::default(),
            ended: Condvar::new(),
        }
    }

    /// A token that is good now: for credentials that send it in another way.
    ///
    /// # Errors
    ///
    /// Those of the source if there is none, and
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted).
    pub fn token(&self, exchange: &Exchange<'_>) -> Result<Secret, Error> {
        loop {
            let mut state = self.lock();
            let held = match state.step(exchange.now()) {
                Step::Use(held) => Ok(held),
                Step::Fetch => {
                    state.begin();
                    drop(state);
                    self.fetch(exchange)
                }
                Step::Wait => self.wait(state, exchange),
            };
            match held {
                // Who fetched was stopped, and not who waited.
                Err(error) if is_of_another(&error, exchange) => {}
                held => return Ok(held?.token.clone()),
            }
        }
    }

    fn fetch(&self, exchange: &Exchange<'_>) -> Result<Arc<Held>, Error> {
        let round = Round(self);
        let asked = exchange.now();
        let fetched = self.source.fetch(exchange);
        let now = exchange.now();
        let kept = match fetched {
            Ok(token) => {
                log_gained(self.source.kind(), token.lifetime());
                Ok(self.lock().keep(Held::new(&token, asked, now)))
            }
            Err(error) => {
                log::warn!(target: "api_runtime", "{}: no new token: {error}", self.source.kind());
                self.lock().fail(error, now)
            }
        };
        drop(round);
        kept
    }

    /// Waits for the end of the attempt that is under way, and takes what it brought.
    fn wait(
        &self,
        mut state: MutexGuard<'_, State>,
        exchange: &Exchange<'_>,
    ) -> Result<Arc<Held>, Error> {
        let round = state.rounds;
        while state.rounds == round {
            if exchange.interrupt().is_raised() {
                return Err(interrupted());
            }
            let woken = self.ended.wait_timeout(state, LOOK);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.outcome()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An attempt that is under way. Its end wakes those who wait, even if the source panics.
struct Round<'a, S>(&'a Refreshing<S>);

impl<S> Drop for Round<'_, S> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.busy = false;
        state.rounds += 1;
        self.0.ended.notify_all();
    }
}

impl State {
    fn step(&self, now: Instant) -> Step {
        let usable = self.held.as_ref().filter(|held| self.is_good(held, now));
        match usable {
            Some(held) if self.busy || !self.is_due(held, now) => Step::Use(Arc::clone(held)),
            None if self.busy => Step::Wait,
            Some(_) | None => Step::Fetch,
        }
    }

    fn is_good(&self, held: &Held, now: Instant) -> bool {
        !self.refused && held.end.is_none_or(|end| now < end)
    }

    fn is_due(&self, held: &Held, now: Instant) -> bool {
        let paused = self.not_before.is_some_and(|moment| now < moment);
        !paused && held.renew.is_some_and(|moment| now >= moment)
    }

    fn begin(&mut self) {
        self.busy = true;
        // Stands if the source panics.
        let gone = Error::before_sending(ErrorKind::InvalidInput, "the source of tokens gave up");
        self.failure = Some(Arc::new(gone));
    }

    fn keep(&mut self, held: Held) -> Arc<Held> {
        let held = Arc::new(held);
        self.held = Some(Arc::clone(&held));
        self.refused = false;
        self.failure = None;
        self.not_before = None;
        held
    }

    /// Goes on with what is held if that is good, after a failure.
    fn fail(&mut self, error: Error, now: Instant) -> Result<Arc<Held>, Error> {
        let good = self.held.as_ref().filter(|held| self.is_good(held, now));
        if let Some(held) = good.map(Arc::clone) {
            self.not_before = now.checked_add(PAUSE);
            self.failure = None;
            return Ok(held);
        }
        self.failure = Some(Arc::new(reworded(&error, error.message().to_owned())));
        Err(error)
    }

    /// How the last attempt ended, for those who waited for it.
    fn outcome(&self) -> Result<Arc<Held>, Error> {
        match (&self.failure, &self.held) {
            (Some(error), _) => Err(reworded(error, error.message().to_owned())),
            (None, Some(held)) => Ok(Arc::clone(held)),
            (None, None) => Err(interrupted()),
        }
    }
}

impl Held {
    fn new(token: &Token, asked: Instant, now: Instant) -> Self {
        let after = |time| asked.checked_add(time);
        let end = token.lifetime().and_then(after);
        let renew = token
            .lifetime()
            .map(|life| life.saturating_sub(margin(life)));
        Self {
            token: token.secret().clone(),
            gained: now,
            renew: renew.and_then(after),
            end,
        }
    }
}

fn is_of_another(error: &Error, exchange: &Exchange<'_>) -> bool {
    error.kind() == ErrorKind::Interrupted && !exchange.interrupt().is_raised()
}

fn log_gained(kind: &str, lifetime: Option<Duration>) {
    let lifetime = lifetime.map_or_else(String::new, |life| format!(" for {} s", life.as_secs()));
    log::debug!(target: "api_runtime", "{kind}: a new token{lifetime}");
}

/// How long before its end a token of this lifetime is fetched anew.
fn margin(lifetime: Duration) -> Duration {
    (lifetime / 10).clamp(LATEST, EARLIEST).min(lifetime / 2)
}

impl<S: TokenSource> Authenticate for Refreshing<S> {
    fn kind(&self) -> &str {
        self.source.kind()
    }

    fn authorize(&self, exchange: &Exchange<'_>) -> Result<Headers, Error> {
        Headers::bearer(&self.token(exchange)?)
    }

    fn renew(&self, exchange: &Exchange<'_>, refused: &Headers) -> bool {
        let mut state = self.lock();
        match &state.held {
            Some(held) if refused.carry(&held.token) => {
                let age = exchange.now().saturating_duration_since(held.gained);
                state.refused |= age >= FRESH;
                state.refused
            }
            // Another thread has seen to it.
            _ => true,
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Refreshing<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refreshing").field(&self.source).finish()
    }
}

#[cfg(test)]
mod tests;
