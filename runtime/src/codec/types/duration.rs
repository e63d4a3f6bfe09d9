//! Durations.

use std::fmt;
use std::time::Duration;

use super::duration_text;
use super::newtype::{encode_display, newtypes};
use super::number::{read_seconds, write_seconds};
use crate::codec::decode::DecodeInto;
use crate::codec::json::{ReadError, Reader};

newtypes! {
    /// A duration as a number of seconds.
    #[derive(Copy)]
    Seconds(Duration) = Duration::ZERO;
    /// A duration as an integer number of milliseconds. Fractions of a millisecond are not sent.
    #[derive(Copy)]
    Millis(Duration) = Duration::ZERO;
    /// A duration as an ISO 8601 string, for example `P1DT12H`. A day has 24 hours. Years and months
    /// are rejected because their length varies.
    #[derive(Copy)]
    IsoDuration(Duration) = Duration::ZERO;
    /// A duration as a string with a number of seconds and the unit `s`, for example `3.5s`.
    #[derive(Copy)]
    SecondsText(Duration) = Duration::ZERO;
}

encode_display! {
    Seconds as literal;
    Millis as literal;
    IsoDuration as string;
    SecondsText as string;
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
        duration_text::write_iso(f, self.0)
    }
}

impl fmt::Display for SecondsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_seconds(f, self.0)?;
        f.write_str("s")
    }
}

impl DecodeInto for Seconds {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.0 = read_duration(reader, 1)?;
        Ok(())
    }
}

impl DecodeInto for Millis {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.0 = read_duration(reader, 1000)?;
        Ok(())
    }
}

impl DecodeInto for IsoDuration {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.text()?;
        self.0 = duration_text::parse_iso(&text).map_err(|expected| reader.invalid(expected))?;
        Ok(())
    }
}

impl DecodeInto for SecondsText {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.text()?;
        self.0 =
            duration_text::parse_seconds(&text).map_err(|expected| reader.invalid(expected))?;
        Ok(())
    }
}

fn read_duration(reader: &mut Reader<'_>, per_second: i64) -> Result<Duration, ReadError> {
    let (seconds, nanos) = read_seconds(reader, per_second)?;
    match u64::try_from(seconds) {
        Ok(seconds) => Ok(Duration::new(seconds, nanos)),
        Err(_) => Err(reader.invalid("a duration, which is not negative")),
    }
}

#[cfg(test)]
mod tests {
    use arbtest::arbtest;

    use super::*;

    #[test]
    fn durations_are_written_without_zero_components() {
        for (seconds, nanos, iso, with_unit) in [
            (0, 0, "PT0S", "0s"),
            (5_400, 0, "PT1H30M", "5400s"),
            (86_400, 0, "P1D", "86400s"),
            (129_600, 0, "P1DT12H", "129600s"),
            (86_400, 1, "P1DT0.000000001S", "86400.000000001s"),
            (61, 500_000_000, "PT1M1.5S", "61.5s"),
        ] {
            let duration = Duration::new(seconds, nanos);
            assert_eq!(IsoDuration(duration).to_string(), iso);
            assert_eq!(SecondsText(duration).to_string(), with_unit);
        }
    }

    #[test]
    fn written_durations_are_parsed() {
        arbtest(|u| {
            let seconds = u64::MAX >> u.int_in_range(0..=63)?;
            let nanos = u.int_in_range(0..=999_999_999)?;
            let duration = Duration::new(u.int_in_range(0..=seconds)?, nanos);
            let text = IsoDuration(duration).to_string();
            assert_eq!(duration_text::parse_iso(&text), Ok(duration), "{text}");
            let text = SecondsText(duration).to_string();
            assert_eq!(duration_text::parse_seconds(&text), Ok(duration), "{text}");
            Ok(())
        });
    }
}
