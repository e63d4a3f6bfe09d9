//! Versions of Java that Spark supports.

use std::fmt;

use super::version;

/// Versions of Java that a version of Spark supports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    spark: String,
    min: u32,
    max: Option<u32>,
}

impl Requirement {
    /// Returns the requirement of a version of Spark.
    pub(super) fn of(spark: &str) -> Self {
        let is_3 = version::major_minor(spark).is_some_and(|(major, _)| major == 3);
        Self {
            spark: spark.to_owned(),
            min: if is_3 { 8 } else { 17 },
            max: is_3.then_some(17),
        }
    }

    pub(super) fn accepts(&self, java: u32) -> bool {
        java >= self.min && self.max.is_none_or(|max| java <= max)
    }

    /// Returns the version to install.
    pub(super) fn recommended(&self) -> u32 {
        self.max.unwrap_or(self.min)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { spark, min, max } = self;
        match max {
            Some(max) => write!(f, "Spark {spark} requires Java {min} to {max}"),
            None => write!(f, "Spark {spark} requires Java {min} or newer"),
        }
    }
}
