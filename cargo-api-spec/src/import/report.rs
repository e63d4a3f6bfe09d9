//! What is lost on the way.

use std::fmt::Write as _;

use crate::spec::count;

#[derive(Debug, Default)]
pub(super) struct Report {
    operations: usize,
    /// Operations, and why they are not in the description.
    dropped: Vec<(String, String)>,
    /// Places, and what is told of them more loosely.
    loosened: Vec<(String, String)>,
}

impl Report {
    pub(super) fn operation(&mut self) {
        self.operations += 1;
    }

    pub(super) fn drop(&mut self, operation: &str, why: impl Into<String>) {
        self.dropped.push((operation.to_owned(), why.into()));
    }

    pub(super) fn loosen(&mut self, place: &str, what: impl Into<String>) {
        let note = (place.to_owned(), what.into());
        if !self.loosened.contains(&note) {
            self.loosened.push(note);
        }
    }

    pub(super) fn told(&self) -> String {
        let kept = self.operations.saturating_sub(self.dropped.len());
        let mut text = format!(
            "imported {kept} of {}\n",
            count(self.operations, "operation")
        );
        for (what, notes) in [("dropped", &self.dropped), ("loosened", &self.loosened)] {
            for (place, words) in notes {
                let _ = writeln!(text, "{what}: `{}`: {words}", shown(place));
            }
        }
        text
    }
}

/// A name of the document on one line.
fn shown(name: &str) -> String {
    let shown = name
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c });
    shown.take(120).collect()
}
