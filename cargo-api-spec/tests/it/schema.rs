//! The JSON Schema of spec files.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::Sandbox;

/// `API_SPEC_BLESS=1` updates the committed schema.
#[test]
fn committed_schema_is_up_to_date() {
    let schema = Sandbox::new().run(["schema"]).stdout();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api-spec/schema.json");
    if std::env::var_os("API_SPEC_BLESS").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed.replace("\r\n", "\n") == schema,
        "api-spec/schema.json is outdated; API_SPEC_BLESS=1 updates it"
    );
}

#[test]
fn all_references_of_the_schema_resolve() {
    let schema = Sandbox::new().run(["schema"]).stdout();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut open = vec![&schema];
    let mut seen = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            Value::String(text) => {
                let Some(pointer) = text.strip_prefix("#/") else {
                    continue;
                };
                assert!(schema.pointer(&format!("/{pointer}")).is_some(), "{text}");
                seen += 1;
            }
            _ => {}
        }
    }
    assert!(seen > 10);
}
