//! From an error of `ureq` to one of ours.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};

use ureq::Error;

use super::super::{Fault, TransportError};
use super::body::Unreadable;
use super::call::{self, Call, End, Phase};

/// What `error` means for the call of this thread.
pub(super) fn failure(error: Error) -> TransportError {
    call::with(|call| match call.end {
        Some(end) => ended(end, call),
        None => TransportError {
            delivery: call.delivery(),
            fault: fault(&error, call),
            transient: is_transient(&error, call),
            message: describe(&error, call),
            source: below(error),
        },
    })
}

/// The call of this thread was ended from this side.
pub(super) fn over(end: End) -> TransportError {
    call::with(|call| ended(end, call))
}

fn ended(end: End, call: &Call) -> TransportError {
    let phase = doing(call.phase);
    let (fault, message) = match end {
        End::Deadline => (Fault::Timeout, format!("the deadline passed while {phase}")),
        End::Interrupt => (Fault::Interrupted, format!("interrupted while {phase}")),
    };
    TransportError {
        delivery: call.delivery(),
        fault,
        transient: false,
        message,
        source: None,
    }
}

fn fault(error: &Error, call: &Call) -> Fault {
    match error {
        Error::BadUri(_)
        | Error::Http(_)
        | Error::RequireHttpsOnly(_)
        | Error::TlsRequired
        | Error::InvalidProxyUrl
        | Error::BodyExceedsLimit(_) => Fault::Request,
        Error::Timeout(_) => Fault::Timeout,
        Error::Io(error) if unreadable(error).is_some() => Fault::Request,
        error if is_certificate(error) => Fault::Connect,
        _ if call.phase == Phase::Connect => Fault::Connect,
        Error::Io(_) => Fault::Connection,
        _ if is_cut(call) => Fault::Connection,
        _ if matches!(call.phase, Phase::Prepare | Phase::Send) => Fault::Request,
        _ => Fault::Answer,
    }
}

/// Whether the server went away in the midst of its answer, which then makes no sense.
fn is_cut(call: &Call) -> bool {
    call.closed && matches!(call.phase, Phase::Answer | Phase::Read)
}

/// Whether it may go better another time. An unknown host stays so, as do a bad certificate and a
/// server that speaks no TLS, or another.
fn is_transient(error: &Error, call: &Call) -> bool {
    match fault(error, call) {
        // What is cut off may be told as an error of TLS too.
        Fault::Connect => (call.closed || !is_tls(error)) && !is_unknown_host(error),
        Fault::Connection | Fault::Timeout => true,
        Fault::Request | Fault::Answer | Fault::Interrupted | Fault::Output => false,
    }
}

/// The standard library gives failed look-ups a kind without a stable name.
fn is_unknown_host(error: &Error) -> bool {
    match error {
        Error::HostNotFound => true,
        Error::Io(error) => error.to_string().contains("failed to lookup address"),
        _ => false,
    }
}

fn describe(error: &Error, call: &Call) -> String {
    const CUT: &str = "the server closed the connection before the answer was complete";
    const UNMADE: &str = "the connection was closed before it stood";
    let phase = call.phase;
    match error {
        // Their own text shows the whole URL, with its query.
        Error::BadUri(_) => "the URL is not one of HTTP".into(),
        Error::TlsRequired => "https needs a feature for TLS, as `rustls`".into(),
        Error::Timeout(_) if phase == Phase::Connect => "no connection in time".into(),
        Error::Timeout(_) if phase == Phase::Answer => "no answer in time".into(),
        Error::Timeout(_) => format!(
            "the connection stood still for too long while {}",
            doing(phase)
        ),
        Error::Io(error) if error.kind() == ErrorKind::UnexpectedEof => match phase {
            Phase::Connect => UNMADE.into(),
            _ => CUT.into(),
        },
        Error::Io(error) => error.to_string(),
        #[cfg(feature = "native-tls")]
        Error::NativeTls(_) if call.closed && phase == Phase::Connect => UNMADE.into(),
        _ if is_cut(call) => CUT.into(),
        #[cfg(feature = "gzip")]
        Error::Decompress(..) => "the answer could not be decompressed".into(),
        other => other.to_string(),
    }
}

fn doing(phase: Phase) -> &'static str {
    match phase {
        Phase::Prepare => "the request was prepared",
        Phase::Connect => "the connection was made",
        Phase::Send => "the request was sent",
        Phase::Answer => "the answer was waited for",
        Phase::Read => "the answer was read",
    }
}

fn below(error: Error) -> Option<Box<dyn StdError + Send + Sync>> {
    let Error::Io(error) = error else { return None };
    match error.downcast::<Unreadable>() {
        Ok(Unreadable(error)) | Err(error) => Some(error.into()),
    }
}

fn unreadable(error: &io::Error) -> Option<&Unreadable> {
    error.get_ref()?.downcast_ref()
}

fn is_certificate(error: &Error) -> bool {
    match error {
        #[cfg(feature = "_rustls")]
        error => matches!(of_rustls(error), Some(rustls::Error::InvalidCertificate(_))),
        // Others tell of certificates while the connection is made, or not at all.
        #[cfg(not(feature = "_rustls"))]
        _ => false,
    }
}

/// Whether it is TLS itself that failed, and not what carries it.
fn is_tls(error: &Error) -> bool {
    match error {
        Error::Tls(_) => true,
        #[cfg(feature = "native-tls")]
        Error::NativeTls(_) => true,
        #[cfg(feature = "_rustls")]
        error => of_rustls(error).is_some(),
        #[cfg(not(feature = "_rustls"))]
        _ => false,
    }
}

#[cfg(feature = "_rustls")]
fn of_rustls(error: &Error) -> Option<&rustls::Error> {
    match error {
        Error::Rustls(error) => Some(error),
        Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}
