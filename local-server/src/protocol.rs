//! Events of kernels that contain results.

use serde::Deserialize;

use crate::capture::Captured;
use crate::results::{Results, Table};

/// Event `done` of a command. The outcome has the fields of this struct that follow it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Done {
    id: String,
    outcome: Outcome,
    /// Replaces the output.
    text: Option<String>,
    table: Option<Table>,
    file_name: Option<String>,
    file_names: Option<Vec<String>>,
    summary: Option<String>,
    cause: Option<String>,
    detail: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Text,
    Table,
    Image,
    Images,
    Error,
    Cancelled,
}

impl Done {
    /// Parses the line of an event.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }

    /// Returns the id of the command and its results, or `None` if a field of the outcome is missing.
    pub(crate) fn into_results(self, output: Captured) -> Option<(String, Results)> {
        let results = match self.outcome {
            Outcome::Text => Results::text(self.text.map_or(output, Captured::whole)),
            Outcome::Table => Results::table(self.table?),
            Outcome::Image => Results::image(self.file_name?),
            Outcome::Images => Results::images(self.file_names?),
            Outcome::Error => Results::error(self.summary?, self.cause?),
            Outcome::Cancelled => Results::canceled(&self.detail?),
        };
        Some((self.id, results))
    }
}
