//! Differences between the document and the imported spec.

use std::collections::HashSet;
use std::fmt;

use crate::console::count;

#[derive(Debug, Default)]
pub(super) struct Report {
    operations: usize,
    /// Operations that are not in the spec, with the reason.
    dropped: Vec<(String, String)>,
    /// Parts of the document that the spec expresses less precisely or omits.
    approximated: Vec<(String, String)>,
    /// The entries of `approximated`.
    recorded: HashSet<(String, String)>,
}

impl Report {
    pub(super) fn count_operation(&mut self) {
        self.operations += 1;
    }

    pub(super) fn drop_operation(&mut self, operation: &str, reason: impl Into<String>) {
        self.dropped.push((operation.to_owned(), reason.into()));
    }

    /// Records that `part` of the document is approximated. A repeated note is recorded once.
    pub(super) fn approximate(&mut self, part: &str, note: impl Into<String>) {
        let entry = (part.to_owned(), note.into());
        if self.recorded.insert(entry.clone()) {
            self.approximated.push(entry);
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let imported = self.operations.saturating_sub(self.dropped.len());
        let operations = count(self.operations, "operation");
        write!(f, "imported {imported} of {operations}")?;
        let dropped = self.dropped.iter().map(|entry| ("dropped", entry));
        let approximated = self.approximated.iter();
        let approximated = approximated.map(|entry| ("approximated", entry));
        for (label, (part, note)) in dropped.chain(approximated) {
            let part: String = part.chars().take(MAX_NAME_CHARS).collect();
            write!(f, "\n{label}: `{}`: {}", printable(&part), printable(note))?;
        }
        Ok(())
    }
}

const MAX_NAME_CHARS: usize = 120;

/// Replaces control characters, which a document could use to move the cursor of a terminal.
fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}
