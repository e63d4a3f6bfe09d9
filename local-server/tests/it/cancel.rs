//! Cancelling: what ends, what does not, and what is told.

use std::time::Duration;

use local_server::Options;

use crate::harness::{Harness, error_of, is_alive, poll};

const CANCELLED: &str = "com.databricks.backend.common.rpc.CommandCancelledException";

/// Submits, and waits until the code says that it is where the test wants it.
fn start(harness: &Harness, command: &str) -> String {
    let file = std::env::temp_dir().join(format!("local-server-{}", harness.context));
    let id = harness.submit(&format!(
        "open('{}', 'w').close()\n{command}",
        file.display()
    ));
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
fn a_running_command() {
    let harness = Harness::start();
    harness.text("x = 1");
    for command in [
        "import time; time.sleep(1000)",
        "while True: pass",
        "print(1)\nwhile 1: 1",
    ] {
        let id = start(&harness, command);
        let reply = harness.cancel(&id);
        assert_eq!(
            (reply.status, reply.body),
            (200, format!("{{\"id\":\"{id}\"}}"))
        );
        let cause = assert_cancelled(&harness, &id);
        assert!(
            cause.contains("\n  File \"<command-"),
            "where it was: {cause}"
        );
        assert!(cause.ends_with("\nKeyboardInterrupt"), "{cause}");
        assert!(
            !cause.contains("<local-server>"),
            "frames of the server: {cause}"
        );
    }
    assert_eq!(harness.text("x"), "1");
}

#[test]
fn the_status_says_cancelling_meanwhile() {
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
fn a_queued_command_never_runs() {
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
fn a_finished_command_stays_as_it_is() {
    let harness = Harness::start();
    let id = harness.submit("print(1)");
    let before = harness.results(&id);
    assert_eq!(harness.cancel(&id).status, 200);
    assert_eq!(harness.results(&id), before);
    assert_eq!(harness.text("2"), "2");
}

#[test]
fn code_that_answers_the_interrupt_and_goes_on_has_finished() {
    let harness = Harness::start();
    let command = "import time\ntry:\n    time.sleep(1000)\nexcept KeyboardInterrupt:\n    \
                   print('tidied up')";
    let id = start(&harness, command);
    harness.cancel(&id);
    assert_eq!(harness.results(&id)["data"], "tidied up");
}

#[test]
fn code_that_turns_the_interrupt_into_another_error_was_cancelled() {
    let harness = Harness::start();
    let command = "import time\ntry:\n    time.sleep(1000)\nexcept KeyboardInterrupt:\n    1 / 0";
    let id = start(&harness, command);
    harness.cancel(&id);
    let cause = assert_cancelled(&harness, &id);
    assert!(cause.contains("ZeroDivisionError"), "{cause}");
}

#[test]
fn code_that_swallows_an_interrupt_is_told_again() {
    let harness = Harness::start();
    let command = "import time\nfor _ in range(2):\n    try: time.sleep(1000)\n    except: pass\n\
                   time.sleep(1000)";
    let id = start(&harness, command);
    harness.cancel(&id);
    assert_cancelled(&harness, &id);
    assert_eq!(harness.text("1"), "1");
}

#[test]
fn processes_the_command_waits_for_end_with_it() {
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
fn an_interrupt_nobody_asked_for_is_the_users_error() {
    let harness = Harness::start();
    let (summary, _) = harness.failure("import signal; signal.raise_signal(signal.SIGINT)");
    assert_eq!(summary, "KeyboardInterrupt");
    assert_eq!(
        harness.failure("raise KeyboardInterrupt('x')").0,
        "KeyboardInterrupt: x"
    );
}

#[test]
fn a_cancel_never_hits_the_next_command() {
    let harness = Harness::start();
    harness.text("total = 0");
    for n in 0..200 {
        let short = harness.submit("x = sum(range(20_000))");
        let next = harness.submit("import subprocess\nsubprocess.run('true').returncode");
        if n % 2 == 0 {
            harness.await_command(&short, "Finished");
        }
        harness.cancel(&short);
        let ended = harness.results(&short);
        assert!(
            ended["summary"] == "Command Cancelled" || ended["resultType"] == "text",
            "{ended}"
        );
        assert_eq!(harness.results(&next)["data"], "0", "after {ended}");
    }
}

/// The same, where no luck is needed: the code plays the server that is late.
#[test]
fn what_is_meant_for_another_command_is_dropped() {
    let harness = Harness::start();
    let command = "import os, signal, subprocess, sys\n\
                   frame = sys._getframe()\n\
                   while not hasattr(frame.f_locals.get('self'), 'jobs'): frame = frame.f_back\n\
                   kernel = frame.f_locals['self']\n\
                   child = subprocess.Popen(['sleep', '1000'])\n\
                   kernel.cancel('another')\n\
                   kernel.target = 'another'\n\
                   os.kill(os.getpid(), signal.SIGINT)\n\
                   try: child.wait(.3)\n\
                   except subprocess.TimeoutExpired: child.kill(); print('unharmed')";
    assert_eq!(harness.text(command), "unharmed");
}

#[test]
fn code_that_cannot_be_interrupted_is_killed() {
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
    // An interrupt that comes before the lock is held is no end of it.
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
