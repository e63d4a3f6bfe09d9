//! Suggestions for misspelled names.

use strsim::osa_distance;

use super::lookalikes;

/// Longer names are not compared, which bounds the cost of a suggestion.
const MAX_NAME_LEN: usize = 64;

/// Returns the candidate that `name` is most likely a misspelling of. Of equally similar candidates,
/// the first one is returned. Case is ignored.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > MAX_NAME_LEN {
        return None;
    }
    let ascii = lookalikes::to_ascii(name);
    let name = ascii.as_deref().unwrap_or(name).to_lowercase();
    let len = name.chars().count();
    let mut limit = (len / 3).max(1) + 1;
    let mut best: Option<(&str, bool)> = None;
    for candidate in candidates {
        if candidate.len() > 2 * MAX_NAME_LEN {
            continue;
        }
        let other = candidate.to_lowercase();
        let other_len = other.chars().count();
        // Names without a common character are not similar, however short they are.
        let limit_here = limit.min(len.max(other_len));
        // The distance is at least the difference in length, which is cheap to compute.
        if len.abs_diff(other_len) > limit_here {
            continue;
        }
        let distance = osa_distance(&name, &other);
        // Exchanged letters are a more likely mistake than others.
        let is_exchanged = || has_same_letters(&name, &other);
        if distance < limit_here {
            best = Some((candidate, is_exchanged()));
            limit = distance;
        } else if distance == limit
            && best.is_some_and(|(_, is_exchanged)| !is_exchanged)
            && is_exchanged()
        {
            best = Some((candidate, true));
        }
    }
    best.map(|(name, _)| name)
}

fn has_same_letters(one: &str, other: &str) -> bool {
    let letters = |name: &str| {
        let mut letters: Vec<char> = name.chars().collect();
        letters.sort_unstable();
        letters
    };
    letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 6] = ["doc", "http", "json", "query", "response", "multipart"];

    #[test]
    fn misspelled_name_finds_the_candidate() {
        assert_eq!(nearest("jsno", KEYS), Some("json"));
        assert_eq!(nearest("respons", KEYS), Some("response"));
        assert_eq!(nearest("Query", KEYS), Some("query"));
        assert_eq!(nearest("mutlipart", KEYS), Some("multipart"));
        assert_eq!(nearest("dco", KEYS), Some("doc"));
        assert_eq!(nearest("grösse", ["größe"]), Some("größe"));
    }

    #[test]
    fn unrelated_name_finds_no_candidate() {
        assert_eq!(nearest("timeout", KEYS), None);
        assert_eq!(nearest("", KEYS), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest(&"json".repeat(100), KEYS), None);
    }

    #[test]
    fn exchanged_letters_are_preferred_to_other_mistakes() {
        assert_eq!(nearest("uath", ["path", "auth"]), Some("auth"));
        assert_eq!(nearest("uath", ["auth", "path"]), Some("auth"));
    }

    #[test]
    fn nearest_candidate_is_preferred_then_the_first() {
        assert_eq!(nearest("Runing", ["Ruling", "Running"]), Some("Ruling"));
        assert_eq!(nearest("running", ["Runnings", "Running"]), Some("Running"));
    }
}
