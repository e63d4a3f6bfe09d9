//! Connections of Python contexts to the Spark application of their cluster.

use serde_json::json;

use crate::workspace::{Context, poll};

/// A command that writes a line when its job is about to start, and that takes hours.
const ENDLESS: &str = "frame = spark.range(10**14).selectExpr('sum(hash(id))')\n\
                       print('started')\nframe.collect()";

const SUM: &str = "spark.range(10).selectExpr('sum(id)').first()[0]";

/// Starts the endless command. Its tasks then occupy all cores.
fn start_endless(context: &Context) {
    let id = context.submit(ENDLESS);
    poll(|| (context.command(&id)["results"]["data"] == "started\n").then_some(()));
}

#[test]
fn python_and_sql_contexts_share_tables_but_not_views() {
    let (python, sql) = (Context::new("python"), Context::new("sql"));
    python.text("spark.sql('create table attach_t as select 7 as a') and None");
    assert_eq!(sql.rows("select a from attach_t"), json!([[7]]));
    python.text("spark.sql('create temporary view attach_v as select 8') and None");
    let (summary, _) = sql.failure("select * from attach_v");
    assert!(
        summary.starts_with("[TABLE_OR_VIEW_NOT_FOUND]"),
        "{summary}"
    );
    sql.run("drop table attach_t");
}

#[test]
fn jobs_of_a_destroyed_context_are_canceled() {
    let (context, other) = (Context::new("python"), Context::new("python"));
    start_endless(&context);
    drop(context);
    // The job would occupy all cores.
    assert_eq!(other.text(SUM), "45");
}
