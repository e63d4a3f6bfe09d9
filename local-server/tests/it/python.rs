//! Execution of Python code and its results.

use serde_json::json;

use crate::harness::{Harness, create, poll};

#[test]
fn names_are_kept_between_commands() {
    let harness = Harness::start();
    assert_eq!(harness.text("x = 20\ndef double(y):\n    return 2 * y"), "");
    assert_eq!(harness.text("double(x) + 2"), "42");
}

#[test]
fn value_of_the_last_expression_follows_the_output() {
    let harness = Harness::start();
    for (command, text) in [
        ("print(1)", "1"),
        ("print('juhu')", "juhu"),
        ("6 * 7", "42"),
        ("'text'", "'text'"),
        ("None", ""),
        ("", ""),
        ("# nothing", ""),
        ("x = 1", ""),
        ("print('a'); 'b'", "a\n'b'"),
        ("1\n2", "2"),
        ("print(); print()", "\n"),
        ("print('a', end='')", "a"),
        ("'''a string alone'''", "'a string alone'"),
        ("for x in range(2):\n    x", ""),
    ] {
        assert_eq!(harness.text(command), text, "{command:?}");
    }
}

#[test]
fn output_of_all_sources_is_in_order() {
    let harness = Harness::start();
    let command = "import os, subprocess, sys\n\
                   print('a')\n\
                   os.system('echo b')\n\
                   print('c', file=sys.stderr)\n\
                   subprocess.run(['echo', 'd'])\n\
                   os.write(1, b'e\\n')\n\
                   subprocess.run('echo f >&2', shell=True)\n\
                   print('g')";
    assert_eq!(harness.text(command), "a\nb\nc\nd\ne\nf\ng");
}

#[test]
fn large_output_of_child_processes_is_complete() {
    let harness = Harness::start();
    let command = "import subprocess\nfor _ in range(20): subprocess.run('seq 1000', shell=True)";
    for _ in 0..5 {
        assert_eq!(harness.text(command).lines().count(), 20_000);
    }
}

#[test]
fn traceback_contains_only_frames_of_the_command() {
    let harness = Harness::start();
    let (summary, cause) = harness.failure("print('lost')\n1 / 0");
    assert_eq!(summary, "ZeroDivisionError: division by zero");
    let lines: Vec<_> = cause.lines().filter(|line| !line.contains('~')).collect();
    assert_eq!(
        lines,
        [
            "Traceback (most recent call last):",
            "  File \"<command-1>\", line 2, in <module>",
            "    1 / 0",
            "ZeroDivisionError: division by zero",
        ]
    );
}

#[test]
fn traceback_contains_lines_of_earlier_commands() {
    let harness = Harness::start();
    harness.text("def fail():\n    raise ValueError('a\\nb')");
    let (summary, cause) = harness.failure("try:\n    fail()\nfinally:\n    pass");
    assert_eq!(summary, "ValueError: a\nb");
    assert!(
        cause.contains("line 2, in fail\n    raise ValueError('a\\nb')\n"),
        "{cause}"
    );
    assert!(!cause.contains("local-server"), "{cause}");
    harness.text("import inspect");
    assert!(
        harness
            .text("print(inspect.getsource(fail))")
            .starts_with("def fail():")
    );
}

#[test]
fn user_defined_exception_has_an_unqualified_name() {
    let harness = Harness::start();
    let (summary, cause) = harness.failure(
        "class Odd(Exception):\n    def __str__(self): raise SystemExit\n\
         class Fine(Exception): pass\n\
         try: raise Fine('first')\nexcept Fine as e: raise Fine('then') from e",
    );
    assert_eq!(summary, "Fine: then");
    assert!(cause.contains("Fine: first"), "{cause}");
    assert!(harness.failure("raise Odd").0.starts_with("Odd"));
    assert_eq!(harness.text("1"), "1");
}

#[test]
fn syntax_error_contains_its_position() {
    let harness = Harness::start();
    let (summary, cause) = harness.failure("x = 1\ny = = 2");
    assert_eq!(summary, "SyntaxError: invalid syntax");
    assert!(
        cause.starts_with("  File \"<command-1>\", line 2\n    y = = 2\n"),
        "{cause}"
    );
    assert!(cause.contains('^'), "{cause}");
    for command in [
        "(",
        "x = 'a",
        "\0",
        "if x:",
        "return",
        "    a = 1\nb = 2",
        "'\\N{x}'",
    ] {
        let (summary, _) = harness.failure(command);
        assert!(summary.contains("Error: "), "{command:?}: {summary}");
    }
    assert_eq!(harness.text("1"), "1");
}

#[test]
fn indented_code_runs_and_its_strings_are_unchanged() {
    let harness = Harness::start();
    let command = "\n        import json\n        text = '''a\n          b\n        c'''\n        \
                   if text:\n            print(json.dumps(text))\n        ";
    assert_eq!(harness.text(command), r#""a\n          b\n        c""#);
    assert_eq!(harness.text("\tx = 1\n\tx + 1"), "2");
    assert_eq!(harness.text("x = '''\n    kept\n'''; x"), r"'\n    kept\n'");

    let (_, cause) = harness.failure("\n    def f():\n        1 / 0\n    f()\n");
    assert!(cause.contains("line 3, in f\n"), "{cause}");
    let (summary, cause) = harness.failure("    x = 1\n    y = = 2\n");
    assert_eq!(summary, "SyntaxError: invalid syntax");
    assert!(cause.contains("line 2\n    y = = 2\n"), "{cause}");
    assert!(
        harness
            .failure("    a = 1\nb = 2")
            .0
            .contains("unexpected indent")
    );
}

#[test]
fn standard_input_is_empty() {
    let harness = Harness::start();
    assert_eq!(
        harness.failure("input('name? ')").0,
        "EOFError: EOF when reading a line"
    );
    harness.text("exit()"); // closes sys.stdin
    assert_eq!(
        harness.failure("input()").0,
        "EOFError: EOF when reading a line"
    );
    assert_eq!(
        harness.text("import subprocess; subprocess.run('cat').returncode"),
        "0"
    );
}

#[test]
fn exit_does_not_stop_the_interpreter() {
    let harness = Harness::start();
    harness.text("x = 1");
    assert_eq!(harness.failure("exit(3)").0, "SystemExit: 3");
    assert_eq!(
        harness.failure("import sys; sys.exit('why')").0,
        "SystemExit: why"
    );
    assert_eq!(harness.text("print('bye'); exit()"), "bye");
    assert_eq!(harness.text("import sys; sys.exit(0)"), "");
    assert_eq!(harness.text("x"), "1");
}

#[test]
fn unusual_characters_are_transferred() {
    let harness = Harness::start();
    for (command, text) in [
        ("print('héllo 日本 😀')", "héllo 日本 😀"),
        ("print('\\udc80')", "\\udc80"),
        ("'\\udc80'", "'\\udc80'"),
        (
            "class R:\n    def __repr__(self): return '\\ud83d'\nR()",
            "\\ud83d",
        ),
        ("print('\\0\\x1b[1m\\r')", "\0\x1b[1m\r"),
        ("import os; os.write(1, b'\\xff\\n') and None", "\u{fffd}"),
    ] {
        assert_eq!(harness.text(command), text, "{command:?}");
    }
    let (summary, cause) = harness.failure("raise ValueError('😀 \\udc80')");
    assert_eq!(summary, "ValueError: 😀 \\udc80");
    assert!(cause.ends_with("ValueError: 😀 \\udc80"), "{cause}");
}

#[test]
fn output_is_truncated_at_the_limit() {
    let harness = Harness::start();
    let results = harness.run("print('a' + 'é' * (1 << 20))");
    assert_eq!(results["truncated"], true);
    let data = results["data"].as_str().unwrap();
    assert_eq!(data.len(), (1 << 20) - 1, "incomplete character");
    assert!(data.starts_with("aé") && data.ends_with('é'));

    let whole = harness.run("print('a' * ((1 << 20) - 1))");
    assert_eq!(whole["truncated"], json!(null));
    assert_eq!(whole["data"].as_str().unwrap().len(), (1 << 20) - 1);

    let (summary, cause) = harness.failure("raise ValueError('x' * 10_000_000)");
    assert!(summary.len() < 20_000 && cause.len() < (2 << 20));
}

#[test]
fn standard_streams_are_restored_for_the_next_command() {
    let harness = Harness::start();
    for command in [
        "import sys; sys.stdout.close(); sys.stderr.close()",
        "import os; os.close(0); os.close(1); os.close(2)",
        "import sys; sys.stdout = sys.stderr = sys.stdin = None",
        "import os; os.dup2(os.open('/dev/null', os.O_WRONLY), 1)",
    ] {
        harness.run(command);
        assert_eq!(
            harness.text("import sys; print('a'); print('b', file=sys.stderr)"),
            "a\nb"
        );
    }
}

#[test]
fn command_runs_in_the_main_module() {
    let harness = Harness::start();
    assert_eq!(
        harness.text("import sys; (__name__, sys.argv)"),
        "('__main__', [''])"
    );
    let command = "import pickle\nclass A: pass\ntype(pickle.loads(pickle.dumps(A()))) is A";
    assert_eq!(harness.text(command), "True");
    let here = std::env::current_dir().unwrap();
    assert_eq!(
        harness.text("import os; print(os.getcwd())"),
        here.to_str().unwrap()
    );
    harness.text("from __future__ import annotations");
    let command = "def f(x: undefined): pass\nf.__annotations__['x']";
    assert_eq!(harness.text(command), "'undefined'");
}

#[test]
fn commands_run_in_order() {
    let harness = Harness::start();
    harness.text("seen = []");
    let ids: Vec<_> = (0..50)
        .map(|n| harness.submit(&format!("seen.append({n}); {n}")))
        .collect();
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(harness.results(id)["data"], n.to_string());
    }
    assert_eq!(harness.text("seen == list(range(50))"), "True");
}

#[test]
fn contexts_are_concurrent_and_isolated() {
    let first = Harness::start();
    let second = create(&first.server);
    let blocked = first.submit("x = 1\nimport time; time.sleep(1000)");
    first.await_command(&blocked, "Running");
    let second = Harness {
        server: first.server,
        context: second,
    };
    assert_eq!(second.failure("x").0, "NameError: name 'x' is not defined");
    assert_ne!(second.interpreter(), 0);
}

#[test]
fn output_between_commands_is_dropped() {
    let harness = Harness::start();
    let base = std::env::temp_dir().join(format!("local-server-{}", harness.context));
    let (go, done) = (base.with_extension("go"), base.with_extension("done"));
    let script = format!(
        "until [ -e {} ]; do sleep .01; done; echo stray; touch {}",
        go.display(),
        done.display()
    );
    harness.text(&format!(
        "import subprocess; p = subprocess.Popen('{script}', shell=True)"
    ));
    std::fs::write(&go, "").unwrap();
    poll(|| done.exists().then_some(()));
    assert_eq!(harness.text("print(1)"), "1");
    for file in [go, done] {
        std::fs::remove_file(file).unwrap();
    }
}
