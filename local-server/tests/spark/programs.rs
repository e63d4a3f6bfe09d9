//! Programs of the kind that people run on Databricks, over the API.

use serde_json::json;

use crate::workspace::{CLUSTER, Context, error_of, poll, server};

/// Number of streams that run in the application of the cluster.
const STREAMS: &str = "spark._jsparkSession.sharedState().activeStreamingQueries().size()";

#[test]
fn functions_in_queries_print_no_warnings() {
    let context = Context::new("python");
    let define = "from pyspark.sql.functions import udf\n\
                  upper = udf(lambda text: text.upper())\n\
                  spark.udf.register('shout', lambda text: text.upper() + '!')\n\
                  words = spark.createDataFrame([('a',), ('b',)], 'word string')\n\
                  words.createOrReplaceTempView('words')";
    assert_eq!(context.text(define), "");
    let rows = context.text("words.select(upper('word').alias('word')).collect()");
    assert_eq!(rows, "[Row(word='A'), Row(word='B')]");
    let query = "select shout(word) from words order by 1";
    let results = context.results(&context.submit_in("sql", query));
    assert_eq!(results["data"], json!([["A!"], ["B!"]]), "{results}");
}

#[test]
fn streams_end_with_their_context() {
    let (context, other) = (Context::new("python"), Context::new("python"));
    let start = |name: &str, trigger: &str| {
        format!(
            "{name} = spark.readStream.format('rate').load().writeStream.format('memory')\
             .trigger(processingTime='{trigger}').queryName('{name}').start()\n\
             import time\n\
             while not {name}.lastProgress: time.sleep(0.1)\n\
             {name}.isActive"
        )
    };
    assert_eq!(context.text(&start("often", "1 second")), "True");
    assert_eq!(context.text(&start("seldom", "1 hour")), "True");
    assert_eq!(other.text(&start("kept", "1 second")), "True");
    assert_eq!(other.text(STREAMS), "3");
    drop(context);
    poll(|| (other.text(STREAMS) == "1").then_some(()));
    assert_eq!(other.text("kept.isActive"), "True");
    assert_eq!(other.text("kept.stop()"), "");
}

#[test]
fn statements_of_dbt_create_and_query_relations() {
    let context = Context::new("sql");
    for statement in [
        "/* {\"app\": \"dbt\"} */\ncreate or replace view programs_view as select 1 as a, 'x' as d",
        "create table if not exists programs (a int, d string) using parquet partitioned by (d)",
        "insert into programs select * from programs_view",
        "insert into programs values (2, 'y')",
        "insert overwrite table programs partition (d = 'x') select 5;",
    ] {
        assert_eq!(context.rows(statement), json!([]), "{statement}");
    }
    let rows = context.rows("select * from programs order by a");
    assert_eq!(rows, json!([[2, "y"], [5, "x"]]));
    let tables = context.rows("show tables in default like 'programs*'");
    let tables: Vec<_> = tables
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row[1])
        .collect();
    assert_eq!(tables, ["programs", "programs_view"]);
    context.rows("drop view programs_view");
    context.rows("drop table programs");
}

#[test]
fn delta_is_not_available_and_the_error_names_it() {
    let context = Context::on(server(), CLUSTER, "sql");
    let table = "create table programs_delta using delta as select 1 as a";
    let (summary, _) = error_of(&context.run(table));
    assert!(summary.contains("DATA_SOURCE_NOT_FOUND"), "{summary}");
    assert!(summary.contains("delta"), "{summary}");
}
