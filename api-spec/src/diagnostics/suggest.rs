//! The nearest known word.

/// Words longer than this are not compared: nobody mistypes them by a letter.
const LONGEST: usize = 64;

/// A file with more faults than this does not suffer from slips, and should not take long.
const ENOUGH_FAULTS: usize = 100;

/// The candidate that `word` was most likely meant to be, in a file with so many faults before.
pub(crate) fn nearest<'a>(
    faults: usize,
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if faults >= ENOUGH_FAULTS || word.len() > LONGEST {
        return None;
    }
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let mut limit = (word.len() / 3).max(1) + 1;
    let mut best = None;
    let mut other = Vec::new();
    let mut rows = Rows::default();
    for candidate in candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= 2 * LONGEST)
    {
        other.clear();
        other.extend(candidate.chars().flat_map(char::to_lowercase));
        // Words that have nothing in common are not near, however short they are.
        let limit_here = limit.min(word.len().max(other.len()));
        if let Some(distance) = rows.distance_below(&word, &other, limit_here) {
            best = Some(candidate);
            limit = distance;
        }
    }
    best
}

/// Three rows of the table of distances, kept from word to word.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    /// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`, if
    /// it is less than `limit`.
    fn distance_below(&mut self, a: &[char], b: &[char], limit: usize) -> Option<usize> {
        if a.len().abs_diff(b.len()) >= limit {
            return None;
        }
        self.last.clear();
        self.last.extend(0..=b.len());
        self.before.clone_from(&self.last);
        for i in 1..=a.len() {
            self.fill_row(a, b, i);
            let least = self.row.iter().chain(&self.last).min();
            if least.is_none_or(|&least| least >= limit) {
                return None;
            }
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.row);
        }
        self.last
            .last()
            .copied()
            .filter(|&distance| distance < limit)
    }

    fn fill_row(&mut self, a: &[char], b: &[char], i: usize) {
        self.row.clear();
        self.row.push(i);
        for j in 1..=b.len() {
            let replaced = self.last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(self.last[j] + 1).min(self.row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(self.before[j - 2] + 1);
            }
            self.row.push(least);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        nearest(0, word, candidates)
    }

    const WORDS: [&str; 6] = ["doc", "http", "json", "query", "response", "multipart"];

    #[test]
    fn a_slip_finds_its_word() {
        assert_eq!(near("jsno", WORDS), Some("json"));
        assert_eq!(near("respons", WORDS), Some("response"));
        assert_eq!(near("Query", WORDS), Some("query"));
        assert_eq!(near("mutlipart", WORDS), Some("multipart"));
        assert_eq!(near("dco", WORDS), Some("doc"));
    }

    #[test]
    fn anything_else_finds_none() {
        assert_eq!(near("timeout", WORDS), None);
        assert_eq!(near("", WORDS), None);
        assert_eq!(near("x", ["y"]), None);
        assert_eq!(near(&"json".repeat(100), WORDS), None);
    }

    #[test]
    fn the_nearest_wins_and_then_the_first() {
        assert_eq!(near("Runing", ["Ruling", "Running"]), Some("Ruling"));
        assert_eq!(near("running", ["Runnings", "Running"]), Some("Running"));
    }

    #[test]
    fn a_file_full_of_faults_gets_no_more_hints() {
        assert_eq!(nearest(ENOUGH_FAULTS, "jsno", WORDS), None);
    }

    #[test]
    fn distances_are_given_up_at_the_limit() {
        let (a, b): (Vec<char>, Vec<char>) =
            ("kitten".chars().collect(), "sitting".chars().collect());
        assert_eq!(Rows::default().distance_below(&a, &b, 4), Some(3));
        assert_eq!(Rows::default().distance_below(&a, &b, 3), None);
    }

    #[test]
    fn distances() {
        let distance = |a: &str, b: &str| {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            Rows::default().distance_below(&a, &b, usize::MAX).unwrap()
        };
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("größe", "grösse"), 2);
    }
}
