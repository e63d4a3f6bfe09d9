//! What the server does with a request, step by step.

use std::sync::Arc;
use std::time::Duration;

use super::http::Answer;

/// The steps that are taken for one request, in place of `Whole`, `Execute`, `Answer`.
pub(crate) type Fault = Arc<[Step]>;

/// One thing that the server does. When it has done all and the connection stands, it reads the
/// rest of the request and waits for the next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Reads this many bytes of the request.
    Take(usize),
    /// Reads the head of the request.
    Head,
    /// Reads the request to its end.
    Whole,
    /// Does what the request asks for, which is what makes the answer.
    Execute,
    /// Sends these bytes.
    Send(Arc<[u8]>),
    /// Sends the answer.
    Answer,
    /// Sends the first bytes of what this makes of the answer.
    Cut(fn(&Answer) -> Vec<u8>, usize),
    /// Sends what this makes of the answer.
    Rewrite(fn(&Answer) -> Vec<u8>),
    /// Sends what this makes.
    Make(fn() -> Vec<u8>),
    /// Sends the answer byte by byte, with a pause after each.
    Drip(Duration),
    /// Says nothing, and reads what still comes, until the client closes the connection.
    Stall,
    /// Neither says nor reads anything until the server stops.
    Freeze,
    /// From here on, lets a client wait in vain for `100 Continue`.
    Mute,
    /// Ends the connection in order (FIN), and reads what still comes.
    Fin,
    /// Breaks the connection (RST).
    Reset,
}

impl Step {
    pub(crate) fn send(bytes: impl AsRef<[u8]>) -> Self {
        Self::Send(bytes.as_ref().into())
    }
}
