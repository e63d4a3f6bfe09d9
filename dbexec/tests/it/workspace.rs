//! `dbexec run` where the code goes elsewhere: settings, credentials, refusals.

use crate::support::{Running, Sandbox, Served, TOKEN};

const CODE: [&str; 5] = ["run", "-l", "python", "-c", "print(6*7)"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&CODE[..], more].concat()
}

#[test]
fn settings_from_the_arguments() {
    let sandbox = Sandbox::new();
    let server = Served::start(&sandbox);
    let place = [
        "--host",
        &server.url,
        "--token",
        "secret",
        "--cluster-id",
        "peaceJam",
    ];
    sandbox.run(with(&place)).assert(0, "42\n", "");
}

#[test]
fn settings_from_variables() {
    let sandbox = Sandbox::new();
    let server = Served::start(&sandbox);
    let mut command = sandbox.command(CODE);
    command
        .env("DATABRICKS_HOST", &server.url)
        .env("DATABRICKS_TOKEN", "secret")
        .env("DATABRICKS_CLUSTER_ID", "peaceJam");
    Running::start(command).finish().assert(0, "42\n", "");
}

#[test]
fn settings_from_a_profile() {
    let sandbox = Sandbox::new();
    let server = Served::start(&sandbox);
    let url = &server.url;
    let profiles = format!("[dev]\nhost = {url}\ntoken = secret\ncluster_id = peaceJam\n");
    sandbox.write(".databrickscfg", profiles);
    sandbox
        .run(with(&["--profile", "dev"]))
        .assert(0, "42\n", "");
    let mut command = sandbox.command(CODE);
    command.env("DATABRICKS_CONFIG_PROFILE", "dev");
    Running::start(command).finish().assert(0, "42\n", "");

    let done = sandbox.run(with(&["--profile", "prod"]));
    assert_eq!(done.code, Some(2), "{done}");
    assert!(
        done.stderr
            .contains("has no profile prod, asked for by the arguments"),
        "{done}"
    );
}

#[test]
fn wrong_credentials() {
    let sandbox = Sandbox::new();
    let server = Served::start(&sandbox);
    let place = ["--host", &server.url, "--cluster-id", "peaceJam"];
    let done = sandbox.run(with(&[&place[..], &["--token", "wrong"]].concat()));
    done.assert(
        3,
        "",
        "error: contexts.create: the server refused with 403 Forbidden: Invalid access token. \
         (sent with a bearer token from the arguments)\n",
    );
    let done = sandbox.run(with(&place));
    done.assert(
        3,
        "",
        "error: contexts.create: the server refused with 401 Unauthorized: Credential was not \
         sent or was of an unsupported type for this API. (sent with no credentials)\n",
    );
}

#[test]
fn an_unreachable_host() {
    let place = [
        "--host",
        "http://127.0.0.1:1",
        "--token",
        TOKEN,
        "--cluster-id",
        "c",
    ];
    Sandbox::new().run(with(&place)).assert(
        3,
        "",
        "error: contexts.create: the server cannot be reached: Connection refused (os error 111) \
         (5 attempts)\n",
    );
}

#[test]
fn settings_that_are_not_there() {
    let sandbox = Sandbox::new();
    let no_cluster = "\
error: no cluster is known
note: say --cluster-id ID, set the variable DATABRICKS_CLUSTER_ID, write `cluster_id` into the \
profile, or run it on this machine with --local
";
    let place = ["--host", "http://127.0.0.1:1", "--token", TOKEN];
    sandbox.run(with(&place)).assert(2, "", no_cluster);

    let done = sandbox.run(CODE);
    done.assert_begins(2, "", "error: no host is known: ");
    let hint = "\nnote: `--host URL` names a workspace; `--local` runs the code on this machine\n";
    assert!(done.stderr.ends_with(hint), "{done}");

    let done = sandbox.run(with(&[
        "--host",
        "https://example.invalid",
        "--cluster-id",
        "c",
    ]));
    done.assert_begins(
        2,
        "",
        "error: no credentials for https://example.invalid were found; ",
    );
}

#[test]
fn plain_http_needs_leave() {
    let sandbox = Sandbox::new();
    let place = [
        "--host",
        "http://example.invalid",
        "--token",
        TOKEN,
        "--cluster-id",
        "c",
    ];
    let done = sandbox.run(with(&place));
    done.assert_begins(
        2,
        "",
        "error: http://example.invalid is plain http to another machine",
    );
    let done = sandbox.run(with(&[&place[..], &["--allow-plain-http"]].concat()));
    done.assert_begins(
        3,
        "",
        "error: contexts.create: the server cannot be reached: ",
    );
}
