//! How a server is set up.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::limits;

/// How a [`Server`](crate::Server) is set up: where it listens, whom it lets in, what runs code.
///
/// Without [`token`](Self::token) and [`user`](Self::user) every program on this machine is let
/// in, though no web page is.
///
/// # Example
///
/// ```
/// let options = local_server::Options::new()
///     .port(0)
///     .token("secret")
///     .python("python3");
/// assert!(!format!("{options:?}").contains("secret"));
/// ```
#[derive(Clone)]
pub struct Options {
    pub(crate) port: u16,
    pub(crate) tokens: Vec<String>,
    pub(crate) users: Vec<(String, String)>,
    pub(crate) python: PathBuf,
    pub(crate) max_contexts: usize,
    pub(crate) cancel_grace: Duration,
}

impl Options {
    /// Any free port, no credentials, `python3` from the `PATH`.
    pub fn new() -> Self {
        Self {
            port: 0,
            tokens: Vec::new(),
            users: Vec::new(),
            python: PathBuf::from("python3"),
            max_contexts: limits::CONTEXTS,
            cancel_grace: limits::CANCEL_GRACE,
        }
    }

    /// The port of 127.0.0.1 to listen on. 0 takes any that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Lets in who sends this token, as `Bearer` or as the password of `Basic` with any user name.
    /// Several may be given.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.tokens.push(token.into());
        self
    }

    /// Lets in who sends this name and password as `Basic`. Several may be given.
    #[must_use]
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.users.push((name.into(), password.into()));
        self
    }

    /// The interpreter of Python, 3.8 or newer; a name without a slash is looked up in the `PATH`.
    /// Whether it can be started shows when the first context is created.
    #[must_use]
    pub fn python(mut self, program: impl Into<PathBuf>) -> Self {
        self.python = program.into();
        self
    }

    /// How many contexts there may be at a time: 145 unless told, as on a cluster.
    #[must_use]
    pub fn max_contexts(mut self, most: usize) -> Self {
        self.max_contexts = most;
        self
    }

    /// How long a cancelled command may take to end, 5 seconds unless told. After that its
    /// interpreter is killed, and the context is lost.
    #[must_use]
    pub fn cancel_grace(mut self, grace: Duration) -> Self {
        self.cancel_grace = grace;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows everything except the credentials.
impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("tokens", &format_args!("[{} hidden]", self.tokens.len()))
            .field("users", &format_args!("[{} hidden]", self.users.len()))
            .field("python", &self.python)
            .field("max_contexts", &self.max_contexts)
            .field("cancel_grace", &self.cancel_grace)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn credentials_are_not_shown() {
        let options = Options::new().token("tttt").user("uuuu", "pppp");
        let shown = format!("{options:?} {options:#?}");
        for secret in ["tttt", "uuuu", "pppp"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
