//! Words in a name without separators.

/// Words in mixed case. A plural `s` and digits may follow.
const MIXED_CASE: [&str; 29] = [
    "DDoS", "DoS", "ETag", "GHz", "GiB", "IaaS", "IoT", "KiB", "LaTeX", "MHz", "MiB", "OAuth",
    "PaaS", "PhD", "QoS", "SaaS", "TiB", "eSIM", "eTag", "gRPC", "iCal", "iOS", "iPad", "iPhone",
    "kHz", "kWh", "mTLS", "macOS", "oAuth",
];

/// Splits `isJSONSchema` into `is`, `JSON` and `Schema`.
pub(super) fn humps(part: &str) -> impl Iterator<Item = &str> {
    let mut rest = part;
    std::iter::from_fn(move || {
        let hump = rest.get(..hump_length(rest)).filter(|it| !it.is_empty())?;
        rest = &rest[hump.len()..];
        Some(hump)
    })
}

fn hump_length(part: &str) -> usize {
    let bytes = part.as_bytes();
    let start = mixed_case_length(part).unwrap_or(1);
    let mut behind = start..bytes.len();
    behind
        .find(|&at| begins_hump(bytes, at))
        .unwrap_or(bytes.len())
}

/// Returns whether a word is one in mixed case, possibly with digits or in the plural.
pub(super) fn is_mixed_case(word: &str) -> bool {
    mixed_case_length(word).is_some()
}

/// Returns the length of the word in mixed case at the start of a name.
fn mixed_case_length(part: &str) -> Option<usize> {
    let is_word = |word: &&&str| {
        part.strip_prefix(**word)
            .is_some_and(|rest| ends_word(rest) || rest.strip_prefix('s').is_some_and(ends_word))
    };
    MIXED_CASE.iter().find(is_word).map(|word| word.len())
}

/// Returns whether a text does not continue a word in front of it.
fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|first: char| first.is_ascii_lowercase())
}

/// Returns whether another word begins at `at`. The word in front of it begins at 0.
fn begins_hump(bytes: &[u8], at: usize) -> bool {
    let is_lowercase = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    let is_uppercase = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    if !is_uppercase(at) {
        return false;
    }
    if is_lowercase(at - 1) {
        return true;
    }
    if is_uppercase(at - 1) {
        return is_lowercase(at + 1) && !ends_acronym(bytes, at);
    }
    // After a digit: `2FA`, `4K` and `P2P` are one word, `sha256Sum` and `X1Y1` are two.
    let before = &bytes[..at];
    let is_number = before.iter().all(u8::is_ascii_digit);
    let has_one_letter =
        before[0].is_ascii_uppercase() && before[1..].iter().all(u8::is_ascii_digit);
    let is_single = at + 1 == bytes.len() || (is_uppercase(at + 1) && is_lowercase(at + 2));
    is_lowercase(at + 1) || !(is_number || (has_one_letter && is_single))
}

/// Returns whether the letter at `at` is the last one of an acronym in front of a plural or of a version:
/// `URLs`, `IPv6`.
fn ends_acronym(bytes: &[u8], at: usize) -> bool {
    let behind = bytes.get(at + 2);
    match bytes.get(at + 1) {
        // `XMLIsValid` and `VMAsTemplate` contain words.
        Some(b's') if b"AI".contains(&bytes[at]) => behind.is_none(),
        Some(b's') => behind.is_none_or(|it| !it.is_ascii_lowercase()),
        Some(b'v') => behind.is_some_and(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_words(name: &str, expected: &str) {
        let words: Vec<_> = humps(name).collect();
        assert_eq!(words.join(" "), expected);
    }

    #[test]
    fn words_begin_with_an_uppercase_letter() {
        assert_words("clusterId", "cluster Id");
        assert_words("isJSONSchema", "is JSON Schema");
        assert_words("HTTPCode", "HTTP Code");
        assert_words("sha256Sum", "sha256 Sum");
        assert_words("EC2Instance", "EC2 Instance");
        assert_words("STATE", "STATE");
    }

    #[test]
    fn plural_of_an_acronym_is_one_word() {
        assert_words("URLs", "URLs");
        assert_words("clientIDsList", "client IDs List");
        assert_words("publicAPIs", "public APIs");
        assert_words("XMLIsValid", "XML Is Valid");
        assert_words("VMAsTemplate", "VM As Template");
        assert_words("DNSSettings", "DNS Settings");
    }

    #[test]
    fn acronym_with_a_version_is_one_word() {
        assert_words("IPv6", "IPv6");
        assert_words("sourceIPv4Prefix", "source IPv4 Prefix");
        assert_words("TLSv1", "TLSv1");
        assert_words("APIView", "API View");
    }

    #[test]
    fn words_in_mixed_case_are_not_split() {
        assert_words("OAuth2Token", "OAuth2 Token");
        assert_words("AllowedOAuthFlows", "Allowed OAuth Flows");
        assert_words("oAuthScopes", "oAuth Scopes");
        assert_words("iOSVersion", "iOS Version");
        assert_words("ETags", "ETags");
        assert_words("ETagger", "E Tagger");
        assert_words("sizeGiB", "size GiB");
        assert_words("readIOGiB", "read IO GiB");
    }

    #[test]
    fn letters_after_digits_are_part_of_a_short_word() {
        assert_words("2FA", "2FA");
        assert_words("3DSecure", "3D Secure");
        assert_words("P2P", "P2P");
        assert_words("B2BCustomer", "B2B Customer");
        assert_words("I18N", "I18N");
        assert_words("X1Y1", "X1 Y1");
        assert_words("Line2B", "Line2 B");
        assert_words("100Continue", "100 Continue");
    }
}
