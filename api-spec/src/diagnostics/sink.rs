//! The sink that collects the diagnostics of one run.

use super::diagnostic::{Diagnostic, Label};
use super::{lookalikes, suggest};
use crate::source::{Source, Span};

/// Proof that an error has been reported.
///
/// Only [`Diagnostics::report`] creates it, so no function can fail without a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reported(());

/// A value without the parts that have errors, and whether there are any.
#[derive(Debug)]
pub(crate) struct Checked<T> {
    pub(crate) value: T,
    pub(crate) status: Result<(), Reported>,
}

impl<T> Checked<T> {
    pub(crate) const fn ok(value: T) -> Self {
        Self {
            value,
            status: Ok(()),
        }
    }

    /// Replaces a missing value by `rest`.
    pub(crate) fn or(result: Result<T, Reported>, rest: T) -> Self {
        match result {
            Ok(value) => Self::ok(value),
            Err(reported) => Self {
                value: rest,
                status: Err(reported),
            },
        }
    }

    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> Checked<U> {
        Checked {
            value: map(self.value),
            status: self.status,
        }
    }
}

/// The diagnostics of one run.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
    /// The tables with syntax errors.
    broken: Vec<(Span, Reported)>,
    /// The error due to which declarations of names are missing.
    lost_names: Option<Reported>,
}

impl Diagnostics {
    /// Adds an error, unless it may follow from a syntax error or from a missing file.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        debug_assert!(diagnostic.is_error(), "{diagnostic:?}");
        if let Some(reported) = self.cause_of(&diagnostic) {
            return reported;
        }
        self.list.push(diagnostic);
        Reported(())
    }

    /// Adds an error that has one cause in several places: an earlier one with the same message gets a
    /// label in its place, if it has the same secondary labels.
    pub(crate) fn report_cause(&mut self, diagnostic: Diagnostic) -> Reported {
        let causes = diagnostic.labels.get(1..).unwrap_or_default();
        let is_same = |it: &Diagnostic| {
            let has_causes = || causes.iter().all(|label| it.labels.contains(label));
            it.code == diagnostic.code && it.message == diagnostic.message && has_causes()
        };
        match self.list.iter().position(is_same) {
            Some(index) => {
                self.extend(index, diagnostic.span(), "also here");
                Reported(())
            }
            None => self.report(diagnostic),
        }
    }

    /// Adds an error that can be extended.
    pub(crate) fn report_group(&mut self, diagnostic: Diagnostic) -> (usize, Reported) {
        let index = self.list.len();
        let reported = self.report(diagnostic);
        let is_added = self.list.len() > index;
        (if is_added { index } else { usize::MAX }, reported)
    }

    /// Adds a table with a syntax error. Errors in it are not reported.
    pub(crate) fn add_broken(&mut self, table: Span, reported: Reported) {
        self.broken.push((table, reported));
    }

    /// Records that declarations of names are missing. Unknown names are not reported.
    pub(crate) fn set_lost_names(&mut self, reported: Reported) {
        self.lost_names = Some(reported);
    }

    /// Returns the syntax error of the table that contains the offset.
    pub(crate) fn broken_at(&self, offset: usize) -> Option<Reported> {
        let contains = |(span, _): &&(Span, Reported)| span.range().contains(&offset);
        self.broken
            .iter()
            .find(contains)
            .map(|(_, reported)| *reported)
    }

    /// Returns the error from which this one may follow.
    fn cause_of(&self, diagnostic: &Diagnostic) -> Option<Reported> {
        let lost_names = self
            .lost_names
            .filter(|_| diagnostic.code.depends_on_names());
        let labels = &diagnostic.labels;
        lost_names.or_else(|| labels.iter().find_map(|it| self.broken_at(it.span.start)))
    }

    /// Adds a label to an error of [`report_group`](Self::report_group), unless it has many.
    pub(crate) fn extend(&mut self, index: usize, span: Span, text: &str) {
        const MAX_LABELS: usize = 6;
        if let Some(diagnostic) = self.list.get_mut(index)
            && (1..MAX_LABELS).contains(&diagnostic.labels.len())
        {
            let primary = &mut diagnostic.labels[0].span;
            let (first, other) = (span.min(*primary), span.max(*primary));
            *primary = first;
            diagnostic.labels.push(Label {
                span: other,
                text: text.to_owned(),
            });
        }
    }

    /// Adds a warning.
    pub(crate) fn warn(&mut self, diagnostic: Diagnostic) {
        debug_assert!(!diagnostic.is_error(), "{diagnostic:?}");
        self.list.push(diagnostic);
    }

    /// Returns the number of diagnostics, which is the index of the next one.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the candidate that is most similar to `name`, if one is similar enough.
    ///
    /// A spec with many errors does not get suggestions for all of them, which bounds their cost.
    pub(crate) fn nearest<'a>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        const SUGGESTION_BUDGET: usize = 100;
        if self.list.len() >= SUGGESTION_BUDGET {
            return None;
        }
        suggest::nearest(name, candidates)
    }

    /// Returns the diagnostics in the order of the file.
    pub(crate) fn into_sorted(mut self, source: &Source) -> Vec<Diagnostic> {
        for diagnostic in &mut self.list {
            describe_lookalike(diagnostic, source);
        }
        self.list.sort_by_key(Diagnostic::span);
        self.list
    }
}

/// Adds a help line if the text in question looks like ASCII text, but has another character.
fn describe_lookalike(diagnostic: &mut Diagnostic, source: &Source) {
    let span = source.clamp(diagnostic.span());
    let (file, start) = source.file_at(span.start);
    let span = span.relative_to(start);
    let text = &file.text()[span.range()];
    let next = || file.text()[span.end..].chars().next();
    let next = if text.is_empty() { next() } else { None };
    let text = next.map_or_else(|| text.to_owned(), String::from);
    if lookalikes::to_ascii(&text).is_some() {
        diagnostic.help.extend(lookalikes::describe(&text));
    }
}

/// Returns the values without errors, and the last error.
pub(crate) fn collect_valid<T>(
    items: impl IntoIterator<Item = Result<T, Reported>>,
) -> Checked<Vec<T>> {
    let mut checked = Checked::ok(Vec::new());
    for item in items {
        match item {
            Ok(value) => checked.value.push(value),
            Err(reported) => checked.status = Err(reported),
        }
    }
    checked
}

/// Returns all values, or the last error. Evaluates all items even after an error, so that all
/// errors are reported in one run.
pub(crate) fn collect_all<T, C: Default + Extend<T>>(
    items: impl IntoIterator<Item = Result<T, Reported>>,
) -> Result<C, Reported> {
    let mut values = C::default();
    let mut status = Ok(());
    for item in items {
        match item {
            Ok(value) => values.extend([value]),
            Err(reported) => status = Err(reported),
        }
    }
    status.map(|()| values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::messages::pages;

    fn with_errors(count: usize) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for start in 0..count {
            let span = Span { start, end: start };
            diagnostics.report(pages::pagination_kind(span, &pages::KindError::None));
        }
        diagnostics
    }

    #[test]
    fn names_get_no_suggestions_after_many_errors() {
        assert_eq!(with_errors(99).nearest("jsno", ["json"]), Some("json"));
        assert_eq!(with_errors(100).nearest("jsno", ["json"]), None);
    }

    #[test]
    fn collect_all_evaluates_items_after_an_error() {
        let mut diagnostics = Diagnostics::default();
        let result: Result<Vec<usize>, _> = collect_all((0..4).map(|start| {
            let span = Span { start, end: start };
            match start {
                1 | 3 => {
                    Err(diagnostics.report(pages::pagination_kind(span, &pages::KindError::None)))
                }
                _ => Ok(start),
            }
        }));
        assert!(result.is_err());
        assert_eq!(diagnostics.into_sorted(&Source::new("", "")).len(), 2);
    }
}
