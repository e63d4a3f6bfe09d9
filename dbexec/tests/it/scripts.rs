//! Python files that run as scripts.

use crate::support::{Sandbox, without_times};

#[test]
fn output_before_an_error_is_printed() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "job.py",
        "print('early')\n\ndef half(n):\n    return n / 0\n\nprint('late'); half(1)",
    );
    let outcome = sandbox.run(["run", "--local", "job.py"]);
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(1), "early\nlate\n"),
        "{outcome}"
    );
    let stderr = without_times(&outcome.stderr);
    assert!(
        stderr.contains("  File \"job.py\", line 6, in <module>\n"),
        "{outcome}"
    );
    assert!(
        stderr.contains("  File \"job.py\", line 4, in half\n"),
        "{outcome}"
    );
    assert!(
        stderr.contains("error: job.py:4 failed after TIME; context destroyed\n"),
        "{outcome}"
    );
}

#[test]
fn script_has_its_name_and_arguments() {
    let sandbox = Sandbox::new();
    sandbox.write("job.py", "import sys\nprint(__name__, sys.argv)\n6 * 7");
    let run = ["run", "--local", "job.py"];
    sandbox.run([&run[..], &["--", "a", "-b"]].concat()).assert(
        0,
        "__main__ ['job.py', 'a', '-b']\n",
        "",
    );
    let outcome = sandbox.run([&run[..], &["--as-command"]].concat());
    assert!(outcome.stdout.ends_with("\n42\n"), "{outcome}");
}

#[test]
fn exit_of_a_script_is_success_or_failure() {
    let sandbox = Sandbox::new();
    for (code, exit) in [("0", 0), ("3", 1), ("'text'", 1)] {
        sandbox.write(
            "job.py",
            format!("import sys\nprint('out')\nsys.exit({code})"),
        );
        let outcome = sandbox.run(["run", "--local", "job.py"]);
        assert_eq!(
            (outcome.code, &*outcome.stdout),
            (Some(exit), "out\n"),
            "{outcome}"
        );
    }
}
