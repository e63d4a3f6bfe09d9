//! Arguments and parameters for the code.

use crate::support::Sandbox;

/// Text with characters that have a meaning in literals.
const TEXT: &str = "a \"b\" 'c' \\ $x {y} é😀 #{z}\n\u{7f}";

#[test]
fn arguments_are_those_of_a_program() {
    let sandbox = Sandbox::new();
    sandbox.write("job.py", "import sys\nprint(ascii(sys.argv))");
    let expected =
        "['job.py', 'a \"b\" \\'c\\' \\\\ $x {y} \\xe9\\U0001f600 #{z}\\n\\x7f', '--full', '']\n";
    sandbox
        .run(["run", "--local", "job.py", "--", TEXT, "--full", ""])
        .assert(0, expected, "");
    let code = [
        "run",
        "--local",
        "-l",
        "python",
        "-c",
        "import sys; print(sys.argv)",
        "--",
        "1",
    ];
    sandbox.run(code).assert(0, "['-c', '1']\n", "");
    let code = ["run", "--local", "--as-command", "job.py", "--", "1"];
    sandbox.run(code).assert(0, "['job.py', '1']\n", "");
}

#[test]
fn parameters_are_widgets() {
    let sandbox = Sandbox::new();
    let notebook = "# Databricks notebook source\n\
                    dbutils.widgets.text('month', 'none')\n\
                    # COMMAND ----------\n\
                    print(ascii(dbutils.widgets.getAll()))\n";
    sandbox.write("nb.py", notebook);
    let outcome = sandbox.run([
        "run",
        "--local",
        "nb.py",
        "--param",
        "month=2026-é",
        "--param",
        "n:=5",
    ]);
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(0), "{'month': '2026-\\xe9', 'n': '5'}\n"),
        "{outcome}"
    );
    let invalid = sandbox.run(["run", "--local", "nb.py", "--param", "1=2"]);
    invalid.assert_starts_with(
        2,
        "",
        "error: invalid value '1=2' for '--param <NAME=VALUE>': `1` is not a name of letters, digits and \
         `_`",
    );
}

#[test]
fn query_without_a_value_is_an_error_before_a_request_is_sent() {
    let workspace = [
        "--host",
        "http://127.0.0.1:9",
        "--token",
        "t",
        "--cluster",
        "c",
    ];
    let code = ["run", "-l", "sql", "-c", "SELECT :a, :b", "--param", "a=1"];
    Sandbox::new().run([&code[..], &workspace].concat()).assert(
        2,
        "",
        "error: the code: the parameter `:b` has no value\nhelp: use `--param b=VALUE`\n",
    );
}
