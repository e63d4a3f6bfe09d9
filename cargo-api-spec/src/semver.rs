//! Levels of semantic versioning.

use clap::ValueEnum;

/// The part of the version number that a change requires to be increased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum SemverLevel {
    Patch,
    Minor,
    Major,
}

impl SemverLevel {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}
