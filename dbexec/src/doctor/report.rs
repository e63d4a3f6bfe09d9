//! Printed report.

use serde_json::json;

use super::step::{Status, Step};
use crate::cli::StatusFormat;
use crate::console;
use crate::error::{CliError, Exit};

/// Report that is printed while the steps run, or as JSON at the end.
pub(super) struct Report {
    format: StatusFormat,
    steps: Vec<Step>,
    exit: Option<Exit>,
}

impl Report {
    pub(super) fn new(format: StatusFormat) -> Self {
        Self {
            format,
            steps: Vec::new(),
            exit: None,
        }
    }

    /// Adds a step, and returns whether it did not fail.
    pub(super) fn add(&mut self, step: Step) -> Result<bool, CliError> {
        if let Status::Failed(exit) = step.status {
            self.exit.get_or_insert(exit);
        }
        if self.format == StatusFormat::Text {
            console::print(&step.to_text())?;
        }
        let has_failed = matches!(step.status, Status::Failed(_));
        self.steps.push(step);
        Ok(!has_failed)
    }

    /// Adds steps that cannot be tested.
    pub(super) fn skip(&mut self, names: &[&'static str], reason: &str) -> Result<(), CliError> {
        for name in names {
            self.add(Step::skipped(name, reason))?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), CliError> {
        let exit = self.exit.map_or(0, |exit| exit as u8);
        if self.format == StatusFormat::Json {
            let steps: Vec<_> = self.steps.iter().map(Step::to_json).collect();
            let document = json!({ "exit": exit, "steps": steps });
            console::print_json(&format!("{document:#}\n"))?;
        }
        match self.exit {
            Some(exit) => Err(CliError::reported(exit)),
            None => Ok(()),
        }
    }
}
