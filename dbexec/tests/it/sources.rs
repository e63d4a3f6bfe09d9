//! Code in several files, in notebooks, and in executable files.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Running, Sandbox, without_times};

/// Workspace on a port on which no server listens.
const NOWHERE: [&str; 6] = [
    "--host",
    "http://127.0.0.1:9",
    "--token",
    "t",
    "--cluster",
    "c",
];

/// Returns the lines of files and cells that have ended. A slow machine prints states, too.
fn ends(stderr: &str) -> Vec<&str> {
    stderr.lines().filter(|line| line.contains('/')).collect()
}

#[test]
fn files_run_in_one_context_until_one_fails() {
    let sandbox = Sandbox::new();
    sandbox.write("a.py", "x = 41\nprint('a')");
    sandbox.write("b.py", "print(x + 1)\nprint(x + 2)");
    sandbox.write("c.py", "1/0");
    let run = ["run", "--local", "a.py", "b.py"];
    sandbox.run(run).assert(0, "a\n42\n43\n", "");
    let outcome = sandbox.run([&run[..], &["--progress", "plain"]].concat());
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), "a\n42\n43\n"));
    let stderr = without_times(&outcome.stderr);
    assert_eq!(
        ends(&stderr),
        ["a.py (1/2) TIME", "b.py (2/2) TIME"],
        "{outcome}"
    );

    let outcome = sandbox.run(["run", "--local", "a.py", "c.py", "b.py"]);
    assert_eq!((outcome.code, &*outcome.stdout), (Some(1), "a\n"));
    let stderr = without_times(&outcome.stderr);
    assert!(stderr.starts_with("Traceback"), "{outcome}");
    assert!(
        stderr.ends_with("division by zero\nerror: c.py:1 failed after TIME; context destroyed\n"),
        "{outcome}"
    );
}

#[test]
fn standard_input_may_be_one_of_the_files() {
    let sandbox = Sandbox::new();
    sandbox.write("a.py", "x = 41");
    let arguments = ["run", "--local", "-l", "python", "a.py", "-"];
    let outcome = Running::with_input(sandbox.command(arguments), b"print(x)").finish();
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), "41\n"));
    let missing = "error: missing.py: No such file or directory (os error 2)\n";
    sandbox
        .run(["run", "--local", "a.py", "missing.py"])
        .assert(2, "", missing);
}

#[test]
fn results_of_several_files_are_one_json_document() {
    let sandbox = Sandbox::new();
    sandbox.write("a.py", "print('a')");
    sandbox.write("b.py", "x = 1");
    sandbox.write("c.py", "1/0");
    let run = |files: &[&str], format| {
        let outcome = sandbox.run([&["run", "--local", "--output", format], files].concat());
        outcome.stdout
    };
    assert_eq!(run(&["a.py", "b.py"], "json"), "[\n\"a\"\n,\n\"\"\n]\n");
    assert_eq!(run(&["a.py", "c.py", "b.py"], "json"), "[\n\"a\"\n]\n");
    assert_eq!(run(&["c.py", "b.py"], "json"), "");
    assert_eq!(run(&["a.py", "b.py", "a.py"], "ndjson"), "\"a\"\n\"a\"\n");
    assert_eq!(
        run(&["a.py", "a.py"], "markdown"),
        "```text\na\n```\n\n```text\na\n```\n"
    );
}

#[test]
fn cells_of_a_source_file_of_databricks_are_commands() {
    let sandbox = Sandbox::new();
    let notebook = "# Databricks notebook source\n\
                    x = 41\n\
                    # COMMAND ----------\n\
                    # MAGIC %md\n\
                    # MAGIC # Title\n\
                    # COMMAND ----------\n\
                    # MAGIC %python\n\
                    # MAGIC print(x + 1)\n";
    sandbox.write("nb.py", notebook);
    let outcome = sandbox.run(["run", "--local", "nb.py", "--progress", "plain"]);
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), "42\n"));
    assert_eq!(
        ends(&without_times(&outcome.stderr)),
        ["cell 1/2 python TIME", "cell 2/2 python TIME"]
    );
    // Errors have the line of the file.
    sandbox.write(
        "nb.py",
        notebook.replace("print(x", "\n# MAGIC print(x / 0"),
    );
    let outcome = sandbox.run(["run", "--local", "nb.py"]);
    assert!(
        outcome
            .stderr
            .contains("\n  File \"nb.py\", line 9, in <module>\n"),
        "{outcome}"
    );
    assert!(
        without_times(&outcome.stderr)
            .ends_with("\nerror: nb.py:9 (cell 2) failed after TIME; context destroyed\nnote: output since TIME may be lost\n"),
        "{outcome}"
    );
    // The header is recognized in standard input, too.
    let command = sandbox.command(["run", "--local"]);
    let outcome = Running::with_input(command, notebook.as_bytes()).finish();
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), "42\n"));
}

#[test]
fn code_cells_of_a_jupyter_notebook_are_commands() {
    let sandbox = Sandbox::new();
    let cell = |kind: &str, source: &str| {
        format!(r#"{{"cell_type": "{kind}", "metadata": {{}}, "outputs": [], "source": {source}}}"#)
    };
    let notebook = |cells: &[String]| {
        let cells = cells.join(",");
        format!(r#"{{"cells": [{cells}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}"#)
    };
    let code = cell("code", r#"["x = 1\n", "print(x)"]"#);
    let cells = [
        cell("markdown", r#""text""#),
        code.clone(),
        cell("code", r#""1/0""#),
        code,
    ];
    sandbox.write("nb.ipynb", notebook(&cells));
    let outcome = sandbox.run(["run", "--local", "nb.ipynb"]);
    assert_eq!((outcome.code, &*outcome.stdout), (Some(1), "1\n"));
    let stderr = without_times(&outcome.stderr);
    assert!(stderr.starts_with("Traceback"), "{outcome}");
    assert!(
        stderr.ends_with("error: nb.ipynb (cell 2) failed after TIME; context destroyed\nnote: output since TIME may be lost\n"),
        "{outcome}"
    );

    sandbox.write("nb.ipynb", "{");
    let error =
        "error: nb.ipynb is not a notebook: EOF while parsing an object at line 1 column 1\n";
    sandbox
        .run(["run", "--local", "nb.ipynb"])
        .assert(2, "", error);
}

#[test]
fn unsupported_cell_is_an_error_before_a_request_is_sent() {
    let sandbox = Sandbox::new();
    let notebook = "# Databricks notebook source\nx = 1\n# COMMAND ----------\n# MAGIC %sh ls\n";
    sandbox.write("nb.py", notebook);
    let error = "error: nb.py (cell 2): the API does not support `%sh`\n\
                 help: use `subprocess.run` in Python to run a program\n";
    sandbox
        .run([&["run", "nb.py"][..], &NOWHERE].concat())
        .assert(2, "", error);
}

#[test]
fn executable_file_runs_with_the_options_in_its_comments() {
    let sandbox = Sandbox::new();
    let dbexec = env!("CARGO_BIN_EXE_dbexec");
    let script = format!(
        "#!/usr/bin/env -S {dbexec} run --local\n# dbexec: language=python output=json\nprint(6*7)\n"
    );
    let path = sandbox.write("job", script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let outcome = Running::start(sandbox.program::<&str>("./job", [])).finish();
    outcome.assert(0, "\"42\"\n", "");
    // The command line takes precedence.
    let outcome = Running::start(sandbox.program("./job", ["--output", "text"])).finish();
    outcome.assert(0, "42\n", "");

    sandbox.write("bad.py", "# dbexec: host=https://evil.example.com\n");
    let error = "error: bad.py:1: a file cannot set the option `host`\n\
                 help: it can set cluster, timeout, cleanup-timeout, output, language\n";
    sandbox
        .run([&["run", "bad.py"][..], &NOWHERE].concat())
        .assert(2, "", error);
}

#[test]
fn notebook_is_saved_with_its_outputs() {
    let sandbox = Sandbox::new();
    let notebook = r##"{"cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "# Title"},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": "print(1)"},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": "x['region']"},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": "print(3)"}],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"##;
    sandbox.write("nb.ipynb", notebook);
    let save = ["--save-notebook", "out.ipynb"];
    let outcome = sandbox.run([&["run", "--local", "nb.ipynb"][..], &save].concat());
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(1), "1\n"),
        "{outcome}"
    );
    assert!(outcome.stderr.contains("wrote out.ipynb\n"), "{outcome}");
    let saved = fs::read_to_string(sandbox.path("out.ipynb")).unwrap();
    let saved: serde_json::Value = serde_json::from_str(&saved).unwrap();
    let cells = &saved["cells"];
    assert_eq!(cells[0]["source"], "# Title");
    assert_eq!(cells[1]["outputs"][0]["text"], "1\n");
    assert_eq!(cells[2]["outputs"][0]["ename"], "NameError");
    assert_eq!(cells[3]["outputs"], serde_json::json!([]));

    // Other code becomes a notebook that can be run.
    sandbox.write("a.py", "print(6 * 7)");
    sandbox
        .run([&["run", "--local", "a.py"][..], &save].concat())
        .assert(0, "42\n", "wrote out.ipynb\n");
    let outcome = sandbox.run(["run", "--local", "out.ipynb"]);
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(0), "42\n"),
        "{outcome}"
    );
    let several = sandbox.run([&["run", "--local", "a.py", "nb.ipynb"][..], &save].concat());
    several.assert(
        2,
        "",
        "error: `--save-notebook` saves the outputs of a single file\n",
    );
}

#[test]
fn code_that_is_not_text_is_refused_before_a_request_is_sent() {
    let sandbox = Sandbox::new();
    sandbox.write("a.py", "print('a')");
    sandbox.write("nul.py", b"print(1)\0");
    sandbox.write("program", b"\x7fELF\0\xff");
    sandbox.write("latin.py", b"print('\xe4')");
    sandbox.write("utf16.sql", b"\xff\xfeS\0");
    sandbox.write("app.jar", b"PK\x03\x04\0");
    let cell = r#"{"cell_type": "code", "metadata": {}, "source": "'\u0000'"}"#;
    let notebook = format!(r#"{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4}}"#);
    sandbox.write("nb.ipynb", notebook);
    for (arguments, error) in [
        (
            &["a.py", "nul.py"][..],
            "nul.py is not text: NUL at byte 8\n",
        ),
        (&["program"], "program is not text: NUL at byte 4\n"),
        (
            &["latin.py"],
            "latin.py is not valid UTF-8 at byte 7\n\
             help: convert it to UTF-8, or declare its encoding: `# -*- coding: latin-1 -*-`\n",
        ),
        (
            &["utf16.sql"],
            "utf16.sql is encoded as UTF-16\nhelp: convert it to UTF-8\n",
        ),
        (
            &["app.jar"],
            "app.jar is not text: NUL at byte 4\n\
             help: `dbexec jar` installs a JAR and runs code that uses it\n",
        ),
        (
            &["nb.ipynb"],
            "nb.ipynb (cell 1) is not text: NUL at byte 1\n",
        ),
    ] {
        let outcome = sandbox.run([&["run"], arguments, &NOWHERE].concat());
        outcome.assert(2, "", &format!("error: {error}"));
    }
    let piped = |arguments: &[&str]| {
        let command = sandbox.command([arguments, &NOWHERE].concat());
        Running::with_input(command, b"1\0").finish()
    };
    let error = "error: standard input is not text: NUL at byte 1\n";
    piped(&["run", "-l", "python"]).assert(2, "", error);

    // Scripts of Python may declare another encoding. Otherwise, the server decodes the file.
    sandbox.write("latin.py", b"# coding: latin-1\nprint(ascii('\xe4'))");
    let run = ["run", "--local", "latin.py"];
    sandbox.run(run).assert(0, "'\\xe4'\n", "");
    let error = "error: latin.py is not valid UTF-8 at byte 31\nhelp: convert it to UTF-8\n";
    sandbox
        .run([&["run", "latin.py", "--as-command"][..], &NOWHERE].concat())
        .assert(2, "", error);
}
