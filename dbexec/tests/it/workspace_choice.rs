//! Choice of the workspace and of its credentials, as servers see it.

use std::process::Command;

use test_server::Server;

use crate::support::{Outcome, Running, Sandbox, mock_server};

/// Two workspaces, of which the variables name the first one.
struct Workspaces {
    sandbox: Sandbox,
    dev: Server,
    prod: Server,
}

impl Workspaces {
    fn start() -> Self {
        let start = || mock_server(&[("/api/1.2/contexts/status", 200, "{}")]);
        let (dev, prod) = (start(), start());
        let sandbox = Sandbox::new();
        let profiles = format!(
            "[dev]\nhost = {}\ntoken = dev-token\n[prod]\nhost = {}/?o=7\ntoken = prod-token\n\
             [host-only]\nhost = {}\n",
            dev.url(),
            prod.url(),
            prod.url(),
        );
        sandbox.write(".databrickscfg", profiles);
        Self { sandbox, dev, prod }
    }

    fn command(&self, options: &[&str]) -> Command {
        let call = ["call", "contexts.status", "clusterId=c", "contextId=1"];
        self.sandbox.command([&call[..], options].concat())
    }

    /// Calls with the variables of the first workspace.
    fn call(&self, options: &[&str]) -> Outcome {
        let mut command = self.command(options);
        command
            .env("DATABRICKS_HOST", self.dev.url())
            .env("DATABRICKS_TOKEN", "env-token");
        Running::start(command).finish()
    }

    /// Returns the credentials and the workspace ids that each server received.
    fn received(&self) -> [Vec<String>; 2] {
        [&self.dev, &self.prod].map(|server| {
            let requests = server.requests();
            let headers = requests.iter().map(|request| {
                let header = |name| request.header(name).unwrap_or("-");
                let id = header("x-databricks-workspace-id");
                format!("{} {id}", header("authorization"))
            });
            headers.collect()
        })
    }
}

fn received(dev: &[&str], prod: &[&str]) -> [Vec<String>; 2] {
    [dev, prod].map(|lines| lines.iter().map(|line| (*line).to_owned()).collect())
}

#[test]
fn profile_option_takes_precedence_over_variables() {
    let workspaces = Workspaces::start();
    workspaces
        .call(&["--profile", "prod"])
        .assert(0, "{}\n", "");
    assert_eq!(
        workspaces.received(),
        received(&[], &["Bearer prod-token 7"])
    );
    workspaces.call(&[]).assert(0, "{}\n", "");
    assert_eq!(workspaces.received()[0], ["Bearer env-token -"]);
}

#[test]
fn credentials_of_the_variables_are_not_sent_to_another_host() {
    let workspaces = Workspaces::start();
    let closed = "http://127.0.0.2:1";
    let outcome = workspaces.call(&["--host", "https://other.example"]);
    outcome.assert_starts_with(
        2,
        "",
        "error: no credentials configured for https://other.example",
    );
    let outcome = workspaces.call(&["--host", closed, "--profile", "prod"]);
    assert!(!outcome.stderr.contains("token from"), "{outcome}");
    let outcome = workspaces.call(&["--profile", "host-only"]);
    outcome.assert(0, "{}\n", "");
    // A server on this machine needs no credentials.
    assert_eq!(workspaces.received(), received(&[], &["- -"]));
}

#[test]
fn profile_with_the_host_is_used_and_mentioned() {
    let workspaces = Workspaces::start();
    let host = workspaces.prod.url();
    let outcome = Running::start(workspaces.command(&["--host", &host])).finish();
    let file = workspaces.sandbox.path(".databrickscfg");
    let note = format!(
        "note: using profile `prod` in {}, which has the host {host}\n",
        file.display()
    );
    outcome.assert(0, "{}\n", &note);
    assert_eq!(
        workspaces.received(),
        received(&[], &["Bearer prod-token 7"])
    );

    workspaces.sandbox.write(
        ".databrickscfg",
        format!("[a]\nhost = {host}\ntoken = a\n[b]\nhost = {host}\ntoken = b\n"),
    );
    let outcome = Running::start(workspaces.command(&["--host", &host])).finish();
    let error = format!(
        "error: several profiles in {} have the host {host}: a, b; select one of them\n",
        file.display()
    );
    outcome.assert(2, "", &error);
}

#[test]
fn workspace_id_is_sent_in_a_header() {
    let workspaces = Workspaces::start();
    let host = workspaces.dev.url();
    for (options, id) in [
        (&["--host", &format!("{host}/?o=12")[..]][..], "12"),
        (
            &[
                "--host",
                &format!("{host}/browse?x=y&workspace_id=13#job/1"),
            ],
            "13",
        ),
        (
            &["--host", &format!("{host}/?o=12"), "--workspace-id", "14"],
            "14",
        ),
        (&["--profile", "dev", "--workspace-id", "15"], "15"),
    ] {
        let options = [options, &["--token", "t"]].concat();
        workspaces.call(&options).assert(0, "{}\n", "");
        let last = workspaces.received()[0].last().unwrap().clone();
        assert_eq!(last, format!("Bearer t {id}"));
    }
    let outcome = workspaces.call(&["--host", &format!("{host}/?o=x"), "--token", "t"]);
    outcome.assert_starts_with(
        2,
        "",
        "error: invalid host from the arguments: the workspace id ",
    );
}

#[test]
fn verbose_names_the_source_of_each_setting() {
    let workspaces = Workspaces::start();
    let (dev, prod) = (workspaces.dev.url(), workspaces.prod.url());
    let expected = [
        format!("host {prod} (profile prod)"),
        "token *** (profile prod)".to_owned(),
        "profile prod (--profile)".to_owned(),
        "workspace_id 7 (profile prod)".to_owned(),
        format!("ignored DATABRICKS_HOST: for {dev}"),
        format!("ignored DATABRICKS_TOKEN: for {dev}"),
    ];
    let outcome = workspaces.call(&["--profile", "prod", "-v"]);
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(0), "{}\n"),
        "{outcome}"
    );
    // Each line begins with the time since the start.
    let messages = outcome
        .stderr
        .lines()
        .map(|line| line.split_once(' ').unwrap().1);
    assert_eq!(messages.take(6).collect::<Vec<_>>(), expected, "{outcome}");
}

#[test]
fn existing_profiles_are_listed_if_none_is_selected() {
    let workspaces = Workspaces::start();
    let outcome = Running::start(workspaces.command(&[])).finish();
    outcome.assert_starts_with(2, "", "error: no host configured: ");
    let end = "`DATABRICKS_CONFIG_PROFILE`: dev, prod, host-only\n\
               help: use `dbexec config init` to write a profile, `--profile NAME` or `--host URL` to select a \
               workspace\n";
    assert!(outcome.stderr.ends_with(end), "{outcome}");
}

#[test]
fn output_of_a_token_command_is_checked_before_anything_is_sent() {
    let workspaces = Workspaces::start();
    let call = |line: &str| {
        let mut command = workspaces.command(&["--host", &workspaces.dev.url()]);
        command.env("DATABRICKS_TOKEN_COMMAND", line);
        Running::start(command).finish()
    };
    for (line, reason) in [
        ("printf ''", "the token is empty"),
        (r"printf \047dapi-0123\047", "the token is in quotes"),
        (
            r"printf warning\ndapi-0123",
            "the token contains a line break",
        ),
        (
            r"printf dapi\0330123",
            "the token contains a control character",
        ),
        ("printf null", "the output is `null`"),
        (
            r"printf [\042dapi-0123\042]",
            "the output is a JSON array, expected an object",
        ),
    ] {
        let outcome = call(line);
        let error = format!(
            "error: contexts.status: cannot authenticate with a token command from the environment \
             variable `DATABRICKS_TOKEN_COMMAND`: the command `printf` did not print a token: {reason}\n"
        );
        outcome.assert(2, "", &error);
    }
    assert_eq!(workspaces.dev.connections(), 0);
    for line in [
        r"printf \042dapi-0123\042\r\n",
        r"printf \357\273\277dapi-0123\r\n",
    ] {
        call(line).assert(0, "{}\n", "");
    }
    let sent = ["Bearer dapi-0123 -"; 2];
    assert_eq!(workspaces.received(), received(&sent, &[]));
}
