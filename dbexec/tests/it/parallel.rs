//! Several files at the same time.

use crate::support::{Sandbox, until, without_times};

/// Waits until the test or another file creates a file.
fn waits_for(name: &str) -> String {
    format!("import os, time\nwhile not os.path.exists('{name}'): time.sleep(.005)\n")
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    // The second file ends first, and the first one needs it.
    let first = format!("print('eu')\n{}print('eu ends')", waits_for("us"));
    sandbox.write("eu.py", first);
    sandbox.write("us.py", "print('us')\nx = 1\nopen('us', 'w').close()");
    sandbox.write("bad.py", "print('bad')\nprint(x)");
    sandbox
}

#[test]
fn files_run_in_their_own_contexts_and_print_blocks_in_order() {
    let sandbox = sandbox();
    let files = [
        "run",
        "--local",
        "--parallel",
        "2",
        "eu.py",
        "us.py",
        "bad.py",
    ];
    let outcome = sandbox.run([&files[..], &["--progress", "plain"]].concat());
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.stdout.starts_with("eu\neu ends\nus\n"), "{outcome}");
    let stderr = without_times(&outcome.stderr);
    assert!(
        stderr.contains("NameError: name 'x' is not defined"),
        "{outcome}"
    );
    assert!(
        stderr.contains("error: bad.py:2 failed after TIME; context destroyed\n"),
        "{outcome}"
    );
    let end = "bad.py  failed  TIME  bad.py:2 NameError: name 'x' is not defined\n\
               error: 1 of 3 failed; contexts destroyed\n";
    let all = format!("eu.py   done    TIME\nus.py   done    TIME\n{end}");
    assert!(stderr.ends_with(&all), "{outcome}");
    assert!(!stderr.contains("(1/3)"), "{outcome}");

    let without_progress = sandbox.run(files);
    let stderr = without_times(&without_progress.stderr);
    assert!(
        stderr.ends_with(end) && !stderr.contains("done"),
        "{stderr}"
    );
}

#[test]
fn name_with_a_line_end_is_printed_on_one_line() {
    let sandbox = Sandbox::new();
    let name = "a\nerror: b.py";
    sandbox.write(name, "print(1)");
    let outcome = sandbox.run(["run", "--local", "--parallel", "2", "--interleave", name]);
    outcome.assert(0, "a error: b.py | 1\n", "");
}

#[test]
fn lines_are_printed_with_their_file() {
    let sandbox = sandbox();
    let outcome = sandbox.run([
        "run",
        "--local",
        "--parallel",
        "2",
        "--interleave",
        "eu.py",
        "us.py",
    ]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let mut lines: Vec<_> = outcome.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["eu.py | eu", "eu.py | eu ends", "us.py | us"]);
}

#[test]
fn signal_cancels_all_files() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c"] {
        let code = format!("open('{name}', 'w').close()\n{}", waits_for("never"));
        sandbox.write(format!("{name}.py"), code);
    }
    let running = sandbox.start(["run", "--local", "--parallel", "2", "a.py", "b.py", "c.py"]);
    until("two files run", || {
        sandbox.path("a").exists() && sandbox.path("b").exists()
    });
    running.signal(rustix::process::Signal::TERM);
    let outcome = running.finish();
    assert_eq!(outcome.code, Some(143), "{outcome}");
    assert!(outcome.stderr.contains("c.py  not run\n"), "{outcome}");
    assert!(!sandbox.path("c").exists());
    sandbox.wait_for_processes();
}

#[test]
fn formats_without_blocks_are_rejected() {
    let sandbox = sandbox();
    let parallel = ["run", "--local", "--parallel", "2", "eu.py", "us.py"];
    sandbox
        .run([&parallel[..], &["-o", "json"]].concat())
        .assert(
            2,
            "",
            "error: `--parallel` prints no single JSON document\nhelp: use `--output ndjson`\n",
        );
    let zero = sandbox.run(["run", "--local", "--parallel", "0", "eu.py"]);
    zero.assert_starts_with(
        2,
        "",
        "error: invalid value '0' for '--parallel <N>': expected a number",
    );
}
