//! The nearest known word.

/// Words longer than this are not compared: nobody mistypes them by a letter.
const LONGEST: usize = 64;

/// The candidate that `word` was most likely meant to be.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word: Vec<char> = word
        .chars()
        .take(LONGEST + 1)
        .flat_map(char::to_lowercase)
        .collect();
    if word.len() > LONGEST {
        return None;
    }
    let allowed = (word.len() / 3).max(1);
    let mut best = None;
    for candidate in candidates {
        let limit = best.map_or(allowed + 1, |(distance, _)| distance);
        if let Some(distance) = distance_below(&word, candidate, limit) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The edit distance, case ignored, where it is less than `limit` and leaves anything in common.
fn distance_below(word: &[char], candidate: &str, limit: usize) -> Option<usize> {
    if candidate.len() > 4 * LONGEST {
        return None;
    }
    let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
    if word.len().abs_diff(other.len()) >= limit {
        return None;
    }
    let distance = edit_distance(word, &other);
    (distance < limit && distance < word.len().max(other.len())).then_some(distance)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 6] = ["doc", "http", "json", "query", "response", "multipart"];

    #[test]
    fn a_slip_finds_its_word() {
        assert_eq!(nearest("jsno", WORDS), Some("json"));
        assert_eq!(nearest("respons", WORDS), Some("response"));
        assert_eq!(nearest("Query", WORDS), Some("query"));
        assert_eq!(nearest("mutlipart", WORDS), Some("multipart"));
        assert_eq!(nearest("dco", WORDS), Some("doc"));
    }

    #[test]
    fn anything_else_finds_none() {
        assert_eq!(nearest("timeout", WORDS), None);
        assert_eq!(nearest("", WORDS), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest(&"json".repeat(100), WORDS), None);
    }

    #[test]
    fn the_nearest_wins_and_then_the_first() {
        assert_eq!(nearest("Runing", ["Ruling", "Running"]), Some("Ruling"));
        assert_eq!(nearest("running", ["Runnings", "Running"]), Some("Running"));
    }

    #[test]
    fn distances() {
        let distance = |a: &str, b: &str| {
            edit_distance(
                &a.chars().collect::<Vec<_>>(),
                &b.chars().collect::<Vec<_>>(),
            )
        };
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("größe", "grösse"), 2);
    }
}
