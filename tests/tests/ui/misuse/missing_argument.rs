//! A required field is missing.

use generated_client::{Language, commands};

fn main() {
    let _ = commands::Execute::new("cluster", "context", Language::Python);
}
