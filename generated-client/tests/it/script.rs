//! Scripts on the local server, and with responses that contain no record.

use std::cell::RefCell;
use std::process::Command as Process;

use generated_client::api_runtime::ManualClock;
use generated_client::{
    Delivery, ErrorKind, ExecutionContext, Failure, Interrupt, RunError, Script,
};

use crate::local_server::{create, start};
use crate::scripted::{Scripted, ok};

fn failure(context: &ExecutionContext, script: &Script) -> Failure {
    match context.script(script).run() {
        Err(RunError::Failed(failure)) => *failure,
        result => panic!("{result:?}"),
    }
}

/// Code that prints the names that the execution of a script has left.
const NAMES: &str = "print([n for n in globals() if 'script' in n or n == '__file__'])";

#[test]
fn script_runs_like_a_program_and_keeps_its_variables() {
    let (_server, client) = start();
    let context = create(&client);
    let source = "import sys\nx = 6\ndef f(): return x * 7\n\
                  print(__name__, __file__, sys.argv[1:], sys.argv[0])\nf()\n";
    let script = Script::new("jobs/a b.py", source).args(["2026-11", "\"'\\\n{}é"]);
    let pieces = RefCell::new(String::new());
    let command = context.script(&script);
    let output = command
        .on_output(|text| pieces.borrow_mut().push_str(text))
        .run()
        .unwrap();
    let expected = "__main__ jobs/a b.py ['2026-11', '\"\\'\\\\\\n{}é'] jobs/a b.py\n";
    assert_eq!(output.text(), Some(expected));
    assert_eq!(pieces.into_inner(), expected);
    assert_eq!(context.run("f()").unwrap().to_string(), "42");
    assert_eq!(context.run(NAMES).unwrap().to_string().trim(), "[]");
    assert_eq!(context.run("__name__").unwrap().to_string(), "'__main__'");
}

#[test]
fn output_before_an_error_and_its_line_are_kept() {
    let (_server, client) = start();
    let context = create(&client);
    let source =
        "def rate(total, days):\n    return total / days\n\nprint('late', end='')\nrate(1, 0)\n";
    let failure = failure(&context, &Script::new("job.py", source));
    assert_eq!(failure.output.as_deref(), Some("late"));
    assert_eq!(failure.name().as_deref(), Some("ZeroDivisionError"));
    assert_eq!(failure.message(), "division by zero");
    assert_eq!(failure.location.as_ref().unwrap().to_string(), "job.py:2");
    let traceback = failure.to_string();
    let lines: Vec<_> = traceback
        .lines()
        .filter(|line| !line.contains('^') && !line.contains('~'))
        .collect();
    let expected = [
        "Traceback (most recent call last):",
        "  File \"job.py\", line 5, in <module>",
        "    rate(1, 0)",
        "  File \"job.py\", line 2, in rate",
        "    return total / days",
        "ZeroDivisionError: division by zero",
    ];
    assert_eq!(lines, expected);
    // The next command is not affected.
    assert_eq!(context.run("1 + 1").unwrap().to_string(), "2");
}

#[test]
fn errors_of_all_kinds_name_the_line() {
    let (_server, client) = start();
    let context = create(&client);
    let kinds = [
        ("x = 1\ny = = 2\n", "SyntaxError", 2),
        ("\ndef f():\n  return 1\nreturn 2\n", "SyntaxError", 4),
        ("if 1:\nx\n", "IndentationError", 2),
        ("# coding: no-such\n", "SyntaxError", 0),
        ("x = '\u{c}\u{2028}'\n\n1 / 0\n", "ZeroDivisionError", 3),
        (
            "try:\n  1 / 0\nexcept Exception as e:\n  raise KeyError('k') from e\n",
            "KeyError",
            4,
        ),
        (
            "class Odd(BaseException):\n  pass\nraise Odd('x')\n",
            "Odd",
            3,
        ),
        (
            "class Bad(Exception):\n  def __str__(self): 1 / 0\nraise Bad\n",
            "Bad",
            3,
        ),
        ("import json\njson.loads('{')\n", "JSONDecodeError", 2),
        ("def f(): f()\nf()\n", "RecursionError", 1),
        ("raise ValueError('\\ud800')\n", "ValueError", 1),
        ("raise ValueError('x' * 10**7)\n", "ValueError", 1),
    ];
    for (source, name, line) in kinds {
        let failure = failure(&context, &Script::new("job.py", source));
        assert_eq!(failure.name().as_deref(), Some(name), "{source}: {failure}");
        let found = failure
            .location
            .as_ref()
            .map_or(0, |location| location.line);
        assert_eq!(found, line, "{source}: {failure}");
        let text = failure.to_string();
        assert!(
            !text.contains("_run_script") && !text.contains("<command"),
            "{text}"
        );
        assert!(text.len() < 300_000, "{} bytes", text.len());
    }
    let source = "try:\n  1 / 0\nexcept Exception as e:\n  raise KeyError('k') from e\n";
    let text = failure(&context, &Script::new("job.py", source)).to_string();
    assert!(
        text.contains("line 2, in <module>") && text.contains("direct cause"),
        "{text}"
    );
    let text = failure(&context, &Script::new("job.py", "\nreturn 2\n")).to_string();
    assert!(text.contains("    return 2"), "{text}");
}

#[test]
fn groups_of_exceptions_are_printed() {
    let (_server, client) = start();
    let context = create(&client);
    let has_groups = context
        .run("'ExceptionGroup' in dir(__builtins__)")
        .unwrap();
    if has_groups.to_string() != "True" {
        return;
    }
    let source = "raise ExceptionGroup('all', [ValueError('a'), OSError('b')])\n";
    let failure = failure(&context, &Script::new("job.py", source));
    assert_eq!(failure.name().as_deref(), Some("ExceptionGroup"));
    let text = failure.to_string();
    assert!(
        text.contains("ValueError: a") && text.contains("OSError: b"),
        "{text}"
    );
}

#[test]
fn exit_codes_are_those_of_the_script() {
    let (_server, client) = start();
    let context = create(&client);
    for argument in ["", "0", "None", "False"] {
        let script = Script::new(
            "a.py",
            format!("print('a')\nimport sys\nsys.exit({argument})\n"),
        );
        assert_eq!(
            context.script(&script).run().unwrap().text(),
            Some("a\n"),
            "{argument}"
        );
    }
    for (argument, code, text) in [
        ("3", 3, "SystemExit: 3"),
        ("-1", -1, "SystemExit: -1"),
        ("True", 1, "SystemExit: True"),
        ("2**70", -1, "SystemExit: 1180591620717411303424"),
        ("'no input'", 1, "no input"),
    ] {
        let script = Script::new(
            "a.py",
            format!("print('a')\nimport sys\nsys.exit({argument})\n"),
        );
        let failure = failure(&context, &script);
        assert_eq!(failure.exit_code, Some(code), "{argument}");
        assert_eq!(failure.to_string(), text);
        assert_eq!(failure.output.as_deref(), Some("a\n"));
        assert_eq!(failure.location.unwrap().line, 3);
    }
}

#[test]
fn record_is_read_again_if_the_output_does_not_contain_it() {
    let (_server, client) = start();
    let context = create(&client);
    for source in [
        "import sys\nsys.stdout.close()\n",
        "import os\nos.close(1)\n",
    ] {
        context.script(&Script::new("a.py", source)).run().unwrap();
        let failure = failure(&context, &Script::new("a.py", format!("{source}1 / 0\n")));
        assert_eq!(failure.location.unwrap().line, 3);
    }
    let source = "import io, sys\nsys.stdout = io.StringIO()\nprint('lost')\n";
    let output = context.script(&Script::new("a.py", source)).run().unwrap();
    assert_eq!(output.text(), Some(""));
}

#[test]
fn forked_process_that_runs_to_the_end_does_not_end_the_script() {
    let (_server, client) = start();
    let context = create(&client);
    let source =
        "import os, sys\npid = os.fork()\nif pid:\n  os.waitpid(pid, 0)\n  print('parent')\n";
    let output = context.script(&Script::new("a.py", source)).run().unwrap();
    assert_eq!(output.text(), Some("parent\n"));
}

#[test]
fn script_of_megabytes_runs() {
    let (_server, client) = start();
    let context = create(&client);
    let source = format!("x = '{}'\nprint(len(x))\n", "é".repeat(2 << 20));
    let output = context.script(&Script::new("a.py", source)).run().unwrap();
    assert_eq!(output.text(), Some("2097152\n"));
}

#[test]
fn canceled_script_is_canceled() {
    let (_server, client) = start();
    let context = create(&client);
    let source = "import sys, time\nsys.stdout.write('started\\n')\nwhile True: time.sleep(.01)\n";
    let script = Script::new("a.py", source);
    let mut running = context.script(&script).start().unwrap();
    let cancel = running.cancel_handle();
    let output: Vec<_> = running.output().inspect(|_| cancel.cancel()).collect();
    assert_eq!(output, ["started\n"]);
    let result = running.wait();
    assert!(matches!(result, Err(RunError::Cancelled)), "{result:?}");
    assert_eq!(
        context
            .run("__file__ if '__file__' in globals() else 6 * 7")
            .unwrap()
            .to_string(),
        "42"
    );
}

#[test]
fn script_of_another_process_is_taken_up_by_its_id() {
    let (_server, client) = start();
    let context = create(&client);
    let script = Script::new("a.py", "print('a')\n1 / 0\n");
    let running = context.script(&script).start().unwrap();
    let id = running.current_script_id().unwrap().to_owned();
    let command = running.detach();
    match context.attach_command(command).script_id(id).wait() {
        Err(RunError::Failed(failure)) => {
            assert_eq!(failure.location.unwrap().line, 2);
            assert_eq!(failure.output.as_deref(), Some("a\n"));
        }
        result => panic!("{result:?}"),
    }
}

#[test]
fn missing_record_is_an_error_after_one_more_command() {
    let server = Scripted::new(|endpoint, _| match endpoint {
        "contexts/create" => ok(r#"{"id": "1"}"#),
        "contexts/status" => ok(r#"{"status": "Running"}"#),
        "commands/execute" => ok(r#"{"id": "2"}"#),
        "commands/status" => {
            ok(r#"{"status": "Finished", "results": {"resultType": "text", "data": "cut"}}"#)
        }
        _ => ok("{}"),
    });
    let context = server.context(&ManualClock::new(), &Interrupt::new());
    let error = context.script(&Script::new("a.py", "1")).run().unwrap_err();
    assert!(
        matches!(&error, RunError::Request(error) if error.kind() == ErrorKind::InvalidResponse)
    );
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(server.count("commands/execute"), 2);
}

#[test]
fn unreadable_file_is_invalid_input() {
    let error = Script::read("no/such.py").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().starts_with("the script no/such.py: "),
        "{error}"
    );
}

/// The oldest Python that is supported cannot parse newer syntax.
#[test]
fn bootstrap_has_the_syntax_of_python_3_8() {
    let check = "import ast, sys\nast.parse(open(sys.argv[1]).read(), feature_version=(3, 8))";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/script/bootstrap.py");
    let status = Process::new("python3")
        .args(["-c", check, path])
        .status()
        .unwrap();
    assert!(status.success());
}
