//! Arguments and parameters in all languages, on real Spark.

use local_server::Server;
use local_server::spark::testing;

use crate::support::{Outcome, Sandbox, TOKEN, run_to_end, start_with_spark};

/// Text that would end strings and begin comments, and in which Spark would substitute a variable.
const TEXT: &str = "a 'b' \"c\" \\d `e` -- /* ${env:HOME} $f\né😀 :n";

/// [`TEXT`] as `repr` writes it.
const PYTHON_TEXT: &str = r#"'a \'b\' "c" \\d `e` -- /* ${env:HOME} $f\né😀 :n'"#;

/// Queries and their results as CSV.
const QUERIES: [(&str, &str); 8] = [
    (
        "SELECT typeof(:n) a, typeof(:d) b, typeof(:e) c, typeof(:t) d, typeof(:yes) e, :none f",
        "int,\"decimal(3,2)\",double,string,boolean,\n",
    ),
    ("SELECT :n + :d a, 3-:m b, :yes c", "6.50,5,true\n"),
    ("SELECT hex(:t) = :hex a", "true\n"),
    (
        "SELECT /*+ REPARTITION(:n) */ id FROM range(100) WHERE id > :n ORDER BY id LIMIT :two -- :x",
        "6\n7\n",
    ),
    (
        "SELECT date :day a, ':n' b, r':n' c, \":n\" d, CAST(:n AS STRING) || :plain e /* /* :x */ :y */",
        "2026-11-27,:n,:n,:n,5über\n",
    ),
    (
        "SELECT ? a, int(?) + 1 b, named_struct('n', 1).n c",
        "\"x, y\",8,1\n",
    ),
    // The text of strings is then not unescaped.
    ("SET spark.sql.parser.escapedStringLiterals = true", ""),
    ("SELECT hex(:t) = :hex a, length(:plain) b", "true,4\n"),
];

fn parameters() -> Vec<String> {
    let hex = TEXT
        .bytes()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02X}"));
    let text = format!("t={TEXT}");
    let hex = format!("hex={hex}");
    let all = [
        "n:=5",
        "m:=-2",
        "two:=2",
        "d:=1.50",
        "e:=1e0",
        "yes:=true",
        "none:=null",
        "plain=über",
        "day=2026-11-27",
        &text,
        &hex,
    ];
    all.iter()
        .flat_map(|parameter| ["--param".to_owned(), (*parameter).to_owned()])
        .collect()
}

/// Runs files. A JVM starts in seconds, and on a busy machine in minutes.
fn run(sandbox: &Sandbox, server: &Server, arguments: &[String]) -> Outcome {
    let _permit = testing::jvm_start_permit();
    let url = server.url();
    let workspace = ["run", "--host", &url, "--token", TOKEN, "--cluster", "c"];
    let all = workspace
        .iter()
        .map(|&text| text.to_owned())
        .chain(arguments.iter().cloned());
    run_to_end(sandbox.command(all.collect::<Vec<_>>()))
}

#[track_caller]
fn assert_queries_have_their_values(server: &Server) {
    let sandbox = Sandbox::new();
    let cells = QUERIES.map(|(query, _)| query);
    let notebook = cells.join("\n-- COMMAND ----------\n");
    sandbox.write(
        "q.sql",
        format!("-- Databricks notebook source\n{notebook}"),
    );
    let file = ["q.sql", "--output", "csv"].map(str::to_owned);
    let arguments = ["--", "x, y", "7"].map(str::to_owned);
    let all = [&file[..], &parameters(), &arguments].concat();
    let outcome = run(&sandbox, server, &all);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    for (query, rows) in QUERIES {
        assert!(outcome.stdout.contains(rows), "{query}: {outcome}");
    }
}

#[test]
fn queries_have_their_values() {
    assert_queries_have_their_values(&start_with_spark(testing::installation()));
}

#[test]
fn queries_have_their_values_on_the_oldest_spark() {
    assert_queries_have_their_values(&start_with_spark(testing::oldest_installation()));
}

#[test]
fn all_languages_have_arguments_and_parameters() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "a.py",
        "import sys\nprint([sys.argv, dbutils.widgets.get('t')])",
    );
    sandbox.write(
        "b.scala",
        "println(args.toList)\nprintln(dbutils.widgets.get(\"t\"))",
    );
    sandbox.write(
        "c.r",
        "print(args)\nprint(commandArgs(TRUE))\ncat(dbutils.widgets.get('t'))",
    );
    sandbox.write("d.sql", "SELECT ? a, ? b, :t c");
    let files = ["a.py", "b.scala", "c.r", "d.sql"].map(str::to_owned);
    let arguments = ["--", "é \"x\" $y", "--full"].map(str::to_owned);
    let server = start_with_spark(testing::installation());
    let outcome = run(
        &sandbox,
        &server,
        &[&files[..], &parameters(), &arguments].concat(),
    );
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let list = "é \"x\" $y, --full";
    let vector = "[1] \"é \\\"x\\\" $y\" \"--full\"";
    for expected in [
        &*format!("[['a.py', 'é \"x\" $y', '--full'], {PYTHON_TEXT}]\n"),
        &format!("List({list})\n{TEXT}\n"),
        &format!("{vector}    \n{vector}    \n{TEXT}\n"),
        &format!("é \"x\" $y  --full  {}\n", TEXT.replace('\n', "\\n")),
    ] {
        assert!(outcome.stdout.contains(expected), "{expected}: {outcome}");
    }
}
