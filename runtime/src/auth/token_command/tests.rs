use std::fs;

use super::*;
use crate::clock::ManualClock;
use crate::transport::Scripted;

fn shell(script: &str) -> TokenCommand {
    TokenCommand::new("sh", ["-c", script])
}

fn fetch(command: &TokenCommand) -> Result<Token, Error> {
    let (wire, clock, interrupt) = (Scripted::new(), ManualClock::new(), Interrupt::new());
    command.fetch(&Exchange::new(&wire, &clock, &interrupt))
}

#[test]
fn a_token_alone_or_in_json() {
    for (printed, lifetime) in [
        ("dapi0123", None),
        ("  dapi0123\r\n", None),
        (
            r#"{"access_token": "dapi0123", "token_type": "Bearer"}"#,
            None,
        ),
        (
            r#"{"access_token": "dapi0123", "expires_in": 60}"#,
            Some(60),
        ),
        (
            r#"{"access_token": "dapi0123", "expiry": "9999-01-01T00:00:00.5+01:00"}"#,
            Some(100_000_000),
        ),
    ] {
        let command = TokenCommand::new("printf", ["%s", printed]);
        let token = fetch(&command).unwrap();
        assert_eq!(token.secret().expose(), "dapi0123");
        let seconds = token.lifetime().map(|left| left.as_secs().min(100_000_000));
        assert_eq!(seconds, lifetime, "{printed}");
    }
}

#[test]
fn arguments_go_to_the_program_as_they_are() {
    let command = TokenCommand::new("printf", ["%s", "$HOME;'\"`id`"]);
    assert_eq!(fetch(&command).unwrap().secret().expose(), "$HOME;'\"`id`");
}

#[test]
fn programs_that_bring_no_token() {
    let gone = "the command `/none/such` cannot be started: No such file or directory (os error 2)";
    let long = "x".repeat(1000);
    for (command, expected) in [
        (TokenCommand::new("/none/such", ["dapi"]), gone),
        (
            shell("echo dapi; echo first >&2; echo 'not \u{1b}[31mlogged in' >&2; exit 3"),
            "the command `sh` failed (exit status: 3): not logged in",
        ),
        (shell("exit 1"), "the command `sh` failed (exit status: 1)"),
        (
            shell("kill -9 $$"),
            "the command `sh` failed (signal: 9 (SIGKILL))",
        ),
        (
            shell(""),
            "the command `sh` printed something else: the token is empty",
        ),
        (
            shell("echo dapi 0123"),
            "the command `sh` printed something else: the token holds white space",
        ),
        (
            shell("printf 'dapi\\377'"),
            "the command `sh` printed something else: it is not text",
        ),
        (
            shell("echo '{dapi'"),
            "the command `sh` printed something else: it begins like JSON and is none",
        ),
        (
            shell(r#"echo '{"token": "dapi"}'"#),
            "the command `sh` printed something else: there is no `access_token` in it",
        ),
        (
            shell(r#"echo '{"access_token": "dapi", "expiry": "2020-01-01T00:00:00Z"}'"#),
            "the command `sh` printed something else: the token has expired already",
        ),
    ] {
        let error = fetch(&command).unwrap_err();
        assert_eq!(error.message(), expected);
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            !format!("{error:?} {command:?}").contains("dapi"),
            "{error:?}"
        );
    }
    let error = fetch(&shell(&format!("echo {long} >&2; exit 1"))).unwrap_err();
    assert!(error.message().len() < 500 && error.message().ends_with('…'));
}

#[test]
fn much_on_both_pipes_does_not_stop_it() {
    let script = "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789 >&2; \
                  i=$((i+1)); done; echo dapi0123";
    assert_eq!(fetch(&shell(script)).unwrap().secret().expose(), "dapi0123");
}

#[test]
fn a_slow_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let script = format!("exec sh -c 'echo $$ > {}; exec sleep 60'", trace.display());
    let start = Instant::now();
    let error = fetch(&shell(&script).timeout(Duration::from_millis(1500))).unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (
            ErrorKind::Timeout,
            "the command `sh` took longer than 1.5 s"
        )
    );
    assert!(start.elapsed() < Duration::from_secs(20));
    let id = fs::read_to_string(trace).unwrap();
    let alive = Command::new("kill")
        .args(["-0", id.trim()])
        .stderr(Stdio::null())
        .status();
    assert!(!alive.unwrap().success());
}

#[test]
fn a_child_that_holds_the_pipe_does_not_hold_the_call() {
    let command = shell("sleep 5 & echo dapi0123").timeout(Duration::from_millis(300));
    let start = Instant::now();
    let error = fetch(&command).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[test]
fn an_interrupt_ends_it() {
    let (wire, clock, interrupt) = (Scripted::new(), ManualClock::new(), Interrupt::new());
    let start = Instant::now();
    thread::scope(|scope| {
        let exchange = Exchange::new(&wire, &clock, &interrupt);
        let fetched = scope.spawn(move || shell("exec sleep 60").fetch(&exchange));
        thread::sleep(Duration::from_millis(100));
        interrupt.raise();
        let error = fetched.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
    });
    assert!(start.elapsed() < Duration::from_secs(20));
}
