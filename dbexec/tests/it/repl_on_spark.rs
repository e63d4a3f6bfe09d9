//! A session in all languages, on real Spark.

use std::io::Write as _;
use std::process::Stdio;

use local_server::Server;
use local_server::spark::testing;

use crate::pty::Terminal;
use crate::repl::{CTRL_C, Repl};
use crate::support::{Outcome, Sandbox, TOKEN, exit_code, start_with_spark};

/// Runs the inputs of a pipe. A JVM starts in seconds, and on a busy machine in minutes.
fn run(sandbox: &Sandbox, server: &Server, input: &str) -> Outcome {
    let _permit = testing::jvm_start_permit();
    let url = server.url();
    let arguments = ["repl", "--host", &url, "--token", TOKEN, "--cluster", "c"];
    let mut command = sandbox.command(arguments);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    Outcome {
        code: exit_code(output.status),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn languages_are_switched_and_share_temporary_views() {
    let server = start_with_spark(testing::installation());
    let sandbox = Sandbox::new();
    let input = "\
:sql
CREATE OR REPLACE TEMP VIEW v AS
  SELECT id FROM range(3); SELECT count(*) AS n
FROM v;
:vars
:python
spark.table('v').count() + 40
:scala
case class Point(x: Int) {
  def twice =
    2 * x
}
val p = Point(4)
p.twice + 100
:vars
:r cat(2 * 100 + 1)
:sql SELECT max(id) AS last FROM v
:export last.csv
";
    let outcome = run(&sandbox, &server, input);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    for text in [
        " n\n -\n 3\n",
        "43\n",
        "108\n",
        "201\n",
        " last\n ----\n    2\n",
    ] {
        assert!(outcome.stdout.contains(text), "{text}{outcome}");
    }
    for text in [
        "v  view\n",
        "Point  class\n",
        "p      Point  Point(4)\n",
        "1 row to last.csv\n",
    ] {
        assert!(outcome.stderr.contains(text), "{text}{outcome}");
    }
    let csv = std::fs::read_to_string(sandbox.path("last.csv")).unwrap();
    assert_eq!(csv.replace('\r', ""), "last\n2\n");
}

#[test]
fn names_of_all_interpreters_are_completed() {
    let server = start_with_spark(testing::installation());
    let sandbox = Sandbox::new();
    let _permit = testing::jvm_start_permit();
    let terminal = Terminal::new().size(100, 100).with_jvm();
    let url = server.url();
    let arguments = ["repl", "--host", &url, "--token", TOKEN, "--cluster", "c"];
    let mut repl = Repl::on(&terminal, &sandbox, &arguments, "\nc ");

    repl.input(":sql");
    repl.input("CREATE TEMP VIEW wide_view AS SELECT 41 AS first_column, 2 AS other;");
    repl.complete(
        "SELECT first_column + 1 AS answer FROM wide_v",
        "FROM wide_view",
    );
    repl.complete(" WHERE first_c", "WHERE first_column");
    repl.complete(" > 0 AND wide_view.oth", "AND wide_view.other");
    repl.input(" = 2;");
    repl.complete("SELECT 1 FROM def", "FROM default");
    repl.press(CTRL_C);
    repl.wait_for_prompt();

    repl.input(":r");
    repl.input("wide_list <- list(inner = list(deep.name = 43))");
    repl.complete("wide_l", "wide_list");
    repl.complete("$inn", "wide_list$inner");
    repl.complete("$de", "$inner$deep.name");
    repl.input(" + 0");

    repl.input(":scala");
    repl.input("case class Point(across: Int) { def twice = 2 * across }; val point = Point(22)");
    repl.complete("poi", "point");
    repl.complete(".tw", "point.twice");
    repl.input("");
    // No command of the completion has defined a result.
    repl.input("point.across");
    let end = repl.end();
    for line in [
        "\n answer\n ------\n     42\n",
        "\n[1] 43\n",
        "\nres0: Int = 44\n",
        "\nres1: Int = 22\n",
    ] {
        assert!(end.contains(line), "{line}{end}");
    }
}
