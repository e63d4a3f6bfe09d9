//! `dbutils` in commands.

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
