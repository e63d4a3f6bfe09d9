//! SQL contexts.

use generated_client::{Config, ExecutionContext, Language};
use serde_json::{Value, json};

use crate::workspace::{CLUSTER, Context, error_of, poll, server};

/// A query that takes hours.
const ENDLESS: &str = "select sum(hash(id)) from range(100000000000000)";

/// Expressions of SQL, with their types as JSON and in the client, and their cells as JSON.
const CELLS: &[[&str; 4]] = &[
    ["true", r#""boolean""#, "boolean", "true"],
    ["cast(1 as tinyint)", r#""byte""#, "tinyint", "1"],
    ["2S", r#""short""#, "smallint", "2"],
    ["3", r#""integer""#, "int", "3"],
    // The number exceeds 2^53.
    [
        "9007199254740993L",
        r#""long""#,
        "bigint",
        "9007199254740993",
    ],
    ["1.5f", r#""float""#, "float", "1.5"],
    ["cast('0.1' as float)", r#""float""#, "float", "0.1"],
    ["1e300d", r#""double""#, "double", "1e300"],
    ["double('NaN')", r#""double""#, "double", r#""NaN""#],
    [
        "float('-Infinity')",
        r#""float""#,
        "float",
        r#""-Infinity""#,
    ],
    ["2.50", r#""decimal(3,2)""#, "decimal(3,2)", r#""2.50""#],
    [
        "cast(1e-7 as decimal(38,10))",
        r#""decimal(38,10)""#,
        "decimal(38,10)",
        r#""0.0000001000""#,
    ],
    ["'é€🦀\"\\n'", r#""string""#, "string", r#""é€🦀\"\n""#],
    ["x'00ff'", r#""binary""#, "binary", r#""AP8=""#],
    ["date'2020-02-29'", r#""date""#, "date", r#""2020-02-29""#],
    // Before 1582, the calendar of `java.sql` differs from that of Spark.
    ["date'0001-01-01'", r#""date""#, "date", r#""0001-01-01""#],
    [
        "date'+12020-01-01'",
        r#""date""#,
        "date",
        r#""+12020-01-01""#,
    ],
    [
        "timestamp'2020-01-01 00:00:00.123456'",
        r#""timestamp""#,
        "timestamp",
        r#""2020-01-01T00:00:00.123Z""#,
    ],
    [
        "timestamp'2020-01-01 00:00:00+05:30'",
        r#""timestamp""#,
        "timestamp",
        r#""2019-12-31T18:30:00.000Z""#,
    ],
    [
        "timestamp'0001-01-01 00:00:00'",
        r#""timestamp""#,
        "timestamp",
        r#""0001-01-01T00:00:00.000Z""#,
    ],
    [
        "timestamp_ntz'2020-01-01 00:00:00.5'",
        r#""timestamp_ntz""#,
        "timestamp_ntz",
        r#""2020-01-01T00:00:00.500""#,
    ],
    [
        "interval '1 02:03:04' day to second",
        r#""interval day to second""#,
        "interval day to second",
        r#""PT26H3M4S""#,
    ],
    [
        "interval '1-2' year to month",
        r#""interval year to month""#,
        "interval year to month",
        r#""P1Y2M""#,
    ],
    [
        "array(1, 2)",
        r#"{"type":"array","elementType":"integer","containsNull":false}"#,
        "array<int>",
        "[1,2]",
    ],
    [
        "map('a', 1.5, 'b', null)",
        r#"{"type":"map","keyType":"string","valueType":"decimal(2,1)","valueContainsNull":true}"#,
        "map<string,decimal(2,1)>",
        r#"{"a":"1.5","b":null}"#,
    ],
    [
        "map(date'2020-01-01', true)",
        r#"{"type":"map","keyType":"date","valueType":"boolean","valueContainsNull":false}"#,
        "map<date,boolean>",
        r#"{"2020-01-01":true}"#,
    ],
    [
        "named_struct('a', array(named_struct('b', date'2020-01-01')))",
        r#"{"type":"struct","fields":[{"name":"a","nullable":false,"metadata":{},"type":
            {"type":"array","containsNull":false,"elementType":
                {"type":"struct","fields":[{"name":"b","nullable":false,"metadata":{},"type":"date"}]}}}]}"#,
        "struct<a:array<struct<b:date>>>",
        r#"[[["2020-01-01"]]]"#,
    ],
    ["null", r#""void""#, "void", "null"],
    [
        "cast(123456789012345678901234567890123456.78 as decimal(38,2))",
        r#""decimal(38,2)""#,
        "decimal(38,2)",
        r#""123456789012345678901234567890123456.78""#,
    ],
    ["cast('ab' as char(5))", r#""string""#, "string", r#""ab""#],
    [
        "cast('ab' as varchar(5))",
        r#""string""#,
        "string",
        r#""ab""#,
    ],
    [
        "'a' collate unicode_ci",
        r#""string collate UNICODE_CI""#,
        "string collate UNICODE_CI",
        r#""a""#,
    ],
    ["cast(null as binary)", r#""binary""#, "binary", "null"],
    ["date'-0044-03-15'", r#""date""#, "date", r#""-0044-03-15""#],
    [
        "timestamp'9999-12-31 23:59:59.999999'",
        r#""timestamp""#,
        "timestamp",
        r#""9999-12-31T23:59:59.999Z""#,
    ],
    [
        "timestamp_ntz'0001-01-01 00:00:00'",
        r#""timestamp_ntz""#,
        "timestamp_ntz",
        r#""0001-01-01T00:00:00.000""#,
    ],
    [
        "interval '5' month",
        r#""interval month""#,
        "interval month",
        r#""P5M""#,
    ],
    [
        "interval '-1-2' year to month",
        r#""interval year to month""#,
        "interval year to month",
        r#""P-1Y-2M""#,
    ],
    [
        "interval '100' day",
        r#""interval day""#,
        "interval day",
        r#""PT2400H""#,
    ],
    [
        "interval '-1 00:00:00.000001' day to second",
        r#""interval day to second""#,
        "interval day to second",
        r#""PT-24H-0.000001S""#,
    ],
    [
        "make_interval(1, 2, 0, 4, 5, 6, 7.5)",
        r#""interval""#,
        "interval",
        r#""1 years 2 months 4 days 5 hours 6 minutes 7.5 seconds""#,
    ],
    [
        "parse_json('{\"a\":1.50,\"b\":[null,\"x\"]}')",
        r#""variant""#,
        "variant",
        r#""{\"a\":1.5,\"b\":[null,\"x\"]}""#,
    ],
    [
        "st_geomfromwkb(x'0101000000000000000000F03F0000000000000040')",
        r#""geometry(SRID:0)""#,
        "geometry(SRID:0)",
        r#""POINT(1 2)""#,
    ],
    [
        "array(st_geogfromwkb(x'0101000000000000000000F03F0000000000000040'), null)",
        r#"{"type":"array","elementType":"geography(OGC:CRS84, SPHERICAL)","containsNull":true}"#,
        "array<geography(OGC:CRS84, SPHERICAL)>",
        r#"["SRID=4326;POINT(1 2)",null]"#,
    ],
    [
        "named_struct('a', null, 'b', map(1, array(null, 2)))",
        r#"{"type":"struct","fields":[{"name":"a","type":"void","nullable":true,"metadata":{}},{"name":"b","nullable":false,"metadata":{},"type":{"type":"map","keyType":"integer","valueContainsNull":false,"valueType":{"type":"array","elementType":"integer","containsNull":true}}}]}"#,
        "struct<a:void,b:map<int,array<int>>>",
        r#"[null,{"1":[null,2]}]"#,
    ],
    [
        "map(array(1), x'00ff')",
        r#"{"type":"map","keyType":{"type":"array","elementType":"integer","containsNull":false},"valueType":"binary","valueContainsNull":false}"#,
        "map<array<int>,binary>",
        r#"{"[1]":"AP8="}"#,
    ],
    [
        "array(null)",
        r#"{"type":"array","elementType":"void","containsNull":true}"#,
        "array<void>",
        "[null]",
    ],
    [
        "map()",
        r#"{"type":"map","keyType":"void","valueType":"void","valueContainsNull":false}"#,
        "map<void,void>",
        "{}",
    ],
];

#[test]
fn types_and_cells_are_those_of_databricks() {
    let context = Context::new("sql");
    let commands: Vec<_> = CELLS
        .iter()
        .map(|[expression, ..]| context.submit(&format!("select {expression} as c")))
        .collect();
    for ([expression, kind, _, cell], command) in CELLS.iter().zip(commands) {
        let results = context.results(&command);
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(
            results["data"],
            json!([[parse(cell)]]),
            "{expression}: {results}"
        );
        let column = &results["schema"][0];
        assert_eq!(
            parse(column["type"].as_str().unwrap()),
            parse(kind),
            "{expression}"
        );
        assert_eq!(
            (&column["name"], &column["metadata"]),
            (&json!("c"), &json!("{}"))
        );
        assert_eq!(
            (&results["isJsonSchema"], &results["truncated"]),
            (&json!(true), &json!(false))
        );
    }
}

#[test]
fn client_reads_types_and_cells() {
    let client = Config::new().host(server().url()).token("any").client();
    let context = ExecutionContext::create(&client.unwrap(), CLUSTER, Language::Sql).unwrap();
    let expressions = CELLS.iter().enumerate();
    let columns = expressions.map(|(index, [expression, ..])| format!("{expression} as c{index}"));
    let query = format!("select {}", columns.collect::<Vec<_>>().join(", "));
    let output = context.run(&query).unwrap();
    let table = output.table().unwrap();
    let rows: Vec<_> = table.values().collect();
    assert_eq!((rows.len(), rows[0].len()), (1, CELLS.len()));
    for (([expression, _, kind, cell], column), value) in
        CELLS.iter().zip(table.columns()).zip(&rows[0])
    {
        assert_eq!(column.ty.to_string(), *kind, "{expression}");
        let cell: Value = serde_json::from_str(cell).unwrap();
        assert_eq!(*value, cell, "{expression}");
    }
}

#[test]
fn times_are_text_if_spark_supports_them() {
    let context = Context::new("sql");
    context.run("set spark.sql.timeType.enabled=true");
    let results = context.run("select time'12:00:00' as a, time'23:59:59.5' as b");
    assert_eq!(
        results["data"],
        json!([["12:00:00", "23:59:59.5"]]),
        "{results}"
    );
    assert_eq!(results["schema"][0]["type"], "\"time(6)\"");
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
        // The memory of the process is 1 GiB.
        ("select repeat('x', 1000000) from range(5000)", 2, true),
        (
            "select id, repeat('x', 100000) from range(12000) order by id desc",
            20,
            true,
        ),
        // The first partitions are empty.
        (
            "select id from range(0, 20000, 1, 100) where id > 19990",
            9,
            false,
        ),
        ("select id from range(0, 10001, 1, 7)", 10_000, true),
        ("select id from range(20000) limit 5", 5, false),
        ("select id from range(20000) limit 5 offset 3", 5, false),
        ("select id from range(20000) order by id limit 5", 5, false),
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
fn long_query_does_not_delay_those_of_other_contexts() {
    let (long, short) = (Context::new("sql"), Context::new("sql"));
    // 100,000 tasks that take 0.2 seconds each.
    let many_tasks = long.submit(
        "select count(*) from range(0, 1000000, 1, 100000) \
         where length(reflect('java.lang.Thread', 'sleep', 20L)) > 0",
    );
    poll(|| (long.command(&many_tasks)["status"] == "Running").then_some(()));
    assert_eq!(short.rows("select sum(id) from range(10)"), json!([[45]]));
    assert_eq!(long.command(&many_tasks)["status"], "Running");
    long.cancel(&many_tasks);
    error_of(&long.results(&many_tasks));
}

#[test]
fn command_in_another_language_is_rejected() {
    let context = Context::new("sql");
    let error = context.rejection("python", "1");
    assert!(error.contains("python"), "{error}");
}
