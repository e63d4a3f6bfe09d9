//! `dbexec run --local`.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use rustix::process::Signal;

use crate::support::{Outcome, Running, Sandbox, exit_code, without_times};

const UNKNOWN_LANGUAGE: &str = "\
error: cannot determine the language of the code
help: use `--language python` (or scala, sql, r), or set `DBEXEC_LANGUAGE`
";
const NO_CODE: &str = "\
error: no code to run
help: specify a file, `-` for standard input, or `-c CODE`
";

/// Runs Python code on this machine.
fn python(code: &str) -> Outcome {
    Sandbox::new().run(["run", "--local", "--language", "python", "-c", code])
}

#[test]
fn example_runs() {
    let hello = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/hello.py");
    let outcome = Sandbox::new().run(["run", "--local", hello]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (Some(0), ""),
        "{outcome}"
    );
    assert!(
        outcome
            .stdout
            .starts_with("Hello, world!\nThis is Python 3."),
        "{outcome}"
    );
    assert!(outcome.stdout.ends_with("\nl: 3\no: 2\n10\n"), "{outcome}");
}

#[test]
fn output_ends_with_a_newline() {
    python("print(6*7)").assert(0, "42\n", "");
    python("6*7").assert(0, "42\n", "");
    python("print('a', end='')").assert(0, "a\n", "");
    python("x = 1").assert(0, "", "");
    python("").assert(0, "", "");
    python("-1").assert(0, "-1\n", "");
    python("'é\\n'").assert(0, "'é\\n'\n", "");
}

#[test]
fn error_of_the_code_is_printed_as_traceback() {
    let outcome = python("1/0");
    let (first, last) = (
        "Traceback (most recent call last):\n",
        "\nZeroDivisionError: division by zero\n\
         error: the code failed after TIME; context destroyed\n\
         note: output since TIME may be lost\n",
    );
    outcome.assert_starts_with(1, "", first);
    assert!(
        without_times(&outcome.stderr).ends_with(last) && !outcome.stderr.contains('\u{1b}'),
        "{outcome}"
    );
    python("raise SystemExit(3)").assert_starts_with(1, "", "");
}

#[test]
fn code_is_read_from_standard_input() {
    let sandbox = Sandbox::new();
    for arguments in [
        &["run", "--local", "-l", "python"][..],
        &["run", "--local", "-l", "python", "-"],
        &["run", "--local", "-l", "python", "/dev/stdin"],
    ] {
        let outcome =
            Running::with_input(sandbox.command(arguments), b"x = 6\nprint(x * 7)\n").finish();
        outcome.assert(0, "42\n", "");
    }
    let arguments = ["run", "--local", "-l", "python", "-"];
    let outcome = Running::with_input(sandbox.command(arguments), b"print('\xff')").finish();
    outcome.assert(
        2,
        "",
        "error: standard input is not valid UTF-8 at byte 7\nhelp: convert it to UTF-8\n",
    );
    // `-` requests standard input, which may be empty. Without it, empty input is an error.
    sandbox.run(arguments).assert(0, "", "");
    sandbox
        .run(["run", "--local", "-l", "python"])
        .assert(2, "", NO_CODE);
}

#[test]
fn unreadable_files_are_reported() {
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
fn file_name_may_be_invalid_unicode_but_code_may_not() {
    let sandbox = Sandbox::new();
    let name = OsStr::from_bytes(b"job\xff.py");
    sandbox.write(name, "print(6*7)");
    sandbox
        .run([OsStr::new("run"), OsStr::new("--local"), name])
        .assert(0, "42\n", "");

    let [run, local, code] = ["run", "--local", "-c"].map(OsStr::new);
    let outcome = sandbox.run([run, local, code, OsStr::from_bytes(b"'\xff'")]);
    outcome.assert_starts_with(
        2,
        "",
        "error: invalid UTF-8 was detected in one or more arguments\n",
    );
}

#[test]
fn language_is_selected_by_option_extension_and_variable() {
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
    // The extension takes precedence over the variable.
    with_variable(&["run", "--local", "code.py"], "sql").assert(0, "42\n", "");
    sandbox
        .run(["run", "--local", "-l", "PYTHON", "code"])
        .assert(0, "42\n", "");

    let no_extension = "\
error: cannot determine the language of code
help: use `--language python` (or scala, sql, r), or set `DBEXEC_LANGUAGE`
";
    sandbox
        .run(["run", "--local", "code"])
        .assert(2, "", no_extension);
    let invalid = "error: invalid value `cobol` of `DBEXEC_LANGUAGE`, expected python, scala, sql \
                   or r\n";
    with_variable(&["run", "--local", "-c", "1"], "cobol").assert(2, "", invalid);
    let outcome = sandbox.run(["run", "--local", "-l", "cobol", "-c", "1"]);
    outcome.assert_starts_with(
        2,
        "",
        "error: invalid value 'cobol' for '--language <LANGUAGE>'\n",
    );
}

#[test]
fn timeout_cancels_the_code() {
    let sandbox = Sandbox::new();
    let slow = [
        "run",
        "--local",
        "-l",
        "python",
        "-c",
        "import time; time.sleep(600)",
    ];
    let help = "\nhelp: use `--timeout TIME` to wait longer\n";
    let assert_timed_out = |run: &dyn Fn(&str) -> Outcome| {
        // The timeout includes the start of the interpreter, which may take long on a busy machine.
        let outcome = (0..7)
            .map(|exponent| run(&(1 << exponent).to_string()))
            .find(|outcome| {
                let early = ["contexts.create", "the code was not sent"];
                !early.iter().any(|text| outcome.stderr.contains(text))
            })
            .unwrap();
        outcome.assert_starts_with(4, "", "error: timed out after ");
        let end = format!(" (--timeout); the code cancelled, context destroyed{help}");
        assert!(outcome.stderr.ends_with(&end), "{outcome}");
        // There is one duration.
        let digits = outcome.stderr.split(|c: char| !c.is_ascii_digit());
        assert_eq!(
            digits.filter(|digits| !digits.is_empty()).count(),
            1,
            "{outcome}"
        );
        sandbox.wait_for_processes();
    };
    assert_timed_out(&|seconds| {
        let timeout = format!("--timeout={seconds}s");
        sandbox.run([&slow[..], &[timeout.as_str()]].concat())
    });
    assert_timed_out(&|seconds| {
        let mut command = sandbox.command(slow);
        command.env("DBEXEC_TIMEOUT", seconds);
        Running::start(command).finish()
    });

    let quick = ["run", "--local", "-l", "python", "-c", "1", "--timeout"];
    sandbox
        .run([&quick[..], &["none"]].concat())
        .assert(0, "1\n", "");
    let invalid = "error: invalid value '5 minutes' for '--timeout <TIME>': expected a duration \
                   such as `90s`, `5m` or `1h30m`, a number of seconds, or `none`\n";
    sandbox
        .run([&quick[..], &["5 minutes"]].concat())
        .assert_starts_with(2, "", invalid);
}

#[test]
fn missing_or_unusable_python_is_reported() {
    let sandbox = Sandbox::new();
    let help = "help: use `--python PROGRAM` to select Python 3.8 or newer\n";
    let run = |program| {
        let outcome = sandbox.run([
            "run", "--local", "-l", "python", "--python", program, "-c", "1",
        ]);
        outcome.assert_starts_with(3, "", "error: contexts.create: ");
        assert!(outcome.stderr.ends_with(help), "{outcome}");
    };
    run("no-such-python");
    run("false");
}

#[test]
fn exit_of_the_interpreter_is_reported() {
    let outcome = python("import os; os._exit(3)");
    outcome.assert_starts_with(3, "", "error: execution context lost: ");
    assert!(outcome.stderr.contains("exit code 3"), "{outcome}");
}

#[test]
fn truncated_results_are_a_warning() {
    let outcome = python("print('x' * 2_000_000)");
    assert_eq!(outcome.code, Some(0));
    assert!(outcome.stdout.len() > 1_000_000 && outcome.stdout.len() < 2_000_000);
    assert_eq!(outcome.stderr, "warning: truncated by the server\n");
}

#[test]
fn closed_standard_output_ends_the_process_silently() {
    let sandbox = Sandbox::new();
    let code = "print('x\\n' * 400_000, end='')";
    for format in ["text", "json", "markdown"] {
        let arguments = ["run", "--local", "-l", "python", "-c", code, "-o", format];
        let mut command = sandbox.command(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
        let code = exit_code(output.status);
        assert_eq!(code, Some(128 + Signal::PIPE.as_raw()), "{format}");
    }

    // Help is an exception: clap ignores the error.
    let mut child = sandbox
        .command(["--help"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn full_disk_is_reported() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["run", "--local", "-l", "python", "-c", "1"]);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.starts_with("error: cannot write to standard output: "),
        "{stderr}"
    );
    // The run itself succeeds.
    symlink("/dev/full", sandbox.path("out.ipynb")).unwrap();
    let save = ["--save-notebook", "out.ipynb"];
    let outcome = sandbox.run([&["run", "--local", "-l", "python", "-c", "1"][..], &save].concat());
    let error = "error: cannot write out.ipynb: No space left on device (os error 28)\n";
    outcome.assert(3, "1\n", error);
}

#[test]
fn local_run_ignores_workspace_variables() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["run", "--local", "-l", "python", "-c", "print(1)"]);
    command
        .env("DATABRICKS_HOST", "not a host")
        .env("DATABRICKS_TOKEN", "not a\ntoken")
        .env("DATABRICKS_CONFIG_PROFILE", "not a profile");
    Running::start(command).finish().assert(0, "1\n", "");
}

#[test]
fn invalid_command_lines_are_rejected() {
    let sandbox = Sandbox::new();
    let cases: [(&[&str], &str); 4] = [
        (
            &["run", "-", "a.py", "-"],
            "error: standard input (`-`) cannot be run twice\n",
        ),
        (
            &["run", "a.py", "-c", "1"],
            "error: the argument '[FILE]...' cannot be used with '--code <CODE>'\n",
        ),
        (
            &["run", "--local", "--host", "h", "a.py"],
            "error: the argument '--local' cannot be used with '--host <URL>'\n",
        ),
        (&["walk"], "error: unrecognized subcommand 'walk'\n"),
    ];
    for (arguments, message) in cases {
        sandbox.run(arguments).assert_starts_with(2, "", message);
    }
    for (arguments, tip) in [
        (&["rn"][..], Some("a similar subcommand exists: 'run'")),
        (&["fs", "ct"], Some("a similar subcommand exists: 'cat'")),
        (&["help", "rn"], Some("a similar subcommand exists: 'run'")),
        (&["walk"], None),
        (&["run", "-l", "slq"], Some("a similar value exists: 'sql'")),
        (&["run", "-l", "perl"], None),
    ] {
        let outcome = sandbox.run(arguments);
        let tips = outcome
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("  tip: "));
        assert_eq!(tips.collect::<Vec<_>>(), Vec::from_iter(tip), "{outcome}");
    }
    sandbox
        .run(["--version"])
        .assert(0, concat!("dbexec ", env!("CARGO_PKG_VERSION"), "\n"), "");
    for arguments in [
        &["--help"][..],
        &["run", "--help"],
        &["call", "--help"],
        &["help", "exit-codes"],
        &["exit-codes"],
    ] {
        let outcome = sandbox.run(arguments);
        assert!(
            outcome.code == Some(0) && outcome.stdout.contains("Exit codes:"),
            "{outcome}"
        );
    }
}

#[test]
fn run_magic_is_rejected_before_a_context_is_created() {
    let sandbox = Sandbox::new();
    let error =
        "error: the API does not support `%run`; run the code of the other notebook first\n";
    // No server listens on this port.
    let workspace = [
        "--host",
        "http://127.0.0.1:9",
        "--token",
        "t",
        "--cluster",
        "a",
    ];
    let code = ["run", "-l", "python", "-c", "# first\n%run ./other"];
    sandbox
        .run([&code[..], &workspace].concat())
        .assert(2, "", error);
    sandbox.write("a.py", "\n%run ./other\nprint(1)\n");
    sandbox
        .run([&["run", "a.py"][..], &workspace].concat())
        .assert(2, "", error);
}

#[test]
fn file_that_looks_like_an_option_is_explained() {
    let message = format!(
        "{NO_CODE}note: `-x.py` after `--` is an argument for the code; a file that starts with `-` is `./-FILE`\n"
    );
    Sandbox::new()
        .run(["run", "--local", "--", "-x.py"])
        .assert(2, "", &message);
}
