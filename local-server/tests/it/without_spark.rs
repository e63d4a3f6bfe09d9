//! Python contexts of a server that finds no Spark.

use local_server::{Options, SparkChoice};
use serde_json::json;

use crate::harness::{CLUSTER, Harness, error_of, id};

fn start() -> Harness {
    let folder = std::env::temp_dir().join("no-spark-here");
    Harness::with(Options::new().spark(SparkChoice::Home(folder)))
}

#[test]
fn names_of_spark_report_what_is_missing() {
    let harness = start();
    for command in [
        "spark",
        "sc.parallelize([1])",
        "def f(): return sqlContext",
        "import pyspark",
        "from pyspark.sql import SparkSession",
        "spark = spark.newSession()",
    ] {
        let (summary, cause) = harness.failure(command);
        let expected = "ModuleNotFoundError: The Spark application cannot be started: ";
        assert!(summary.starts_with(expected), "{command}: {summary}");
        assert!(summary.contains("contains no Spark"), "{summary}");
        assert!(!cause.contains("local-server"), "{cause}");
    }
    let body = json!({
        "clusterId": CLUSTER,
        "contextId": harness.context,
        "language": "sql",
        "command": "select 1",
    });
    let command = id(&harness.post("/api/1.2/commands/execute", &body));
    let (summary, _) = error_of(&harness.results(&command));
    assert!(summary.contains("contains no Spark"), "{summary}");
    // Programs that run without PySpark, too.
    let optional = "try: import pyspark\nexcept ImportError: print('without')";
    assert_eq!(harness.text(optional), "without");
}

#[test]
fn names_that_a_command_assigns_first_need_no_spark() {
    let harness = start();
    for (command, text) in [
        ("sc = 5\nsc", "5"),
        ("sc", "5"),
        ("for spark in [1]: print(spark)", "1"),
        (
            "def sqlContext(): return sqlContext\nsqlContext() is sqlContext",
            "True",
        ),
        ("del spark\ndef f(spark, x=1): return spark + x\nf(1)", "2"),
        ("[spark for spark in [3]]", "[3]"),
        ("'spark sqlContext'  # spark", "'spark sqlContext'"),
        (
            "class Job:\n    spark = 1\n    def run(self): return self.spark\nJob().run()",
            "1",
        ),
        ("import sys\n'pyspark' in sys.modules", "False"),
        ("import threading\nthreading.active_count()", "1"),
    ] {
        assert_eq!(harness.text(command), text, "{command}");
    }
}

#[test]
fn forked_process_and_thread_do_not_request_spark() {
    let harness = start();
    let command = "import os, sys, tempfile, threading\n\
                   folder = tempfile.TemporaryDirectory()\n\
                   with open(folder.name + '/pyspark.py', 'w') as file: file.write('x = 1')\n\
                   sys.path.insert(0, folder.name)\n\
                   def load():\n    \
                       try: import pyspark; print(pyspark.x, flush=True)\n    \
                       except ImportError as error: print(error, flush=True)\n\
                   thread = threading.Thread(target=load)\n\
                   thread.start()\nthread.join()\n\
                   pid = os.fork()\n\
                   if pid == 0: load(); os._exit(0)\n\
                   os.waitpid(pid, 0)[1]";
    let expected = "`pyspark` must be imported in the main thread first\n1\n0";
    assert_eq!(harness.text(command), expected);
    assert_eq!(harness.text("1"), "1");
}
