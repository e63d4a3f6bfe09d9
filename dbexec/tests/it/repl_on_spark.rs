//! A session in all languages, on real Spark.

use std::io::Write as _;
use std::process::Stdio;

use local_server::Server;
use local_server::spark::testing;

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
