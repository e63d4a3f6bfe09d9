//! Python contexts that use Spark.

use local_server::Options;
use serde_json::json;

use crate::workspace::{Context, error_of, poll, start};

#[test]
fn names_of_spark_are_defined_at_their_first_use() {
    let context = Context::new("python");
    assert_eq!(context.text("'spark' in globals()"), "False");
    assert_eq!(context.text("spark.range(3).count()"), "3");
    assert_eq!(
        context.text("sc.parallelize(range(10)).map(lambda x: x * x).sum()"),
        "285"
    );
    assert_eq!(
        context.text("sqlContext.sql('select 1 a').collect()"),
        "[Row(a=1)]"
    );
    for command in [
        "from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate() is spark",
        "from pyspark import SparkContext\nSparkContext.getOrCreate() is sc",
        "SparkSession.getActiveSession().sparkContext is sc",
    ] {
        assert_eq!(context.text(command), "True", "{command}");
    }
    // The names can be assigned, and the interrupt of a command is that of Python.
    assert_eq!(context.text("sc = 5\nspark.range(1).count()\nsc"), "5");
    let handler = "import signal\nsignal.getsignal(signal.SIGINT) is signal.default_int_handler";
    assert_eq!(context.text(handler), "True");
    // Child processes do not connect.
    let variables = "import os\n[name for name in os.environ if 'GATEWAY' in name]";
    assert_eq!(context.text(variables), "[]");
}

#[test]
fn import_of_pyspark_attaches_a_context_wherever_it_occurs() {
    for command in [
        "import pyspark.sql.functions as f",
        "def load():\n    from pyspark.sql import SparkSession\nload()",
        "exec('import pyspark')",
    ] {
        let context = Context::new("python");
        assert_eq!(context.text(command), "", "{command}");
        assert_eq!(context.text("'sc' in globals()"), "True", "{command}");
        assert_eq!(context.text("spark.range(2).count()"), "2", "{command}");
    }
}

#[test]
fn data_frame_is_a_table_if_it_is_displayed() {
    let context = Context::new("python");
    assert_eq!(context.text("spark.range(3)"), "DataFrame[id: bigint]");
    let results = context.run("display(spark.sql(\"select 1 a, 2.50 b, date'2020-02-29' c\"))");
    assert_eq!(
        results["data"],
        json!([[1, "2.50", "2020-02-29"]]),
        "{results}"
    );
    assert_eq!(results["schema"][1]["type"], "\"decimal(3,2)\"");
    assert_eq!(
        context.rows("display(spark.range(2).collect())"),
        json!([[0], [1]])
    );
    let results = context.run("display(spark.range(10001))");
    assert_eq!(results["data"].as_array().map(Vec::len), Some(10_000));
    assert_eq!(results["truncated"], true);
}

#[test]
fn sql_command_is_a_table_and_assigns_its_data_frame() {
    let context = Context::new("python");
    let results = context.results(&context.submit_in("sql", "select 1 as a, 'x' as b;"));
    assert_eq!(results["resultType"], "table", "{results}");
    assert_eq!(results["data"], json!([[1, "x"]]));
    assert_eq!(context.text("_sqldf"), "DataFrame[a: int, b: string]");
    context.results(&context.submit_in("sql", "create temporary view v as select 7 as c"));
    assert_eq!(context.text("spark.table('v').collect()"), "[Row(c=7)]");
    let results = context.results(&context.submit_in("sql", "select"));
    let (summary, _) = error_of(&results);
    assert!(
        summary.starts_with("ParseException: [PARSE_SYNTAX_ERROR]"),
        "{summary}"
    );
}

#[test]
fn errors_of_spark_have_both_stacks_in_the_cause_only() {
    let context = Context::new("python");
    for (command, expected) in [
        (
            "spark.sql('select nope')",
            "AnalysisException: [UNRESOLVED_COLUMN",
        ),
        (
            "spark.sql('select 1/0').collect()",
            "ArithmeticException: [DIVIDE_BY_ZERO]",
        ),
        (
            "sc._jvm.java.lang.Integer.parseInt('x')",
            "NumberFormatException: For input",
        ),
    ] {
        let (summary, cause) = context.failure(command);
        assert!(summary.starts_with(expected), "{command}: {summary}");
        assert!(!summary.contains("\n\tat "), "{summary}");
        assert!(cause.contains("in <module>\n"), "{cause}");
        assert!(cause.contains("\n\tat "), "{cause}");
        assert!(!cause.contains("local-server"), "{cause}");
    }
    let (summary, _) = context.failure("sc.parallelize([1, 0]).map(lambda x: 1 / x).collect()");
    assert!(
        summary.contains("ZeroDivisionError: division by zero"),
        "{summary}"
    );
    // An error that is handled leaves no message in the output.
    let handled = "try: spark.sql('select nope')\nexcept Exception as error: print('handled')";
    assert_eq!(context.text(handled), "handled");
}

#[test]
fn commands_cannot_stop_the_application() {
    let context = Context::new("python");
    for command in ["sc.stop()", "spark.stop()", "with spark: pass"] {
        let (summary, _) = context.failure(command);
        assert!(
            summary.contains("use `clusters/delete`"),
            "{command}: {summary}"
        );
    }
    assert_eq!(context.text("spark.range(1).count()"), "1");
}

#[test]
fn contexts_do_not_share_views() {
    let (context, other) = (Context::new("python"), Context::new("python"));
    context.text("spark.range(1).createOrReplaceTempView('python_v')");
    let (summary, _) = Context::new("sql").failure("select * from python_v");
    assert!(
        summary.starts_with("[TABLE_OR_VIEW_NOT_FOUND]"),
        "{summary}"
    );
    assert_eq!(other.text("spark.catalog.tableExists('python_v')"), "False");
}

#[test]
fn canceled_job_ends_and_the_context_remains_usable() {
    let (context, other) = (Context::new("python"), Context::new("python"));
    context.text("spark.range(1).count()");
    for command in [
        "spark.range(10**12).selectExpr('sum(id % 7)').collect()",
        "import time\nsc.parallelize([1, 2]).map(lambda x: time.sleep(3600)).collect()",
    ] {
        let running = context.submit(command);
        // The application has a job of this command.
        poll(|| {
            let group = format!("len(sc.statusTracker().getJobIdsForGroup('{running}'))");
            (other.text(&group) != "0").then_some(())
        });
        context.cancel(&running);
        let (_, cause) = error_of(&context.results(&running));
        assert!(cause.contains("CommandCancelledException"), "{cause}");
        let states = format!(
            "tracker = sc.statusTracker()\n\
             {{tracker.getJobInfo(id).status for id in tracker.getJobIdsForGroup('{running}')}}"
        );
        poll(|| (other.text(&states) == "{'FAILED'}").then_some(()));
        let group = context.submit("sc.getLocalProperty('spark.jobGroup.id')");
        assert_eq!(context.results(&group)["data"], json!(format!("'{group}'")));
    }
    assert_eq!(
        context.text("sc.parallelize([1, 2]).map(lambda x: x + 1).sum()"),
        "5"
    );
}

#[test]
fn call_after_an_interrupted_one_has_its_own_response() {
    let (context, other) = (Context::new("python"), Context::new("python"));
    // The traceback of the exception refers to the connection of the interrupted call.
    let running = context.submit(
        "try:\n    spark.range(10**12).selectExpr('sum(id % 7)').collect()\n\
         except KeyboardInterrupt as error:\n    kept = error",
    );
    let jobs = format!("len(sc.statusTracker().getJobIdsForGroup('{running}'))");
    poll(|| (other.text(&jobs) != "0").then_some(()));
    context.cancel(&running);
    context.results(&running);
    assert_eq!(
        context.text("(type(kept).__name__, spark.range(5).count())"),
        "('KeyboardInterrupt', 5)"
    );
}

#[test]
fn command_that_waits_for_spark_can_be_canceled() {
    let server = start(Options::new());
    let context = Context::on(&server, "c", "python");
    assert_eq!(context.text("1"), "1");
    let waiting = context.submit("spark.range(3).count()");
    poll(|| (context.command(&waiting)["status"] == "Running").then_some(()));
    context.cancel(&waiting);
    let (summary, _) = error_of(&context.results(&waiting));
    assert_eq!(summary, "Command Cancelled");
    // The next command does not take the response of the canceled one.
    assert_eq!(context.text("2"), "2");
    assert_eq!(context.text("spark.range(3).count()"), "3");
}
