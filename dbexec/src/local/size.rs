//! Sizes of memory in options.

use std::str::FromStr;

/// Size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size(u64);

impl Size {
    pub(crate) fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match parse_bytes(text) {
            None => Err("expected a size such as `512MiB` or `4GiB`"),
            Some(0) => Err("must be greater than zero"),
            Some(bytes) => Ok(Self(bytes)),
        }
    }
}

/// Parses digits and a unit. A letter is a unit of 1024, like in the options of Spark and Docker.
fn parse_bytes(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let shift = match unit.to_ascii_lowercase().as_str() {
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        "g" | "gib" => 30,
        "t" | "tib" => 40,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn sizes_have_binary_units() {
        for (text, bytes) in [
            ("64KiB", 64 << 10),
            ("512MiB", 512 << 20),
            ("4GiB", 4 << 30),
            ("4gib", 4 << 30),
            ("4g", 4 << 30),
            ("1T", 1 << 40),
        ] {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
    }

    #[test]
    fn invalid_sizes_are_rejected() {
        // Decimal units are easily confused with binary ones.
        for text in [
            "",
            "4",
            "GiB",
            "4GB",
            "4 GiB",
            "-4GiB",
            "1.5GiB",
            "4GiBs",
            "99999999TiB",
            "é",
        ] {
            let error = text.parse::<Size>().unwrap_err();
            assert!(error.starts_with("expected a size"), "{text}: {error}");
        }
        assert_eq!("0GiB".parse::<Size>(), Err("must be greater than zero"));
    }
}
