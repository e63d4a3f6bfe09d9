//! Numbers of seconds and milliseconds.

use std::fmt;
use std::time::Duration;

use crate::codec::json::{ReadError, Reader};

/// Reads a number of units of which `per_second` make a second.
///
/// Returns the whole seconds, rounded down, and the nanoseconds beyond them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]
pub(super) fn read_seconds(
    reader: &mut Reader<'_>,
    per_second: i64,
) -> Result<(i64, u32), ReadError> {
    let value = reader.json()?;
    if let Some(whole) = value.as_i64() {
        let rest = whole.rem_euclid(per_second) * (1_000_000_000 / per_second);
        return Ok((whole.div_euclid(per_second), rest as u32));
    }
    let number = value.as_f64().map(|number| number / per_second as f64);
    match number {
        // From 2^53, about 9e15, on an `f64` does not represent every second.
        Some(number) if number.abs() < 9e15 => {
            let whole = number.floor();
            let nanos = ((number - whole) * 1e9) as u32;
            Ok((whole as i64, nanos.min(999_999_999)))
        }
        _ => Err(reader.invalid("a number of seconds or milliseconds")),
    }
}

/// Writes a number of seconds, with decimals if necessary.
pub(super) fn write_seconds(f: &mut fmt::Formatter<'_>, duration: Duration) -> fmt::Result {
    write!(f, "{}", duration.as_secs())?;
    match duration.subsec_nanos() {
        0 => Ok(()),
        nanos => write!(f, ".{}", format!("{nanos:09}").trim_end_matches('0')),
    }
}

/// Parses decimals as nanoseconds. Further digits are ignored.
///
/// Digits are parsed as integers because a float would lose some of them.
pub(super) fn parse_nanos(decimals: &str) -> Option<u32> {
    if decimals.is_empty() || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = decimals.get(..9).unwrap_or(decimals);
    format!("{digits:0<9}").parse().ok()
}
