//! Inputs of a pipe.

use super::*;

#[test]
fn signal_ends_a_session_that_reads_from_a_pipe() {
    let sandbox = Sandbox::new();
    let code = "import time; open('started', 'w').close(); time.sleep(600)\n";
    let running = Running::with_input(sandbox.command(LOCAL), code.as_bytes());
    until("the code runs", || sandbox.path("started").exists());
    running.signal(Signal::INT);
    let outcome = running.finish();
    let expected = "cancelling; Ctrl-C again leaves at once\n\
                    interrupted: command cancelled, context destroyed\n";
    outcome.assert(130, "", expected);
    sandbox.wait_for_processes();
}

#[test]
fn closed_standard_output_ends_the_session_quietly() {
    let sandbox = Sandbox::new();
    let input: String = "print('x' * 100_000)\n".repeat(20);
    sandbox.write("inputs", input + "open('end', 'w').close()\n");
    let script = "\"$0\" repl --local < inputs | head -n 1 > out";
    let command = sandbox.program("sh", ["-c", script, crate::support::DBEXEC]);
    Running::start(command).finish().assert(0, "", "");
    sandbox.wait_for_processes();
    assert!(!sandbox.path("end").exists());
}

#[test]
fn inputs_of_a_pipe_run_without_a_prompt() {
    let sandbox = Sandbox::new();
    let input = "def f(x):\n\n    return x + 1\nf(1)\n:r cat(6 * 7)\nif True:\n    print('end')";
    let running = Running::with_input(sandbox.command(LOCAL), input.as_bytes());
    running.finish().assert(0, "2\n42\nend\n", "");
    assert!(!sandbox.path(".local/state/dbexec/history").exists());
}

#[test]
fn first_error_of_a_pipe_ends_the_session() {
    let sandbox = Sandbox::new();
    for (input, code, stderr) in [
        (
            "1\n1/0\n2",
            1,
            "[2] line 1\nZeroDivisionError: division by zero\nerror: [2] failed after TIME\n",
        ),
        ("1\n:export a.csv\n2", 2, "error: no table to export\n"),
        (
            "1\nimport os; os._exit(3)\n2",
            3,
            "error: execution context lost: ",
        ),
    ] {
        let running = Running::with_input(sandbox.command(LOCAL), input.as_bytes());
        let mut outcome = running.finish();
        if code == 3 {
            assert!(outcome.stderr.starts_with(stderr), "{outcome}");
            outcome.stderr = stderr.to_owned();
        }
        outcome.assert(code, "1\n", stderr);
    }
}
