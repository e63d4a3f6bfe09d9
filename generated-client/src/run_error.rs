//! Errors of running a command.

use std::error::Error as StdError;
use std::fmt;

use api_runtime::{Delivery, Error, ServerText};

use crate::failure::Failure;
use crate::leftover::Leftover;

/// Error of running a command.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The user's code raised an error.
    Failed(Failure),
    /// The command was canceled and has ended. It was canceled by its
    /// [`CancelHandle`](crate::CancelHandle) or by another client.
    Cancelled,
    /// The execution context and its state are lost: it was destroyed or evicted, its interpreter
    /// died or did not start, or its cluster was restarted. Contains the message of the server,
    /// on one line and without secrets.
    ContextLost(String),
    /// The command did not end before its timeout or the deadline of the client. It was canceled, was
    /// not sent, or is a [`leftover`](Self::leftover).
    Timeout(Error),
    /// The [`Interrupt`](crate::Interrupt) of the client was raised. The command was canceled, was not
    /// sent, or is a [`leftover`](Self::leftover). Also returned if the command was canceled by its
    /// [`CancelHandle`](crate::CancelHandle) and was not sent, or is a leftover.
    Interrupted(Error),
    /// A request failed. If the command was running, it was canceled or is a
    /// [`leftover`](Self::leftover).
    Request(Error),
}

impl RunError {
    /// Returns whether the server may have run the code, in part or as a whole.
    ///
    /// If it is [`Delivery::NotProcessed`], the code can be sent again without running twice.
    pub fn delivery(&self) -> Delivery {
        self.request_error()
            .map_or(Delivery::Unknown, Error::delivery)
    }

    /// Returns the command if it may still be running. Destroying its context ends it.
    pub fn leftover(&self) -> Option<&Leftover> {
        Leftover::of(self.request_error()?)
    }

    /// Removes the [`leftover`](Self::leftover), e.g. after its context was destroyed.
    pub fn take_leftover(&mut self) -> Option<Leftover> {
        match self {
            Self::Timeout(error) | Self::Interrupted(error) | Self::Request(error) => {
                error.detach()
            }
            Self::Failed(_) | Self::Cancelled | Self::ContextLost(_) => None,
        }
    }

    /// Returns the error of the request or of the wait.
    fn request_error(&self) -> Option<&Error> {
        match self {
            Self::Timeout(error) | Self::Interrupted(error) | Self::Request(error) => Some(error),
            Self::Failed(_) | Self::Cancelled | Self::ContextLost(_) => None,
        }
    }

    /// Converts the error of the request or of the wait.
    pub(crate) fn map(self, convert: impl FnOnce(Error) -> Error) -> Self {
        match self {
            Self::Timeout(error) => Self::Timeout(convert(error)),
            Self::Interrupted(error) => Self::Interrupted(convert(error)),
            Self::Request(error) => Self::Request(convert(error)),
            Self::Failed(_) | Self::Cancelled | Self::ContextLost(_) => self,
        }
    }

    /// Returns whether the [`delivery`](Self::delivery) is [`Delivery::Unknown`].
    pub fn may_have_been_processed(&self) -> bool {
        self.delivery() == Delivery::Unknown
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => failure.fmt(f),
            Self::Cancelled => f.write_str("the command was canceled"),
            Self::ContextLost(message) => {
                let message = ServerText::new(message).line();
                write!(f, "execution context lost: {message}")
            }
            Self::Timeout(error) | Self::Interrupted(error) if !self.may_have_been_processed() => {
                write!(f, "the command was not sent: {error}")
            }
            Self::Timeout(error) | Self::Interrupted(error)
                if self.leftover().is_some_and(Leftover::is_kept) =>
            {
                write!(f, "the command was not canceled: {error}")
            }
            Self::Timeout(error) | Self::Interrupted(error) if self.leftover().is_some() => {
                write!(f, "the cancellation was not confirmed: {error}")
            }
            Self::Timeout(error) | Self::Interrupted(error) => {
                write!(f, "the command was canceled: {error}")
            }
            Self::Request(error) => error.fmt(f),
        }
    }
}

impl StdError for RunError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.request_error().map(|error| error as _)
    }
}

impl From<Error> for RunError {
    fn from(error: Error) -> Self {
        Self::Request(error)
    }
}
