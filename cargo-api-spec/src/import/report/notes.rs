//! Notes about values of the document.

use std::collections::{HashMap, HashSet};

use crate::import::document::{Document, Node};

/// Records what the spec expresses less precisely than the document, or not at all.
#[derive(Debug, Default)]
pub(in crate::import) struct Report {
    pub(super) operations: usize,
    /// Operations that are not in the spec, with the reason, by the address of the operation.
    pub(super) dropped: HashMap<usize, Vec<(String, String)>>,
    /// Notes by the address of the value that they are about.
    pub(super) notes: HashMap<usize, Vec<Note>>,
    /// Address and text of each note.
    recorded: HashSet<(usize, String)>,
    /// Reasons by the address of a value that is omitted, or that is imported with a difference.
    pub(super) ignored: HashMap<usize, Vec<String>>,
}

#[derive(Debug)]
pub(super) struct Note {
    /// Name in the spec, if the value has one.
    pub(super) name: String,
    pub(super) text: String,
}

impl Report {
    pub(in crate::import) const fn count_operation(&mut self) {
        self.operations += 1;
    }

    /// Records that an operation is not in the spec.
    pub(in crate::import) fn drop_operation(
        &mut self,
        place: &Node,
        name: &str,
        reason: impl Into<String>,
    ) {
        place.mark_noted();
        place.mark_reported();
        let dropped = self.dropped.entry(place.address()).or_default();
        dropped.push((name.to_owned(), reason.into()));
    }

    /// Records that the value at `place` is approximated. A repeated note is recorded once.
    pub(in crate::import) fn approximate(
        &mut self,
        place: &Node,
        name: &str,
        note: impl Into<String>,
    ) {
        let (address, text) = (place.read().address(), note.into());
        if self.recorded.insert((address, text.clone())) {
            place.mark_noted();
            let name = name.to_owned();
            self.notes
                .entry(address)
                .or_default()
                .push(Note { name, text });
        }
    }

    /// Records that the value at `place` is approximated as a whole: nothing that it contains is
    /// reported.
    pub(in crate::import) fn replace(&mut self, place: &Node, name: &str, note: impl Into<String>) {
        self.approximate(place, name, note);
        place.mark_reported();
    }

    /// Records a difference that many values of a document have. Equal ones are reported together.
    pub(in crate::import) fn remark(&mut self, place: &Node, reason: impl Into<String>) {
        self.add_reason(place.read(), reason.into());
    }

    /// Records that the value at `place` is omitted, with the reason.
    pub(in crate::import) fn ignore(&mut self, place: &Node, reason: impl Into<String>) {
        place.mark_reported();
        self.add_reason(place, reason.into());
    }

    /// Records a reason. A repeated one is recorded once.
    fn add_reason(&mut self, place: &Node, reason: String) {
        place.mark_noted();
        let reasons = self.ignored.entry(place.address()).or_default();
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }

    /// Follows references until it reaches a value that is none. Returns `None` and records the
    /// reference if that is not possible.
    pub(in crate::import) fn resolve<'d>(
        &mut self,
        document: &'d Document,
        value: &'d Node,
    ) -> Option<&'d Node> {
        let resolved = document.resolve(value);
        resolved.map_err(|reason| self.ignore(value, reason)).ok()
    }
}
