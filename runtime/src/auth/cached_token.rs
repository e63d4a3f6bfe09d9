//! Tokens that are refreshed before they expire.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::authenticate::Authenticate;
use super::context::AuthContext;
use super::error::check_canceled;
use super::request_credentials::RequestCredentials;
use super::token::{Token, TokenSource};
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};

/// Bounds of the time before its expiry at which a token is refreshed.
const MAX_REFRESH_MARGIN: Duration = Duration::from_secs(300);
const MIN_REFRESH_MARGIN: Duration = Duration::from_secs(40);

/// Time without a refresh after the server has also rejected the token that replaced a rejected one.
const REJECTION_DELAY: Duration = Duration::from_secs(30);

/// Delay before the next refresh after a failed one, while the token is still valid.
const REFRESH_RETRY_DELAY: Duration = Duration::from_secs(10);

/// Interval at which a thread that waits for the refresh of another one checks its interrupt.
const WAIT_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Bearer token from a [`TokenSource`], cached until it expires.
///
/// - The token is fetched by the first request that needs it. It is refreshed by the first request
///   after nine tenths of its lifetime, but at least 40 seconds and at most five minutes before it
///   expires, and not before half of its lifetime. No thread is started.
/// - Only one thread fetches a token at a time. The others use the cached token while it is valid.
///   Otherwise they wait for the result, which may be an error.
/// - If a refresh fails and the token is still valid, it stays in use. The next attempt is made ten
///   seconds later at the earliest.
/// - If a server rejects the token, it is refreshed and the request is sent again, once per call. If
///   the new token is rejected at its first use, the next refresh follows 30 seconds later at the
///   earliest.
///
/// # Examples
///
/// ```
/// use api_runtime::Credentials;
/// use api_runtime::auth::{CachedToken, ClientCredentials};
///
/// let source = ClientCredentials::new("https://example.com/token", "id", "secret")?;
/// let credentials = Credentials::custom(CachedToken::new(source));
/// assert_eq!(credentials.to_string(), "an OAuth client id and secret");
/// # Ok::<(), api_runtime::Error>(())
/// ```
pub struct CachedToken<S> {
    source: S,
    state: Mutex<State>,
    fetch_ended: Condvar,
}

#[derive(Default)]
struct State {
    cached: Option<Arc<ValidToken>>,
    /// Set after a server has rejected the cached token.
    is_rejected: bool,
    /// Time until which the cached token is not refreshed after a rejection.
    keep_until: Option<Instant>,
    /// Set while a thread is fetching a token.
    is_fetching: bool,
    /// Number of fetches that have ended.
    fetches: u64,
    /// Error of the last fetch.
    error: Option<Arc<Error>>,
    /// Set if the last fetch has failed because the call that needed it was canceled.
    is_canceled: bool,
    /// Earliest time of the next refresh while the cached token is valid.
    not_before: Option<Instant>,
}

/// A token with its times. `None` if the lifetime is unknown.
struct ValidToken {
    secret: Secret,
    fetched_at: Instant,
    /// Set if a server had rejected the previous token.
    replaces_rejected: bool,
    /// Number of requests with this token.
    uses: AtomicU64,
    refresh_at: Option<Instant>,
    expires_at: Option<Instant>,
}

/// Next step of a thread that needs a token.
enum Step {
    Use(Arc<ValidToken>),
    Fetch,
    Wait,
}

impl<S: TokenSource> CachedToken<S> {
    /// Creates credentials with this source. Nothing is fetched yet.
    pub fn new(source: S) -> Self {
        Self {
            source,
            state: Mutex::default(),
            fetch_ended: Condvar::new(),
        }
    }

    /// Returns a valid token, for credentials that send it in another header.
    ///
    /// # Errors
    ///
    /// Returns the error of the source if there is no valid token,
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the client was interrupted, and
    /// [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if the deadline of the call has passed.
    pub fn token(&self, context: &AuthContext<'_>) -> Result<Secret, Error> {
        loop {
            let mut state = self.lock();
            let token = match state.next_step(context.now()) {
                Step::Use(token) => Some(token),
                Step::Fetch => {
                    state.begin_fetch();
                    drop(state);
                    Some(self.fetch(context)?)
                }
                Step::Wait => self.wait_for_fetch(state, context)?,
            };
            if let Some(token) = token {
                token.uses.fetch_add(1, Ordering::Relaxed);
                return Ok(token.secret.clone());
            }
        }
    }

    fn fetch(&self, context: &AuthContext<'_>) -> Result<Arc<ValidToken>, Error> {
        let guard = RefreshGuard(self);
        let requested_at = context.now();
        let fetched = self.source.fetch(context);
        let now = context.now();
        let result = match fetched {
            Ok(token) => {
                log_fetched(self.source.kind(), token.lifetime());
                Ok(self
                    .lock()
                    .cache(ValidToken::new(&token, requested_at, now)))
            }
            Err(error) => {
                log::warn!(target: "api_runtime", "{}: no new token: {error}", self.source.kind());
                let mut state = self.lock();
                state.is_canceled = check_canceled(context).is_err();
                state.record_error(error, now)
            }
        };
        drop(guard);
        result
    }

    /// Waits until the current fetch of another thread ends, and returns its result. It is `None` if
    /// only the call of that thread was canceled, so that this thread has to fetch the token itself.
    fn wait_for_fetch(
        &self,
        mut state: MutexGuard<'_, State>,
        context: &AuthContext<'_>,
    ) -> Result<Option<Arc<ValidToken>>, Error> {
        let fetches = state.fetches;
        while state.fetches == fetches {
            check_canceled(context)?;
            let woken = self.fetch_ended.wait_timeout(state, WAIT_POLL_INTERVAL);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.last_result()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A fetch in progress. Dropping it wakes the waiting threads, even if the source panics.
struct RefreshGuard<'a, S>(&'a CachedToken<S>);

impl<S> Drop for RefreshGuard<'_, S> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_fetching = false;
        state.fetches += 1;
        self.0.fetch_ended.notify_all();
    }
}

impl State {
    fn next_step(&self, now: Instant) -> Step {
        match self.valid_token(now) {
            Some(token) if self.is_fetching || !self.is_refresh_due(token, now) => {
                Step::Use(Arc::clone(token))
            }
            None if self.is_fetching => Step::Wait,
            Some(_) | None => Step::Fetch,
        }
    }

    fn valid_token(&self, now: Instant) -> Option<&Arc<ValidToken>> {
        let token = self.cached.as_ref().filter(|_| !self.is_rejected)?;
        token
            .expires_at
            .is_none_or(|end| now < end)
            .then_some(token)
    }

    fn is_refresh_due(&self, token: &ValidToken, now: Instant) -> bool {
        let is_delayed = self.not_before.is_some_and(|time| now < time);
        !is_delayed && token.refresh_at.is_some_and(|time| now >= time)
    }

    fn begin_fetch(&mut self) {
        self.is_fetching = true;
        self.is_canceled = false;
        // The result for waiting threads if the source panics.
        let error = Error::before_sending(ErrorKind::InvalidInput, "the token source panicked");
        self.error = Some(Arc::new(error));
    }

    fn cache(&mut self, mut token: ValidToken) -> Arc<ValidToken> {
        token.replaces_rejected = std::mem::take(&mut self.is_rejected);
        let token = Arc::new(token);
        self.cached = Some(Arc::clone(&token));
        self.keep_until = None;
        self.error = None;
        self.not_before = None;
        token
    }

    /// Returns whether the cached token is to be refreshed after a server has rejected it.
    fn reject(&mut self, now: Instant) -> bool {
        let replacement = self.cached.as_ref().filter(|token| token.replaces_rejected);
        // The server accepts none of the tokens. Otherwise, every call would fetch one.
        if let Some(token) = replacement.filter(|token| token.uses.load(Ordering::Relaxed) == 1) {
            self.keep_until = token.fetched_at.checked_add(REJECTION_DELAY);
        }
        self.is_rejected |= self.keep_until.is_none_or(|end| now >= end);
        self.is_rejected
    }

    /// Returns the cached token if it is still valid, and the error otherwise.
    fn record_error(&mut self, error: Error, now: Instant) -> Result<Arc<ValidToken>, Error> {
        if let Some(token) = self.valid_token(now).map(Arc::clone) {
            self.not_before = now.checked_add(REFRESH_RETRY_DELAY);
            self.error = None;
            return Ok(token);
        }
        self.error = Some(Arc::new(copy(&error)));
        Err(error)
    }

    /// Returns the result of the last fetch; `None` if it was canceled.
    fn last_result(&self) -> Result<Option<Arc<ValidToken>>, Error> {
        match &self.error {
            Some(_) if self.is_canceled => Ok(None),
            Some(error) => Err(copy(error)),
            None => Ok(self.cached.clone()),
        }
    }
}

impl ValidToken {
    /// The lifetime counts from the request: the server may have created the token at any time
    /// since then.
    fn new(token: &Token, requested_at: Instant, now: Instant) -> Self {
        let after = |time| requested_at.checked_add(time);
        let refresh_after = token
            .lifetime()
            .map(|lifetime| lifetime.saturating_sub(refresh_margin(lifetime)));
        Self {
            secret: token.secret().clone(),
            fetched_at: now,
            replaces_rejected: false,
            uses: AtomicU64::new(0),
            refresh_at: refresh_after.and_then(after),
            expires_at: token.lifetime().and_then(after),
        }
    }
}

fn copy(error: &Error) -> Error {
    error.copy_with_message(error.message().to_owned())
}

fn log_fetched(kind: &str, lifetime: Option<Duration>) {
    let lifetime = lifetime.map_or_else(String::new, |lifetime| {
        format!(", valid for {} s", lifetime.as_secs())
    });
    log::debug!(target: "api_runtime", "{kind}: new token{lifetime}");
}

/// Returns the time before its expiry at which a token of this lifetime is refreshed.
fn refresh_margin(lifetime: Duration) -> Duration {
    (lifetime / 10)
        .clamp(MIN_REFRESH_MARGIN, MAX_REFRESH_MARGIN)
        .min(lifetime / 2)
}

impl<S: TokenSource> Authenticate for CachedToken<S> {
    fn kind(&self) -> &str {
        self.source.kind()
    }

    fn authorize(&self, context: &AuthContext<'_>) -> Result<RequestCredentials, Error> {
        RequestCredentials::bearer(&self.token(context)?)
    }

    fn refresh(&self, context: &AuthContext<'_>, rejected: &RequestCredentials) -> bool {
        let mut state = self.lock();
        match &state.cached {
            Some(token) if rejected.contain(&token.secret) => state.reject(context.now()),
            // Another thread has already refreshed the token.
            _ => true,
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for CachedToken<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CachedToken").field(&self.source).finish()
    }
}

#[cfg(test)]
mod tests;
