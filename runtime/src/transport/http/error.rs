//! Conversion of errors of `ureq`.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};

use ureq::Error;

use super::super::error::{TransportError, TransportErrorKind};
use super::call_state::{self, CallState, Cancellation, Phase};
use super::request_body::UnreadableBody;

/// Converts an error of `ureq`, given the state of the current call.
pub(super) fn transport_error(error: Error) -> TransportError {
    call_state::with(|call| match call.canceled {
        // The error that `ureq` returns after a cancellation depends on the layer that detects it.
        Some(cancellation) => canceled_in(cancellation, call),
        None => TransportError {
            delivery: call.delivery(),
            kind: kind_of(&error, call),
            transient: is_transient(&error, call),
            message: message_of(&error, call),
            source: source_of(error),
        },
    })
}

/// Creates the error of the current call after a cancellation.
pub(super) fn canceled(cancellation: Cancellation) -> TransportError {
    call_state::with(|call| canceled_in(cancellation, call))
}

fn canceled_in(cancellation: Cancellation, call: &CallState) -> TransportError {
    let phase = while_in(call.phase);
    let (kind, message) = match cancellation {
        Cancellation::Deadline => (
            TransportErrorKind::Timeout,
            format!("the deadline passed {phase}"),
        ),
        Cancellation::Interrupt => (
            TransportErrorKind::Interrupted,
            format!("interrupted {phase}"),
        ),
    };
    TransportError {
        delivery: call.delivery(),
        kind,
        transient: false,
        message,
        source: None,
    }
}

fn kind_of(error: &Error, call: &CallState) -> TransportErrorKind {
    match error {
        Error::BadUri(_)
        | Error::Http(_)
        | Error::RequireHttpsOnly(_)
        | Error::TlsRequired
        | Error::InvalidProxyUrl
        | Error::BodyExceedsLimit(_) => TransportErrorKind::InvalidRequest,
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::Io(error) if unreadable_body(error).is_some() => TransportErrorKind::InvalidRequest,
        error if is_certificate_error(error) => TransportErrorKind::Certificate,
        _ if call.phase == Phase::Connect => TransportErrorKind::Connect,
        Error::Io(_) => TransportErrorKind::Connection,
        _ if is_cut_off(call) => TransportErrorKind::Connection,
        _ if matches!(call.phase, Phase::Prepare | Phase::Send) => {
            TransportErrorKind::InvalidRequest
        }
        _ => TransportErrorKind::InvalidResponse,
    }
}

/// Returns whether the server closed the connection during its response. The parser then reports
/// an invalid response.
fn is_cut_off(call: &CallState) -> bool {
    call.closed && matches!(call.phase, Phase::AwaitResponse | Phase::ReadBody)
}

/// Returns whether a retry may succeed. It does not after an unknown host, an invalid certificate,
/// or a TLS handshake that the server does not understand.
fn is_transient(error: &Error, call: &CallState) -> bool {
    match kind_of(error, call) {
        // A closed connection may be reported as a TLS error, too.
        TransportErrorKind::Connect => {
            (call.closed || !is_tls_error(error)) && !is_unknown_host(error)
        }
        TransportErrorKind::Connection | TransportErrorKind::Timeout => true,
        TransportErrorKind::Certificate
        | TransportErrorKind::InvalidRequest
        | TransportErrorKind::InvalidResponse
        | TransportErrorKind::Interrupted
        | TransportErrorKind::Output => false,
    }
}

/// The standard library has no stable kind for failed DNS lookups, only this text.
fn is_unknown_host(error: &Error) -> bool {
    match error {
        Error::HostNotFound => true,
        Error::Io(error) => error.to_string().contains("failed to lookup address"),
        _ => false,
    }
}

fn message_of(error: &Error, call: &CallState) -> String {
    const CUT_OFF: &str = "the server closed the connection before the response was complete";
    const CLOSED: &str = "the connection was closed while it was established";
    let phase = call.phase;
    match error {
        // The text of the error contains the whole URL with its query.
        Error::BadUri(_) => "the URL is not an HTTP URL".into(),
        Error::TlsRequired => "https requires a TLS feature, e.g. `rustls`".into(),
        Error::Timeout(_) if phase == Phase::Connect => "timed out while connecting".into(),
        Error::Timeout(_) if phase == Phase::AwaitResponse => {
            "timed out while waiting for the response".into()
        }
        Error::Timeout(_) => format!("the connection made no progress {}", while_in(phase)),
        Error::Io(error) if error.kind() == ErrorKind::UnexpectedEof => match phase {
            Phase::Connect => CLOSED.into(),
            _ => CUT_OFF.into(),
        },
        Error::Io(error) => error.to_string(),
        #[cfg(feature = "native-tls")]
        Error::NativeTls(_) if call.closed && phase == Phase::Connect => CLOSED.into(),
        _ if is_cut_off(call) => CUT_OFF.into(),
        other => other.to_string(),
    }
}

fn while_in(phase: Phase) -> &'static str {
    match phase {
        Phase::Prepare => "before the request was sent",
        Phase::Connect => "while connecting",
        Phase::Send => "while sending the request",
        Phase::AwaitResponse => "while waiting for the response",
        Phase::ReadBody => "while reading the response",
    }
}

fn source_of(error: Error) -> Option<Box<dyn StdError + Send + Sync>> {
    let Error::Io(error) = error else { return None };
    match error.downcast::<UnreadableBody>() {
        Ok(UnreadableBody(error)) | Err(error) => Some(error.into()),
    }
}

fn unreadable_body(error: &io::Error) -> Option<&UnreadableBody> {
    error.get_ref()?.downcast_ref()
}

fn is_certificate_error(error: &Error) -> bool {
    // Other TLS libraries have only a text, which depends on the platform.
    #[cfg(feature = "native-tls")]
    if let Error::NativeTls(error) = error {
        let text = error.to_string();
        return text.contains("certificate verify failed") || text.contains("not trusted");
    }
    #[cfg(feature = "_rustls")]
    if let Some(rustls::Error::InvalidCertificate(_)) = rustls_error(error) {
        return true;
    }
    let _ = error;
    false
}

/// Returns whether TLS itself has failed, rather than the connection below it.
fn is_tls_error(error: &Error) -> bool {
    match error {
        Error::Tls(_) => true,
        #[cfg(feature = "native-tls")]
        Error::NativeTls(_) => true,
        #[cfg(feature = "_rustls")]
        error => rustls_error(error).is_some(),
        #[cfg(not(feature = "_rustls"))]
        _ => false,
    }
}

#[cfg(feature = "_rustls")]
fn rustls_error(error: &Error) -> Option<&rustls::Error> {
    match error {
        Error::Rustls(error) => Some(error),
        Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}
