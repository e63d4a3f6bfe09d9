//! Error type of the crate.

mod build;
mod kind;

pub use self::kind::ErrorKind;

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

use crate::codec::decode::Decode;
use crate::codec::json::Reader;
use crate::delivery::Delivery;

/// Error of a call or a wait.
///
/// Branch on [`kind`](Self::kind) and on the methods below it. The text is for people. Neither the
/// text nor `Debug` shows a secret.
///
/// # Examples
///
/// ```
/// use api_runtime::{Error, ErrorKind};
///
/// fn advice(error: &Error) -> &str {
///     match error.kind() {
///         ErrorKind::Connect => "check the host",
///         ErrorKind::Status if error.status() == Some(403) => "check the token",
///         _ if error.may_have_been_processed() => "check on the server before you try again",
///         _ => "see the message",
///     }
/// }
/// # let error = api_runtime::Credentials::bearer("").unwrap_err();
/// # assert_eq!(advice(&error), "see the message");
/// ```
pub struct Error(Box<Inner>);

#[expect(
    clippy::struct_excessive_bools,
    reason = "independent properties of an error"
)]
struct Inner {
    kind: ErrorKind,
    operation: Option<Box<str>>,
    /// Set for operations that are not safe (RFC 9110, section 9.2.1). `Display` then mentions that
    /// the request may have been processed.
    changes_state: bool,
    status: Option<u16>,
    code: Option<String>,
    message: String,
    delivery: Delivery,
    transient: bool,
    rejects_credentials: bool,
    timed_out: bool,
    untrusted_certificate: bool,
    retry_after: Option<Duration>,
    attempts: u32,
    sent_at: Option<SystemTime>,
    request_id: Option<String>,
    body: Body,
    source: Option<Box<dyn StdError + Send + Sync>>,
    attachment: Option<Box<dyn Attachment>>,
}

/// Value attached to an error.
trait Attachment: Any + fmt::Debug + fmt::Display + Send + Sync {}

impl<T: Any + fmt::Debug + fmt::Display + Send + Sync> Attachment for T {}

/// Body of an error response. `Debug` shows its length only.
#[derive(Default)]
struct Body(Vec<u8>);

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Error {
    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the name of the endpoint that was called, e.g. `contexts.create`.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// Returns the status code of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the error code in the response, e.g. `RESOURCE_DOES_NOT_EXIST`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the message without the operation, the delivery and the number of attempts.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns whether a timeout or a deadline expired: while connecting, during the request, or
    /// during a wait.
    pub fn is_timeout(&self) -> bool {
        self.0.timed_out
    }

    /// Returns whether no connection could be established.
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Returns whether no connection could be established because the certificate of the server is not
    /// trusted, has expired, or is for another host.
    pub fn is_certificate(&self) -> bool {
        self.0.untrusted_certificate
    }

    /// Returns whether the server may have processed the request, over all attempts of the call.
    ///
    /// Errors of a wait itself are [`Delivery::NotProcessed`], unless the deadline has passed during a
    /// request that changes state.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Returns whether the [`delivery`](Self::delivery) is [`Delivery::Unknown`].
    pub fn may_have_been_processed(&self) -> bool {
        self.0.delivery == Delivery::Unknown
    }

    /// Returns whether the cause is temporary, so that the same call may succeed later.
    ///
    /// The client has already retried the call where it is safe to do so. If the request
    /// [may have been processed](Self::may_have_been_processed), check on the server before you
    /// call again.
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }

    /// Returns the number of attempts that were made.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the time at which the request was sent, if it may have been processed. Of several
    /// attempts, this is the first one that may have been processed.
    pub fn sent_at(&self) -> Option<SystemTime> {
        self.0.sent_at
    }

    /// Returns the id of the request in the error response, e.g. from the header `x-request-id`.
    /// Operators find the request in their logs with it.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Attaches a value for callers, in place of any other: for example, a description of what the
    /// failed call may have left on the server. The text of the error ends with that of the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_runtime::{Error, ErrorKind};
    ///
    /// let error = Error::before_sending(ErrorKind::InvalidInput, "no such file").attach(7);
    /// assert_eq!(error.attachment::<i32>(), Some(&7));
    /// assert_eq!(error.to_string(), "no such file; 7");
    /// ```
    #[must_use]
    pub fn attach<T>(mut self, value: T) -> Self
    where
        T: Any + fmt::Debug + fmt::Display + Send + Sync,
    {
        self.0.attachment = Some(Box::new(value));
        self
    }

    /// Returns the attached value if there is one of this type.
    pub fn attachment<T: Any>(&self) -> Option<&T> {
        let any: &dyn Any = self.0.attachment.as_deref()?;
        any.downcast_ref()
    }

    /// Removes the attached value if it is of this type.
    pub fn detach<T: Any>(&mut self) -> Option<T> {
        self.attachment::<T>()?;
        let any: Box<dyn Any> = self.0.attachment.take()?;
        any.downcast().ok().map(|value| *value)
    }

    /// Returns the delay that the server requested with `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the body of the error response; empty if it was larger than 1 MiB.
    pub fn body(&self) -> &[u8] {
        &self.0.body.0
    }

    /// Decodes the body of the error response, as the type that the spec names or any other.
    ///
    /// Returns `None` if there is no body or it does not decode as `T`.
    ///
    /// # Examples
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
    /// let server = Scripted::new().respond(409, r#"{"title": "in use"}"#);
    /// let client = Client::builder("https://example.com").transport(server).build()?;
    /// let error = files::show(&client, &files::Show::new()).unwrap_err();
    /// assert_eq!(error.details::<Problem>().unwrap().title, "in use");
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    pub fn details<T: Decode>(&self) -> Option<T> {
        let text = String::from_utf8_lossy(self.body());
        let mut reader = Reader::new(text.as_bytes());
        let value = T::decode(&mut reader).ok()?;
        reader.finish().ok().map(|()| value)
    }

    /// Returns whether the server rejected the credentials, so that others may be accepted.
    pub(crate) fn rejects_credentials(&self) -> bool {
        self.0.rejects_credentials
    }

    /// Returns whether the operation is not safe, i.e. may change state on the server.
    pub(crate) fn changes_state(&self) -> bool {
        self.0.changes_state
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = &self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.message)?;
        if self.0.changes_state && self.may_have_been_processed() {
            f.write_str("; the request may have been processed")?;
        }
        match self.0.attempts {
            1 => Ok(()),
            attempts => write!(f, " ({attempts} attempts)"),
        }?;
        match &self.0.attachment {
            Some(attachment) => write!(f, "; {attachment}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            operation,
            changes_state,
            status,
            code,
            message,
            delivery,
            transient,
            rejects_credentials,
            timed_out,
            untrusted_certificate,
            retry_after,
            attempts,
            sent_at,
            request_id,
            body,
            source,
            attachment,
        } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("operation", operation)
            .field("changes_state", changes_state)
            .field("status", status)
            .field("code", code)
            .field("message", message)
            .field("delivery", delivery)
            .field("transient", transient)
            .field("rejects_credentials", rejects_credentials)
            .field("timed_out", timed_out)
            .field("untrusted_certificate", untrusted_certificate)
            .field("retry_after", retry_after)
            .field("attempts", attempts)
            .field("sent_at", sent_at)
            .field("request_id", request_id)
            .field("body", body)
            .field("source", source)
            .field("attachment", attachment)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
