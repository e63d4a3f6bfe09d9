//! `display` and `displayHTML`.

use serde_json::{Value, json};

use super::start;

#[test]
fn data_frame_is_a_table_if_it_is_displayed() {
    let harness = start();
    let results = harness.run(
        "print('lost')\nframe <- data.frame(i = c(1L, NA), n = c(0.1, NaN), s = c('é\"\\n', NA), \
         b = c(TRUE, NA), d = as.Date(c('2020-02-29', NA)), f = factor(c('x', NA)))\n\
         frame$t <- as.POSIXct('2020-01-01 00:00:00.5', tz = 'UTC')\n\
         frame$l <- list(1:2, 'a')\ndisplay(frame)",
    );
    assert_eq!(results["resultType"], "table", "{results}");
    let schema = results["schema"].as_array().unwrap();
    let columns: Vec<_> = schema
        .iter()
        .map(|column| {
            let kind: Value = serde_json::from_str(column["type"].as_str().unwrap()).unwrap();
            format!("{} {kind} {}", column["name"], column["metadata"])
        })
        .collect();
    let expected = [
        ("i", "integer"),
        ("n", "double"),
        ("s", "string"),
        ("b", "boolean"),
        ("d", "date"),
        ("f", "string"),
        ("t", "timestamp"),
        ("l", "string"),
    ]
    .map(|(name, kind)| format!(r#""{name}" "{kind}" "{{}}""#));
    assert_eq!(columns, expected);
    let time = "2020-01-01T00:00:00.500Z";
    assert_eq!(
        results["data"],
        json!([
            [1, 0.1, "é\"\n", true, "2020-02-29", "x", time, "1, 2"],
            [null, "NaN", null, null, null, null, time, "a"],
        ])
    );
    assert_eq!(
        (&results["truncated"], &results["isJsonSchema"]),
        (&json!(false), &json!(true))
    );
}

#[test]
fn numbers_of_a_table_have_all_digits() {
    let harness = start();
    let results =
        harness.run("display(data.frame(n = c(0.1 + 0.2, 1e5, 1e-300, 2^53, -Inf, 1e22, 1/3)))");
    let expected = "[[0.30000000000000004],[100000.0],[1e-300],[9007199254740992.0],\
                    [\"-Infinity\"],[1e22],[0.3333333333333333]]";
    let expected: Value = serde_json::from_str(expected).unwrap();
    assert_eq!(results["data"], expected, "{results}");
}

#[test]
fn tables_are_truncated_at_a_number_of_rows_and_bytes() {
    let harness = start();
    for (frame, rows, truncated) in [
        ("data.frame(a = 1:10000)", 10_000, false),
        ("data.frame(a = 1:10001)", 10_000, true),
        // 2,048,000 bytes, of which each row takes 1,000,000, quotes, brackets and a comma.
        ("data.frame(a = rep(strrep('x', 1e6), 2))", 2, false),
        ("data.frame(a = rep(strrep('x', 1e6), 3))", 2, true),
        ("data.frame(a = integer())", 0, false),
        ("data.frame()", 0, false),
    ] {
        let results = harness.run(&format!("display({frame})"));
        let found = results["data"].as_array().map(Vec::len);
        assert_eq!(
            (found, &results["truncated"]),
            (Some(rows), &json!(truncated)),
            "{frame}"
        );
    }
}

#[test]
fn other_values_are_text() {
    let harness = start();
    assert_eq!(harness.text("display(1:3)"), "[1] 1 2 3");
    assert_eq!(harness.text("displayHTML('<b>1</b>')"), "<b>1</b>");
    let matrix = harness.run("display(matrix(1:4, 2))");
    assert_eq!(matrix["data"], json!([[1, 3], [2, 4]]));
    // A table of a command that fails is not that of the next one.
    harness.failure("display(data.frame(a = 1)); stop('after')");
    assert_eq!(harness.text("1"), "[1] 1");
    // The names can be assigned, and are not among those of commands.
    assert_eq!(harness.text("ls()"), "character(0)");
    assert_eq!(harness.text("display <- 5; display"), "[1] 5");
}
