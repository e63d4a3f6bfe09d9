//! The one outward error.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::codec::decode::Decode;
use crate::codec::json::Reader;

/// Why a call or a wait did not end well.
///
/// Branch on [`kind`](Self::kind) and ask the questions below it; the text is for people. Nothing
/// of it, nor of `Debug`, shows a secret.
///
/// # Example
///
/// ```
/// use api_runtime::{Error, ErrorKind};
///
/// fn advice(error: &Error) -> &str {
///     match error.kind() {
///         ErrorKind::Unreachable => "check the host",
///         ErrorKind::Refused if error.status() == Some(403) => "check the token",
///         _ if error.may_have_been_processed() => "look before you call again",
///         _ => "see the message",
///     }
/// }
/// # let error = api_runtime::Credentials::bearer("").unwrap_err();
/// # assert_eq!(advice(&error), "see the message");
/// ```
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    status: Option<u16>,
    code: Option<String>,
    message: String,
    processed: bool,
    passing: Passing,
    retry_after: Option<Duration>,
    attempts: u32,
    body: Body,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The body of a refusal, which does not print itself.
#[derive(Default)]
struct Body(Vec<u8>);

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A longer body of an error is not kept: what comes in such lengths is a page.
const LONGEST_BODY: usize = 1 << 20;

/// The cases of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What the caller passed cannot be used: a base URL, a token, a file. Nothing was sent.
    Input,
    /// The server was not reached, be it for want of time. Nothing was sent.
    Unreachable,
    /// The connection failed while the request or the answer was under way.
    Disconnected,
    /// The server took too long to take the request or to answer.
    TimedOut,
    /// The server answered with an error; [`Error::status`] and [`Error::code`] tell which.
    Refused,
    /// The answer makes no sense here: a redirect, a login page, other JSON than described.
    NotUnderstood,
    /// The answer could not be written where the caller wanted it.
    Output,
    /// What was waited for failed.
    WaitFailed,
    /// What was waited for did not happen in time.
    WaitTimedOut,
    /// A call or a wait was ended by an [`Interrupt`](crate::Interrupt).
    Interrupted,
}

/// Whether another try may end better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passing {
    /// It would end the same way.
    Lasting,
    /// It may, and nothing was done yet.
    Unprocessed,
    /// It may; whether anything was done is not known.
    Unknown,
}

impl Error {
    /// An error of this kind with this text: what went wrong, in lower case, without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            status: None,
            code: None,
            message: message.into(),
            processed: false,
            passing: Passing::Lasting,
            retry_after: None,
            attempts: 1,
            body: Body::default(),
            source: None,
        }))
    }

    /// The case.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The endpoint that was called, as in `contexts.create`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The status code of the server's answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The error code in the server's answer, as in `RESOURCE_DOES_NOT_EXIST`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The text without the operation in front.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Whether the server may have acted on the request although no proper answer came.
    ///
    /// `false` means that it did not: the request never left, or was refused.
    pub fn may_have_been_processed(&self) -> bool {
        self.0.processed
    }

    /// Whether the same call may end better later: the trouble is one that passes.
    ///
    /// The client has tried again already where it may. If
    /// [`may_have_been_processed`](Self::may_have_been_processed), look before you call again.
    pub fn is_transient(&self) -> bool {
        self.0.passing != Passing::Lasting
    }

    /// How often the call was tried.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the server asks to wait before another try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The body of a refusal, as far as it was kept; a refusal in more than a mebibyte is not.
    pub fn body(&self) -> &[u8] {
        &self.0.body.0
    }

    /// The body of a refusal as a value: of the type that the description names, or of another.
    /// `None` if the error is not a refusal, or its body is something else.
    ///
    /// # Example
    ///
    /// ```
    /// # mod api {
    /// #     #![allow(missing_docs)]
    /// #     api_runtime::api! { r#"
    /// #         [api]
    /// #         name = "Files"
    /// #         doc = "Files."
    /// #         errors = { type = "Problem" }
    /// #         [structs.Problem]
    /// #         fields = { title = "string" }
    /// #         [endpoints.files.show]
    /// #         doc = "Shows a file."
    /// #         http = "GET /file"
    /// #     "# }
    /// # }
    /// # use api::{Problem, files};
    /// use api_runtime::{Client, transport::Scripted};
    ///
    /// let server = Scripted::new().answer(409, r#"{"title": "in use"}"#);
    /// let client = Client::builder("https://example.com").transport(server).build()?;
    /// let error = files::show(&client, &files::Show::new()).unwrap_err();
    /// assert_eq!(error.details::<Problem>().unwrap().title, "in use");
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    pub fn details<T: Decode>(&self) -> Option<T> {
        let mut reader = Reader::new(self.body());
        let value = T::decode(&mut reader).ok()?;
        reader.finish().ok().map(|()| value)
    }

    pub(crate) fn with_body(mut self, body: &[u8]) -> Self {
        if body.len() <= LONGEST_BODY {
            self.0.body.0 = body.to_vec();
        }
        self
    }

    pub(crate) fn passing(&self) -> Passing {
        self.0.passing
    }

    pub(crate) fn with_passing(mut self, passing: Passing) -> Self {
        self.0.passing = passing;
        self
    }

    pub(crate) fn with_retry_after(mut self, pause: Option<Duration>) -> Self {
        self.0.retry_after = pause;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code;
        self
    }

    /// The same error, of a request on which the server may have acted, or did not.
    #[must_use]
    pub fn with_processed(mut self, processed: bool) -> Self {
        self.0.processed = processed;
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.message)?;
        match self.0.attempts {
            1 => Ok(()),
            attempts => write!(f, " (tried {attempts} times)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
