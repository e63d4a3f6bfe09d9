use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::Sandbox;

/// The committed schema is the one of the language as it is. `API_SPEC_BLESS=1` writes it anew.
#[test]
fn the_committed_schema_is_current() {
    let schema = Sandbox::new().run(["schema"]).stdout();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api-spec/schema.json");
    if std::env::var_os("API_SPEC_BLESS").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        committed.replace("\r\n", "\n"),
        schema,
        "API_SPEC_BLESS=1 writes it anew"
    );
}

#[test]
fn every_reference_leads_somewhere() {
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
