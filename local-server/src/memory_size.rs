//! Sizes of memory in the format of Spark.

use std::fmt;
use std::str::FromStr;

const MIB: u64 = 1 << 20;

/// Parses digits and a unit. All units are powers of 1024, as in Spark and Docker. `default_unit` is that of
/// numbers without a unit.
fn parse_bytes(text: &str, default_unit: Option<u64>) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" => default_unit?,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => MIB,
        "g" | "gb" | "gib" => 1 << 30,
        "t" | "tb" | "tib" => 1 << 40,
        _ => return None,
    };
    // `parse` accepts a sign.
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse::<u64>().ok().filter(|_| is_number)?;
    number.checked_mul(unit)
}

/// Smallest heap that Spark accepts is 450 MiB.
const MIN_MIB: u64 = 512;

/// Size of the memory of a Spark application, for example `2g` or `1536m`. The smallest size is 512 MiB.
///
/// # Examples
///
/// ```
/// let size: local_server::MemorySize = "2g".parse()?;
/// assert_eq!(size.mib(), 2048);
/// # Ok::<(), local_server::InvalidMemorySize>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemorySize {
    mib: u32,
}

/// A size of memory is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidMemorySize(());

impl MemorySize {
    /// Default of [`Options::memory`](crate::Options::memory).
    pub(crate) const DEFAULT: Self = Self { mib: 1024 };

    /// Returns the size in MiB.
    pub fn mib(self) -> u32 {
        self.mib
    }
}

/// Parses a number with a unit, which is one of `k`, `m`, `g`, `t`, optionally followed by `b` or `ib`, in upper or
/// lower case. Numbers without a unit are MiB.
impl FromStr for MemorySize {
    type Err = InvalidMemorySize;

    fn from_str(text: &str) -> Result<Self, InvalidMemorySize> {
        let bytes = parse_bytes(text, Some(MIB));
        let mib = bytes.map(|bytes| bytes / MIB).filter(|&mib| mib >= MIN_MIB);
        let mib = mib.and_then(|mib| mib.try_into().ok());
        mib.map(|mib| Self { mib }).ok_or(InvalidMemorySize(()))
    }
}

impl fmt::Display for InvalidMemorySize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "expected a size of at least {MIN_MIB}m, for example `2g` or `1536m`"
        )
    }
}

impl std::error::Error for InvalidMemorySize {}

/// Maximum memory of a process, for example `512MiB` or `4g`. See
/// [`Options::memory_limit`](crate::Options::memory_limit).
///
/// # Examples
///
/// ```
/// let limit: local_server::MemoryLimit = "4GiB".parse()?;
/// assert_eq!(limit.bytes(), 4 << 30);
/// # Ok::<(), local_server::InvalidMemoryLimit>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemoryLimit {
    bytes: u64,
}

/// A maximum memory is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidMemoryLimit {
    is_zero: bool,
}

impl MemoryLimit {
    /// Returns the limit in bytes.
    pub fn bytes(self) -> u64 {
        self.bytes
    }
}

/// Parses a number with a unit, like [`MemorySize`]. The unit is required: numbers without one are bytes in some
/// programs and MiB in others.
impl FromStr for MemoryLimit {
    type Err = InvalidMemoryLimit;

    fn from_str(text: &str) -> Result<Self, InvalidMemoryLimit> {
        match parse_bytes(text, None) {
            None => Err(InvalidMemoryLimit { is_zero: false }),
            Some(0) => Err(InvalidMemoryLimit { is_zero: true }),
            Some(bytes) => Ok(Self { bytes }),
        }
    }
}

impl fmt::Display for InvalidMemoryLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_zero {
            "must be greater than zero"
        } else {
            "expected a size such as `512MiB` or `4GiB`"
        })
    }
}

impl std::error::Error for InvalidMemoryLimit {}

#[cfg(test)]
mod tests {
    use super::{MemoryLimit, MemorySize};

    #[test]
    fn units_are_those_of_spark() {
        let mib = |text: &str| text.parse().map(MemorySize::mib).ok();
        for (text, expected) in [
            ("2g", Some(2048)),
            ("2GB", Some(2048)),
            ("2GiB", Some(2048)),
            ("1536m", Some(1536)),
            ("1536", Some(1536)),
            ("1048576k", Some(1024)),
            ("1t", Some(1 << 20)),
            ("512m", Some(512)),
            ("511m", None),
            ("0", None),
            ("", None),
            ("g", None),
            ("-1g", None),
            ("+1g", None),
            ("1.5g", None),
            ("2x", None),
            ("99999999999999999999g", None),
            ("18446744073709551615t", None),
        ] {
            assert_eq!(mib(text), expected, "{text}");
        }
    }

    #[test]
    fn limit_requires_a_unit() {
        let bytes = |text: &str| text.parse().map(MemoryLimit::bytes);
        for (text, expected) in [
            ("64KiB", 64 << 10),
            ("512MiB", 512 << 20),
            ("4gib", 4 << 30),
            ("4g", 4 << 30),
            ("4GB", 4 << 30),
            ("1T", 1 << 40),
        ] {
            assert_eq!(bytes(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "4",
            "GiB",
            "4 GiB",
            "+4GiB",
            "4GiBs",
            "99999999TiB",
            "é",
        ] {
            let error = bytes(text).unwrap_err().to_string();
            assert!(error.starts_with("expected a size"), "{text}: {error}");
        }
        let error = bytes("0GiB").unwrap_err().to_string();
        assert_eq!(error, "must be greater than zero");
    }
}
