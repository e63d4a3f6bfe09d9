//! Tokens and where they come from.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::check_token;
use super::exchange::Exchange;
use crate::answer::text;
use crate::codec::secret::Secret;
use crate::codec::types::rfc3339;
use crate::error::Error;

/// Gives a new bearer token whenever it is asked; [`Refreshing`](super::Refreshing) asks no more
/// often than it must.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use api_runtime::{Credentials, Error};
/// use api_runtime::auth::{Exchange, Refreshing, Token, TokenSource};
///
/// #[derive(Debug)]
/// struct Vault;
///
/// impl TokenSource for Vault {
///     fn kind(&self) -> &str {
///         "a token of the vault"
///     }
///
///     fn fetch(&self, _: &Exchange<'_>) -> Result<Token, Error> {
///         Ok(Token::new("dapi0123")?.lasting(Duration::from_secs(600)))
///     }
/// }
///
/// let credentials = Credentials::custom(Refreshing::new(Vault)).found_in("the vault at home");
/// assert_eq!(credentials.to_string(), "a token of the vault from the vault at home");
/// # Ok::<(), api_runtime::Error>(())
/// ```
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// What it is, for people: `an OAuth client id and secret`. Nothing of a secret.
    fn kind(&self) -> &str;

    /// Fetches a token. It is not called by two threads at once.
    ///
    /// # Errors
    ///
    /// Any; the text shows nothing of a secret.
    fn fetch(&self, exchange: &Exchange<'_>) -> Result<Token, Error>;
}

/// A bearer token, and how long it is good for.
#[derive(Clone, Debug)]
pub struct Token {
    secret: Secret,
    lifetime: Option<Duration>,
}

impl Token {
    /// A token of which nothing more is known: it is used until it is refused.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if it is empty or holds anything but visible
    /// ASCII.
    pub fn new(secret: impl Into<Secret>) -> Result<Self, Error> {
        let secret = secret.into();
        check_token(&secret)?;
        Ok(Self {
            secret,
            lifetime: None,
        })
    }

    /// The same, good for this long from when it was asked for.
    #[must_use]
    pub fn lasting(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// The token itself.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// How long it is good for, if that is known.
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }
}

/// Reads what token endpoints answer (RFC 6749, section 5.1) and what programs print.
///
/// A lifetime is taken in every form that was seen: `expires_in` as a number or a text,
/// `expiry` and `expires_on` as points in time. One that makes no sense counts as not given.
pub(super) fn read(json: Map<String, Value>, now: SystemTime) -> Result<Token, String> {
    let lifetime = lifetime(&json, now);
    let mut json = json;
    if let Some(kind) = json.get("token_type").and_then(Value::as_str)
        && !kind.eq_ignore_ascii_case("bearer")
    {
        let kind = text::shown(kind);
        return Err(format!("the token is of the type `{kind}`, not `Bearer`"));
    }
    let secret = ["access_token", "accessToken"]
        .iter()
        .find_map(|key| match json.remove(*key) {
            Some(Value::String(token)) => Some(Secret::new(token)),
            _ => None,
        })
        .ok_or("there is no `access_token` in it")?;
    if lifetime == Some(Lifetime::Over) {
        return Err("the token has expired already".into());
    }
    let token = Token::new(secret).map_err(|error| error.message().to_owned())?;
    Ok(match lifetime {
        Some(Lifetime::Left(left)) => token.lasting(left),
        _ => token,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lifetime {
    Left(Duration),
    Over,
}

fn lifetime(json: &Map<String, Value>, now: SystemTime) -> Option<Lifetime> {
    if let Some(left) = json.get("expires_in").and_then(seconds) {
        return Some(Lifetime::Left(left));
    }
    let end = json
        .get("expiry")
        .and_then(Value::as_str)
        .and_then(point)
        .or_else(|| json.get("expires_on").and_then(seconds))
        // The zero time of Go says that none is known.
        .filter(|end| !end.is_zero())?;
    let end = SystemTime::UNIX_EPOCH.checked_add(end)?;
    Some(match end.duration_since(now) {
        Ok(left) => Lifetime::Left(left),
        Err(_) => Lifetime::Over,
    })
}

/// The time since 1970 of a point in time as programs print them; zero for one that is earlier. A
/// token need not be timed finer than to the second.
fn point(text: &str) -> Option<Duration> {
    let (seconds, _nanos) = rfc3339::parse(text.trim())?;
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// A number of seconds, or a text that is one.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Duration::try_from_secs_f64(seconds?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lifetime in seconds, or the fault; it is noon of 2026-03-01.
    fn given(json: &str) -> Result<Option<u64>, String> {
        let now = SystemTime::UNIX_EPOCH + point("2026-03-01T12:00:00Z").unwrap();
        let Value::Object(json) = serde_json::from_str(json).unwrap() else {
            panic!("{json}")
        };
        read(json, now).map(|token| {
            assert_eq!(token.secret().expose(), "t");
            token.lifetime().map(|left| left.as_secs())
        })
    }

    #[test]
    fn lifetimes_in_each_form() {
        for (rest, expected) in [
            ("", None),
            (r#", "expires_in": 3600"#, Some(3600)),
            (r#", "expires_in": "3600""#, Some(3600)),
            (r#", "expires_in": 3599.9"#, Some(3599)),
            (r#", "expires_in": 0"#, Some(0)),
            (r#", "expires_in": -5"#, None),
            (r#", "expires_in": "soon""#, None),
            (r#", "expires_in": null"#, None),
            (r#", "expires_in": 1e300"#, None),
            (r#", "expires_in": "inf""#, None),
            (r#", "expiry": "2026-03-01T13:00:00Z""#, Some(3600)),
            (r#", "expiry": "2026-03-01T14:30:00.5+01:30""#, Some(3600)),
            (r#", "expiry": "0001-01-01T00:00:00Z""#, None),
            (r#", "expiry": "tomorrow""#, None),
            (r#", "expires_on": 1772370000"#, Some(3600)),
            (r#", "expires_on": "1772370000""#, Some(3600)),
            (
                r#", "token_type": "bearer", "expires_in": 9, "expiry": "2026-03-01T13:00:00Z""#,
                Some(9),
            ),
        ] {
            let json = format!(r#"{{"access_token": "t"{rest}}}"#);
            assert_eq!(given(&json), Ok(expected), "{json}");
        }
        assert_eq!(given(r#"{"accessToken": "t"}"#), Ok(None));
    }

    #[test]
    fn what_is_no_token_is_refused_without_being_shown() {
        for (json, expected) in [
            (r"{}", "no `access_token`"),
            (r#"{"access_token": 7}"#, "no `access_token`"),
            (r#"{"access_token": ""}"#, "the token is empty"),
            (r#"{"access_token": "dapi x"}"#, "white space"),
            (
                r#"{"access_token": "dapi", "token_type": "mac"}"#,
                "type `mac`",
            ),
            (
                r#"{"access_token": "dapi", "expiry": "2026-03-01T11:59:59Z"}"#,
                "expired already",
            ),
        ] {
            let fault = given(json).unwrap_err();
            assert!(fault.contains(expected), "{json}: {fault}");
            assert!(!fault.contains("dapi"), "{fault}");
        }
    }
}
