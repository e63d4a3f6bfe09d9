//! Changes as data.

use clap::ValueEnum;

/// How great a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Level {
    Patch,
    Minor,
    Major,
}

impl Level {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Added,
    Removed,
    Changed,
}

impl Kind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// An item of Rust that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) level: Level,
    pub(crate) kind: Kind,
    /// Its path in the client's module.
    pub(crate) item: String,
    pub(crate) why: String,
}

#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) changes: Vec<Change>,
}

impl Report {
    pub(crate) fn added(&mut self, level: Level, item: impl Into<String>, why: impl Into<String>) {
        self.add(level, Kind::Added, item.into(), why.into());
    }

    /// What is gone is always missed by somebody.
    pub(crate) fn removed(&mut self, item: impl Into<String>, why: impl Into<String>) {
        self.add(Level::Major, Kind::Removed, item.into(), why.into());
    }

    pub(crate) fn changed(
        &mut self,
        level: Level,
        item: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.add(level, Kind::Changed, item.into(), why.into());
    }

    /// Words that the compiler repeats to whoever uses the item.
    pub(crate) fn deprecation(&mut self, old: Option<&String>, new: Option<&String>, item: &str) {
        match (old, new) {
            (None, Some(words)) => {
                self.changed(Level::Minor, item, format!("it is deprecated: {words}"));
            }
            (Some(_), None) => self.changed(Level::Minor, item, "it is deprecated no more"),
            (old, new) if old != new => {
                self.changed(Level::Patch, item, "the words of its deprecation");
            }
            _ => {}
        }
    }

    /// A change of words alone.
    pub(crate) fn doc(&mut self, old: &str, new: &str, item: &str) {
        if old != new {
            self.changed(Level::Patch, item, "its documentation");
        }
    }

    fn add(&mut self, level: Level, kind: Kind, item: String, why: String) {
        self.changes.push(Change {
            level,
            kind,
            item,
            why,
        });
    }

    /// The greatest first; else in the order of the description.
    pub(crate) fn sort(&mut self) {
        self.changes
            .sort_by_key(|change| std::cmp::Reverse(change.level));
    }

    /// How great all of it is; `None` where there is nothing.
    pub(crate) fn verdict(&self) -> Option<Level> {
        self.changes.iter().map(|change| change.level).max()
    }
}
