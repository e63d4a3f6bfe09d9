//! Version numbers.

/// Parses the version of Java, for example `17.0.15` or `1.8.0_392`, and returns the number of the feature
/// release.
pub(super) fn java_feature(version: &str) -> Option<u32> {
    // Before Java 9, the feature release was the second number.
    let version = version.strip_prefix("1.").unwrap_or(version);
    let end = version.find(|character: char| !character.is_ascii_digit());
    version[..end.unwrap_or(version.len())].parse().ok()
}

/// Returns the first two numbers of a version, for example of `3.5.9` or `4.0.0-preview1`.
pub(crate) fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.');
    let major = numbers.next()?.parse().ok()?;
    Some((major, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn java_versions_are_feature_releases() {
        let cases = [
            ("17.0.15", Some(17)),
            ("21", Some(21)),
            ("22-ea", Some(22)),
            ("1.8.0_392", Some(8)),
            ("11.0.2+9", Some(11)),
            ("", None),
            ("x", None),
        ];
        for (text, expected) in cases {
            assert_eq!(java_feature(text), expected, "{text}");
        }
    }

    #[test]
    fn spark_versions_have_two_numbers() {
        let cases = [
            ("3.5.9", Some((3, 5))),
            ("4.0.0-preview1", Some((4, 0))),
            ("4", None),
            ("x.y", None),
        ];
        for (text, expected) in cases {
            assert_eq!(major_minor(text), expected, "{text}");
        }
    }
}
