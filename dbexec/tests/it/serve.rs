//! `dbexec serve`.

use rustix::process::Signal;

use crate::support::{Running, Sandbox, Served, exchange, until};

fn get(url: &str, authorization: &str) -> String {
    let path = "/api/1.2/contexts/status?clusterId=a&contextId=b";
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{authorization}\r\n");
    exchange(url, &request)
}

#[test]
fn it_answers_until_ctrl_c() {
    for signal in [Signal::INT, Signal::TERM] {
        let sandbox = Sandbox::new();
        let server = Served::start(&sandbox);
        let url = server.url.clone();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        let answer = get(&url, "authorization: Bearer secret\r\n");
        assert!(
            answer.starts_with("HTTP/1.1 404 ") && answer.contains("does not exist"),
            "{answer}"
        );
        assert!(get(&url, "").starts_with("HTTP/1.1 401 "));
        assert!(get(&url, "authorization: Bearer other\r\n").starts_with("HTTP/1.1 403 "));
        server.running.signal(signal);
        server.running.finish().assert(
            0,
            "",
            &format!(
                "Serving contexts and commands until Ctrl-C. In another shell:\n\n  \
                 export DATABRICKS_HOST={url}\n  \
                 export DATABRICKS_TOKEN=...      # the token you gave\n  \
                 export DATABRICKS_CLUSTER_ID=any     # the name does not matter here\n  \
                 dbexec run -l python -c 'print(6*7)'\n\n"
            ),
        );
    }
}

#[test]
fn it_ends_what_it_has_started() {
    let sandbox = Sandbox::new();
    let server = Served::start(&sandbox);
    let place = ["--host", &server.url, "--token", "secret"];
    let create = ["call", "contexts.create", "clusterId=a", "language=python"];
    assert_eq!(sandbox.run([&create[..], &place].concat()).code, Some(0));
    until("the interpreter is there", || sandbox.has_interpreter());
    server.running.signal(Signal::INT);
    assert_eq!(server.running.finish().code, Some(0));
    sandbox.wait_until_empty();
}

#[test]
fn a_made_up_token_is_told_and_works() {
    let sandbox = Sandbox::new();
    let mut running = sandbox.start(["serve", "--port", "0"]);
    let mut exported = |name: &str| {
        let beginning = format!("  export {name}=");
        let line = std::iter::from_fn(|| Some(running.stderr_line()))
            .find_map(|line| Some(line.strip_prefix(&beginning)?.trim_end().to_owned()));
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
fn a_token_from_the_variable() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["serve", "--port", "0"]);
    command.env("DBEXEC_TOKEN", "from-variable");
    let mut running = Running::start(command);
    let url = running.stdout_line().trim_end().to_owned();
    let answer = get(&url, "authorization: Bearer from-variable\r\n");
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    running.signal(Signal::INT);
    let done = running.finish();
    assert!(
        done.code == Some(0) && !done.stderr.contains("from-variable"),
        "{done}"
    );

    let mut help = sandbox.command(["serve", "--help"]);
    help.env("DBEXEC_TOKEN", "from-variable");
    let done = Running::start(help).finish();
    assert!(
        done.code == Some(0) && !done.stdout.contains("from-variable"),
        "{done}"
    );
}

#[test]
fn without_a_token_it_warns() {
    let sandbox = Sandbox::new();
    let mut running = sandbox.start(["serve", "--port", "0", "--no-token"]);
    let url = running.stdout_line().trim_end().to_owned();
    let answer = exchange(
        &url,
        "POST /api/1.2/contexts/destroy HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\
         content-length: 0\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    running.signal(Signal::INT);
    let done = running.finish();
    let warning = "\nwarning: every program on this machine can run code as you, without a token\n";
    assert!(
        done.code == Some(0) && done.stderr.ends_with(warning),
        "{done}"
    );
    assert!(!done.stderr.contains("DATABRICKS_TOKEN"), "{done}");
}

#[test]
fn what_cannot_be_served() {
    let sandbox = Sandbox::new();
    let server = Served::start(&sandbox);
    let port = server.url.rsplit(':').next().unwrap();
    let in_use = format!(
        "error: port {port} of 127.0.0.1 is already in use\nnote: `--port 0` takes any that is free\n"
    );
    sandbox
        .run(["serve", "--port", port])
        .assert(3, "", &in_use);
    let token = "error: the credentials cannot be sent: the token holds white space\n";
    sandbox
        .run(["serve", "--token", "a b"])
        .assert(2, "", token);
    let done = sandbox.run(["serve", "--port", "70000"]);
    done.assert_begins(2, "", "error: invalid value '70000' for '--port <PORT>'");
}
