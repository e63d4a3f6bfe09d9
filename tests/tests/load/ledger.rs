//! Commands that a context has run, according to the responses.

use std::collections::HashSet;

/// Commands of a Python, R or Scala context: a counter, which each command increments.
#[derive(Debug, Default)]
pub(super) struct Counts {
    seen: HashSet<usize>,
    /// Number of canceled commands that did not report a count.
    unknown: usize,
}

impl Counts {
    pub(super) fn add(&mut self, count: usize) {
        assert!(
            self.seen.insert(count),
            "two commands have counted to {count}"
        );
    }

    pub(super) fn add_unknown(&mut self) {
        self.unknown += 1;
    }

    /// Checks the responses against the counter of the context.
    pub(super) fn check(&self, total: usize) {
        let missing = (1..=total).filter(|count| !self.seen.contains(count));
        let missing: Vec<_> = missing.collect();
        assert!(
            missing.len() <= self.unknown,
            "lost: {missing:?} of {total}, {self:?}"
        );
        let beyond: Vec<_> = self.seen.iter().filter(|&&count| count > total).collect();
        assert!(beyond.is_empty(), "more than {total}: {beyond:?}");
    }
}

/// Commands of a SQL context: a variable to which commands append their number.
#[derive(Debug, Default)]
pub(super) struct Log {
    appended: HashSet<usize>,
    /// Canceled commands that may have appended their number.
    unknown: HashSet<usize>,
    /// Values of the variable in rows and errors.
    observed: Vec<String>,
}

impl Log {
    pub(super) fn add(&mut self, number: usize) {
        self.appended.insert(number);
    }

    pub(super) fn add_unknown(&mut self, number: usize) {
        self.unknown.insert(number);
    }

    pub(super) fn observe(&mut self, value: String) {
        self.observed.push(value);
    }

    /// Checks the responses against the variable of the context.
    pub(super) fn check(&self, variable: &str) {
        let mut numbers = HashSet::new();
        for word in variable.split_terminator(' ') {
            let number = word.parse().unwrap();
            assert!(
                numbers.insert(number),
                "{number} was appended twice: {variable}"
            );
            let is_known = self.appended.contains(&number) || self.unknown.contains(&number);
            assert!(is_known, "{number} belongs to another context: {variable}");
        }
        let lost: Vec<_> = self.appended.difference(&numbers).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        for value in &self.observed {
            let is_prefix = variable.strip_prefix(value.as_str()).is_some();
            let is_whole = value.is_empty() || value.ends_with(' ');
            assert!(
                is_prefix && is_whole,
                "{value:?} was never the value of {variable:?}"
            );
        }
    }
}
