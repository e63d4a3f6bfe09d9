//! Errors of running a command.

use std::error::Error as StdError;
use std::fmt;

use api_runtime::{Delivery, Error, ServerText};

use crate::failure::Failure;

/// Error of running a command.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The user's code raised an error.
    Failed(Failure),
    /// The command was canceled, for example by another client.
    Cancelled,
    /// The execution context and its state are lost: it was destroyed or evicted, its interpreter
    /// died or did not start, or its cluster was restarted. Contains the message of the server,
    /// on one line and without secrets.
    ContextLost(String),
    /// The command did not finish before the timeout, and was canceled.
    Timeout(Error),
    /// The [`Interrupt`](crate::Interrupt) of the client was raised. The command was canceled, or
    /// was not sent.
    Interrupted(Error),
    /// A request failed, or was interrupted when the code may already have been sent. If the command
    /// was running, a request to cancel it was sent.
    Request(Error),
}

impl RunError {
    /// Returns whether the server may have run the code, in part or as a whole.
    ///
    /// If it is [`Delivery::NotProcessed`], the code can be sent again without running twice.
    pub fn delivery(&self) -> Delivery {
        match self {
            Self::Failed(_) | Self::Cancelled | Self::ContextLost(_) => Delivery::Unknown,
            Self::Timeout(error) | Self::Interrupted(error) | Self::Request(error) => {
                error.delivery()
            }
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
            Self::Interrupted(error) if !self.may_have_been_processed() => {
                write!(f, "the command was not sent: {error}")
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
        match self {
            Self::Timeout(error) | Self::Interrupted(error) | Self::Request(error) => Some(error),
            Self::Failed(_) | Self::Cancelled | Self::ContextLost(_) => None,
        }
    }
}

impl From<Error> for RunError {
    fn from(error: Error) -> Self {
        Self::Request(error)
    }
}
