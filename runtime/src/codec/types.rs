//! Types of fields that are not plain JSON.
//!
//! | in a description | in Rust |
//! | --- | --- |
//! | `timestamp`, `unix_seconds`, `unix_millis` | [`Timestamp`], [`UnixSeconds`], [`UnixMillis`]: a [`SystemTime`] |
//! | `seconds`, `millis` | [`Seconds`], [`Millis`]: a [`Duration`] |
//! | `duration`, `seconds_text` | [`IsoDuration`], [`SecondsText`]: a [`Duration`] |
//! | `base64` | [`Base64`]: bytes |
//! | `int_text`, `uint_text` | [`IntText`], [`UintText`]: an `i64`, a `u64` |
//! | `T??` | [`Nullable`] |
//! | `secret` | [`Secret`](crate::Secret) |
//!
//! Each is made of what it holds, and gives it back:
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use api_runtime::types::{Seconds, Timestamp};
//!
//! let at = Timestamp::from(SystemTime::UNIX_EPOCH + Duration::from_millis(1_500));
//! assert_eq!(at.to_string(), "1970-01-01T00:00:01.500Z");
//! assert_eq!(SystemTime::from(at), at.0);
//! assert_eq!(Seconds::from(Duration::from_millis(2_500)).to_string(), "2.5");
//! ```

mod iso8601;
pub(crate) mod rfc3339;

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::codec::decode::{Decode, DecodeInto};
use crate::codec::encode::{Encode, Encoder, Shape};
use crate::codec::json::{ReadError, Reader};

macro_rules! newtypes {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $blank:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }

        impl From<$name> for $inner {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl Decode for $name {
            const EMPTY: Self = Self($blank);
        }
    )*};
}

newtypes! {
    /// A time as a text of RFC 3339, as in `2024-05-01T12:00:00Z`. It is sent in UTC; other offsets
    /// are read.
    #[derive(Copy)]
    Timestamp(SystemTime) = SystemTime::UNIX_EPOCH;
    /// A time as the number of seconds since 1970.
    #[derive(Copy)]
    UnixSeconds(SystemTime) = SystemTime::UNIX_EPOCH;
    /// A time as the number of milliseconds since 1970. What is finer is not sent.
    #[derive(Copy)]
    UnixMillis(SystemTime) = SystemTime::UNIX_EPOCH;
    /// A span of time as the number of its seconds.
    #[derive(Copy)]
    Seconds(Duration) = Duration::ZERO;
    /// A span of time as the number of its milliseconds. What is finer is not sent.
    #[derive(Copy)]
    Millis(Duration) = Duration::ZERO;
    /// A span of time as a text of ISO 8601, as in `P1DT12H`. Days have 24 hours; years and months,
    /// which have no fixed length, are not read.
    #[derive(Copy)]
    IsoDuration(Duration) = Duration::ZERO;
    /// A span of time as the number of its seconds with a unit, as in `3.5s`.
    #[derive(Copy)]
    SecondsText(Duration) = Duration::ZERO;
    /// Bytes as a text in Base64. Both alphabets are read, with padding or without; the standard
    /// one is sent, with padding.
    Base64(Vec<u8>) = Vec::new();
    /// A whole number as a text: beyond 53 bits many programs cannot read it otherwise. Both forms
    /// are read.
    #[derive(Copy)]
    IntText(i64) = 0;
    /// The same without a sign.
    #[derive(Copy)]
    UintText(u64) = 0;
}

/// A value, null, or nothing at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// Not there: what is at the server stays.
    #[default]
    Absent,
    /// There, and null: what is at the server goes.
    Null,
    /// There.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    /// `None` becomes null.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Encode> Encode for Nullable<T> {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Value(value) => value.encode(encoder),
            Self::Absent | Self::Null => encoder.literal("null"),
        }
    }

    fn shape(&self) -> Shape<'_> {
        match self {
            Self::Absent => Shape::Absent,
            Self::Null => Shape::Value,
            Self::Value(value) => value.shape(),
        }
    }
}

impl<T: Decode> DecodeInto for Nullable<T> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = if reader.try_null()? {
            Self::Null
        } else {
            Self::Value(T::decode(reader)?)
        };
        Ok(())
    }

    fn is_optional(&self) -> bool {
        true
    }
}

impl<T: Decode> Decode for Nullable<T> {
    const EMPTY: Self = Self::Absent;
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = since_1970(self.0);
        rfc3339::write(f, seconds, nanos)
    }
}

impl fmt::Display for UnixSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => write_seconds(f, after),
            Err(before) => {
                f.write_str("-")?;
                write_seconds(f, before.duration())
            }
        }
    }
}

impl fmt::Display for UnixMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = since_1970(self.0);
        write!(
            f,
            "{}",
            i128::from(seconds) * 1000 + i128::from(nanos / 1_000_000)
        )
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_seconds(f, self.0)
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.as_millis())
    }
}

impl fmt::Display for IsoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        iso8601::write_iso(f, self.0)
    }
}

impl fmt::Display for SecondsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_seconds(f, self.0)?;
        f.write_str("s")
    }
}

impl fmt::Display for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(&self.0))
    }
}

impl fmt::Display for IntText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for UintText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

macro_rules! encode {
    ($($name:ident $how:ident;)*) => {$(
        impl Encode for $name {
            fn encode(&self, encoder: &mut Encoder) {
                encoder.$how(&self.to_string());
            }
        }
    )*};
}

encode! {
    Timestamp string;
    IsoDuration string;
    SecondsText string;
    Base64 string;
    IntText string;
    UintText string;
    UnixSeconds literal;
    UnixMillis literal;
    Seconds literal;
    Millis literal;
}

impl DecodeInto for Timestamp {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.text()?;
        let time = rfc3339::parse(&text).and_then(|(seconds, nanos)| at(seconds, nanos));
        self.0 = time.ok_or_else(|| reader.invalid("a time as in RFC 3339"))?;
        Ok(())
    }
}

impl DecodeInto for UnixSeconds {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let (seconds, nanos) = seconds(reader, 1)?;
        self.0 = at(seconds, nanos).ok_or_else(|| reader.invalid("a time in seconds"))?;
        Ok(())
    }
}

impl DecodeInto for UnixMillis {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let (seconds, nanos) = seconds(reader, 1000)?;
        self.0 = at(seconds, nanos).ok_or_else(|| reader.invalid("a time in milliseconds"))?;
        Ok(())
    }
}

impl DecodeInto for Seconds {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.0 = span(reader, 1)?;
        Ok(())
    }
}

impl DecodeInto for Millis {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.0 = span(reader, 1000)?;
        Ok(())
    }
}

impl DecodeInto for IsoDuration {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.text()?;
        self.0 = iso8601::parse_iso(&text).map_err(|what| reader.invalid(what))?;
        Ok(())
    }
}

impl DecodeInto for SecondsText {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.text()?;
        self.0 = iso8601::parse_with_unit(&text).map_err(|what| reader.invalid(what))?;
        Ok(())
    }
}

impl DecodeInto for Base64 {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.text()?;
        let decoded = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
            .iter()
            .find_map(|engine| engine.decode(text.as_bytes()).ok());
        self.0 = decoded.ok_or_else(|| reader.invalid("Base64"))?;
        Ok(())
    }
}

impl DecodeInto for IntText {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.id()?;
        let number = text.parse();
        self.0 = number.map_err(|_| reader.invalid("a 64-bit integer in a string"))?;
        Ok(())
    }
}

impl DecodeInto for UintText {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.id()?;
        let number = text.parse();
        self.0 =
            number.map_err(|_| reader.invalid("a 64-bit integer without a sign in a string"))?;
        Ok(())
    }
}

/// Whole seconds, rounded down, and the nanoseconds beyond them.
fn since_1970(time: SystemTime) -> (i64, u32) {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => (signed(after.as_secs()), after.subsec_nanos()),
        Err(before) => {
            let before = before.duration();
            match before.subsec_nanos() {
                0 => (-signed(before.as_secs()), 0),
                nanos => (-signed(before.as_secs()) - 1, 1_000_000_000 - nanos),
            }
        }
    }
}

fn signed(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// The time so long after the beginning of 1970, if the system can express it.
fn at(seconds: i64, nanos: u32) -> Option<SystemTime> {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let base = if seconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(whole)?
    } else {
        SystemTime::UNIX_EPOCH.checked_add(whole)?
    };
    base.checked_add(Duration::from_nanos(nanos.into()))
}

/// Reads a number of which `parts` make a second: whole seconds, rounded down, and nanoseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]
fn seconds(reader: &mut Reader<'_>, parts: i64) -> Result<(i64, u32), ReadError> {
    let value = reader.json()?;
    if let Some(whole) = value.as_i64() {
        let rest = whole.rem_euclid(parts) * (1_000_000_000 / parts);
        return Ok((whole.div_euclid(parts), rest as u32));
    }
    let number = value.as_f64().map(|number| number / parts as f64);
    match number {
        // Beyond this a float has no nanoseconds, and no second is certain.
        Some(number) if number.abs() < 9e15 => {
            let whole = number.floor();
            let nanos = ((number - whole) * 1e9) as u32;
            Ok((whole as i64, nanos.min(999_999_999)))
        }
        _ => Err(reader.invalid("a number of seconds or milliseconds")),
    }
}

fn span(reader: &mut Reader<'_>, parts: i64) -> Result<Duration, ReadError> {
    let (seconds, nanos) = seconds(reader, parts)?;
    match u64::try_from(seconds) {
        Ok(seconds) => Ok(Duration::new(seconds, nanos)),
        Err(_) => Err(reader.invalid("a span of time, which cannot be negative")),
    }
}

fn write_seconds(f: &mut fmt::Formatter<'_>, span: Duration) -> fmt::Result {
    write!(f, "{}", span.as_secs())?;
    match span.subsec_nanos() {
        0 => Ok(()),
        nanos => write!(f, ".{}", format!("{nanos:09}").trim_end_matches('0')),
    }
}
