//! The oldest supported version of Spark, with Scala 2.12.

use std::sync::OnceLock;
use std::time::Duration;

use local_server::spark::testing;
use local_server::{Options, Server, SparkChoice};
use serde_json::json;

use crate::workspace::{Context, error_of, poll};

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let installation = testing::oldest_installation();
        let options = Options::new()
            .spark(SparkChoice::Home(installation.spark.home))
            .java(installation.java.program)
            // On a busy machine, the end of a canceled command takes longer than usual.
            .cancel_grace(Duration::from_secs(600));
        Server::start(options).unwrap()
    })
}

#[test]
fn python_and_sql_run_on_spark_3() {
    let python = Context::on(server(), "oldest", "python");
    let sql = Context::on(server(), "oldest", "sql");
    assert_eq!(python.text("spark.version[:4]"), "'3.5.'");
    assert_eq!(
        python.text("sc.parallelize(range(10)).map(lambda x: x * x).sum()"),
        "285"
    );
    assert_eq!(
        python.rows("display(spark.sql(\"select 2.50 a, array(1, null) b, date'0001-01-01' c\"))"),
        json!([["2.50", [1, null], "0001-01-01"]])
    );
    python.put("/oldest.csv", "1\n2\n");
    assert_eq!(
        sql.rows("select sum(_c0) from csv.`/oldest.csv`"),
        json!([[3.0]])
    );
    python.text("spark.sql('create table oldest_t as select 7 as a') and None");
    assert_eq!(sql.rows("select a from oldest_t"), json!([[7]]));
    let (summary, _) = python.failure("spark.sql('select nope')");
    assert!(
        summary.starts_with("AnalysisException: [UNRESOLVED_COLUMN"),
        "{summary}"
    );

    let running = python.submit("spark.range(10**12).selectExpr('sum(id % 7)').collect()");
    poll(|| (python.command(&running)["status"] == "Running").then_some(()));
    python.cancel(&running);
    let (summary, _) = error_of(&python.results(&running));
    assert_eq!(summary, "Command Cancelled");
    assert_eq!(python.text("spark.range(3).count()"), "3");
    let running = sql.submit("select sum(hash(id)) from range(100000000000000)");
    poll(|| (sql.command(&running)["status"] == "Running").then_some(()));
    sql.cancel(&running);
    let (summary, _) = error_of(&sql.results(&running));
    assert_eq!(summary, "Command Cancelled");
    assert_eq!(sql.rows("select 1"), json!([[1]]));
}

#[test]
fn scala_runs_on_spark_3() {
    let context = Context::on(server(), "oldest", "scala");
    for (command, output) in [
        (
            "sc.parallelize(1 to 10).collect",
            "res0: Array[Int] = Array(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)",
        ),
        ("val x = 41", "x: Int = 41"),
        ("case class P(n: Int)", "defined class P"),
        ("def f(n: Int) = n + 1", "f: (n: Int)Int"),
        (
            "print(sc.parallelize(1 to 4, 2).map(P(_)).map(_.n + f(x)).sum)",
            "178.0",
        ),
    ] {
        assert_eq!(context.text(command), output, "{command}");
    }
    assert_eq!(
        context.rows("display(spark.range(2).toDF)"),
        json!([[0], [1]])
    );
    let (summary, cause) = context.failure("val y = 1\nnope");
    assert!(
        summary.contains("error: not found: value nope"),
        "{summary}"
    );
    assert!(cause.contains(":2: error: "), "{cause}");
    let running = context.submit("println(\"started\"); while (true) {}");
    poll(|| (context.command(&running)["results"]["data"] == "started\n").then_some(()));
    context.cancel(&running);
    let (summary, _) = error_of(&context.results(&running));
    assert_eq!(summary, "Command Cancelled");
    // Commands without a value have a number too.
    assert_eq!(context.text("x"), "res5: Int = 41");
}
