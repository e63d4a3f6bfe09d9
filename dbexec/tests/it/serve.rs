//! `dbexec serve`.

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
    let token = "error: invalid credentials: the token contains white space\n";
    sandbox
        .run(["serve", "--token", "a b"])
        .assert(2, "", token);
    let outcome = sandbox.run(["serve", "--port", "70000"]);
    outcome.assert_starts_with(2, "", "error: invalid value '70000' for '--port <PORT>'");
}
