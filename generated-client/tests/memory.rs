//! Peak memory of large responses. This is a separate test binary, because the peak is that of the process.
#![cfg(target_os = "linux")]

use std::fs;

use generated_client::api_runtime::Client;
use generated_client::api_runtime::transport::Scripted;
use generated_client::{Results, Table, commands};

const MIB: usize = 1 << 20;

/// Returns a value of the status file of this process in bytes.
fn status(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.unwrap().trim().trim_end_matches(" kB");
    kib.parse::<usize>().unwrap() << 10
}

/// Returns the increase of the resident memory at its peak.
fn peak(run: impl FnOnce()) -> usize {
    // Resets the peak.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = status("VmRSS:");
    run();
    status("VmHWM:").saturating_sub(before)
}

/// Returns the response of `commands/status` with a list of `size` bytes that repeats `item`.
fn response(before: &str, item: &str, size: usize, after: &str) -> String {
    let mut body = String::with_capacity(size + 1000);
    body.push_str(r#"{"id": "1", "status": "Finished", "results": {"#);
    body.push_str(before);
    body.push('[');
    while body.len() < size {
        body.push_str(item);
        body.push(',');
    }
    body.pop();
    body.push(']');
    body.push_str(after);
    body.push_str("}}");
    body
}

/// Calls `commands/status` and returns its results.
fn results(body: String) -> Results {
    let script = Scripted::new().respond(200, body);
    let client = Client::builder("http://127.0.0.1:1").transport(script);
    let request = commands::Status::new("cluster", "context", "command");
    let response = commands::status(&client.build().unwrap(), &request).unwrap();
    response.results.unwrap()
}

/// Checks that the peak is at most three times the size of the body, which is part of the client.
#[track_caller]
fn assert_peak(before: &str, item: &str, size: usize, after: &str, check: fn(&Results)) {
    let mut length = 0;
    let peak = peak(|| {
        let body = response(before, item, size, after);
        length = body.len();
        check(&results(body));
    });
    assert!(
        peak <= 3 * length + 8 * MIB,
        "{before}[{item}…]{after}: {} MiB for {} MiB",
        peak / MIB,
        length / MIB
    );
}

fn assert_rows(results: &Results, rows: usize) {
    let Results::Table(table) = results else {
        panic!("{results:?}")
    };
    assert_eq!(Table::new(table).unwrap().len(), rows);
}

#[test]
fn large_responses_take_a_small_multiple_of_their_size() {
    let table = r#""resultType": "table", "schema": [], "data": "#;
    // 12 million nulls in one row, and the same with the tag behind it.
    assert_peak(&format!("{table}["), "null", 60_000_000, "]", |results| {
        assert_rows(results, 1);
    });
    assert_peak(
        r#""data": ["#,
        "null",
        60_000_000,
        r#"], "resultType": "table""#,
        |results| {
            assert_rows(results, 1);
        },
    );
    for item in ["[]", "[null]", "[[],{}]", r#"[{"a":0}]"#, r#"["\u00e9"]"#] {
        assert_peak(table, item, 6_000_000, "", |results| {
            let Results::Table(table) = results else {
                panic!("{results:?}")
            };
            let table = Table::new(table).unwrap();
            assert_eq!(table.rows::<serde::de::IgnoredAny>().count(), table.len());
        });
    }
    for item in ["null", "[]", "{}", "0", r#"{"k":[""]}"#] {
        // Text that is not a string, results of an unknown type, and an unknown field.
        for (before, after) in [
            (r#""resultType": "text", "data": "#, ""),
            (r#""data": "#, r#", "resultType": "sankey""#),
            (r#""more": "#, r#", "resultType": "text""#),
        ] {
            assert_peak(before, item, 6_000_000, after, |results| {
                assert!(matches!(results, Results::Text(_) | Results::Unknown(_)));
            });
        }
    }
}
