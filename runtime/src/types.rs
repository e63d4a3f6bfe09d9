//! Types of fields that JSON has no type for.
//!
//! | type in the spec | type in Rust |
//! | --- | --- |
//! | `timestamp`, `unix_seconds`, `unix_millis` | [`Timestamp`], [`UnixSeconds`], [`UnixMillis`]: a [`SystemTime`] |
//! | `seconds`, `millis` | [`Seconds`], [`Millis`]: a [`Duration`] |
//! | `duration`, `seconds_text` | [`IsoDuration`], [`SecondsText`]: a [`Duration`] |
//! | `base64` | [`Base64`]: bytes |
//! | `int_text`, `uint_text` | [`IntText`], [`UintText`]: an `i64`, a `u64` |
//! | `date` | [`Date`] |
//! | `decimal`, `decimal_text` | [`Decimal`], [`DecimalText`]: exact digits |
//! | `raw` | [`RawJson`]: JSON as text |
//! | `T??` | [`Nullable`] |
//! | `secret` | [`Secret`](crate::Secret) |
//!
//! [`SystemTime`]: std::time::SystemTime
//! [`Duration`]: std::time::Duration
//!
//! # Examples
//!
//! The types convert from and into the types that they wrap:
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

pub use crate::codec::types::{
    Base64, Date, Decimal, DecimalText, IntText, InvalidValue, IsoDuration, Millis, Nullable,
    RawJson, Seconds, SecondsText, Timestamp, UintText, UnixMillis, UnixSeconds,
};
