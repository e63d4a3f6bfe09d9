//! Tables of notebooks and their cells.

use std::path::Path;

use super::*;

/// Returns line, language and code of each cell.
fn cells(file: &str, text: &str) -> Vec<(Option<usize>, Language, String)> {
    let cells = read(file, Some(Path::new(file)), text, None)
        .unwrap()
        .into_iter();
    cells
        .map(|cell| (cell.line, cell.language, cell.code))
        .collect()
}

fn error(file: &str, text: &str) -> String {
    read(file, Some(Path::new(file)), text, None)
        .unwrap_err()
        .to_string()
}

#[test]
fn header_of_each_language_is_recognized() {
    for (start, expected) in [
        ("# Databricks notebook source\nx", true),
        ("// Databricks notebook source", true),
        ("-- Databricks notebook source\r\n", true),
        ("\u{feff}# Databricks notebook source\n", true),
        ("#Databricks notebook source\n", true),
        ("\n# Databricks notebook source\n", false),
        ("# Databricks notebook source code\n", false),
        ("/* Databricks notebook source */", false),
        ("print(1)", false),
        ("", false),
    ] {
        assert_eq!(is_notebook(None, start.as_bytes()), expected, "{start}");
    }
    assert!(is_notebook(Some(Path::new("a.IPYNB")), b""));
    assert!(!is_notebook(Some(Path::new("a.py")), b""));
}

#[test]
fn source_file_is_split_into_cells_with_their_lines() {
    let text = "# Databricks notebook source\n\
                x = 1\n\
                \n\
                # COMMAND ----------\n\
                \n\
                # DBTITLE 1,Sales\n\
                # MAGIC %sql\n\
                # MAGIC SELECT *\n\
                # MAGIC\n\
                # MAGIC   FROM sales\n\
                \n\
                # COMMAND ----------\n\
                \n\
                # MAGIC %md\n\
                # MAGIC # Title\n\
                \n\
                # COMMAND ----------\n\
                \n\
                # COMMAND ----------\n\
                # comment\n\
                print(x)\n";
    assert_eq!(
        cells("a.py", text),
        vec![
            (Some(2), Language::Python, "x = 1".to_owned()),
            (
                Some(7),
                Language::Sql,
                "\nSELECT *\n\n  FROM sales".to_owned()
            ),
            (Some(20), Language::Python, "# comment\nprint(x)".to_owned()),
        ]
    );
}

#[test]
fn scala_and_sql_source_files_have_their_comments() {
    let scala = "// Databricks notebook source\nval x = 1\n// COMMAND ----------\n\
                 // MAGIC %python print(1)\n";
    assert_eq!(
        cells("a.scala", scala),
        vec![
            (Some(2), Language::Scala, "val x = 1".to_owned()),
            (Some(4), Language::Python, "print(1)".to_owned()),
        ]
    );
    let sql = "-- Databricks notebook source\r\nSELECT 1\r\n-- COMMAND ----------\r\n\
               -- MAGIC %r\r\n-- MAGIC x <- 1\r\n";
    assert_eq!(
        cells("a.sql", sql),
        vec![
            (Some(2), Language::Sql, "SELECT 1".to_owned()),
            (Some(4), Language::R, "\nx <- 1".to_owned()),
        ]
    );
}

#[test]
fn notebook_of_jupyterlab_is_read() {
    let text = r##"{
      "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title"]},
        {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [],
         "source": ["%matplotlib inline\n", "x = 1"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": "%%sql\nSELECT 1"},
        {"cell_type": "raw", "metadata": {}, "source": "raw"},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": []},
        {"cell_type": "code", "metadata": {"vscode": {"languageId": "r"}}, "outputs": [],
         "source": "x"}
      ],
      "metadata": {"kernelspec": {"language": "python", "name": "python3"},
                   "language_info": {"name": "python", "version": "3.11"}},
      "nbformat": 4, "nbformat_minor": 5}"##;
    assert_eq!(
        cells("a.ipynb", text),
        vec![
            (None, Language::Python, "\nx = 1".to_owned()),
            (None, Language::Sql, "\nSELECT 1".to_owned()),
            (None, Language::R, "x".to_owned()),
        ]
    );
}

#[test]
fn notebook_exported_by_databricks_is_read() {
    let text = r#"{"cells": [{"cell_type": "code", "execution_count": 0, "metadata": {
            "application/vnd.databricks.v1+cell": {"title": "", "showTitle": false,
            "inputWidgets": {}, "nuid": "1"}}, "outputs": [], "source": ["%python\n", "x = 1"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["%md\n", "text"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["SELECT 1"]}],
        "metadata": {"application/vnd.databricks.v1+notebook": {"notebookName": "a",
            "language": "sql", "widgets": {}}, "language_info": {"name": "sql"}},
        "nbformat": 4, "nbformat_minor": 0}"#;
    assert_eq!(
        cells("a.ipynb", text),
        vec![
            (None, Language::Python, "\nx = 1".to_owned()),
            (None, Language::Sql, "SELECT 1".to_owned()),
        ]
    );
}

#[test]
fn magic_commands_select_the_language() {
    let source = |code: &str| format!("# Databricks notebook source\n{code}");
    for (code, language, expected) in [
        ("%sql SELECT 1", Language::Sql, "SELECT 1"),
        ("%scala\nval x = 1", Language::Scala, "\nval x = 1"),
        ("# a\n\n%r x", Language::R, "\n\nx"),
        ("x %in% y", Language::Python, "x %in% y"),
        ("% 3", Language::Python, "% 3"),
        ("x = '''\n%run a'''", Language::Python, "x = '''\n%run a'''"),
        ("%python\u{20}\u{20}1\n%sql", Language::Python, "1\n%sql"),
    ] {
        let cells = cells("a.py", &source(code));
        assert_eq!(
            (cells[0].1, cells[0].2.as_str()),
            (language, expected),
            "{code}"
        );
    }
}

#[test]
fn unsupported_magic_commands_are_errors_with_their_cell() {
    let source = |code: &str| {
        format!("# Databricks notebook source\n1\n# COMMAND ----------\n# MAGIC {code}\n")
    };
    for (code, magic, help) in [
        (
            "%run ./other",
            "%run",
            "run the other notebook first: `dbexec run OTHER THIS`",
        ),
        (
            "%sh ls",
            "%sh",
            "use `subprocess.run` in Python to run a program",
        ),
        (
            "!ls",
            "!",
            "use `subprocess.run` in Python to run a program",
        ),
        ("%fs ls /", "%fs", "use `dbutils.fs` in Python"),
        (
            "%pip install a",
            "%pip",
            "install the package as a library of the cluster, or with `subprocess.run` in Python",
        ),
        ("%timeit 1", "%timeit", "remove it, or write it as code"),
    ] {
        assert_eq!(
            error("a.py", &source(code)),
            format!("error: a.py (cell 2): the API does not support `{magic}`\nhelp: {help}")
        );
    }
}

#[test]
fn invalid_notebooks_are_errors() {
    for (text, message) in [
        (
            "{",
            "is not a notebook: EOF while parsing an object at line 1 column 1",
        ),
        ("[]", "is not a notebook: there is no list `cells`"),
        (
            r#"{"nbformat": 4, "cells": {}}"#,
            "is not a notebook: there is no list `cells`",
        ),
        (
            r#"{"nbformat": 4, "cells": [{"cell_type": "heading"}]}"#,
            "is not a notebook: cell 1 of the file has an unknown `cell_type`",
        ),
        (
            r#"{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}"#,
            "is not a notebook: cell 1 of the file has no `source`",
        ),
        (r#"{"nbformat": 4, "cells": []}"#, "has no cells with code"),
        (
            r#"{"nbformat": 3, "worksheets": [{"cells": []}]}"#,
            "has version 3 of the notebook format, expected version 4\n\
             help: convert it with `jupyter nbconvert --to notebook`",
        ),
        (
            r#"{"nbformat": 4, "cells": [], "metadata": {"language_info": {"name": "julia"}}}"#,
            "is a notebook in `julia`, expected python, scala, sql or r\n\
             help: use `--language` to run its cells in another language",
        ),
    ] {
        assert_eq!(error("a.ipynb", text), format!("error: a.ipynb {message}"));
    }
    let julia = r#"{"cells": [{"cell_type": "code", "source": "1"}],
        "metadata": {"language_info": {"name": "julia"}}}"#;
    let path = Some(Path::new("a.ipynb"));
    assert_eq!(
        read("a", path, julia, Some(Language::R)).unwrap()[0].language,
        Language::R
    );
    let markdown = "# Databricks notebook source\n# MAGIC %md text\n";
    assert_eq!(
        error("a.py", markdown),
        "error: a.py has no cells with code"
    );
}

#[test]
fn arbitrary_text_does_not_panic() {
    arbtest(|text| {
        let _ = read("a", None, text, None);
        let _ = read("a", Some(Path::new("a.ipynb")), text, None);
    });
}

/// Calls a function with random texts of parts that have a meaning in notebooks.
fn arbtest(test: impl Fn(&str)) {
    const PARTS: [&str; 16] = [
        "# Databricks notebook source\n",
        "# COMMAND ----------\n",
        "# MAGIC ",
        "%sql",
        "%%",
        "!",
        "\n",
        "\r\n",
        "é",
        " ",
        "{",
        "\"cells\": [",
        "\"",
        ":",
        "]",
        "# DBTITLE 1,a\n",
    ];
    for seed in 0..2000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let start = if random.bool() { PARTS[0] } else { "" };
        let parts = (0..random.usize(..12)).map(|_| PARTS[random.usize(..PARTS.len())]);
        test(&format!("{start}{}", parts.collect::<String>()));
    }
}
