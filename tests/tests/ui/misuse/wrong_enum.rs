//! A value of another enumeration.

use generated_client::{CommandStatus, ContextStatus, contexts};

fn main() {
    let _ = contexts::Create::new("cluster", ContextStatus::Running);
    assert!(CommandStatus::Running == ContextStatus::Running);
}
