//! Conversions from and into the types of other packages, each behind the feature of its name.
//!
//! [`Timestamp`](super::Timestamp) and the types of durations wrap those of the standard library, which
//! these packages convert.

#[cfg(feature = "jiff")]
mod jiff {
    use jiff::civil;

    use crate::codec::types::{Date, InvalidValue};

    impl From<Date> for civil::Date {
        fn from(date: Date) -> Self {
            let part = |number: u8| i8::try_from(number).unwrap_or_default();
            let year = i16::try_from(date.year()).unwrap_or_default();
            // Each `Date` is a date of the calendar.
            Self::new(year, part(date.month()), part(date.day())).unwrap_or_default()
        }
    }

    impl TryFrom<civil::Date> for Date {
        type Error = InvalidValue;

        /// Fails for years before 0, which RFC 3339 does not have.
        fn try_from(date: civil::Date) -> Result<Self, InvalidValue> {
            Date::from_parts(date.year(), date.month(), date.day())
        }
    }
}

#[cfg(feature = "chrono")]
mod chrono {
    use chrono::{Datelike as _, NaiveDate};

    use crate::codec::types::{Date, InvalidValue};

    impl From<Date> for NaiveDate {
        fn from(date: Date) -> Self {
            let (year, month, day) = (date.year().into(), date.month().into(), date.day().into());
            // Each `Date` is a date of the calendar.
            Self::from_ymd_opt(year, month, day).unwrap_or_default()
        }
    }

    impl TryFrom<NaiveDate> for Date {
        type Error = InvalidValue;

        /// Fails for years outside of 0 to 9999, which RFC 3339 does not have.
        fn try_from(date: NaiveDate) -> Result<Self, InvalidValue> {
            Date::from_parts(date.year(), date.month(), date.day())
        }
    }
}

#[cfg(feature = "rust_decimal")]
mod rust_decimal {
    use rust_decimal::Decimal as Fixed;

    use crate::codec::types::{Decimal, DecimalText, InvalidValue};

    impl From<Fixed> for Decimal {
        fn from(number: Fixed) -> Self {
            // `Display` writes a JSON number.
            number.to_string().parse().unwrap_or_default()
        }
    }

    impl From<Fixed> for DecimalText {
        fn from(number: Fixed) -> Self {
            Self(number.into())
        }
    }

    impl TryFrom<Decimal> for Fixed {
        type Error = InvalidValue;

        /// Fails for numbers that `rust_decimal` cannot represent exactly: it has 96 bits.
        fn try_from(number: Decimal) -> Result<Self, InvalidValue> {
            let text = number.as_str();
            let parsed = if text.contains(['e', 'E']) {
                Self::from_scientific(text)
            } else {
                Self::from_str_exact(text)
            };
            let exact = parsed
                .ok()
                .filter(|parsed| Decimal::from(*parsed) == number);
            exact.ok_or(InvalidValue::new("a decimal number of up to 96 bits"))
        }
    }

    impl TryFrom<DecimalText> for Fixed {
        type Error = InvalidValue;

        fn try_from(number: DecimalText) -> Result<Self, InvalidValue> {
            number.0.try_into()
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(any(feature = "jiff", feature = "chrono"))]
    use crate::codec::types::Date;

    #[cfg(feature = "jiff")]
    #[test]
    fn dates_are_converted_from_and_into_those_of_jiff() {
        for (year, month, day) in [(0, 1, 1), (2024, 2, 29), (9999, 12, 31)] {
            let date = Date::new(year, month, day).unwrap();
            let civil = jiff::civil::Date::from(date);
            assert_eq!(civil.to_string(), date.to_string());
            assert_eq!(Date::try_from(civil), Ok(date));
        }
        let error = Date::try_from(jiff::civil::date(-1, 1, 1)).unwrap_err();
        assert!(error.to_string().contains("0000-01-01"), "{error}");
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn dates_are_converted_from_and_into_those_of_chrono() {
        for (year, month, day) in [(0, 1, 1), (2024, 2, 29), (9999, 12, 31)] {
            let date = Date::new(year, month, day).unwrap();
            let naive = chrono::NaiveDate::from(date);
            assert_eq!(naive.to_string(), date.to_string());
            assert_eq!(Date::try_from(naive), Ok(date));
        }
        for invalid in [chrono::NaiveDate::MIN, chrono::NaiveDate::MAX] {
            assert!(Date::try_from(invalid).is_err(), "{invalid}");
        }
    }

    #[cfg(feature = "rust_decimal")]
    #[test]
    fn decimals_are_converted_exactly_or_rejected() {
        use crate::codec::types::{Decimal, DecimalText};
        use rust_decimal::Decimal as Fixed;

        for text in [
            "0",
            "-1.50",
            "1e3",
            "1.5E-2",
            "79228162514264337593543950335",
        ] {
            let number: Decimal = text.parse().unwrap();
            let fixed = Fixed::try_from(number.clone()).unwrap();
            assert_eq!(Decimal::from(fixed), number, "{text}");
            assert_eq!(
                Fixed::try_from(DecimalText::from(fixed)),
                Ok(fixed),
                "{text}"
            );
        }
        // The scale is that of the text.
        assert_eq!(Decimal::from(Fixed::new(150, 2)).as_str(), "1.50");
        for text in ["1e40", "0.12345678901234567890123456789012", "1e-40"] {
            let number: Decimal = text.parse().unwrap();
            assert!(Fixed::try_from(number).is_err(), "{text}");
        }
    }
}
