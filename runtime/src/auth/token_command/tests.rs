//! Tests of token commands.

use std::fs;

use super::*;
use crate::clock::{Interrupt, ManualClock};
use crate::transport::Scripted;

fn shell(script: &str) -> TokenCommand {
    TokenCommand::new("sh", ["-c", script])
}

fn fetch(command: &TokenCommand) -> Result<Token, Error> {
    let (transport, clock, interrupt) = (Scripted::new(), ManualClock::new(), Interrupt::new());
    command.fetch(&AuthContext::new(&transport, &clock, &interrupt))
}

#[test]
fn bare_token_and_json_are_accepted() {
    for (printed, lifetime) in [
        ("dapi0123", None),
        ("  dapi0123\r\n", None),
        ("\u{feff}dapi0123\r\n", None),
        ("\"dapi0123\"\r\n", None),
        (r#""\u0064api0123""#, None),
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
fn output_that_is_no_token_is_rejected_with_the_reason() {
    let long = "dapi".repeat(1 << 15);
    for (printed, reason) in [
        ("", "the token is empty"),
        ("\r\n", "the token is empty"),
        (r#""""#, "the token is empty"),
        ("'dapi0123'", "the token is in quotes"),
        ("dapi0123\"", "the token is in quotes"),
        (r#""'dapi0123'""#, "the token is in quotes"),
        (r#""dapi0123\n""#, "the token contains a line break"),
        (
            r#""dapi0123" "dapi""#,
            "the output starts with a quote but is not a JSON string",
        ),
        (
            "\"dapi0123",
            "the output starts with a quote but is not a JSON string",
        ),
        ("warning\ndapi0123", "the token contains a line break"),
        ("dapi\u{7}0123", "the token contains a control character"),
        (
            "dapi\u{200b}",
            "the token contains a character that is not ASCII",
        ),
        (
            "Bearer dapi0123",
            "the token contains white space (1 of its 15 characters)",
        ),
        ("null\n", "the output is `null`"),
        ("None\n", "the output is `None`"),
        (
            r#"["dapi0123"]"#,
            "the output is a JSON array, expected an object",
        ),
        ("[dapi", "the output starts like JSON but is not valid JSON"),
        (r#"{"access_token": null}"#, "there is no `access_token`"),
        (
            r#"{"access_token": "dapi 0"}"#,
            "the token contains white space (1 of its 6 characters)",
        ),
        (&long, "the output is longer than 64 KiB"),
    ] {
        assert_eq!(parse_output(printed), Err(reason.to_owned()), "{printed}");
    }
}

fn parse_output(printed: &str) -> Result<(), String> {
    let mut stdout = Bytes::new(printed.into());
    stdout.truncate(usize::try_from(MAX_OUTPUT_BYTES).unwrap());
    let output = CommandOutput {
        status: ExitStatus::default(),
        stdout,
        stderr: Bytes::default(),
    };
    output.token().map(drop)
}

#[test]
fn arguments_are_passed_without_a_shell() {
    let command = TokenCommand::new("printf", ["%s", "$HOME;'\"`id`"]);
    assert_eq!(fetch(&command).unwrap().secret().expose(), "$HOME;'\"`id`");
}

#[test]
fn commands_without_a_token_are_errors() {
    let not_found =
        "the command `/none/such` cannot be started: No such file or directory (os error 2)";
    let long = "x".repeat(1000);
    for (command, expected) in [
        (TokenCommand::new("/none/such", ["dapi"]), not_found),
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
            "the command `sh` did not print a token: the token is empty",
        ),
        (
            shell("echo dapi 0123"),
            "the command `sh` did not print a token: the token contains white space (1 of its 9 \
             characters)",
        ),
        (
            shell("printf 'dapi\\377'"),
            "the command `sh` did not print a token: the output is not UTF-8",
        ),
        (
            shell("echo '{dapi'"),
            "the command `sh` did not print a token: the output starts like JSON but is not valid JSON",
        ),
        (
            shell(r#"echo '{"token": "dapi"}'"#),
            "the command `sh` did not print a token: there is no `access_token`",
        ),
        (
            shell(r#"echo '{"access_token": "dapi", "expiry": "2020-01-01T00:00:00Z"}'"#),
            "the command `sh` did not print a token: the token has already expired",
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
fn large_output_on_both_pipes_does_not_block_the_command() {
    let script = "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789 >&2; \
                  i=$((i+1)); done; echo dapi0123";
    assert_eq!(fetch(&shell(script)).unwrap().secret().expose(), "dapi0123");
}

#[test]
fn slow_command_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let script = format!("exec sh -c 'echo $$ > {}; exec sleep 60'", trace.display());
    let start = Instant::now();
    let error = fetch(&shell(&script).timeout(Duration::from_millis(1500))).unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Timeout, "the command `sh` timed out after 1.5 s")
    );
    assert!(start.elapsed() < Duration::from_secs(20));
    let id = fs::read_to_string(trace).unwrap();
    let is_alive = Command::new("kill")
        .args(["-0", id.trim()])
        .stderr(Stdio::null())
        .status();
    assert!(!is_alive.unwrap().success());
}

#[test]
fn child_process_with_an_open_pipe_does_not_block_the_call() {
    let command = shell("sleep 5 & echo dapi0123").timeout(Duration::from_millis(300));
    let start = Instant::now();
    let error = fetch(&command).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[test]
fn interrupt_kills_the_command() {
    let (transport, clock, interrupt) = (Scripted::new(), ManualClock::new(), Interrupt::new());
    let start = Instant::now();
    thread::scope(|scope| {
        let context = AuthContext::new(&transport, &clock, &interrupt);
        let fetched = scope.spawn(move || shell("exec sleep 60").fetch(&context));
        thread::sleep(Duration::from_millis(100));
        interrupt.raise();
        let error = fetched.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
    });
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn deadline_of_the_call_kills_the_command() {
    let (transport, clock, interrupt) = (Scripted::new(), ManualClock::new(), Interrupt::new());
    let context = AuthContext::new(&transport, &clock, &interrupt);
    let context = context.deadline(Some(context.now() + Duration::from_millis(50)));
    // The second command leaves a process that keeps the pipe open.
    for script in ["exec sleep 60", "sleep 60 & echo dapi0123"] {
        let start = Instant::now();
        let error = shell(script).fetch(&context).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{script}: {error}");
        assert_eq!(
            error.message(),
            "the deadline passed before there was a token"
        );
        assert!(start.elapsed() < Duration::from_secs(20), "{script}");
    }
}
