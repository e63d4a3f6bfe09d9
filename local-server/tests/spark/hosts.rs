//! Processes of clusters that exit, each on a separate server.

use std::time::Duration;

use local_server::Options;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::workspace::{Context, error_of, poll, start};

/// Time for the tasks of a canceled command. The cancel request itself must not need longer, also on a busy
/// machine.
const CANCEL_GRACE: Duration = Duration::from_secs(20);

/// A query whose task sets a property, and then matches a regular expression for hours. No interrupt
/// ends it.
const SPINNING: &str = r"select count(*) from range(1)
    where length(reflect('java.lang.System', 'setProperty', 'test.spinning', 'true')) > 0
    and concat(repeat('a', 60), cast(id as string)) rlike r'^(a|aa)+\1b$'";

#[test]
fn contexts_of_a_killed_process_fail_and_new_ones_work() {
    let server = start(Options::new());
    let (first, second) = (
        Context::on(&server, "c", "sql"),
        Context::on(&server, "c", "sql"),
    );
    let other_cluster = Context::on(&server, "plain", "python");
    let process = first.rows("select reflect('java.lang.ProcessHandle', 'current')");
    let process: i32 = process[0][0].as_str().unwrap().parse().unwrap();
    assert_eq!(second.rows("select 1"), json!([[1]]));
    let running = first.submit("select sum(hash(id)) from range(100000000000000)");
    poll(|| (first.command(&running)["status"] == "Running").then_some(()));

    kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
    let (summary, cause) = error_of(&first.results(&running));
    assert_eq!(summary, "Fatal error: The SQL kernel is unresponsive.");
    let reason = "The Spark application of the cluster has ended. The process exited with exit code \
                  137 (signal 9, SIGKILL).";
    assert!(cause.contains(reason), "{cause}");
    for context in [&first, &second] {
        poll(|| (context.status() == "Error").then_some(()));
        let error = context.rejection("sql", "select 1");
        assert!(error.contains(reason), "{error}");
    }
    assert_eq!(other_cluster.text("1"), "1");
    assert_eq!(
        Context::on(&server, "c", "sql").rows("select 1"),
        json!([[1]])
    );
}

#[test]
fn process_whose_tasks_do_not_end_after_a_cancel_exits() {
    let server = start(Options::new().cancel_grace(CANCEL_GRACE));
    let context = Context::on(&server, "c", "sql");
    let spinning = context.submit(SPINNING);
    let other = Context::on(&server, "c", "sql");
    poll(|| {
        let property =
            other.rows("select reflect('java.lang.System', 'getProperty', 'test.spinning')");
        (property == json!([["true"]])).then_some(())
    });
    context.cancel(&spinning);
    let (summary, _) = error_of(&context.results(&spinning));
    assert_eq!(summary, "Command Cancelled");
    poll(|| (context.status() == "Error").then_some(()));
    let error = context.rejection("sql", "select 1");
    for part in [
        "exit code 1",
        "Tasks of a canceled command did not end within 20.0 seconds",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn contexts_fail_when_the_application_is_stopped() {
    let server = start(Options::new());
    let (python, sql) = (
        Context::on(&server, "c", "python"),
        Context::on(&server, "c", "sql"),
    );
    // `spark.stop` is refused, but not that of the JVM.
    python.submit("spark._jsc.stop()");
    for context in [&python, &sql] {
        poll(|| (context.status() == "Error").then_some(()));
    }
    let error = sql.rejection("sql", "select 1");
    let reason = "The Spark application of the cluster has ended. It was stopped.";
    assert!(error.contains(reason), "{error}");
}

#[test]
fn server_stops_while_a_process_starts() {
    let server = start(Options::new());
    let context = Context::on(&server, "c", "sql");
    assert_eq!(context.status(), "Pending");
    context.forget();
    server.stop();
}
