//! Log messages, completion scripts and manual pages.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::service::{Reaction, Service};
use crate::support::{CLUSTER, Running, Sandbox, TOKEN};

const FINISHED: &str =
    r#"{"status": "Finished", "results": {"resultType": "text", "data": "done"}}"#;

fn run(options: &[&str], rust_log: &str) -> crate::support::Outcome {
    let service = Service::start(&[("commands/status", Reaction::Body(FINISHED.to_owned()))]);
    let sandbox = Sandbox::new();
    let url = service.url();
    let run = [
        "run",
        "-l",
        "python",
        "-c",
        "secret code",
        "--cluster",
        CLUSTER,
    ];
    let workspace = ["--host", &url, "--token", TOKEN];
    let mut command = sandbox.command([&run[..], &workspace, options].concat());
    command.env("RUST_LOG", rust_log);
    let outcome = Running::start(command).finish();
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(0), "done\n"),
        "{outcome}"
    );
    assert!(!outcome.stderr.contains(TOKEN), "{outcome}");
    assert!(!outcome.stderr.contains("secret code"), "{outcome}");
    outcome
}

#[test]
fn attempts_are_logged_on_request() {
    assert_eq!(run(&[], "").stderr, "");
    let outcome = run(&["-v"], "");
    for part in [" host http://127.0.0.1:", " POST contexts/create 200, "] {
        assert!(outcome.stderr.contains(part), "{part}: {outcome}");
    }
    let attempts = outcome.stderr.matches(" 200, ").count();
    assert!(attempts >= 5, "{outcome}");
    let starts_with_time = |line: &str| line.split(' ').next().unwrap().parse::<f64>().is_ok();
    assert!(outcome.stderr.lines().all(starts_with_time), "{outcome}");
    assert!(
        run(&[], "api_runtime=debug")
            .stderr
            .contains(" POST contexts/create 200, ")
    );
}

#[test]
fn trace_messages_contain_no_credentials() {
    let outcome = run(&["-vv"], "trace");
    assert!(outcome.stderr.lines().count() > 20, "{outcome}");
    assert!(
        !outcome.stderr.to_ascii_lowercase().contains("bearer dapi"),
        "{outcome}"
    );
}

#[test]
fn log_messages_may_be_json() {
    let outcome = run(&["-v", "--log-format", "json"], "");
    let lines: Vec<Value> = outcome
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let attempt = lines
        .iter()
        .find(|line| line["target"] == "api_runtime")
        .unwrap();
    assert_eq!(attempt["level"], "debug");
    assert!(
        attempt["message"].as_str().unwrap().contains(" /api/"),
        "{attempt}"
    );
    assert!(
        attempt["time"].as_str().unwrap().ends_with('Z'),
        "{attempt}"
    );
}

#[test]
fn invalid_filter_is_a_warning() {
    let outcome = run(&[], "api_runtime=loud");
    assert!(
        outcome
            .stderr
            .starts_with("warning: invalid variable `RUST_LOG`: "),
        "{outcome}"
    );
}

#[test]
fn completion_scripts_contain_commands_and_options() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish"] {
        let outcome = sandbox.run(["completions", shell]);
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (Some(0), ""),
            "{shell}"
        );
        for part in ["doctor", "cluster", "clean"] {
            assert!(outcome.stdout.contains(part), "{shell}: {part}");
        }
    }
    let script = sandbox.write("script", sandbox.run(["completions", "bash"]).stdout);
    let status = Command::new("bash")
        .arg("-n")
        .arg(script)
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn manual_pages_are_written_for_all_commands() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(["man"]);
    assert!(outcome.stdout.contains(".TH dbexec 1"), "{outcome}");
    sandbox.run(["man", "--dir", "new/pages"]).assert(0, "", "");
    for page in [
        "dbexec.1",
        "dbexec-run.1",
        "dbexec-config-init.1",
        "dbexec-spark-install.1",
    ] {
        let text = fs::read_to_string(sandbox.path("new/pages").join(page)).unwrap();
        assert!(text.contains(".SH OPTIONS"), "{page}");
    }
    assert!(!sandbox.path("new/pages/dbexec-help.1").exists());
}
