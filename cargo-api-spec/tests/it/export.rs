//! Specs as OpenAPI documents.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{CLOCK, Sandbox, snapshot};

/// Returns the specs of tests, then those of Databricks.
pub(crate) fn specs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["api-spec/tests/valid", "tests/specs", "runtime/tests/specs"] {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        let paths = entries.map(|it| it.unwrap().path());
        files.extend(paths.filter(|it| it.extension().is_some_and(|it| it == "toml")));
    }
    files.sort();
    for version in ["2.0", "1.2"] {
        files.push(root.join(format!("api-spec/databricks-{version}.toml")));
    }
    files
}

#[test]
fn exported_documents_match_their_snapshots() {
    let sandbox = Sandbox::with(&[("clock.toml", CLOCK)]);
    snapshot(
        "export_clock",
        &sandbox.run(["export", "clock.toml"]).stdout(),
    );
    let shipped = specs().pop().unwrap();
    snapshot(
        "export_databricks",
        &sandbox
            .run(["export".as_ref(), shipped.as_os_str()])
            .stdout(),
    );
}

#[test]
fn endpoint_with_url_from_a_response_is_beside_the_paths() {
    let follow = "\n[endpoints.time.follow]\ndoc = \"Follows.\"\nhttp = \"GET {link}\"\n\
                  path = { link = \"string\" }\n";
    let sandbox = Sandbox::with(&[("clock.toml", &format!("{CLOCK}{follow}"))]);
    let done = sandbox.run(["export", "clock.toml"]);
    assert_eq!(
        done.stderr,
        "warning: `time.follow` is in `x-api-spec-operations`: OpenAPI does not support requests to a URL \
         from a response\n"
    );
    let document: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(document["paths"].as_object().unwrap().len(), 1);
    assert_eq!(
        document["x-api-spec-operations"][0]["x-api-spec-http"],
        "GET {link}"
    );
}

#[test]
fn api_version_is_exported() {
    let sandbox = Sandbox::with(&[("clock.toml", CLOCK)]);
    let text = sandbox
        .run(["export", "clock.toml", "--api-version", "2.1"])
        .stdout();
    assert!(text.contains("\"version\": \"2.1\""), "{text}");
}

#[test]
fn endpoint_that_openapi_cannot_distinguish_is_omitted() {
    let twice = format!("{CLOCK}\n[endpoints.time.also]\ndoc = \"Again.\"\nhttp = \"GET /time\"\n");
    let sandbox = Sandbox::with(&[("clock.toml", &twice)]);
    let done = sandbox.run(["export", "clock.toml"]);
    assert_eq!(done.code, Some(0), "{done}");
    let warning = "warning: `time.also` omitted: same method, path and media type as `time.show`\n";
    assert_eq!(done.stderr, warning);
}

#[test]
fn exported_documents_are_valid() {
    for path in specs() {
        let text = Sandbox::new()
            .run(["export".as_ref(), path.as_os_str()])
            .stdout;
        let document: Value = serde_json::from_str(&text).unwrap();
        check_document(&document);
    }
}

/// Asserts rules of the OpenAPI specification.
fn check_document(document: &Value) {
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    check_references(document, document);
    let mut ids = HashSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with('/'), "{path}");
        let methods = methods.as_object().unwrap();
        let others = methods
            .get("x-api-spec-operations")
            .and_then(Value::as_object);
        let standard = methods
            .iter()
            .filter(|(method, _)| !method.starts_with("x-"));
        for (method, _) in standard.clone() {
            let known = ["get", "post", "put", "patch", "delete", "head", "options"];
            assert!(known.contains(&&**method));
        }
        for (_, operation) in standard.chain(others.into_iter().flatten()) {
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()));
            check_parameters(path, operation);
            let responses = operation["responses"].as_object().unwrap();
            let mut success = responses.iter().filter(|(code, _)| code.starts_with('2'));
            let (_, success) = success.next().unwrap();
            assert!(success["description"].is_string());
            if let Some(body) = operation.get("requestBody") {
                assert!(!body["content"].as_object().unwrap().is_empty());
            }
        }
    }
    check_links(document, &ids);
}

fn check_parameters(path: &str, operation: &Value) {
    let mut names = HashSet::new();
    let parameters = operation.get("parameters").and_then(Value::as_array);
    for parameter in parameters.into_iter().flatten() {
        let (name, place) = (&parameter["name"], &parameter["in"]);
        assert!(names.insert((name.as_str().unwrap(), place.as_str().unwrap())));
        // JSON in a parameter has a media type instead of a schema.
        let has_schema = parameter["schema"].is_object();
        assert_ne!(has_schema, parameter["content"].is_object());
        assert!(parameter["required"].is_boolean());
    }
    for part in path.split('{').skip(1) {
        let name = part.split('}').next().unwrap();
        assert!(names.contains(&(name, "path")), "{path}");
    }
}

fn check_links(document: &Value, ids: &HashSet<String>) {
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                for link in members
                    .get("links")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                {
                    assert!(ids.contains(link.1["operationId"].as_str().unwrap()));
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

fn check_references(document: &Value, value: &Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(document.pointer(pointer).is_some(), "{reference}");
            }
            if let (Some(required), Some(properties)) = (
                members.get("required").and_then(Value::as_array),
                members.get("properties"),
            ) {
                for name in required {
                    assert!(properties.get(name.as_str().unwrap()).is_some(), "{name}");
                }
            }
            members
                .values()
                .for_each(|value| check_references(document, value));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| check_references(document, value)),
        _ => {}
    }
}
