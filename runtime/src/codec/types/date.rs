//! Dates without a time.

use std::fmt;
use std::str::FromStr;

use super::InvalidValue;
use super::newtype::encode_display;
use super::rfc3339;
use crate::codec::decode::{Decode, DecodeInto};
use crate::codec::json::{ReadError, Reader};

/// A date of the Gregorian calendar without a time and a time zone, as an RFC 3339 string, for example
/// `2024-05-01`.
///
/// It is the type of fields declared as `date`. The years are 0 to 9999. The features `jiff` and `chrono`
/// convert it from and into the dates of these packages.
///
/// # Examples
///
/// ```
/// use api_runtime::types::Date;
///
/// let date: Date = "2024-02-29".parse().unwrap();
/// assert_eq!(Date::new(2024, 2, 29), Ok(date));
/// assert!(Date::new(2023, 2, 29).is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Creates a date.
    ///
    /// # Errors
    ///
    /// If the calendar does not contain the date, or the year is after 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, InvalidValue> {
        let is_date = rfc3339::is_date(year.into(), month.into(), day.into());
        if is_date && year <= 9999 {
            Ok(Self { year, month, day })
        } else {
            Err(EXPECTED)
        }
    }

    /// Creates a date from parts of any type.
    pub(super) fn from_parts(
        year: impl TryInto<u16>,
        month: impl TryInto<u8>,
        day: impl TryInto<u8>,
    ) -> Result<Self, InvalidValue> {
        match (year.try_into(), month.try_into(), day.try_into()) {
            (Ok(year), Ok(month), Ok(day)) => Self::new(year, month, day),
            _ => Err(EXPECTED),
        }
    }

    /// Returns the year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Returns the month, from 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Returns the day of the month, from 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }
}

const EXPECTED: InvalidValue = InvalidValue::new("a date from 0000-01-01 to 9999-12-31");

impl FromStr for Date {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let [year, month, day] = rfc3339::parse_date(text).ok_or(EXPECTED)?;
        Self::from_parts(year, month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

encode_display! {
    Date as string;
}

impl DecodeInto for Date {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let date: Result<Self, InvalidValue> = reader.text()?.parse();
        *self = date.map_err(|error| reader.invalid(error.expected()))?;
        Ok(())
    }
}

impl Decode for Date {
    #[inline]
    fn empty() -> Self {
        Self {
            year: 1970,
            month: 1,
            day: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_calendar_are_parsed_and_written() {
        for text in [
            "0000-01-01",
            "1900-02-28",
            "2000-02-29",
            "2024-12-31",
            "9999-12-31",
        ] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2024-5-1",
            "2024-05-32",
            "2024-13-01",
            "2024-00-01",
            "2024-05-00",
            "1900-02-29",
            "2024-05-01T00:00:00Z",
            " 2024-05-01",
            "-024-05-01",
            "02024-05-01",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert_eq!(Date::new(10_000, 1, 1), Err(EXPECTED));
    }
}
