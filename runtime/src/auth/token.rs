//! Bearer tokens and their sources.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::context::AuthContext;
use super::error::invalid_credentials;
use crate::codec::secret::Secret;
use crate::codec::types::rfc3339;
use crate::error::Error;
use crate::redact::ServerText;

/// Source of bearer tokens. [`CachedToken`](super::CachedToken) fetches a token only when it needs
/// a new one.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use api_runtime::{Credentials, Error};
/// use api_runtime::auth::{AuthContext, CachedToken, Token, TokenSource};
///
/// #[derive(Debug)]
/// struct Vault;
///
/// impl TokenSource for Vault {
///     fn kind(&self) -> &str {
///         "a token of the vault"
///     }
///
///     fn fetch(&self, _: &AuthContext<'_>) -> Result<Token, Error> {
///         Ok(Token::new("dapi0123")?.with_lifetime(Duration::from_secs(600)))
///     }
/// }
///
/// let credentials = Credentials::custom(CachedToken::new(Vault)).found_in("the vault at home");
/// assert_eq!(credentials.to_string(), "a token of the vault from the vault at home");
/// # Ok::<(), api_runtime::Error>(())
/// ```
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// Returns the kind of the source for messages, e.g. `an OAuth client id and secret`. It must not
    /// contain a secret.
    fn kind(&self) -> &str;

    /// Fetches a token. It is called by one thread at a time.
    ///
    /// # Errors
    ///
    /// Any error. The message must not contain a secret.
    fn fetch(&self, context: &AuthContext<'_>) -> Result<Token, Error>;
}

/// Bearer token and its lifetime.
#[derive(Clone, Debug)]
pub struct Token {
    secret: Secret,
    lifetime: Option<Duration>,
}

impl Token {
    /// Creates a token of unknown lifetime, which is used until a server rejects it.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the token is empty, is in
    /// quotes, or contains anything but visible ASCII characters.
    pub fn new(secret: impl Into<Secret>) -> Result<Self, Error> {
        let secret = secret.into();
        check_token(&secret)?;
        Ok(Self {
            secret,
            lifetime: None,
        })
    }

    /// Sets the lifetime, counted from the request for the token.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Returns the token.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Returns the lifetime, if it is known.
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }
}

/// Returns an error if a token is empty, is in quotes, or cannot be sent in a header.
pub(super) fn check_token(token: &Secret) -> Result<(), Error> {
    let text = token.expose();
    if text.is_empty() {
        return Err(invalid_credentials("the token is empty"));
    }
    // No token contains quotes (RFC 6750, section 2.1). They are left over from JSON or a shell.
    if text.starts_with(['"', '\'']) || text.ends_with(['"', '\'']) {
        return Err(invalid_credentials("the token is in quotes"));
    }
    match text.chars().find(|c| !c.is_ascii_graphic()) {
        Some(' ' | '\t') => Err(invalid_credentials(&format!(
            "the token contains white space ({} of its {} characters)",
            text.chars().filter(|c| c.is_whitespace()).count(),
            text.chars().count()
        ))),
        Some(c) => Err(invalid_credentials(&format!(
            "the token contains {}",
            describe_char(c)
        ))),
        None => Ok(()),
    }
}

/// Returns the kind of a character, to be shown instead of the character itself.
pub(super) fn describe_char(c: char) -> &'static str {
    match c {
        '\n' | '\r' => "a line break",
        ' ' | '\t' => "white space",
        c if c.is_control() => "a control character",
        _ => "a character that is not ASCII",
    }
}

/// Parses the response of a token endpoint (RFC 6749, section 5.1) or the output of a command.
///
/// The lifetime is accepted in all formats seen in practice: `expires_in` as a number or a string,
/// and the timestamps `expiry` and `expires_on`. An invalid one is ignored, and so is `expiresOn` of
/// Azure, which is a local time without its time zone.
pub(super) fn parse(json: Map<String, Value>, now: SystemTime) -> Result<Token, String> {
    let lifetime = lifetime(&json, now);
    let mut json = json;
    let kind = json.get("token_type").or_else(|| json.get("tokenType"));
    if let Some(kind) = kind.and_then(Value::as_str)
        && !kind.eq_ignore_ascii_case("bearer")
    {
        let kind = ServerText::new(kind).line();
        return Err(format!("the token type is `{kind}`, not `Bearer`"));
    }
    let secret = ["access_token", "accessToken"]
        .iter()
        .find_map(|key| match json.remove(*key) {
            Some(Value::String(token)) => Some(Secret::new(token)),
            _ => None,
        })
        .ok_or("there is no `access_token`")?;
    if lifetime == Some(Lifetime::Expired) {
        return Err("the token has already expired".into());
    }
    let token = Token::new(secret).map_err(|error| reason(&error))?;
    Ok(match lifetime {
        Some(Lifetime::Left(left)) => token.with_lifetime(left),
        _ => token,
    })
}

/// Returns the message of an error of [`Token::new`] without `invalid credentials: `.
pub(super) fn reason(error: &Error) -> String {
    let message = error.message();
    let (_, reason) = message.split_once(": ").unwrap_or(("", message));
    reason.to_owned()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lifetime {
    Left(Duration),
    Expired,
}

fn lifetime(json: &Map<String, Value>, now: SystemTime) -> Option<Lifetime> {
    if let Some(left) = json.get("expires_in").and_then(seconds) {
        return Some(Lifetime::Left(left));
    }
    let end = json
        .get("expiry")
        .and_then(Value::as_str)
        .and_then(timestamp)
        .or_else(|| json.get("expires_on").and_then(seconds))
        // Go programs print its zero time, in the year 1, if the expiry is unknown.
        .filter(|end| !end.is_zero())?;
    let end = SystemTime::UNIX_EPOCH.checked_add(end)?;
    Some(match end.duration_since(now) {
        Ok(left) => Lifetime::Left(left),
        Err(_) => Lifetime::Expired,
    })
}

/// Parses a timestamp, as the time since 1970 in whole seconds. Earlier ones are zero.
fn timestamp(text: &str) -> Option<Duration> {
    let (seconds, _nanos) = rfc3339::parse(text.trim())?;
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Parses a number of seconds, which may be a string.
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

    /// Returns the lifetime in seconds, at noon of 2026-03-01.
    fn parse_lifetime(json: &str) -> Result<Option<u64>, String> {
        let now = SystemTime::UNIX_EPOCH + timestamp("2026-03-01T12:00:00Z").unwrap();
        let Value::Object(json) = serde_json::from_str(json).unwrap() else {
            panic!("{json}")
        };
        parse(json, now).map(|token| {
            assert_eq!(token.secret().expose(), "t");
            token.lifetime().map(|left| left.as_secs())
        })
    }

    #[test]
    fn lifetime_is_parsed_in_all_formats() {
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
            assert_eq!(parse_lifetime(&json), Ok(expected), "{json}");
        }
        // Output of the command lines of Azure and Databricks.
        let azure = r#"{"accessToken": "t", "expiresOn": "2026-03-01 14:00:00.000000",
            "expires_on": 1772370000, "subscription": "s", "tenant": "x", "tokenType": "Bearer"}"#;
        assert_eq!(parse_lifetime(azure), Ok(Some(3600)));
        let old_azure = r#"{"accessToken": "t", "expiresOn": "2026-03-01 14:00:00.000000"}"#;
        assert_eq!(parse_lifetime(old_azure), Ok(None));
        let databricks = r#"{"access_token": "t", "token_type": "Bearer",
            "expiry": "2026-03-01T14:00:00.5+01:00", "expires_in": 3600}"#;
        assert_eq!(parse_lifetime(databricks), Ok(Some(3600)));
    }

    #[test]
    fn invalid_token_is_rejected_without_being_shown() {
        for (json, expected) in [
            (r"{}", "no `access_token`"),
            (r#"{"access_token": 7}"#, "no `access_token`"),
            (r#"{"access_token": ""}"#, "the token is empty"),
            (r#"{"access_token": "dapi x"}"#, "white space"),
            (r#"{"access_token": "'dapi'"}"#, "the token is in quotes"),
            (
                r#"{"accessToken": "dapi", "tokenType": "pop"}"#,
                "type is `pop`",
            ),
            (
                r#"{"access_token": "dapi", "token_type": "mac"}"#,
                "type is `mac`",
            ),
            (
                r#"{"access_token": "dapi", "expiry": "2026-03-01T11:59:59Z"}"#,
                "already expired",
            ),
        ] {
            let error = parse_lifetime(json).unwrap_err();
            assert!(error.contains(expected), "{json}: {error}");
            assert!(!error.contains("dapi"), "{error}");
        }
    }
}
