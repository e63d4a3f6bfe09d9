//! Python contexts that use Spark.

use serde_json::json;

use crate::workspace::{Context, error_of, poll};

#[test]
fn python_and_sql_contexts_share_tables() {
    let (python, sql) = (Context::new("python"), Context::new("sql"));
    assert_eq!(python.text("spark.range(3).count()"), "3");
    python.text("spark.sql('create table attach_t as select 7 as a') and None");
    assert_eq!(sql.rows("select a from attach_t"), json!([[7]]));
    sql.run("drop table attach_t");
}

#[test]
fn canceled_python_command_cancels_its_jobs() {
    let context = Context::new("python");
    let endless = context.submit(
        "print('started', flush=True)\n\
         spark.range(10**14).selectExpr('sum(hash(id))').collect()",
    );
    poll(|| (context.command(&endless)["results"]["data"] == "started\n").then_some(()));
    context.cancel(&endless);
    let (summary, _) = error_of(&context.results(&endless));
    assert_eq!(summary, "Command Cancelled");
    // With a job that occupies all cores, this one would not end.
    assert_eq!(
        context.text("spark.range(10).selectExpr('sum(id)').first()[0]"),
        "45"
    );
}

#[test]
fn jobs_of_a_destroyed_context_are_canceled() {
    let context = Context::new("python");
    context.submit("spark.range(10**14).selectExpr('sum(hash(id))').collect()");
    let other = Context::new("python");
    assert_eq!(
        other.text("spark.range(10).selectExpr('sum(id)').first()[0]"),
        "45"
    );
    drop(context);
    assert_eq!(
        other.text("spark.range(10).selectExpr('sum(id)').first()[0]"),
        "45"
    );
}
