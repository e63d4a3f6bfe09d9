//! `dbexec serve`.

mod memory;
mod secrets;

use std::os::unix::fs::PermissionsExt as _;

use rustix::process::Signal;

use crate::support::{Running, Sandbox, ServeProcess, exchange, until};

fn get(url: &str, authorization: &str) -> String {
    let path = "/api/1.2/contexts/status?clusterId=a&contextId=b";
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{authorization}\r\n");
    exchange(url, &request)
}

#[test]
fn server_responds_until_ctrl_c() {
    for signal in [Signal::INT, Signal::TERM] {
        let sandbox = Sandbox::new();
        let server = ServeProcess::start(&sandbox);
        let url = server.url.clone();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        let response = get(&url, "authorization: Bearer secret\r\n");
        assert!(
            response.starts_with("HTTP/1.1 404 ") && response.contains("does not exist"),
            "{response}"
        );
        assert!(get(&url, "").starts_with("HTTP/1.1 401 "));
        assert!(get(&url, "authorization: Bearer other\r\n").starts_with("HTTP/1.1 403 "));
        server.running.signal(signal);
        server.running.finish().assert(
            0,
            "",
            &format!(
                "Serving the Databricks REST API 1.2. Press Ctrl-C to stop. In another shell:\n\n  \
                 export DATABRICKS_HOST={url}\n  \
                 export DATABRICKS_TOKEN=...      # the token you specified\n  \
                 export DATABRICKS_CLUSTER_ID=any     # any id is accepted\n  \
                 dbexec run -l python -c 'print(6*7)'\n\n"
            ),
        );
    }
}

#[test]
fn interpreters_are_killed_with_the_server() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let workspace = ["--host", &server.url, "--token", "secret"];
    let create = ["call", "contexts.create", "clusterId=a", "language=python"];
    assert_eq!(
        sandbox.run([&create[..], &workspace].concat()).code,
        Some(0)
    );
    until("the interpreter has started", || sandbox.has_interpreter());
    server.running.signal(Signal::INT);
    assert_eq!(server.running.finish().code, Some(0));
    sandbox.wait_for_processes();
}

#[test]
fn generated_token_is_printed_and_accepted() {
    let sandbox = Sandbox::new();
    let mut running = sandbox.start(["serve", "--port", "0"]);
    let mut exported = |name: &str| {
        let prefix = format!("  export {name}=");
        let line = std::iter::from_fn(|| Some(running.stderr_line()))
            .find_map(|line| Some(line.strip_prefix(&prefix)?.trim_end().to_owned()));
        line.unwrap()
    };
    let (host, token) = (exported("DATABRICKS_HOST"), exported("DATABRICKS_TOKEN"));
    assert_eq!(token.len(), 32);
    let mut command = sandbox.command(["run", "-l", "python", "-c", "print(6*7)"]);
    command
        .env("DATABRICKS_HOST", host)
        .env("DATABRICKS_TOKEN", token)
        .env("DATABRICKS_CLUSTER_ID", "any");
    Running::start(command).finish().assert(0, "42\n", "");
}

#[test]
fn token_is_read_from_the_environment_and_not_printed() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["serve", "--port", "0"]);
    command.env("DBEXEC_TOKEN", "from-variable");
    let mut running = Running::start(command);
    let url = running.stdout_line().trim_end().to_owned();
    let response = get(&url, "authorization: Bearer from-variable\r\n");
    assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
    running.signal(Signal::INT);
    let outcome = running.finish();
    assert!(
        outcome.code == Some(0) && !outcome.stderr.contains("from-variable"),
        "{outcome}"
    );

    let mut help = sandbox.command(["serve", "--help"]);
    help.env("DBEXEC_TOKEN", "from-variable");
    let outcome = Running::start(help).finish();
    assert!(
        outcome.code == Some(0) && !outcome.stdout.contains("from-variable"),
        "{outcome}"
    );
}

#[test]
fn missing_token_is_a_warning() {
    let sandbox = Sandbox::new();
    let mut running = sandbox.start(["serve", "--port", "0", "--no-token"]);
    let url = running.stdout_line().trim_end().to_owned();
    let response = exchange(
        &url,
        "POST /api/1.2/contexts/destroy HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\
         content-length: 0\r\n\r\n",
    );
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
    running.signal(Signal::INT);
    let outcome = running.finish();
    let warning = "\nwarning: without a token, every program on this machine can run code as your \
                   user\n";
    assert!(
        outcome.code == Some(0) && outcome.stderr.ends_with(warning),
        "{outcome}"
    );
    assert!(!outcome.stderr.contains("DATABRICKS_TOKEN"), "{outcome}");
}

#[test]
fn port_in_use_and_invalid_options_are_reported() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let port = server.url.rsplit(':').next().unwrap();
    let in_use = format!(
        "error: port {port} of 127.0.0.1 is already in use\n\
         help: use `--port 0` to select a free port\n"
    );
    sandbox
        .run(["serve", "--port", port])
        .assert(3, "", &in_use);
    let token =
        "error: invalid credentials: the token contains white space (1 of its 3 characters)\n";
    sandbox
        .run(["serve", "--token", "a b"])
        .assert(2, "", token);
    let outcome = sandbox.run(["serve", "--port", "70000"]);
    outcome.assert_starts_with(2, "", "error: invalid value '70000' for '--port <PORT>'");
}

#[test]
fn token_is_read_from_a_file_or_standard_input() {
    let sandbox = Sandbox::new();
    sandbox.write("token", "from-file\r\n");
    for (file, input) in [("token", ""), ("-", "from-file")] {
        let command = sandbox.command(["serve", "--port", "0", "--token-file", file]);
        let mut server = Running::with_input(command, input.as_bytes());
        let url = server.stdout_line().trim_end().to_owned();
        let response = get(&url, "authorization: Bearer from-file\r\n");
        assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
        assert!(get(&url, "authorization: Bearer other\r\n").starts_with("HTTP/1.1 403 "));
    }
    sandbox.write("empty", "\n");
    let long = "x".repeat(5000);
    for (arguments, message) in [
        (
            ["--token-file", "empty"],
            "error: `empty` contains no token\n",
        ),
        (
            ["--token-file", "missing"],
            "error: cannot read the token from `missing`: ",
        ),
        (
            ["--token", &long],
            "error: the token is longer than 4096 bytes\n",
        ),
    ] {
        let outcome = sandbox.run([&["serve"][..], &arguments].concat());
        outcome.assert_starts_with(2, "", message);
    }
}

/// Code that leaves its process group, and starts a daemon in another session, which creates the file
/// `started` when its parent has exited.
const ESCAPE: &str = "
import os, time
try: os.setpgid(0, os.getpgid(os.getppid()))
except OSError: pass
if os.fork() == 0:
    os.setsid()
    parent = os.getpid()
    if os.fork(): os._exit(0)
    while os.getppid() == parent: time.sleep(0.01)
    open('started', 'w').close()
    while True: time.sleep(1)
while True: time.sleep(1)
";

#[test]
fn signal_stops_the_server_and_processes_that_left_their_group() {
    for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
        let sandbox = Sandbox::new();
        let server = ServeProcess::start(&sandbox);
        let workspace = ["--host", &server.url, "--token", "secret", "--cluster", "a"];
        let code = ["run", "-l", "python", "-c", ESCAPE];
        let client = sandbox.start([&code[..], &workspace].concat());
        until("the daemon has started", || {
            sandbox.path("started").exists()
        });
        server.running.signal(signal);
        let outcome = server.running.finish();
        let code = if signal == Signal::KILL { 137 } else { 0 };
        assert_eq!(outcome.code, Some(code), "{outcome}");
        drop(client);
        sandbox.wait_for_processes();
    }
}

#[test]
fn encrypted_server_is_trusted_with_its_certificate() {
    let sandbox = Sandbox::new();
    let file = sandbox.path("ca.pem");
    // The token makes the program execute itself again, which must keep the other arguments.
    let mut running = sandbox.start([
        "serve",
        "--port",
        "0",
        "--token",
        "secret",
        "--tls",
        "--tls-ca-file",
        "ca.pem",
    ]);
    let url = running.stdout_line().trim_end().to_owned();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "{mode:o}");
    let pem = std::fs::read_to_string(&file).unwrap();
    assert!(
        pem.contains("BEGIN CERTIFICATE") && !pem.contains("KEY"),
        "{pem}"
    );

    let run = ["run", "-l", "python", "-c", "print(6*7)", "--cluster", "a"];
    let workspace = ["--host", &url, "--token", "secret"];
    let trusted = [&run[..], &workspace, &["--ca-file", "ca.pem"]].concat();
    sandbox.run(trusted).assert(0, "42\n", "");
    let outcome = sandbox.run([&run[..], &workspace].concat());
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(outcome.stderr.contains("certificate"), "{outcome}");

    running.signal(Signal::INT);
    let outcome = running.finish();
    let export = format!("\n  export SSL_CERT_FILE={}\n", file.display());
    assert!(outcome.stderr.contains(&export), "{outcome}");
    assert!(outcome.stderr.contains(&pem), "{outcome}");
}

#[test]
fn server_for_other_machines_requires_a_token() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(["serve", "--port", "0", "--listen", "0.0.0.0", "--no-token"]);
    outcome.assert(
        2,
        "",
        "error: `--listen 0.0.0.0` requires a token\nhelp: remove `--no-token`\n",
    );

    let mut running = sandbox.start(["serve", "--port", "0", "--listen", "0.0.0.0"]);
    running.stdout_line();
    running.signal(Signal::INT);
    let outcome = running.finish();
    for warning in [
        "warning: other machines can connect, and run code as your user with the token\n",
        "warning: connections are not encrypted; use `--tls`\n",
    ] {
        assert!(outcome.stderr.contains(warning), "{outcome}");
    }
}

#[test]
fn faults_repeat_with_the_printed_seed() {
    let sandbox = Sandbox::new();
    let statuses = |arguments: &[&str]| {
        let serve = [
            "serve",
            "--port",
            "0",
            "--no-token",
            "--fault",
            "503-before:0.5",
        ];
        let mut running = sandbox.start([&serve, arguments].concat());
        let url = running.stdout_line().trim_end().to_owned();
        let statuses: Vec<_> = (0..30)
            .map(|_| {
                let path = "/api/1.2/contexts/status?clusterId=a&contextId=b";
                let request =
                    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
                exchange(&url, &request)[..12].to_owned()
            })
            .collect();
        running.signal(Signal::INT);
        (statuses, running.finish().stderr)
    };
    let (first, stderr) = statuses(&[]);
    let seed = stderr
        .split("--fault-seed ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    assert_eq!(statuses(&["--fault-seed", seed]).0, first);
    assert!(
        first.iter().any(|status| status.ends_with("503")),
        "{first:?}"
    );
    assert!(
        first.iter().any(|status| status.ends_with("404")),
        "{first:?}"
    );
}

#[test]
fn quirks_and_faults_are_listed_and_checked() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(["serve", "--help"]).stdout;
    for line in [
        "  cancel-is-finished    on   a canceled command is `Finished`, not `Cancelled`",
        "  503-after             executed, then status code 503",
    ] {
        assert!(help.contains(line), "{help}");
    }
    for (argument, value, error) in [
        ("--quirk", "nope=on", "unknown quirk `nope`"),
        ("--fault", "nope:1", "unknown fault `nope`"),
    ] {
        let outcome = sandbox.run(["serve", argument, value]);
        assert_eq!(outcome.code, Some(2), "{outcome}");
        assert!(outcome.stderr.contains(error), "{outcome}");
    }
    let outcome = sandbox.run(["serve", "--fault", "429:0.6", "--fault", "slow:0.6"]);
    outcome.assert(
        2,
        "",
        "error: invalid `--fault`: rates and their sum must be between 0 and 1\n",
    );
}
