//! Scala contexts.

use std::sync::OnceLock;
use std::time::Duration;

use local_server::{Options, Server};
use serde_json::{Value, json};

use crate::workspace::{Context, error_of, poll, start};

/// Returns a context for the tests that leave it usable. It runs one command at a time.
pub(crate) fn shared() -> &'static Context {
    static SHARED: OnceLock<(Server, Context)> = OnceLock::new();
    let (_, context) = SHARED.get_or_init(|| {
        // On a busy machine, the end of a canceled command takes longer than usual.
        let server = start(Options::new().cancel_grace(Duration::from_secs(600)));
        let context = Context::on(&server, "scala", "scala");
        (server, context)
    });
    context
}

fn cause(results: &Value) -> String {
    error_of(results).1
}

#[test]
fn results_are_printed_as_on_databricks() {
    let context = shared();
    for (command, output) in [
        (
            "sc.parallelize(1 to 10).collect",
            "res0: Array[Int] = Array(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)",
        ),
        ("val printed = 41", "printed: Int = 41"),
        ("printed + 1; printed + 2", "res1: Int = 43"),
        ("val (p, q) = (1, \"x\")", "p: Int = 1\nq: String = x"),
        (
            "var v = Seq(1)\nprintln(\"val v: text\")\nval w = v",
            "val v: text\nv: Seq[Int] = List(1)\nw: Seq[Int] = List(1)",
        ),
        ("implicit val unit: Int = 5", "unit: Int = 5"),
        (
            "lazy val never = sys.error(\"evaluated\")",
            "never: Nothing // unevaluated",
        ),
        ("import java.util.UUID", "import java.util.UUID"),
        ("\"é€🦀\"", "res2: String = é€🦀"),
        ("List(1, 2)\n  .map(_ + 1)\n  .sum", "res3: Int = 5"),
        // One of a pair of surrogates has no encoding in UTF-8.
        ("\"\\ud83e\"", "res4: String = ?"),
        ("()", ""),
        ("", ""),
        (" \n\t", ""),
        ("// comment", ""),
        ("/* comment */", ""),
        ("\u{feff}1", "res6: Int = 1"),
    ] {
        let text = context.text(command);
        // Other tests use the context too.
        let numbered = |text: &str| match text.split_once(": ") {
            Some((name, rest)) if name.starts_with("res") => format!("res: {rest}"),
            _ => text.to_owned(),
        };
        assert_eq!(numbered(&text), numbered(output), "{command}");
    }
}

#[test]
fn errors_of_the_compiler_have_the_lines_of_the_command() {
    let context = shared();
    for (command, expected) in [
        ("nope", "<console>:1: error: not found: value nope\nnope\n^"),
        (
            "val unused = 1\n\nval x: Int = nope + 1",
            "<console>:3: error: not found: value nope\nval x: Int = nope + 1\n             ^",
        ),
        (
            "val x: Int = \"text\"",
            "<console>:1: error: type mismatch;\n found   : String(\"text\")\n required: Int\n\
             val x: Int = \"text\"\n             ^",
        ),
        (
            "\"text",
            "<console>:1: error: unclosed string literal\n\"text\n^",
        ),
    ] {
        let (summary, cause) = context.failure(command);
        assert_eq!(summary, expected, "{command}");
        assert_eq!(cause, expected, "{command}");
    }
    for command in [
        "def f(",
        "if (true) {",
        "val x =",
        "\"\"\"text",
        "/* comment",
    ] {
        let (summary, _) = context.failure(command);
        assert!(
            summary.contains("incomplete command") || summary.contains("unclosed"),
            "{summary}"
        );
    }
    assert_eq!(context.text("print(1)"), "1");
}

#[test]
fn exceptions_have_no_frames_of_the_interpreter() {
    let context = shared();
    let (summary, cause) = context.failure("def divide(n: Int) = 1 / n\n\ndivide(0)");
    assert_eq!(summary, "java.lang.ArithmeticException: / by zero");
    let frames = "\n\tat divide(<console>:1)\n\tat <init>(<console>:3)";
    assert_eq!(cause, format!("{summary}{frames}"));

    let nested = "throw new RuntimeException(\"first\\nsecond\", new Exception(\"inner\"))";
    let (summary, cause) = context.failure(nested);
    assert_eq!(summary, "java.lang.RuntimeException: first");
    assert!(
        cause.contains(
            "first\nsecond\n\tat <init>(<console>:1)\nCaused by: java.lang.Exception: inner"
        ),
        "{cause}"
    );

    let (summary, cause) =
        context.failure("sc.parallelize(1 to 4).map(n => 1 / (n - 2)).collect()");
    assert!(
        summary.starts_with("org.apache.spark.SparkException: Job aborted"),
        "{summary}"
    );
    assert!(
        cause.contains("Caused by: java.lang.ArithmeticException: / by zero"),
        "{cause}"
    );
    assert!(!cause.contains("localserver"), "{cause}");

    let unprintable = "class Unprintable extends Exception { override def getMessage = sys.error(\"no\") }\n\
                       throw new Unprintable";
    assert_eq!(context.failure(unprintable).0, "Unprintable");

    let (summary, _) = context.failure("def endless(n: Int): Int = 1 + endless(n + 1)\nendless(0)");
    assert_eq!(summary, "java.lang.StackOverflowError");
    assert_eq!(context.text("print(1)"), "1");
}

#[test]
fn output_of_all_streams_is_in_order() {
    let context = shared();
    let command = "import scala.sys.process._\n\
                   println(1); System.err.println(2); \"echo 3\".!; Console.err.println(4)\n\
                   new Thread(() => println(5)).run(); System.out.close(); print(6)";
    assert_eq!(
        context.text(command),
        "1\n2\n3\n4\n5\n6import scala.sys.process._"
    );

    let command = context.submit("print(\"é\"); System.out.flush(); Thread.sleep(600000)");
    let output = poll(|| {
        context.command(&command)["results"]["data"]
            .as_str()
            .map(str::to_owned)
    });
    assert_eq!(output, "é");
    context.cancel(&command);
    assert!(cause(&context.results(&command)).contains("CommandCancelledException"));

    let results = context.run("for (_ <- 1 to 100) println(\"x\" * 1000000)");
    assert_eq!(results["truncated"], true);
    assert_eq!(results["data"].as_str().unwrap().len(), 1 << 20);
}

#[test]
fn classes_and_values_are_available_in_later_commands_and_tasks() {
    let context = shared();
    context.text("case class Point(x: Int)\nval offset = 10\ndef shift(p: Point) = p.x + offset");
    let shifted = context.text("sc.parallelize(1 to 4, 2).map(n => shift(Point(n))).collect()");
    assert!(
        shifted.ends_with(": Array[Int] = Array(11, 12, 13, 14)"),
        "{shifted}"
    );
    let sum = context.text("print(Seq(Point(1), Point(2)).toDS.map(_.x).reduce(_ + _))");
    assert_eq!(sum, "3");
    context.failure("val offset = nope");
    assert_eq!(context.text("print(offset)"), "10");
}

#[test]
fn tables_html_and_exit_values_are_results() {
    let context = shared();
    let table = context.run("println(1); display(spark.range(2).withColumn(\"d\", lit(1.5)))");
    assert_eq!(table["resultType"], "table");
    assert_eq!(table["data"], json!([[0, 1.5], [1, 1.5]]));
    assert_eq!(table["schema"][0]["type"], "\"long\"");
    assert_eq!(context.text("displayHTML(\"<b>1</b>\")"), "<b>1</b>");
    assert_eq!(
        context.text("println(1); dbutils.notebook.exit(\"value\"); println(2)"),
        "value"
    );

    context.text("spark.range(3).createOrReplaceTempView(\"three\")");
    let results = context.results(&context.submit_in("sql", "select sum(id) as s from three"));
    assert_eq!(results["data"], json!([[3]]));
    let results = context.results(&context.submit_in("sql", "select nope"));
    assert!(
        error_of(&results).0.starts_with("[UNRESOLVED_COLUMN"),
        "{results}"
    );
}

#[test]
fn widgets_are_parameters_with_default_values() {
    let context = shared();
    let create = "dbutils.widgets.text(\"name\", \"a\"); dbutils.widgets.text(\"name\", \"b\", \"label\")\n\
                  dbutils.widgets.dropdown(\"size\", \"1\", Seq(\"1\", \"2\"))";
    assert_eq!(context.text(create), "");
    let get = "println(dbutils.widgets.get(\"name\") + dbutils.widgets.get(\"size\"))";
    assert_eq!(context.text(get), "a1");
    let choice = context.failure("dbutils.widgets.dropdown(\"x\", \"3\", Seq(\"1\"))");
    assert!(
        choice.0.contains("`3` is not one of the choices"),
        "{choice:?}"
    );
    assert_eq!(context.text("dbutils.widgets.remove(\"name\")"), "");
    let missing = context.failure("dbutils.widgets.get(\"name\")");
    assert!(
        missing.0.contains("no widget is named `name`"),
        "{missing:?}"
    );
    assert_eq!(context.text("dbutils.widgets.removeAll()"), "");
}

#[test]
fn canceled_command_leaves_the_context_usable() {
    let context = shared();
    for command in [
        "Thread.sleep(600000)",
        "while (true) {}",
        "while (true) try Thread.sleep(1000) catch { case _: InterruptedException => }",
        "sc.parallelize(1 to 4).foreach(_ => Thread.sleep(600000))",
    ] {
        let id = context.submit(command);
        poll(|| (context.command(&id)["status"] == "Running").then_some(()));
        context.cancel(&id);
        let (summary, cause) = error_of(&context.results(&id));
        assert_eq!(summary, "Command Cancelled", "{command}");
        assert!(
            cause.contains("CommandCancelledException"),
            "{command}: {cause}"
        );
        let sum = context.text("print(sc.parallelize(1 to 4, 2).sum)");
        assert_eq!(sum, "10.0", "{command}");
    }
    // The job may start after the command has been canceled, and would occupy all cores.
    let id = context.submit_in(
        "sql",
        "select count(*) from range(1000000000) a cross join range(1000000000) b",
    );
    poll(|| (context.command(&id)["status"] == "Running").then_some(()));
    context.cancel(&id);
    assert!(cause(&context.results(&id)).contains("CommandCancelledException"));
    let sum = context.text("print(sc.parallelize(1 to 4, 2).sum)");
    assert_eq!(sum, "10.0");
}

/// Tasks look up classes that do not exist while they compile generated code.
#[test]
fn other_threads_do_not_disturb_the_compiler() {
    let context = shared();
    context.run(
        "val lookups = { val loader = Thread.currentThread.getContextClassLoader
           (1 to 4).map { thread =>
             val lookup = new Thread(() => { var n = 0; while (!Thread.interrupted) {
               n += 1
               try loader.loadClass(s\"Missing${thread}_$n\") catch { case _: ClassNotFoundException => }
             } })
             lookup.setDaemon(true); lookup.start(); lookup
           } }",
    );
    for n in 1..=30 {
        let command = format!("print(Seq({n}, {n}).map(x => Option(x * 2)).flatten.sum)");
        assert_eq!(context.text(&command), (4 * n).to_string());
    }
    assert_eq!(context.text("print(lookups.count(_.isAlive))"), "4");
    context.run("lookups.foreach(_.interrupt())");
}

#[test]
fn end_of_the_process_is_described_and_harms_no_other_context() {
    let other = shared();
    let server = start(Options::new());
    for (command, expected) in [
        ("System.exit(4)", &["exit code 4"][..]),
        (
            "val kept = Iterator.continually(new Array[Long](1 << 20)).toList",
            &["exit code 3", "java.lang.OutOfMemoryError"],
        ),
        (
            "println(\"done\"); spark.stop()",
            &["exit code 1", "done", "`spark.stop()`"],
        ),
    ] {
        let context = Context::on(&server, "lost", "scala");
        let (_, cause) = context.failure(command);
        for part in expected {
            assert!(cause.contains(part), "{command}: {cause}");
        }
        assert_eq!(context.status(), "Error", "{command}");
    }
    assert_eq!(other.text("print(1)"), "1");
}

#[test]
fn task_that_cannot_be_canceled_ends_the_process() {
    // The cancel request itself must not need longer, also on a busy machine.
    let server = start(Options::new().cancel_grace(Duration::from_secs(20)));
    let context = Context::on(&server, "spinning", "scala");
    // The task prints: a job that is canceled before its tasks start leaves none.
    let command = "sc.parallelize(1 to 2).foreach { _ => println(1); while (true) {} }";
    let id = context.submit(command);
    poll(|| {
        context.command(&id)["results"]["data"]
            .as_str()
            .map(str::to_owned)
    });
    context.cancel(&id);
    assert!(cause(&context.results(&id)).contains("CommandCancelledException"));
    poll(|| (context.status() == "Error").then_some(()));
    let reason = context.rejection("scala", "1");
    assert!(reason.contains("did not end within"), "{reason}");
}
