//! `dbutils`.

use serde_json::json;

use super::start;
use crate::harness::Harness;

#[test]
fn notebook_exit_ends_the_command_with_a_value() {
    let harness = start();
    for (command, text) in [
        ("dbutils.notebook.exit('ä\\n')", "ä\n"),
        (
            "print('lost'); dbutils.notebook.exit(5); stop('after')",
            "5",
        ),
        ("dbutils.notebook.exit()", ""),
        (
            "tryCatch(dbutils.notebook.exit('x'), error = function(error) NULL)",
            "x",
        ),
        ("f <- function() dbutils.notebook.exit('f'); f()", "f"),
        ("1", "[1] 1"),
    ] {
        assert_eq!(harness.text(command), text, "{command:?}");
    }
    let (summary, _) = harness.failure("dbutils.notebook.exit(strrep('x', 2e6))");
    assert!(summary.contains("longer than"), "{summary}");
}

/// Returns the names of the files in a folder, as the REST API lists them.
fn list(harness: &Harness, path: &str) -> Vec<String> {
    let response = harness
        .get(&format!("/api/2.0/dbfs/list?path={path}"))
        .json();
    let files = response["files"].as_array();
    let files = files.unwrap_or_else(|| panic!("{response}"));
    let paths = files.iter().map(|file| file["path"].as_str().unwrap());
    paths.map(str::to_owned).collect()
}

#[test]
fn files_are_those_of_the_rest_api() {
    let harness = start();
    let contents = json!({"path": "/in/a.txt", "contents": "w6RiYw=="});
    assert_eq!(harness.post("/api/2.0/dbfs/put", &contents).status, 200);
    for (command, text) in [
        ("dbutils.fs.head('/in/a.txt')", "[1] \"äbc\""),
        (
            "dbutils.fs.head('dbfs:/in/a.txt', 2)",
            "[Truncated to first 2 bytes]\n[1] \"ä\"",
        ),
        (
            "dbutils.fs.put('/out/b.txt', 'é')",
            "Wrote 2 bytes.\n[1] TRUE",
        ),
        ("dbutils.fs.mkdirs('/out/c/d')", "[1] TRUE"),
        ("dbutils.fs.cp('/in/a.txt', '/out/c')", "[1] TRUE"),
        ("dbutils.fs.cp('/out', '/copy', recurse = TRUE)", "[1] TRUE"),
        ("dbutils.fs.mv('/copy/c', 'dbfs:/moved', TRUE)", "[1] TRUE"),
        ("dbutils.fs.rm('/in', TRUE)", "[1] TRUE"),
        ("dbutils.fs.rm('/in')", "[1] FALSE"),
        (
            "cat(vapply(dbutils.fs.ls('/'), function(file) file$path, ''))",
            "dbfs:/copy/ dbfs:/moved/ dbfs:/out/",
        ),
        (
            "str(dbutils.fs.ls('/../moved/a.txt')[[1]][1:5])",
            "List of 5\n $ path  : chr \"dbfs:/moved/a.txt\"\n $ name  : chr \"a.txt\"\n \
             $ size  : num 4\n $ isDir : logi FALSE\n $ isFile: logi TRUE",
        ),
    ] {
        assert_eq!(harness.text(command), text, "{command}");
    }
    assert_eq!(list(&harness, "/"), ["/copy", "/moved", "/out"]);
    assert_eq!(list(&harness, "/moved"), ["/moved/a.txt", "/moved/d"]);
    for (command, message) in [
        (
            "dbutils.fs.ls('/none')",
            "No such file or directory: dbfs:/none",
        ),
        (
            "dbutils.fs.put('/out/b.txt', 'x')",
            "dbfs:/out/b.txt exists; use `overwrite = TRUE`",
        ),
        (
            "dbutils.fs.rm('/out')",
            "dbfs:/out is not empty; use `recurse = TRUE`",
        ),
        ("dbutils.fs.rm('/..', TRUE)", "dbfs:/ cannot be removed"),
        (
            "dbutils.fs.cp('/out', '/x')",
            "dbfs:/out is a directory; use `recurse = TRUE`",
        ),
        (
            "dbutils.fs.cp('/out', '/out/x', TRUE)",
            "dbfs:/out/x is in dbfs:/out",
        ),
        (
            "dbutils.fs.ls('s3:/x')",
            "the scheme `s3:` is not supported; use `dbfs:` or `file:`",
        ),
    ] {
        assert_eq!(
            harness.failure(command).0,
            format!("Error: {message}"),
            "{command}"
        );
    }
}

#[test]
fn widgets_have_default_values() {
    let harness = start();
    harness.text("dbutils.widgets.text('a', 'x'); dbutils.widgets.text('a', 'other')");
    harness.text("dbutils.widgets.dropdown('b', '1', list('1', '2'))");
    assert_eq!(harness.text("cat(dbutils.widgets.get('a'))"), "x");
    assert_eq!(
        harness.text("cat(sort(unlist(dbutils.widgets.getAll())))"),
        "1 x"
    );
    harness.text("dbutils.widgets.remove('a')");
    let (summary, _) = harness.failure("dbutils.widgets.get('a')");
    assert!(
        summary.starts_with("Error: no widget is named 'a'"),
        "{summary}"
    );
}
