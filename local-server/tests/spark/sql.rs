//! SQL contexts.

use serde_json::{Value, json};

use crate::workspace::{Context, error_of, poll};

/// A query that takes hours.
const ENDLESS: &str = "select sum(hash(id)) from range(100000000000000)";

#[test]
fn types_and_cells_are_those_of_databricks() {
    let context = Context::new("sql");
    let array = |element: Value| {
        let mut kind = json!({"type": "array", "containsNull": false});
        kind["elementType"] = element;
        kind
    };
    let map = |key: &str, value: Value, nullable: bool| json!({"type": "map", "keyType": key, "valueType": value, "valueContainsNull": nullable});
    let field = |name: &str, kind: Value| json!({"name": name, "type": kind, "nullable": false, "metadata": {}});
    let structure = |fields: &[Value]| json!({"type": "struct", "fields": fields});
    let cases = [
        ("true", json!("boolean"), json!(true)),
        ("cast(1 as tinyint)", json!("byte"), json!(1)),
        ("2S", json!("short"), json!(2)),
        ("3", json!("integer"), json!(3)),
        // The number exceeds 2^53.
        (
            "9007199254740993L",
            json!("long"),
            json!(9_007_199_254_740_993_i64),
        ),
        ("1.5f", json!("float"), json!(1.5)),
        ("cast('0.1' as float)", json!("float"), json!(0.1)),
        ("1e300d", json!("double"), json!(1e300)),
        ("double('NaN')", json!("double"), json!("NaN")),
        ("float('-Infinity')", json!("float"), json!("-Infinity")),
        ("2.50", json!("decimal(3,2)"), json!("2.50")),
        (
            "cast(1e-7 as decimal(38,10))",
            json!("decimal(38,10)"),
            json!("0.0000001000"),
        ),
        ("'é€🦀\"\\n'", json!("string"), json!("é€🦀\"\n")),
        ("x'00ff'", json!("binary"), json!("AP8=")),
        ("date'2020-02-29'", json!("date"), json!("2020-02-29")),
        // Before 1582, the calendar of `java.sql` differs from that of Spark.
        ("date'0001-01-01'", json!("date"), json!("0001-01-01")),
        ("date'+12020-01-01'", json!("date"), json!("+12020-01-01")),
        (
            "timestamp'2020-01-01 00:00:00.123456'",
            json!("timestamp"),
            json!("2020-01-01T00:00:00.123Z"),
        ),
        (
            "timestamp'2020-01-01 00:00:00+05:30'",
            json!("timestamp"),
            json!("2019-12-31T18:30:00.000Z"),
        ),
        (
            "timestamp'0001-01-01 00:00:00'",
            json!("timestamp"),
            json!("0001-01-01T00:00:00.000Z"),
        ),
        (
            "timestamp_ntz'2020-01-01 00:00:00.5'",
            json!("timestamp_ntz"),
            json!("2020-01-01T00:00:00.500"),
        ),
        (
            "interval '1 02:03:04' day to second",
            json!("interval day to second"),
            json!("PT26H3M4S"),
        ),
        (
            "interval '1-2' year to month",
            json!("interval year to month"),
            json!("P1Y2M"),
        ),
        ("array(1, 2)", array(json!("integer")), json!([1, 2])),
        (
            "map('a', 1.5, 'b', null)",
            map("string", json!("decimal(2,1)"), true),
            json!({"a": "1.5", "b": null}),
        ),
        (
            "map(1, true)",
            map("integer", json!("boolean"), false),
            json!({"1": true}),
        ),
        (
            "map(date'2020-01-01', array('x'))",
            map("date", array(json!("string")), false),
            json!({"2020-01-01": ["x"]}),
        ),
        (
            "named_struct('a', 1, 'b', named_struct('c', date'2020-01-01'))",
            structure(&[
                field("a", json!("integer")),
                field("b", structure(&[field("c", json!("date"))])),
            ]),
            json!([1, ["2020-01-01"]]),
        ),
        ("null", json!("void"), Value::Null),
    ];
    let commands: Vec<_> = cases
        .iter()
        .map(|(expression, ..)| context.submit(&format!("select {expression} as c")))
        .collect();
    for ((expression, kind, cell), command) in cases.into_iter().zip(commands) {
        let results = context.results(&command);
        assert_eq!(results["data"], json!([[cell]]), "{expression}: {results}");
        let column = &results["schema"][0];
        let found: Value = serde_json::from_str(column["type"].as_str().unwrap()).unwrap();
        assert_eq!(found, kind, "{expression}");
        assert_eq!(
            (&column["name"], &column["metadata"]),
            (&json!("c"), &json!("{}"))
        );
        assert_eq!(results["isJsonSchema"], true);
        assert_eq!(results["truncated"], false);
    }
}

#[test]
fn statements_without_rows_have_an_empty_table() {
    let context = Context::new("sql");
    for command in [
        "create table sql_t (a int) using parquet",
        "insert into sql_t values (1), (2)",
        "create temporary view sql_v as select a + 1 as b from sql_t",
    ] {
        let results = context.run(command);
        assert_eq!(results["resultType"], "table", "{command}: {results}");
        assert_eq!(
            (&results["schema"], &results["data"]),
            (&json!([]), &json!([])),
            "{command}"
        );
    }
    assert_eq!(
        context.rows("select * from sql_v order by b"),
        json!([[2], [3]])
    );
    assert_eq!(
        context.rows("select 1;"),
        json!([[1]]),
        "semicolon at the end"
    );
    assert_eq!(context.rows("set x.y=z"), json!([["x.y", "z"]]));
    let empty = context.run("select a from sql_t where a > 9");
    assert_eq!(empty["data"], json!([]));
    assert_eq!(empty["schema"][0]["name"], "a");
    context.run("drop table sql_t");
}

#[test]
fn errors_have_the_error_class_as_summary_and_the_stack_as_cause() {
    let context = Context::new("sql");
    for (command, summary) in [
        ("", "[PARSE_EMPTY_STATEMENT] "),
        ("-- only a comment", "[PARSE_SYNTAX_ERROR] "),
        ("select 1; select 2", "[PARSE_SYNTAX_ERROR] "),
        ("select * from missing", "[TABLE_OR_VIEW_NOT_FOUND] "),
        ("select 1/0", "[DIVIDE_BY_ZERO] "),
        ("select time'12:00:00'", "[UNSUPPORTED_TIME_TYPE] "),
        // The error of a task, not that of its job.
        (
            "select id from range(2) where raise_error('boom') is null",
            "[USER_RAISED_EXCEPTION] boom",
        ),
    ] {
        let (found, cause) = context.failure(command);
        assert!(found.starts_with(summary), "{command}: {found}");
        assert!(!found.contains('\n'), "{found}");
        assert!(
            cause.contains("\n\tat org.apache.spark."),
            "{command}: {cause}"
        );
    }
}

#[test]
fn tables_are_truncated_at_a_number_of_rows_and_bytes() {
    let context = Context::new("sql");
    for (command, rows, truncated) in [
        ("select * from range(10000)", 10_000, false),
        ("select * from range(10001)", 10_000, true),
        // 2,048,000 bytes, of which each row takes 1,000,000, quotes, brackets and a comma.
        ("select repeat('x', 1000000) from range(2)", 2, false),
        ("select repeat('x', 1000000) from range(3)", 2, true),
    ] {
        let results = context.run(command);
        let found = results["data"].as_array().map(Vec::len);
        assert_eq!(
            (found, &results["truncated"]),
            (Some(rows), &json!(truncated)),
            "{command}"
        );
    }
}

#[test]
fn contexts_share_tables_but_not_views_and_settings() {
    let (first, second) = (Context::new("sql"), Context::new("sql"));
    first.run("create table shared_t as select 7 as a");
    first.run("create temporary view shared_v as select 8");
    first.run("set spark.sql.session.timeZone=Europe/Berlin");
    assert_eq!(second.rows("select a from shared_t"), json!([[7]]));
    let (summary, _) = second.failure("select * from shared_v");
    assert!(
        summary.starts_with("[TABLE_OR_VIEW_NOT_FOUND]"),
        "{summary}"
    );
    assert_eq!(second.rows("select current_timezone()"), json!([["UTC"]]));
    second.run("drop table shared_t");
}

#[test]
fn canceled_query_does_not_affect_other_contexts() {
    let (first, second) = (Context::new("sql"), Context::new("sql"));
    let endless = first.submit(ENDLESS);
    poll(|| (first.command(&endless)["status"] == "Running").then_some(()));
    // Another core is free, or becomes free when the query is canceled.
    let other = second.submit("select sum(id) from range(1000)");
    first.cancel(&endless);
    let (summary, cause) = error_of(&first.results(&endless));
    assert_eq!(summary, "Command Cancelled");
    assert!(
        cause.starts_with("com.databricks.backend.common.rpc.CommandCancelledException: "),
        "{cause}"
    );
    assert_eq!(second.results(&other)["data"], json!([[499_500]]));
    assert_eq!(first.rows("select 1"), json!([[1]]));
    assert_eq!(first.status(), "Running");
}

#[test]
fn query_of_a_destroyed_context_is_canceled() {
    let context = Context::new("sql");
    let endless = context.submit(ENDLESS);
    poll(|| (context.command(&endless)["status"] == "Running").then_some(()));
    drop(context);
    // With a query that occupies all cores, this one would not end.
    assert_eq!(
        Context::new("sql").rows("select sum(id) from range(10)"),
        json!([[45]])
    );
}

#[test]
fn command_in_another_language_is_rejected() {
    let context = Context::new("sql");
    let error = context.rejection("python", "1");
    assert!(error.contains("python"), "{error}");
}
