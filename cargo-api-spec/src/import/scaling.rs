//! Tests that the time of an import grows in proportion to the size of the document.

use std::fs;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::convert;
use super::document::{Document, Files, parse};
use super::report::Places;

/// Number of repeated items in the smaller document. The larger one has four times as many.
const ITEMS: usize = 1_500;

/// Between proportional (4) and quadratic growth (16).
const MAX_RATIO: f64 = 9.0;

#[test]
fn time_grows_in_proportion_to_the_number_of_enum_values() {
    check(|count| with_enum(count, |index| format!("value-{index}")));
}

#[test]
fn time_grows_in_proportion_to_the_number_of_enum_values_with_the_same_rust_name() {
    // The name is `V` for each of these values.
    check(|count| with_enum(count, |index| format!("v{}", separators(index))));
}

#[test]
fn time_grows_in_proportion_to_the_number_of_merged_enum_values() {
    check(|count| with_enum(count, |index| format!("{}{index}", ["v", "V"][index % 2])));
    check(|count| {
        let values = |index: usize| format!("{}{}", ["v", "V"][index % 2], index / 2);
        with_enum(count, values)
    });
}

#[test]
fn time_grows_in_proportion_to_the_number_of_fields_with_the_same_rust_name() {
    check(|count| {
        let fields = (0..count).map(|index| (format!("v{}", separators(index)), json!({})));
        with_schema(&json!({ "type": "object", "properties": Value::Object(fields.collect()) }))
    });
}

#[test]
fn time_grows_in_proportion_to_the_number_of_operations() {
    check(|count| {
        let operations = count / 8;
        let path = |index: usize| {
            let schema = json!({ "type": "string", "enum": ["a", "A"] });
            let parameter = json!({ "name": "k", "in": "query", "schema": schema });
            let operation = json!({
                "operationId": "same",
                "tags": [format!("tag {index}")],
                "parameters": [parameter],
                "responses": {},
            });
            (format!("/p{index}"), json!({ "get": operation }))
        };
        with_paths(&(0..operations).map(path).collect())
    });
}

/// Returns a different text for each index, which is ignored in Rust names: the binary digits.
fn separators(index: usize) -> String {
    format!("{index:b}").replace('0', "-").replace('1', "_")
}

fn with_enum(count: usize, value: impl Fn(usize) -> String) -> Value {
    let values: Vec<String> = (0..count).map(value).collect();
    let field = json!({ "type": "string", "enum": values });
    with_schema(&json!({ "type": "object", "properties": { "e": field } }))
}

fn with_schema(schema: &Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    let response = json!({ "description": "", "content": content });
    let operation = json!({ "operationId": "show", "responses": { "200": response } });
    with_paths(&Map::from_iter([(
        "/p".to_owned(),
        json!({ "get": operation }),
    )]))
}

fn with_paths(paths: &Map<String, Value>) -> Value {
    json!({ "openapi": "3.0.0", "info": { "title": "T", "version": "1" }, "paths": paths })
}

#[track_caller]
fn check(document: impl Fn(usize) -> Value) {
    let [small, large] = [ITEMS, 4 * ITEMS].map(|count| document(count).to_string());
    // The minimum of several runs: interruptions only add to the time.
    let time = |text: &str| (0..3).map(|_| import_time(text)).min().unwrap_or_default();
    let ratio = time(&large).as_secs_f64() / time(&small).as_secs_f64();
    assert!(
        ratio < MAX_RATIO,
        "4 times the items take {ratio:.1} times the time"
    );
}

/// Returns the CPU time of an import.
fn import_time(text: &str) -> Duration {
    let start = cpu_time();
    let files = Files::single(parse(text).unwrap());
    let document = Document::new(files).unwrap();
    let (spec, summary) = convert(&document, "test".to_owned(), Places::First).unwrap();
    assert!(
        spec.contains("[endpoints."),
        "nothing was imported: {summary}"
    );
    cpu_time().saturating_sub(start)
}

/// Returns the CPU time of this thread, which does not depend on other processes.
fn cpu_time() -> Duration {
    let schedstat = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds = schedstat.split_whitespace().next().unwrap();
    Duration::from_nanos(nanoseconds.parse().unwrap())
}
