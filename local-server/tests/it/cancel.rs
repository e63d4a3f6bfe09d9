//! Cancellation of commands.

use std::time::Duration;

use local_server::Options;
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Harness, error_of, is_alive, poll};

const CANCELLED: &str = "com.databricks.backend.common.rpc.CommandCancelledException";

/// Submits a command and waits until it is running.
fn start(harness: &Harness, command: &str) -> String {
    start_after(harness, "", command)
}

/// Submits a command and waits until its first part has ended.
fn start_after(harness: &Harness, first: &str, command: &str) -> String {
    start_at(harness, &format!("{first}\nREACHED\n{command}"))
}

/// Submits a command and waits until it has reached the statement `REACHED`.
fn start_at(harness: &Harness, command: &str) -> String {
    let file = std::env::temp_dir().join(format!("local-server-{}", harness.context));
    let statement = format!("open('{}', 'w').close()", file.display());
    let id = harness.submit(&command.replace("REACHED", &statement));
    poll(|| file.exists().then_some(()));
    std::fs::remove_file(file).unwrap();
    id
}

#[track_caller]
fn assert_cancelled(harness: &Harness, id: &str) -> String {
    let (summary, cause) = error_of(&harness.results(id));
    assert_eq!(summary, "Command Cancelled");
    assert!(cause.starts_with(CANCELLED), "{cause}");
    cause
}

#[test]
fn running_command_is_interrupted() {
    let harness = Harness::start();
    harness.text("x = 1");
    for command in [
        "import time; time.sleep(1000)",
        "while True: pass",
        "print(1)\nwhile 1: 1",
    ] {
        let id = start(&harness, command);
        let response = harness.cancel(&id);
        assert_eq!(
            (response.status, response.body),
            (200, format!("{{\"id\":\"{id}\"}}"))
        );
        let cause = assert_cancelled(&harness, &id);
        assert!(
            cause.contains("\n  File \"<command-"),
            "position of the interrupt: {cause}"
        );
        assert!(cause.ends_with("\nKeyboardInterrupt"), "{cause}");
        assert!(
            !cause.contains("<local-server>"),
            "frames of the kernel: {cause}"
        );
    }
    assert_eq!(harness.text("x"), "1");
}

#[test]
fn status_is_cancelling_until_the_command_ends() {
    let harness = Harness::start();
    let command = "import time\ntry:\n    time.sleep(1000)\nfinally:\n    \
                   while not leave(): time.sleep(.01)";
    let file = std::env::temp_dir().join(format!("local-server-leave-{}", std::process::id()));
    harness.text(&format!(
        "import os\ndef leave(): return os.path.exists({file:?})"
    ));
    let id = start(&harness, command);
    harness.cancel(&id);
    assert_eq!(harness.command_status(&id), "Cancelling");
    std::fs::write(&file, "").unwrap();
    assert_cancelled(&harness, &id);
    std::fs::remove_file(file).unwrap();
}

#[test]
fn canceled_queued_command_does_not_run() {
    let harness = Harness::start();
    harness.text("seen = []");
    let running = harness.submit("import time; time.sleep(1000)");
    let queued = harness.submit("seen.append(1)");
    let kept = harness.submit("seen.append(2)");
    harness.await_command(&running, "Running");
    harness.cancel(&queued);
    assert_eq!(harness.command_status(&queued), "Finished");
    assert_cancelled(&harness, &queued);
    harness.cancel(&running);
    assert_cancelled(&harness, &running);
    harness.results(&kept);
    assert_eq!(harness.text("seen"), "[2]");
}

#[test]
fn cancelling_a_finished_command_does_not_change_it() {
    let harness = Harness::start();
    let id = harness.submit("print(1)");
    let before = harness.results(&id);
    assert_eq!(harness.cancel(&id).status, 200);
    assert_eq!(harness.results(&id), before);
    assert_eq!(harness.text("2"), "2");
}

#[test]
fn code_that_handles_the_interrupt_succeeds() {
    let harness = Harness::start();
    let command = "import time\ntry:\n    REACHED\n    time.sleep(1000)\nexcept KeyboardInterrupt:\n    \
                   print('tidied up')";
    let id = start_at(&harness, command);
    harness.cancel(&id);
    assert_eq!(harness.results(&id)["data"], "tidied up");
}

#[test]
fn other_error_after_the_interrupt_is_reported_as_cancelled() {
    let harness = Harness::start();
    let command = "import time\ntry:\n    REACHED\n    time.sleep(1000)\nexcept KeyboardInterrupt:\n    1 / 0";
    let id = start_at(&harness, command);
    harness.cancel(&id);
    let cause = assert_cancelled(&harness, &id);
    assert!(cause.contains("ZeroDivisionError"), "{cause}");
}

#[test]
fn code_that_discards_the_interrupt_is_interrupted_again() {
    let harness = Harness::start();
    let command = "import time\nfor _ in range(2):\n    try: time.sleep(1000)\n    except: pass\n\
                   time.sleep(1000)";
    let id = start(&harness, command);
    harness.cancel(&id);
    assert_cancelled(&harness, &id);
    assert_eq!(harness.text("1"), "1");
}

#[test]
fn child_processes_are_interrupted_too() {
    let harness = Harness::start();
    for command in [
        "import os; os.system('sleep 1000')",
        "import subprocess; subprocess.run(['sleep', '1000'])",
        "import subprocess; subprocess.run('sleep 1000; true', shell=True)",
    ] {
        let id = start(&harness, command);
        harness.cancel(&id);
        assert_cancelled(&harness, &id);
    }
    assert_eq!(harness.text("1"), "1");
}

#[test]
fn keyboard_interrupt_without_cancel_is_an_ordinary_error() {
    let harness = Harness::start();
    let (summary, _) = harness.failure("import signal; signal.raise_signal(signal.SIGINT)");
    assert_eq!(summary, "KeyboardInterrupt");
    assert_eq!(
        harness.failure("raise KeyboardInterrupt('x')").0,
        "KeyboardInterrupt: x"
    );
}

#[test]
fn cancel_does_not_affect_the_next_command() {
    let harness = Harness::start();
    harness.text("total = 0");
    for n in 0..200 {
        let short = harness.submit("x = sum(range(20_000))");
        let next = harness.submit("import subprocess\nsubprocess.run('true').returncode");
        if n % 2 == 0 {
            harness.await_command(&short, "Finished");
        }
        harness.cancel(&short);
        let results = harness.results(&short);
        assert!(
            results["summary"] == "Command Cancelled" || results["resultType"] == "text",
            "{results}"
        );
        assert_eq!(harness.results(&next)["data"], "0", "after {results}");
    }
}

#[test]
fn interrupt_between_commands_is_ignored() {
    let harness = Harness::start();
    let interpreter = Pid::from_raw(harness.interpreter()).unwrap();
    harness.text("x = 1");
    for _ in 0..20 {
        kill_process(interpreter, Signal::INT).unwrap();
        assert_eq!(harness.text("x"), "1");
    }
}

#[test]
fn handler_of_a_command_is_kept_for_the_next_command() {
    let harness = Harness::start();
    harness
        .text("import signal; signal.signal(signal.SIGINT, lambda *_: print('handled')) and None");
    assert_eq!(
        harness.text("signal.raise_signal(signal.SIGINT)"),
        "handled"
    );
}

/// `asyncio` installs its own handler if the handler is the default one.
#[test]
fn coroutine_is_canceled_by_the_interrupt() {
    let harness = Harness::start();
    let base = std::env::temp_dir().join(format!("local-server-{}", harness.context));
    let (started, ended) = (base.with_extension("start"), base.with_extension("end"));
    let id = harness.submit(&format!(
        "import asyncio\n\
         async def main():\n    \
             try: open('{}', 'w').close(); await asyncio.sleep(1000)\n    \
             finally: await asyncio.sleep(0); open('{}', 'w').close()\n\
         asyncio.run(main())",
        started.display(),
        ended.display()
    ));
    poll(|| started.exists().then_some(()));
    harness.cancel(&id);
    assert_cancelled(&harness, &id);
    for file in [started, ended] {
        std::fs::remove_file(file).unwrap();
    }
}

#[test]
fn command_that_left_its_process_group_is_interrupted() {
    let harness = Harness::start();
    for leave in [
        "os.setpgid(0, os.getpgid(os.getppid()))",
        "os.setpgid(0, pid)",
        "os.setsid()",
    ] {
        let id = start_after(
            &harness,
            &format!(
                "import os, time\npid = os.fork()\nif pid == 0: os.setpgid(0, 0); time.sleep(1000)\n\
                 try: {leave}\nexcept OSError as e: print(e)"
            ),
            "time.sleep(1000)",
        );
        harness.cancel(&id);
        assert_cancelled(&harness, &id);
    }
    assert_eq!(harness.text("1"), "1");
}

#[test]
fn code_that_ignores_interrupts_is_killed() {
    let harness = Harness::with(Options::new().cancel_grace(Duration::from_millis(700)));
    let interpreter = harness.interpreter();
    let command = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n\
                   while True: time.sleep(1000)";
    let id = start(&harness, command);
    let queued = harness.submit("1");
    harness.cancel(&id);
    let cause = assert_cancelled(&harness, &id);
    assert!(cause.contains("did not end within 0.7 seconds"), "{cause}");
    let (_, cause) = error_of(&harness.results(&queued));
    assert!(cause.contains("did not run"), "{cause}");
    harness.await_context("Error");
    assert!(!is_alive(interpreter));
    assert_eq!(harness.execute("1").status, 500);
}

#[test]
fn code_that_holds_the_interpreter_lock_is_killed() {
    let harness = Harness::with(Options::new().cancel_grace(Duration::from_millis(700)));
    let inside = std::env::temp_dir().join(format!("local-server-{}-inside", harness.context));
    // An interrupt may arrive before the lock is held. The loop then continues.
    let command = format!(
        "import ctypes\nwhile True:\n  try:\n    open('{}', 'w').close()\n    \
         ctypes.PyDLL(None).sleep(1000)\n  except KeyboardInterrupt:\n    pass",
        inside.display()
    );
    let id = start(&harness, &command);
    poll(|| inside.exists().then_some(()));
    std::fs::remove_file(inside).unwrap();
    harness.cancel(&id);
    assert_cancelled(&harness, &id);
    harness.await_context("Error");
}
