//! `dbutils` in commands.

use serde_json::json;

use crate::harness::Harness;

#[test]
fn notebook_exit_ends_the_command_with_a_value() {
    let harness = Harness::start();
    for (command, text) in [
        ("dbutils.notebook.exit('ä\\n')", "ä\n"),
        (
            "print('lost')\ndbutils.notebook.exit('value')\n1 / 0",
            "value",
        ),
        ("dbutils.notebook.exit(5)", "5"),
        ("dbutils.notebook.exit('')", ""),
        ("dbutils.notebook.exit()", ""),
        (
            "try: dbutils.notebook.exit('x')\nexcept Exception: pass",
            "x",
        ),
        ("def f(): dbutils.notebook.exit('f')\nf()", "f"),
        (
            "import os\npid = os.fork()\nif pid == 0: dbutils.notebook.exit('child')\n\
             os.waitpid(pid, 0)[1]",
            "0",
        ),
    ] {
        assert_eq!(harness.text(command), text, "{command:?}");
    }
    let (summary, _) = harness.failure("dbutils.notebook.exit('x' * (1 << 21))");
    assert!(summary.contains("longer than"), "{summary}");
}

/// The command that `dbutils` of the official SDK for Python sends.
#[test]
fn indented_code_of_the_official_sdk_runs() {
    let harness = Harness::start();
    harness.text("dbutils.fs.put('/a.txt', 'abc')");
    let command = r#"
        import json
        (args, kwargs) = json.loads('[["/a.txt"], {"maxBytes": 2}]')
        result = dbutils.fs.head(*args, **kwargs)
        dbutils.notebook.exit(json.dumps(result))
        "#;
    assert_eq!(harness.text(command), "\"ab\"");
}

#[test]
fn files_are_in_the_local_dbfs_folder() {
    let harness = Harness::start();
    for (command, text) in [
        ("dbutils.fs.mkdirs('/d/e')", "True"),
        (
            "dbutils.fs.put('dbfs:/d/a.txt', 'äbc')",
            "Wrote 4 bytes.\nTrue",
        ),
        (
            "dbutils.fs.put('d/a.txt', 'new', True)",
            "Wrote 3 bytes.\nTrue",
        ),
        ("dbutils.fs.head('/d/a.txt')", "'new'"),
        (
            "dbutils.fs.head('/d/a.txt', 2)",
            "[Truncated to first 2 bytes]\n'ne'",
        ),
        (
            "[(f.path, f.name, f.size) for f in dbutils.fs.ls('/d')]",
            "[('dbfs:/d/a.txt', 'a.txt', 3), ('dbfs:/d/e/', 'e/', 0)]",
        ),
        ("dbutils.fs.ls('/d/a.txt')[0].name", "'a.txt'"),
        (
            "dbutils.fs.ls('/')[0].modificationTime > 1_500_000_000_000",
            "True",
        ),
        ("dbutils.fs.cp('/d/a.txt', '/d/e')", "True"),
        ("dbutils.fs.cp('/d', '/copy', recurse=True)", "True"),
        (
            "[f.name for f in dbutils.fs.ls('/copy') + dbutils.fs.ls('/copy/e')]",
            "['a.txt', 'e/', 'a.txt']",
        ),
        ("dbutils.fs.mv('/copy/a.txt', '/moved/b.txt')", "True"),
        ("dbutils.fs.mv('/copy', '/moved', True)", "True"),
        (
            "[f.name for f in dbutils.fs.ls('/moved')]",
            "['b.txt', 'e/']",
        ),
        ("dbutils.fs.rm('/moved', True)", "True"),
        ("dbutils.fs.rm('/moved')", "False"),
        // `..` does not leave the folder.
        ("dbutils.fs.put('/../../x', '')", "Wrote 0 bytes.\nTrue"),
        (
            "[f.path for f in dbutils.fs.ls('dbfs:/..')]",
            "['dbfs:/d/', 'dbfs:/x']",
        ),
    ] {
        assert_eq!(harness.text(command), text, "{command:?}");
    }
    let results = harness.run("display(dbutils.fs.ls('/d/e'))");
    assert_eq!(results["resultType"], "table", "{results}");
    assert_eq!(results["schema"][3]["name"], "modificationTime");
    assert_eq!(results["data"][0][0], json!("dbfs:/d/e/a.txt"));
}

#[test]
fn errors_of_files_have_their_dbfs_paths() {
    let harness = Harness::start();
    harness.text("dbutils.fs.put('/d/a', 'x')");
    for (command, expected) in [
        (
            "dbutils.fs.ls('/no')",
            "No such file or directory: dbfs:/no",
        ),
        (
            "dbutils.fs.head('/no')",
            "No such file or directory: dbfs:/no",
        ),
        (
            "dbutils.fs.cp('/no', '/x')",
            "No such file or directory: dbfs:/no",
        ),
        (
            "dbutils.fs.mv('/no', '/x')",
            "No such file or directory: dbfs:/no",
        ),
        (
            "dbutils.fs.put('/d/a', 'y')",
            "dbfs:/d/a exists; use `overwrite=True`",
        ),
        (
            "dbutils.fs.rm('/d')",
            "dbfs:/d is not empty; use `recurse=True`",
        ),
        ("dbutils.fs.rm('/', True)", "dbfs:/ cannot be removed"),
        (
            "dbutils.fs.cp('/d', '/e')",
            "dbfs:/d is a directory; use `recurse=True`",
        ),
        (
            "dbutils.fs.cp('/d', '/d/e', True)",
            "dbfs:/d/e is in dbfs:/d",
        ),
        (
            "dbutils.fs.ls('s3://bucket')",
            "the scheme `s3:` is not supported",
        ),
    ] {
        let (summary, cause) = harness.failure(command);
        assert!(summary.contains(expected), "{command}: {summary}");
        assert!(!cause.contains("local-server"), "{cause}");
    }
    assert_eq!(harness.text("dbutils.fs.head('/d/a')"), "'x'");
}

#[test]
fn widgets_are_parameters_with_default_values() {
    let harness = Harness::start();
    harness.text("dbutils.widgets.text('n', 5)\ndbutils.widgets.dropdown('c', 'a', ['a', 'b'])");
    assert_eq!(harness.text("dbutils.widgets.get('n')"), "'5'");
    harness.text("dbutils.widgets.text('n', '6')");
    assert_eq!(
        harness.text("dbutils.widgets.getAll()"),
        "{'n': '5', 'c': 'a'}"
    );
    harness.text("dbutils.widgets.remove('n')");
    let (summary, _) = harness.failure("dbutils.widgets.get('n')");
    assert!(summary.contains("no widget is named 'n'"), "{summary}");
    harness.text("dbutils.widgets.removeAll()");
    assert_eq!(harness.text("dbutils.widgets.getAll()"), "{}");
}

#[test]
fn other_functions_are_reported_as_not_supported() {
    let harness = Harness::start();
    for (command, name) in [
        ("dbutils.secrets.get('a', 'b')", "dbutils.secrets"),
        ("dbutils.fs.mount('a', 'b')", "dbutils.fs.mount"),
        ("dbutils.notebook.run('a', 60)", "dbutils.notebook.run"),
    ] {
        let (summary, _) = harness.failure(command);
        let expected = format!("AttributeError: `{name}` is not supported by this local server");
        assert_eq!(summary, expected);
    }
    let help = harness.text("dbutils.fs.help()");
    assert!(help.contains("dbutils.fs.put(file, contents"), "{help}");
    assert_eq!(help, harness.text("dbutils.help('fs')"));
    assert!(
        harness
            .text("dbutils.help()")
            .contains("dbutils.notebook.exit(value)")
    );
    let line = harness.text("dbutils.fs.help('ls')");
    assert_eq!(line, "dbutils.fs.ls(dir): lists a directory");
}
