//! `dbexec run --local`.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Stdio;

use crate::support::{Done, Running, Sandbox};

const UNKNOWN_LANGUAGE: &str = "\
error: the language of the code is not known
note: say `--language python` (or scala, sql, r), or set the variable DBEXEC_LANGUAGE
";
const NO_CODE: &str = "\
error: there is no code to run
note: name a file, `-` for standard input, or -c CODE
";

/// Runs Python that is given as an argument, on this machine.
fn python(code: &str) -> Done {
    Sandbox::new().run(["run", "--local", "--language", "python", "-c", code])
}

#[test]
fn the_example() {
    let hello = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/hello.py");
    let done = Sandbox::new().run(["run", "--local", hello]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done}");
    assert!(
        done.stdout.starts_with("Hello, world!\nThis is Python 3."),
        "{done}"
    );
    assert!(done.stdout.ends_with("\nl: 3\no: 2\n10\n"), "{done}");
}

#[test]
fn output_ends_with_one_line_end() {
    python("print(6*7)").assert(0, "42\n", "");
    python("6*7").assert(0, "42\n", "");
    python("print('a', end='')").assert(0, "a\n", "");
    python("x = 1").assert(0, "", "");
    python("").assert(0, "", "");
    python("-1").assert(0, "-1\n", "");
    python("'é\\n'").assert(0, "'é\\n'\n", "");
}

#[test]
fn an_error_of_the_code() {
    let done = python("1/0");
    let (first, last) = (
        "Traceback (most recent call last):\n",
        "\nZeroDivisionError: division by zero\n",
    );
    done.assert_begins(1, "", first);
    assert!(
        done.stderr.ends_with(last) && !done.stderr.contains('\u{1b}'),
        "{done}"
    );
    python("raise SystemExit(3)").assert_begins(1, "", "");
}

#[test]
fn code_from_standard_input() {
    let sandbox = Sandbox::new();
    for arguments in [
        &["run", "--local", "-l", "python"][..],
        &["run", "--local", "-l", "python", "-"],
        &["run", "--local", "-l", "python", "/dev/stdin"],
    ] {
        let done = Running::fed(sandbox.command(arguments), b"x = 6\nprint(x * 7)\n").finish();
        done.assert(0, "42\n", "");
    }
    let arguments = ["run", "--local", "-l", "python", "-"];
    let done = Running::fed(sandbox.command(arguments), b"print('\xff')").finish();
    done.assert(
        2,
        "",
        "error: standard input is not UTF-8: look at byte 7\n",
    );
    // An empty file is code that does nothing; nothing at all where code should be is a mistake.
    sandbox.run(arguments).assert(0, "", "");
    sandbox
        .run(["run", "--local", "-l", "python"])
        .assert(2, "", NO_CODE);
}

#[test]
fn files_that_cannot_be_run() {
    let sandbox = Sandbox::new();
    let missing = "error: missing.py: No such file or directory (os error 2)\n";
    sandbox
        .run(["run", "--local", "missing.py"])
        .assert(2, "", missing);
    let directory = "error: .: Is a directory (os error 21)\n";
    sandbox
        .run(["run", "--local", "-l", "python", "."])
        .assert(2, "", directory);
}

#[test]
fn names_and_code_that_are_not_unicode() {
    let sandbox = Sandbox::new();
    let name = OsStr::from_bytes(b"job\xff.py");
    sandbox.write(name, "print(6*7)");
    sandbox
        .run([OsStr::new("run"), OsStr::new("--local"), name])
        .assert(0, "42\n", "");

    let [run, local, code] = ["run", "--local", "-c"].map(OsStr::new);
    let done = sandbox.run([run, local, code, OsStr::from_bytes(b"'\xff'")]);
    done.assert_begins(
        2,
        "",
        "error: invalid UTF-8 was detected in one or more arguments\n",
    );
}

#[test]
fn the_language() {
    let sandbox = Sandbox::new();
    sandbox.write("code", "print(6*7)");
    sandbox.write("code.py", "print(6*7)");
    let with_variable = |arguments: &[&str], language: &str| {
        let mut command = sandbox.command(arguments);
        command.env("DBEXEC_LANGUAGE", language);
        Running::start(command).finish()
    };
    sandbox
        .run(["run", "--local", "-c", "1"])
        .assert(2, "", UNKNOWN_LANGUAGE);
    with_variable(&["run", "--local", "-c", "1"], "").assert(2, "", UNKNOWN_LANGUAGE);
    with_variable(&["run", "--local", "-c", "print(6*7)"], "Python").assert(0, "42\n", "");
    with_variable(&["run", "--local", "code"], "python").assert(0, "42\n", "");
    // What the file is by its name, it is.
    with_variable(&["run", "--local", "code.py"], "sql").assert(0, "42\n", "");
    sandbox
        .run(["run", "--local", "-l", "PYTHON", "code"])
        .assert(0, "42\n", "");

    let nameless = "\
error: the name of code does not tell its language
note: say `--language python` (or scala, sql, r), or set the variable DBEXEC_LANGUAGE
";
    sandbox
        .run(["run", "--local", "code"])
        .assert(2, "", nameless);
    let wrong = "error: the variable DBEXEC_LANGUAGE holds `cobol`, which is none of python, \
                 scala, sql and r\n";
    with_variable(&["run", "--local", "-c", "1"], "cobol").assert(2, "", wrong);
    let done = sandbox.run(["run", "--local", "-l", "cobol", "-c", "1"]);
    done.assert_begins(
        2,
        "",
        "error: invalid value 'cobol' for '--language <LANGUAGE>'\n",
    );
    let elsewhere = "error: contexts.create: the server refused with 400 Bad Request: \
                     UnsupportedOperationException: this server does not support sql, only \
                     python\n";
    sandbox
        .run(["run", "--local", "-l", "sql", "-c", "SELECT 1"])
        .assert(3, "", elsewhere);
}

#[test]
fn a_timeout() {
    let sandbox = Sandbox::new();
    let slow = [
        "run",
        "--local",
        "-l",
        "python",
        "-c",
        "import time; time.sleep(600)",
    ];
    let assert_timed_out = |done: Done| {
        done.assert_begins(
            4,
            "",
            "error: the command was cancelled: commands.execute: not done after ",
        );
        assert!(
            done.stderr.ends_with("; the last status was `Running`\n"),
            "{done}"
        );
        sandbox.wait_until_empty();
    };
    assert_timed_out(sandbox.run([&slow[..], &["--timeout", "1s"]].concat()));
    let mut command = sandbox.command(slow);
    command.env("DBEXEC_TIMEOUT", "1");
    assert_timed_out(Running::start(command).finish());

    let quick = ["run", "--local", "-l", "python", "-c", "1", "--timeout"];
    sandbox
        .run([&quick[..], &["none"]].concat())
        .assert(0, "1\n", "");
    let refused = "error: invalid value '5 minutes' for '--timeout <TIME>': expected a time such \
                   as `90s`, `5m`, `1h30m` or a number of seconds, or `none` for no limit\n";
    sandbox
        .run([&quick[..], &["5 minutes"]].concat())
        .assert_begins(2, "", refused);
}

#[test]
fn a_python_that_is_not_there() {
    let sandbox = Sandbox::new();
    let hint = "note: `--python PROGRAM` names another Python; it must be 3.8 or newer\n";
    let run = |program| {
        let done = sandbox.run([
            "run", "--local", "-l", "python", "--python", program, "-c", "1",
        ]);
        done.assert_begins(3, "", "error: contexts.create: ");
        assert!(done.stderr.ends_with(hint), "{done}");
    };
    run("no-such-python");
    run("false");
}

#[test]
fn an_interpreter_that_ends() {
    let done = python("import os; os._exit(3)");
    done.assert_begins(3, "", "error: the execution context is lost: ");
    assert!(done.stderr.contains("exit code 3"), "{done}");
}

#[test]
fn results_that_were_cut() {
    let done = python("print('x' * 2_000_000)");
    assert_eq!(done.code, Some(0));
    assert!(done.stdout.len() > 1_000_000 && done.stdout.len() < 2_000_000);
    assert_eq!(
        done.stderr,
        "warning: the server cut the results: this is not all of them\n"
    );
}

#[test]
fn a_reader_that_leaves() {
    let sandbox = Sandbox::new();
    let code = "print('x\\n' * 400_000, end='')";
    let mut command = sandbox.command(["run", "--local", "-l", "python", "-c", code]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(
        (child.wait().unwrap().code(), stderr.as_str()),
        (Some(0), "")
    );

    // Likewise for what clap prints.
    let mut child = sandbox
        .command(["--help"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_disk_that_is_full() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["run", "--local", "-l", "python", "-c", "1"]);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.starts_with("error: the result cannot be written: "),
        "{stderr}"
    );
}

#[test]
fn nothing_of_the_surroundings_matters() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["run", "--local", "-l", "python", "-c", "print(1)"]);
    command
        .env("DATABRICKS_HOST", "not a host")
        .env("DATABRICKS_TOKEN", "not a\ntoken")
        .env("DATABRICKS_CONFIG_PROFILE", "not a profile");
    Running::start(command).finish().assert(0, "1\n", "");
}

#[test]
fn usage() {
    let sandbox = Sandbox::new();
    let cases: [(&[&str], &str); 4] = [
        (
            &["run", "a.py", "b.py"],
            "error: unexpected argument 'b.py' found\n",
        ),
        (
            &["run", "a.py", "-c", "1"],
            "error: the argument '[FILE]' cannot be used with '--code <CODE>'\n",
        ),
        (
            &["run", "--local", "--host", "h", "a.py"],
            "error: the argument '--local' cannot be used with '--host <URL>'\n",
        ),
        (&["walk"], "error: unrecognized subcommand 'walk'\n"),
    ];
    for (arguments, words) in cases {
        sandbox.run(arguments).assert_begins(2, "", words);
    }
    sandbox
        .run(["--version"])
        .assert(0, concat!("dbexec ", env!("CARGO_PKG_VERSION"), "\n"), "");
    for arguments in [&["--help"][..], &["run", "--help"], &["call", "--help"]] {
        let done = sandbox.run(arguments);
        assert!(
            done.code == Some(0) && done.stdout.contains("Exit codes:"),
            "{done}"
        );
    }
}
