//! Types of fields that JSON has no type for.

mod conversions;
mod date;
mod decimal;
mod duration;
mod duration_text;
mod invalid_value;
mod newtype;
mod nullable;
mod number;
mod raw_json;
pub(crate) mod rfc3339;
mod text;
mod timestamp;

pub use self::date::Date;
pub use self::decimal::{Decimal, DecimalText};
pub use self::duration::{IsoDuration, Millis, Seconds, SecondsText};
pub use self::invalid_value::InvalidValue;
pub use self::nullable::Nullable;
pub use self::raw_json::RawJson;
pub use self::text::{Base64, IntText, UintText};
pub use self::timestamp::{Timestamp, UnixMillis, UnixSeconds};
