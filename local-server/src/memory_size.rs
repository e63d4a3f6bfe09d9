//! Sizes of memory in the format of Spark.

use std::fmt;
use std::str::FromStr;

const MIB: u64 = 1 << 20;

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
        let text = text.trim();
        let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
        let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
            "k" | "kb" | "kib" => 1 << 10,
            "" | "m" | "mb" | "mib" => MIB,
            "g" | "gb" | "gib" => 1 << 30,
            "t" | "tb" | "tib" => 1 << 40,
            _ => return Err(InvalidMemorySize(())),
        };
        let bytes = digits.parse::<u64>().ok();
        let bytes = bytes.and_then(|number| number.checked_mul(unit));
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

#[cfg(test)]
mod tests {
    use super::MemorySize;

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
            ("1.5g", None),
            ("2x", None),
            ("99999999999999999999g", None),
            ("18446744073709551615t", None),
        ] {
            assert_eq!(mib(text), expected, "{text}");
        }
    }
}
