//! A required field is not given.

use generated_client::{Language, commands};

fn main() {
    let _ = commands::Execute::new("cluster", "context", Language::Python);
}
