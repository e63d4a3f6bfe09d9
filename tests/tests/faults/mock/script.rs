//! Steps that the server performs for a request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::response::Response;

/// Steps for one request, in place of `ReadAll`, `Execute`, `Respond`.
pub(crate) type Fault = Arc<[Step]>;

/// A step of the server. After the last step, the server reads the rest of the request and waits for
/// the next one, unless a step has closed the connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Reads this many bytes of the request.
    Read(usize),
    /// Reads the head of the request.
    ReadHead,
    /// Reads the rest of the request.
    ReadAll,
    /// Executes the request, which creates the response.
    Execute,
    /// Sends these bytes.
    Send(Arc<[u8]>),
    /// Sends the bytes that the function returns.
    SendWith(fn() -> Vec<u8>),
    /// Sends the response.
    Respond,
    /// Sends the bytes that the function makes of the response.
    RespondWith(fn(&Response) -> Vec<u8>),
    /// Sends the first bytes of those that the function makes of the response.
    Truncate(fn(&Response) -> Vec<u8>, usize),
    /// Sends the response byte by byte, with a pause after each.
    RespondSlowly(Duration),
    /// Sends the first bytes, and then the others slowly and again and again, until the client closes
    /// the connection.
    Drip(Arc<[u8]>, Arc<[u8]>),
    /// Calls a function.
    Do(Hook),
    /// Rejects the current token from now on, with this status code and message.
    Expire(u16, &'static str),
    /// Sends nothing and reads until the client closes the connection.
    Stall,
    /// Like [`Self::Stall`], with a pause after each 4 KiB.
    StallSlowly,
    /// Neither sends nor reads anything until the server is dropped.
    Hang,
    /// Sends no `100 Continue` for this request.
    SkipContinue,
    /// Closes the sending side (FIN) and reads until the client closes the connection.
    Fin,
    /// Resets the connection (RST).
    Reset,
}

/// Function of [`Step::Do`].
#[derive(Clone)]
pub(crate) struct Hook(Arc<dyn Fn() + Send + Sync>);

impl Hook {
    pub(super) fn call(&self) {
        (self.0)();
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

impl Step {
    pub(crate) fn call(function: impl Fn() + Send + Sync + 'static) -> Self {
        Self::Do(Hook(Arc::new(function)))
    }

    pub(crate) fn send(bytes: impl AsRef<[u8]>) -> Self {
        Self::Send(bytes.as_ref().into())
    }
}
