//! Changes between two versions of a client.

use std::fmt;

use crate::semver::SemverLevel;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChangeKind {
    Added,
    Removed,
    Changed,
}

impl ChangeKind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A Rust item that differs between the versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) level: SemverLevel,
    pub(super) kind: ChangeKind,
    /// Path of the item in the module of the client.
    pub(super) item: String,
    pub(super) why: String,
}

#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) changes: Vec<Change>,
}

impl Report {
    pub(super) fn added(
        &mut self,
        level: SemverLevel,
        item: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.push(level, ChangeKind::Added, item.into(), why.into());
    }

    /// Records the removal of a public item, which is always a major change.
    pub(super) fn removed(&mut self, item: impl Into<String>, why: impl Into<String>) {
        let level = SemverLevel::Major;
        self.push(level, ChangeKind::Removed, item.into(), why.into());
    }

    pub(super) fn changed(
        &mut self,
        level: SemverLevel,
        item: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.push(level, ChangeKind::Changed, item.into(), why.into());
    }

    /// Records a property whose value differs. Returns whether it does.
    pub(super) fn compare<T: PartialEq + fmt::Display>(
        &mut self,
        level: SemverLevel,
        item: &str,
        property: &str,
        (old, new): (T, T),
    ) -> bool {
        let differs = old != new;
        if differs {
            self.changed(level, item, format!("{property} is now {new} (was {old})"));
        }
        differs
    }

    /// Like [`compare`](Self::compare), with the values in backticks.
    pub(super) fn compare_code<T: PartialEq + fmt::Display>(
        &mut self,
        level: SemverLevel,
        item: &str,
        property: &str,
        (old, new): (T, T),
    ) -> bool {
        let differs = old != new;
        if differs {
            let why = format!("{property} is now `{new}` (was `{old}`)");
            self.changed(level, item, why);
        }
        differs
    }

    /// Records a difference in the message of `#[deprecated]`, which the compiler shows to users.
    pub(super) fn compare_deprecation(
        &mut self,
        item: &str,
        old: Option<&String>,
        new: Option<&String>,
    ) {
        match (old, new) {
            (None, Some(message)) => {
                self.changed(SemverLevel::Minor, item, format!("deprecated: {message}"));
            }
            (Some(_), None) => self.changed(SemverLevel::Minor, item, "no longer deprecated"),
            (old, new) if old != new => {
                self.changed(SemverLevel::Patch, item, "deprecation message");
            }
            _ => {}
        }
    }

    pub(super) fn compare_docs(&mut self, item: &str, old: &str, new: &str) {
        if old != new {
            self.changed(SemverLevel::Patch, item, "documentation");
        }
    }

    fn push(&mut self, level: SemverLevel, kind: ChangeKind, item: String, why: String) {
        self.changes.push(Change {
            level,
            kind,
            item,
            why,
        });
    }

    /// Sorts by level, major changes first. Changes of one level keep the order of the spec.
    pub(super) fn sort(&mut self) {
        self.changes
            .sort_by_key(|change| std::cmp::Reverse(change.level));
    }

    /// Returns the highest level of all changes, or `None` if there are none.
    pub(super) fn level(&self) -> Option<SemverLevel> {
        self.changes.iter().map(|change| change.level).max()
    }
}
