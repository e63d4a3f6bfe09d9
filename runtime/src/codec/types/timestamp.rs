//! Points in time.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::newtype::{encode_display, newtypes};
use super::number::{read_seconds, write_seconds};
use super::rfc3339;
use crate::codec::decode::DecodeInto;
use crate::codec::json::{ReadError, Reader};

newtypes! {
    /// A point in time as an RFC 3339 string, for example `2024-05-01T12:00:00Z`. It is sent in UTC
    /// and read with any offset.
    #[derive(Copy)]
    Timestamp(SystemTime) = SystemTime::UNIX_EPOCH;
    /// A point in time as the number of seconds since the Unix epoch.
    #[derive(Copy)]
    UnixSeconds(SystemTime) = SystemTime::UNIX_EPOCH;
    /// A point in time as the integer number of milliseconds since the Unix epoch. Fractions of a
    /// millisecond are not sent.
    #[derive(Copy)]
    UnixMillis(SystemTime) = SystemTime::UNIX_EPOCH;
}

encode_display! {
    Timestamp as string;
    UnixSeconds as literal;
    UnixMillis as literal;
}

/// The precision 0 omits the fraction of a second: `{:.0}`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = since_epoch(self.0);
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
        let (seconds, nanos) = since_epoch(self.0);
        let millis = i128::from(seconds) * 1000 + i128::from(nanos / 1_000_000);
        write!(f, "{millis}")
    }
}

impl DecodeInto for Timestamp {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.text()?;
        let time = rfc3339::parse(&text).and_then(|(seconds, nanos)| from_epoch(seconds, nanos));
        self.0 = time.ok_or_else(|| reader.invalid("a time in RFC 3339 format"))?;
        Ok(())
    }
}

impl DecodeInto for UnixSeconds {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let (seconds, nanos) = read_seconds(reader, 1)?;
        self.0 = from_epoch(seconds, nanos).ok_or_else(|| reader.invalid("a time in seconds"))?;
        Ok(())
    }
}

impl DecodeInto for UnixMillis {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let (seconds, nanos) = read_seconds(reader, 1000)?;
        let time = from_epoch(seconds, nanos);
        self.0 = time.ok_or_else(|| reader.invalid("a time in milliseconds"))?;
        Ok(())
    }
}

/// Returns the whole seconds since the Unix epoch, rounded down, and the nanoseconds beyond them.
fn since_epoch(time: SystemTime) -> (i64, u32) {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => (saturating(after.as_secs()), after.subsec_nanos()),
        Err(before) => {
            let before = before.duration();
            match before.subsec_nanos() {
                0 => (-saturating(before.as_secs()), 0),
                nanos => (-saturating(before.as_secs()) - 1, 1_000_000_000 - nanos),
            }
        }
    }
}

fn saturating(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// Returns the time at an offset from the Unix epoch, unless the platform cannot represent it.
fn from_epoch(seconds: i64, nanos: u32) -> Option<SystemTime> {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(whole)?
    } else {
        SystemTime::UNIX_EPOCH.checked_add(whole)?
    };
    time.checked_add(Duration::from_nanos(nanos.into()))
}
