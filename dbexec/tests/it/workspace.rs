//! `dbexec run` with a workspace: configuration, credentials, rejected requests.

use crate::support::{CLUSTER, Running, Sandbox, ServeProcess, TOKEN};

const CODE: [&str; 5] = ["run", "-l", "python", "-c", "print(6*7)"];

fn with<'a>(options: &[&'a str]) -> Vec<&'a str> {
    [&CODE[..], options].concat()
}

#[test]
fn workspace_is_configured_by_options() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let workspace = [
        "--host",
        &server.url,
        "--token",
        "secret",
        "--cluster",
        "peaceJam",
    ];
    sandbox.run(with(&workspace)).assert(0, "42\n", "");
}

#[test]
fn workspace_is_configured_by_environment_variables() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let mut command = sandbox.command(CODE);
    command
        .env("DATABRICKS_HOST", &server.url)
        .env("DATABRICKS_TOKEN", "secret")
        .env("DATABRICKS_CLUSTER_ID", "peaceJam");
    Running::start(command).finish().assert(0, "42\n", "");
}

#[test]
fn workspace_is_configured_by_a_profile() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let url = &server.url;
    let profiles = format!("[dev]\nhost = {url}\ntoken = secret\ncluster_id = peaceJam\n");
    sandbox.write(".databrickscfg", profiles);
    sandbox
        .run(with(&["--profile", "dev"]))
        .assert(0, "42\n", "");
    let mut command = sandbox.command(CODE);
    command.env("DATABRICKS_CONFIG_PROFILE", "dev");
    Running::start(command).finish().assert(0, "42\n", "");

    let outcome = sandbox.run(with(&["--profile", "prod"]));
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(
        outcome.stderr.contains("no profile `prod` in "),
        "{outcome}"
    );
}

#[test]
fn rejected_credentials_are_reported() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    let workspace = ["--host", &server.url, "--cluster", CLUSTER];
    let help = "help: `dbexec doctor` tests the connection, and prints the source of the credentials and where to \
                replace them\n";
    let outcome = sandbox.run(with(&[&workspace[..], &["--token", "wrong"]].concat()));
    let message = "error: contexts.create: the server responded with 403 Forbidden: Invalid access token. \
                   (sent with a bearer token from the arguments)\n";
    outcome.assert(3, "", &format!("{message}{help}"));
    let outcome = sandbox.run(with(&workspace));
    let message = "error: contexts.create: the server responded with 401 Unauthorized: Credential was not \
                   sent or was of an unsupported type for this API. (sent with no credentials)\n";
    outcome.assert(3, "", &format!("{message}{help}"));
}

#[test]
fn refused_connection_is_reported() {
    let workspace = [
        "--host",
        "http://127.0.0.1:1",
        "--token",
        TOKEN,
        "--cluster",
        CLUSTER,
    ];
    Sandbox::new().run(with(&workspace)).assert(
        3,
        "",
        "error: contexts.create: the server cannot be reached: Connection refused (os error 111) \
         (5 attempts)\n\
         help: `dbexec doctor` tests the connection step by step\n",
    );
}

#[test]
fn missing_configuration_is_reported() {
    let sandbox = Sandbox::new();
    let no_cluster = "\
error: no cluster specified
help: use `--cluster CLUSTER`, set `DATABRICKS_CLUSTER_ID`, add `cluster_id` to the profile, or use \
`--local` to run on this machine
";
    let workspace = ["--host", "http://127.0.0.1:1", "--token", TOKEN];
    sandbox.run(with(&workspace)).assert(2, "", no_cluster);
    let mut command = sandbox.command(with(&workspace));
    command.envs([
        ("DATABRICKS_HOST", "http://127.0.0.1:2"),
        ("DATABRICKS_CLUSTER_ID", CLUSTER),
    ]);
    let outcome = Running::start(command).finish();
    let ignored =
        format!("{no_cluster}note: `DATABRICKS_CLUSTER_ID` is ignored: for http://127.0.0.1:2\n");
    outcome.assert(2, "", &ignored);

    let outcome = sandbox.run(CODE);
    outcome.assert_starts_with(2, "", "error: no host configured: ");
    let help = "\nhelp: use `dbexec config init` to write a profile, `--profile NAME` or `--host URL` to select \
                a workspace, or `--local` to run on this machine\n";
    assert!(outcome.stderr.ends_with(help), "{outcome}");

    let outcome = sandbox.run(with(&[
        "--host",
        "https://example.invalid",
        "--cluster",
        CLUSTER,
    ]));
    outcome.assert_starts_with(
        2,
        "",
        "error: no credentials configured for https://example.invalid; ",
    );
}

#[test]
fn plain_http_requires_an_option() {
    let sandbox = Sandbox::new();
    let workspace = [
        "--host",
        "http://example.invalid",
        "--token",
        TOKEN,
        "--cluster",
        CLUSTER,
    ];
    let outcome = sandbox.run(with(&workspace));
    outcome.assert_starts_with(
        2,
        "",
        "error: http://example.invalid is plain http to another machine",
    );
    assert!(
        outcome.stderr.contains("\nhelp: use `--allow-plain-http`"),
        "{outcome}"
    );
    let outcome = sandbox.run(with(&[&workspace[..], &["--allow-plain-http"]].concat()));
    outcome.assert_starts_with(
        3,
        "",
        "error: contexts.create: the server cannot be reached: ",
    );
}
