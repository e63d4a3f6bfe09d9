//! Tables in command results: no panic, rows are decoded unchanged, and CSV and JSON contain the same
//! cells.
//!
//! The input is the `results` object of a response:
//! `{"resultType": "table", "schema": [{"name": "n", "type": "bigint"}], "data": [[1]]}`.

#![no_main]

use std::collections::BTreeMap;

use api_runtime::transport::Scripted;
use api_runtime::{Client, ManualClock};
use generated_client::{ExecutionContext, Language, Output, Table};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

fuzz_target!(|data: &str| {
    let Some(output) = output(data) else { return };
    let Some(table) = output.table() else { return };
    check_rows(&table);
    check_json(&table);
    check_csv(&table);
    let shown = table.to_string();
    let is_forbidden = |c: char| c.is_control() && c != '\n';
    assert!(!shown.contains(is_forbidden), "{shown:?}");
    let _ = table.truncate_cells(3).to_string();
});

/// Returns the output of a command with these results, if the client can decode them.
fn output(results: &str) -> Option<Output> {
    let finished = format!(r#"{{"id": "1", "status": "Finished", "results": {results}}}"#);
    let script = Scripted::new()
        .respond(200, r#"{"id": "1", "status": "Running"}"#)
        .respond(200, r#"{"id": "1"}"#)
        .respond(200, finished)
        .respond(200, r#"{"id": "1", "status": "Running"}"#);
    let client = Client::builder("http://127.0.0.1:1")
        .transport(script)
        .clock(ManualClock::new())
        .build()
        .expect("a client");
    let context = ExecutionContext::attach(&client, "1", "1", Language::Sql).expect("a context");
    context.run("SELECT 1").ok()
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Wide {
    n: i64,
    d: Option<String>,
    a: Option<Vec<Narrow>>,
    m: Option<BTreeMap<i32, f32>>,
    #[serde(default)]
    o: Option<Kind>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Narrow {
    x: Option<u8>,
    y: Option<Box<Narrow>>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
enum Kind {
    A,
    B(i8),
    C { x: char },
}

fn check_rows(table: &Table<'_>) {
    let mut rows = table.rows::<Vec<Value>>();
    for cells in table.values() {
        let row = rows.next().expect("one row per array").expect("cells should be JSON");
        for (decoded, sent) in row.iter().zip(cells) {
            let is_nested = sent.is_array() || sent.is_object();
            assert!(is_nested || decoded == sent, "{decoded}, not {sent}");
        }
    }
    assert!(rows.next().is_none());
    check_errors::<Value>(table);
    check_errors::<Wide>(table);
    check_errors::<(i64, String)>(table);
    check_errors::<(f64, Option<Narrow>, Kind)>(table);
    check_errors::<BTreeMap<String, Option<i128>>>(table);
    check_errors::<Option<u64>>(table);
    check_errors::<Kind>(table);
    check_errors::<()>(table);
}

fn check_errors<T: DeserializeOwned>(table: &Table<'_>) {
    for (index, row) in table.rows::<T>().enumerate() {
        if let Err(error) = row {
            assert_eq!(error.row(), index);
            assert!(!error.to_string().is_empty());
        }
    }
}

fn check_json(table: &Table<'_>) {
    let mut json = Vec::new();
    table.to_json(&mut json).expect("writing to a vector never fails");
    let rows: Vec<Map<String, Value>> = serde_json::from_slice(&json).expect("valid JSON");
    assert_eq!(rows.len(), table.len());
    let columns = table.columns().len();
    assert!(rows.iter().all(|row| row.len() == columns), "{rows:?}");
    let mut lines = Vec::new();
    table.to_json_lines(&mut lines).expect("writing to a vector never fails");
    let lines = String::from_utf8(lines).expect("UTF-8");
    let lines: Vec<Map<String, Value>> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("valid JSON"))
        .collect();
    assert_eq!(lines, rows);
}

fn check_csv(table: &Table<'_>) {
    let mut csv = Vec::new();
    table.to_csv(&mut csv).expect("writing to a vector never fails");
    let csv = String::from_utf8(csv).expect("UTF-8");
    if table.columns().is_empty() {
        return;
    }
    let records = records(&csv);
    assert_eq!(records.len(), table.len() + 1, "{csv:?}");
    let columns = table.columns().len();
    assert!(
        records.iter().all(|record| record.len() == columns),
        "{csv:?}"
    );
    for (record, cells) in records[1..].iter().zip(table.values()) {
        for (decoded, sent) in record.iter().zip(cells) {
            assert!(!sent.is_string() || sent == decoded, "{decoded:?}, not {sent}");
        }
    }
}

/// Parses CSV (RFC 4180) into records.
fn records(csv: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record = vec![String::new()];
    let mut is_quoted = false;
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        let field = record.last_mut().expect("a record has at least one field");
        match c {
            '"' if !is_quoted => is_quoted = true,
            '"' if chars.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => is_quoted = false,
            ',' if !is_quoted => record.push(String::new()),
            '\n' if !is_quoted => {
                records.push(std::mem::replace(&mut record, vec![String::new()]));
            }
            c => field.push(c),
        }
    }
    records
}
