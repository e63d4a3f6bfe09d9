//! Values of different enums are not interchangeable.

use generated_client::{CommandStatus, ContextStatus, contexts};

fn main() {
    let _ = contexts::Create::new("cluster", ContextStatus::Running);
    assert!(CommandStatus::Running == ContextStatus::Running);
}
