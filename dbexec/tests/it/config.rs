//! `dbexec config`: settings with their origins, and new profiles.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};
use test_server::Server;

use crate::pty::{Session, Terminal};
use crate::support::{MockResponse, Running, Sandbox, TOKEN, mock_server};

const ACCEPTED: &[MockResponse] = &[(
    "/api/2.1/clusters/spark-versions",
    200,
    r#"{"versions": []}"#,
)];

fn profiles(sandbox: &Sandbox) {
    sandbox.write(
        ".databrickscfg",
        "# mine\n[prod]\nhost = https://prod.example.com\ntoken = dapi-prod\n\n[dev]\nhost = dev.example.com\n",
    );
}

#[test]
fn settings_are_shown_with_their_origins() {
    let sandbox = Sandbox::new();
    profiles(&sandbox);
    let mut command = sandbox.command(["config", "show", "--profile", "prod"]);
    command
        .env("DATABRICKS_TOKEN", TOKEN)
        .env("DATABRICKS_CLUSTER_ID", "c-1")
        .env("HTTPS_PROXY", "http://me:dapi-proxy@proxy:3128")
        .env("https_proxy", "proxy2")
        .env("SSL_CERT_FILE", "/ca.pem");
    Running::start(command).finish().assert(
        0,
        "host           https://prod.example.com  profile prod (~/.databrickscfg:3)\n\
         token          ***                       profile prod (~/.databrickscfg:4)\n\
         cluster_id     c-1                       DATABRICKS_CLUSTER_ID\n\
         profile        prod                      --profile\n\
         ignored        DATABRICKS_TOKEN          profile `prod` has precedence\n\
         https_proxy    proxy2                    https_proxy\n\
         ignored        HTTPS_PROXY               the environment variable `https_proxy` has precedence\n\
         SSL_CERT_FILE  /ca.pem                   SSL_CERT_FILE\n",
        "",
    );
}

#[test]
fn ignored_settings_have_a_reason() {
    let sandbox = Sandbox::new();
    profiles(&sandbox);
    let mut command = sandbox.command([
        "config",
        "show",
        "--output",
        "json",
        "--host",
        "https://other.example.com/?o=7",
        "--token",
        TOKEN,
        "--ca-file",
        "ca.pem",
    ]);
    command
        .env("DATABRICKS_HOST", "https://prod.example.com")
        .env("DATABRICKS_CLIENT_SECRET", "dapi-secret")
        .env("SSL_CERT_FILE", "/ca.pem");
    let outcome = Running::start(command).finish();
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (Some(0), ""),
        "{outcome}"
    );
    assert!(!outcome.stdout.contains("dapi"), "{outcome}");
    let entries: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
    let of = |name: &str| {
        let matching = entries.iter().filter(|entry| entry["name"] == name);
        matching
            .map(|entry| json!([entry["value"], entry["origin"]["text"], entry["ignored"]]))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("host"),
        [
            json!(["https://other.example.com", "--host", null]),
            json!([
                "https://prod.example.com",
                "DATABRICKS_HOST",
                "for https://prod.example.com"
            ]),
        ]
    );
    assert_eq!(of("token"), [json!([null, "--token", null])]);
    assert_eq!(
        of("client_secret"),
        [json!([
            null,
            "DATABRICKS_CLIENT_SECRET",
            "for https://prod.example.com"
        ])]
    );
    assert_eq!(of("workspace_id"), [json!(["7", "--host", null])]);
    let reason = "the CA file of the arguments has precedence";
    assert_eq!(
        of("SSL_CERT_FILE"),
        [json!(["/ca.pem", "SSL_CERT_FILE", reason])]
    );
    let secret = entries
        .iter()
        .find(|entry| entry["name"] == "token")
        .unwrap();
    assert_eq!(secret["secret"], true);
}

#[test]
fn settings_without_a_host_are_shown_with_the_reason() {
    let sandbox = Sandbox::new();
    let show = |variables: &[(&str, &str)], options: &[&str]| {
        let mut command = sandbox.command([&["config", "show"], options].concat());
        command.envs(variables.iter().copied());
        Running::start(command).finish()
    };
    // There is nothing to list.
    let outcome = show(&[], &["--output", "json"]);
    outcome.assert_starts_with(2, "", "error: no host configured: ");

    sandbox.write(".databrickscfg", "[DEFAULT]\ncluster_id = c-1\n");
    let outcome = show(&[("https_proxy", "proxy")], &[]);
    let listed = "ignored      cluster_id, profile DEFAULT (~/.databrickscfg:2)  without a host\n\
                  https_proxy  proxy                                             https_proxy\n";
    outcome.assert_starts_with(2, listed, "error: no host configured: ");

    // A token in a variable has precedence over the default profile, also over its host.
    sandbox.write(
        ".databrickscfg",
        "[DEFAULT]\nhost = a.example.com\ntoken = dapi-1\n",
    );
    let outcome = show(&[("DATABRICKS_TOKEN", TOKEN)], &[]);
    let reason = "no profile is selected, and `token` from the environment variable \
                  `DATABRICKS_TOKEN` is set";
    let listed = format!(
        "ignored  DATABRICKS_TOKEN                           without a host\n\
         ignored  host, profile DEFAULT (~/.databrickscfg:2)   {reason}\n\
         ignored  token, profile DEFAULT (~/.databrickscfg:3)  {reason}\n"
    );
    let error = "error: no host configured: ";
    let compact = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(compact(&outcome.stdout), compact(&listed), "{outcome}");
    assert!(outcome.stderr.starts_with(error), "{outcome}");

    let outcome = show(&[("DATABRICKS_HOST", "a b")], &["--output", "json"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    let entries: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        entries[0]["ignored"], "no workspace is selected, see the error",
        "{outcome}"
    );
}

#[test]
fn host_on_this_machine_needs_no_scheme() {
    let (server, sandbox) = (mock_server(ACCEPTED), Sandbox::new());
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    let host = format!("localhost:{port}");
    let init = ["config", "init", "--host", &host, "--token-file", "-"];
    let outcome = Running::with_input(sandbox.command(init), TOKEN.as_bytes()).finish();
    let stderr = format!(
        "note: http://{host} is used without TLS, as it is on this machine; for TLS, use `https://`\n\
         token accepted; wrote [DEFAULT] to ~/.databrickscfg (0600)\n"
    );
    outcome.assert(0, "", &stderr);
    let text = fs::read_to_string(sandbox.path(".databrickscfg")).unwrap();
    assert!(text.contains(&format!("host = http://{host}\n")), "{text}");
}

#[test]
fn credentials_of_netrc_are_shown() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".netrc",
        "machine a.example.com login token password dapi-netrc",
    );
    let outcome = sandbox.run(["config", "show", "--host", "a.example.com"]);
    let expected = format!(
        "password  ***                    machine `a.example.com` in {}\n\
         host      https://a.example.com  --host\n",
        sandbox.path(".netrc").display()
    );
    outcome.assert(0, &expected, "");
    sandbox
        .run(["config", "show"])
        .assert_starts_with(2, "", "error: no host configured: ");
}

/// Returns the arguments of `config init` with a token on standard input.
fn init<'a>(url: &'a str, options: &[&'a str]) -> Vec<&'a str> {
    [
        &["config", "init", "--host", url, "--token-file", "-"][..],
        options,
    ]
    .concat()
}

fn run_init(sandbox: &Sandbox, server: &Server, options: &[&str]) -> crate::support::Outcome {
    let command = sandbox.command(init(&server.url(), options));
    Running::with_input(command, format!("{TOKEN}\n").as_bytes()).finish()
}

#[test]
fn accepted_token_is_written_to_a_private_file() {
    let (server, sandbox) = (mock_server(ACCEPTED), Sandbox::new());
    profiles(&sandbox);
    let path = sandbox.path(".databrickscfg");
    let old = fs::read_to_string(&path).unwrap();
    let options = ["--profile", "new", "--cluster", "c-1"];
    let message = "token accepted; wrote [new] to ~/.databrickscfg (0600)\n";
    run_init(&sandbox, &server, &options).assert(0, "", message);
    let url = server.url();
    let expected = format!("{old}\n[new]\nhost = {url}\ntoken = {TOKEN}\ncluster_id = c-1\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let exists = format!(
        "error: the profile `new` exists in {}\n\
         help: use `--force` to replace its host and credentials, or `--profile NAME` for another one\n",
        path.display()
    );
    let before = server.connections();
    run_init(&sandbox, &server, &options[..2]).assert(2, "", &exists);
    assert_eq!(server.connections(), before, "nothing is sent");
    run_init(&sandbox, &server, &["--profile", "new", "--force"]).assert(0, "", message);
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with(&old) && text.ends_with("cluster_id = c-1\n"),
        "{text}"
    );
}

#[test]
fn rejected_token_is_not_written() {
    const REJECTED: &[MockResponse] = &[("/api/2.1/clusters/spark-versions", 403, "{}")];
    let (server, sandbox) = (mock_server(REJECTED), Sandbox::new());
    let outcome = run_init(&sandbox, &server, &[]);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(!sandbox.path(".databrickscfg").exists());
}

#[test]
fn nothing_is_asked_without_a_terminal() {
    let sandbox = Sandbox::new();
    sandbox.run(["config", "init"]).assert(
        2,
        "",
        "error: no host specified, and standard input is not a terminal\nhelp: use `--host URL`\n",
    );
    sandbox.run(["config", "init", "--host", "a.example.com"]).assert(
        2,
        "",
        "error: no token specified, and standard input is not a terminal\nhelp: use `--token-file FILE`\n",
    );
}

/// Starts `dbexec config init` from a shell, which prints the settings of the terminal afterwards, and enters
/// the host.
fn start_on_terminal<'s>(sandbox: &'s Sandbox, host: &str) -> Session<'s> {
    let script = "trap : INT QUIT; $DBEXEC config init; echo \"exit code $?\"; stty -a";
    let mut session = Terminal::new().start_program(sandbox, "sh", ["-c", script]);
    session.wait_for("Host: ");
    session.press(&format!("{host}\r"));
    session.wait_for("Token (hidden): ");
    session
}

#[test]
fn host_and_hidden_token_are_asked_on_a_terminal() {
    let (server, sandbox) = (mock_server(ACCEPTED), Sandbox::new());
    let mut session = start_on_terminal(&sandbox, &format!("{}/?o=123", server.url()));
    session.press(&format!("{TOKEN}\r"));
    let end = session.finish();
    assert!(
        end.text.contains("token accepted; wrote [DEFAULT]"),
        "{end}"
    );
    assert!(end.text.contains("\nexit code 0\n"), "{end}");
    assert!(end.text.contains(" echo "), "{end}");
    assert!(!end.received.contains(TOKEN), "{end}");
    let text = fs::read_to_string(sandbox.path(".databrickscfg")).unwrap();
    let expected = format!(
        "[DEFAULT]\nhost = {}\ntoken = {TOKEN}\nworkspace_id = 123\n",
        server.url()
    );
    assert_eq!(text, expected);
}

#[test]
fn interrupt_at_the_prompt_writes_nothing_and_restores_the_terminal() {
    for (key, code) in [("\u{3}", 130), ("\u{1c}", 131)] {
        let (server, sandbox) = (mock_server(ACCEPTED), Sandbox::new());
        let mut session = start_on_terminal(&sandbox, &server.url());
        session.press(key);
        let end = session.finish();
        assert!(end.text.contains(&format!("\nexit code {code}\n")), "{end}");
        assert!(end.text.contains(" echo "), "{end}");
        assert!(!sandbox.path(".databrickscfg").exists());
        assert_eq!(server.connections(), 0);
    }
}

#[test]
fn token_is_hidden_after_the_prompt_was_stopped() {
    let (server, sandbox) = (mock_server(ACCEPTED), Sandbox::new());
    // The first `stty` runs while `dbexec` is stopped.
    let script = "set -m; $DBEXEC config init; stty -a; echo stopped; fg; stty -a";
    let mut session = Terminal::new().start_program(&sandbox, "sh", ["-c", script]);
    session.wait_for("Host: ");
    session.press(&format!("{}\r", server.url()));
    session.wait_for("Token (hidden): ");
    session.press("\u{1a}");
    session.wait_for("stopped\n");
    assert!(session.text().contains(" echo "), "{}", session.text());
    session.wait_for_received("config init\nToken (hidden): ");
    session.press(&format!("{TOKEN}\r"));
    let end = session.finish();
    assert!(end.text.contains("token accepted"), "{end}");
    assert!(!end.received.contains(TOKEN), "{end}");
    assert_eq!(end.received.matches(" echo ").count(), 2, "{end}");
}
