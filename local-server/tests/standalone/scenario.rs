//! One scenario, because each process of the cluster takes seconds to start.

use std::time::Duration;

use local_server::{Options, Server, SparkChoice, spark};
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::workspace::{Context, error_of, poll};

/// A regular expression that takes forever to fail, and that no interrupt ends.
const SPIN: &str = r"concat(repeat('a', 60), cast(id as string)) rlike r'^(a|aa)+\1b$'";

/// Runs six tasks of one second each.
const SIX_TASKS: &str = "select count(*) from range(0, 6, 1, 6) \
                         where reflect('java.lang.Thread', 'sleep', 1000L) is not null";

const SUM: &str = "select sum(id) from range(1000)";

fn sum() -> Value {
    json!([[499_500]])
}

/// Waits until the output of a running command reports that there is no core.
fn wait_for_core_warning(context: &Context, command: &str, master: &str) {
    let warning = format!("warning: no core of {master} has been available for 10 seconds.");
    poll(|| {
        let status = context.command(command);
        assert_ne!(status["status"], "Finished", "{status}");
        let output = status["results"]["data"].as_str()?;
        assert!(output.starts_with(&warning), "{output}");
        Some(())
    });
}

#[test]
fn applications_share_a_cluster_and_survive_lost_processes() {
    let installation = spark::testing::installation();
    let mut cluster = Cluster::start(installation.clone(), 2);
    let master = cluster.url();
    let server = Server::start(
        Options::new()
            .spark(SparkChoice::Home(installation.spark.home))
            .java(installation.java.program)
            .cancel_grace(Duration::from_secs(1))
            .master(&master)
            .cores(1)
            .spark_setting("spark.executor.memory", "512m"),
    )
    .unwrap();

    // Two applications side by side.
    let first = Context::on(&server, "first", "sql");
    let scala = Context::on(&server, "first", "scala");
    assert_eq!(first.rows(SUM), sum());
    let text = scala.text("case class P(n: Int)\nsc.parallelize(1 to 4, 2).map(P(_).n + 1).sum");
    assert!(text.ends_with(": Double = 14.0"), "{text}");

    // Executors read and write files of DBFS.
    first.put("/in.txt", "line\n");
    assert_eq!(
        first.rows("select * from text.`dbfs:/in.txt`"),
        json!([["line"]])
    );
    first.run("insert overwrite directory 'dbfs:/out' using json select 1 as n");
    assert_eq!(
        scala.text("print(spark.read.json(\"dbfs:/out\").count)"),
        "1"
    );

    // A third one has no core until another ends.
    let second = Context::on(&server, "second", "sql");
    let waiting = second.submit(SUM);
    wait_for_core_warning(&second, &waiting, &master);
    drop(scala);
    assert_eq!(second.results(&waiting)["data"], sum());

    // A worker is lost. The other application continues, and the command succeeds on a new worker.
    let id = first.rows("set spark.app.id")[0][1]
        .as_str()
        .unwrap()
        .to_owned();
    let interrupted = first.submit(SIX_TASKS);
    poll(|| (first.command(&interrupted)["status"] == "Running").then_some(()));
    cluster.kill_worker_of(&id);
    assert_eq!(second.rows(SUM), sum());
    wait_for_core_warning(&first, &interrupted, &master);
    cluster.add_worker();
    assert_eq!(first.results(&interrupted)["data"], json!([[6]]));

    // The master is lost, and restarted.
    cluster.kill_master();
    assert_eq!(first.rows(SUM), sum());
    cluster.start_master();
    poll(|| (cluster.alive_workers() == 2 && cluster.applications() == 2).then_some(()));
    assert_eq!(second.rows(SUM), sum());

    // The executor of a task that no cancel request ends is replaced.
    let spinning = first.submit(&format!("select count(*) from range(1) where {SPIN}"));
    poll(|| (first.command(&spinning)["status"] == "Running").then_some(()));
    first.cancel(&spinning);
    let (summary, _) = error_of(&first.results(&spinning));
    assert_eq!(summary, "Command Cancelled");
    assert_eq!(first.rows(SUM), sum());

    // Stopping the server ends its applications.
    first.forget();
    second.forget();
    server.stop();
    poll(|| (cluster.applications() == 0 && cluster.executors() == 0).then_some(()));
}
