//! Files as nodes.

use super::node::Node;
use super::{json, yaml};

/// Parses JSON or YAML.
pub(in crate::import) fn parse(text: &str) -> Result<Node, String> {
    let text = text.trim_start_matches('\u{feff}');
    // YAML includes JSON, but the JSON parser is faster and its errors are more precise.
    if text.trim_start().starts_with('{') {
        // A flow mapping of YAML begins with a brace as well.
        return json::parse(text).or_else(|error| yaml::parse(text).map_err(|_| error));
    }
    yaml::parse(text)
}
