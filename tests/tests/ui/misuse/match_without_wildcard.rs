//! Enums are non-exhaustive: a `match` needs a wildcard arm.

use generated_client::{ContextStatus, ErrorKind, Results};

fn status(status: &ContextStatus) -> &str {
    match status {
        ContextStatus::Pending => "pending",
        ContextStatus::Running => "running",
        ContextStatus::Error => "error",
        ContextStatus::Unknown(word) => word,
    }
}

fn results(results: &Results) -> &str {
    match results {
        Results::Text(_) => "text",
        Results::Table(_) => "table",
        Results::Image(_) | Results::Images(_) => "images",
        Results::Error(_) => "error",
        Results::Unknown(_) => "unknown",
    }
}

fn main() {
    let _ = (status, results, ErrorKind::Status);
}
