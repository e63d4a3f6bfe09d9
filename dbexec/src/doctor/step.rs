//! Steps and their results.

use serde_json::{Value, json};

use crate::error::{CliError, Exit};
use crate::one_line::one_line;

pub(super) const AFTER_SETTINGS: [&str; 7] = [
    "proxy",
    "name, tcp",
    "tls",
    "clock",
    "credentials",
    "cluster",
    "context",
];
pub(super) const AFTER_TCP: [&str; 5] = ["tls", "clock", "credentials", "cluster", "context"];
pub(super) const AFTER_TLS: [&str; 4] = ["clock", "credentials", "cluster", "context"];
pub(super) const AFTER_CREDENTIALS: [&str; 2] = ["cluster", "context"];
pub(super) const AFTER_CLUSTER: [&str; 1] = ["context"];

/// Result of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    /// With the exit code.
    Failed(Exit),
    Skipped,
}

/// A step with its result.
#[derive(Debug)]
pub(super) struct Step {
    name: &'static str,
    pub(super) status: Status,
    text: String,
    details: Vec<String>,
    help: Vec<String>,
}

impl Step {
    fn new(name: &'static str, status: Status, text: impl Into<String>) -> Self {
        Self {
            name,
            status,
            text: one_line(text.into()),
            details: Vec::new(),
            help: Vec::new(),
        }
    }

    pub(super) fn ok(name: &'static str, text: impl Into<String>) -> Self {
        Self::new(name, Status::Ok, text)
    }

    pub(super) fn skipped(name: &'static str, reason: impl Into<String>) -> Self {
        Self::new(name, Status::Skipped, reason)
    }

    /// A step that failed with an error of `dbexec run`.
    pub(super) fn failed(name: &'static str, error: &CliError) -> Self {
        Self::failed_with(name, error.exit(), error.message())
    }

    pub(super) fn failed_with(name: &'static str, exit: Exit, text: &str) -> Self {
        Self::new(name, Status::Failed(exit), text)
    }

    /// Adds a line with a fact.
    pub(super) fn detail(mut self, text: impl Into<String>) -> Self {
        self.details.push(one_line(text.into()));
        self
    }

    /// Adds a line with the next thing to try.
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(one_line(text.into()));
        self
    }

    pub(super) fn to_text(&self) -> String {
        let status = match self.status {
            Status::Ok => "ok",
            Status::Failed(_) => "FAIL",
            Status::Skipped => "skip",
        };
        let mut text = format!("{status:<4}  {:<11}  {}\n", self.name, self.text);
        let help = self.help.iter().map(|help| format!("try: {help}"));
        for line in self.details.iter().cloned().chain(help) {
            text.push_str(&["      ", &line, "\n"].concat());
        }
        text
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "status": match self.status {
                Status::Ok => "ok",
                Status::Failed(_) => "failed",
                Status::Skipped => "skipped",
            },
            "text": self.text,
            "details": self.details,
            "try": self.help,
        })
    }
}
