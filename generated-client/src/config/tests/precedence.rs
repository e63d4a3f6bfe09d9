//! Workspace and credentials for combinations of arguments, variables, profiles and netrc, as a server
//! receives them.

use std::sync::{Arc, Mutex};

use api_runtime::http::{HeaderMap, Response, Uri};
use api_runtime::transport::{Call, Transport, TransportError};

use super::*;
use crate::commands;

pub(super) const PROFILES: &str = "\
    [dev]\nhost = https://dev.net\ntoken = dev-token\ncluster_id = dev-cluster\n\
    [prod]\nhost = https://prod.net/?o=7\ntoken = prod-token\n\
    [host-only]\nhost = https://prod.net\n\
    [token-only]\ntoken = only-token\n\
    [cluster-only]\ncluster_id = only-cluster\n\
    [twin-1]\nhost = https://twin.net\nworkspace_id = 1\ntoken = twin-token-1\n\
    [twin-2]\nhost = https://twin.net\nworkspace_id = 2\ntoken = twin-token-2\n\
    [account]\nhost = https://account.net\nworkspace_id = none\ntoken = account-token\n";
const NETRC: &str = "machine netrc.net login token password netrc-token\n";

pub(super) const DEV: [(&str, &str); 2] = [
    ("DATABRICKS_HOST", "dev.net"),
    ("DATABRICKS_TOKEN", "env-token"),
];
pub(super) const ENV_HOST: (&str, &str) = DEV[0];
pub(super) const ENV_TOKEN: (&str, &str) = DEV[1];
pub(super) const ENV_CLUSTER: (&str, &str) = ("DATABRICKS_CLUSTER_ID", "env-cluster");
const ENV_ID: (&str, &str) = ("DATABRICKS_WORKSPACE_ID", "99");

const fn env_profile(name: &str) -> (&str, &str) {
    ("DATABRICKS_CONFIG_PROFILE", name)
}

/// Records the host and the headers of the last request.
#[derive(Clone, Debug, Default)]
struct Recorder(Arc<Mutex<(Uri, HeaderMap)>>);

impl Transport for Recorder {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        let (parts, _) = call.request.into_parts();
        *self.0.lock().unwrap() = (parts.uri, parts.headers);
        Ok(Response::new(b"{}".to_vec()))
    }
}

/// Returns host, credentials, workspace id and cluster as sent, or the error.
pub(super) fn sent(config: &Config, home: &TempDir, variables: &[(&str, &str)]) -> String {
    let path = home.path().to_owned();
    let netrc = ("NETRC", "~/netrc");
    let variables = variables.iter().copied().chain([netrc]);
    let environment = Environment::from_pairs(Some(path), variables);
    let settings = match config.resolve(&environment) {
        Ok(settings) => settings,
        Err(error) => {
            let error = error.to_string();
            return error.replace(&home.path().display().to_string(), "HOME");
        }
    };
    let recorder = Recorder::default();
    let builder = settings.client_builder().transport(recorder.clone());
    let cluster = settings.cluster_id.as_deref().unwrap_or("-");
    let request = commands::Cancel::new(cluster, "context", "command");
    commands::cancel(&builder.build().unwrap(), &request).unwrap();
    let (uri, headers) = recorder.0.lock().unwrap().clone();
    let header = |name| {
        headers
            .get(name)
            .map_or("-", |value| value.to_str().unwrap())
    };
    let token = header("authorization")
        .trim_start_matches("Bearer ")
        .to_owned();
    let id = header("x-databricks-workspace-id");
    format!("{} {token} {id} {cluster}", uri.host().unwrap())
}

/// Arguments, variables, and what is sent or the beginning of the error.
type Case<'a> = (Config, &'a [(&'a str, &'a str)], &'a str);

#[track_caller]
fn check(cases: &[Case<'_>]) {
    let home = home(&[(".databrickscfg", PROFILES), ("netrc", NETRC)]);
    for (config, variables, expected) in cases {
        let sent = sent(config, &home, variables);
        let message = format!("{config:?} {variables:?}\n{sent}");
        match expected.strip_prefix("error: ") {
            Some(error) => assert!(sent.starts_with(error), "{message}"),
            None => assert_eq!(sent, *expected, "{message}"),
        }
    }
}

#[test]
fn variables_alone_are_used_together() {
    let new = Config::new;
    check(&[
        (new(), &DEV, "dev.net env-token - -"),
        (
            new(),
            &[ENV_HOST, ENV_TOKEN, ENV_CLUSTER, ENV_ID],
            "dev.net env-token 99 env-cluster",
        ),
    ]);
}

#[test]
fn profile_argument_precedes_the_variables() {
    let new = Config::new;
    check(&[
        (new().profile("prod"), &DEV, "prod.net prod-token 7 -"),
        (
            new().profile("prod"),
            &[ENV_TOKEN],
            "prod.net prod-token 7 -",
        ),
        (
            new().profile("prod"),
            &[ENV_HOST],
            "prod.net prod-token 7 -",
        ),
        (
            new().profile("prod"),
            &[ENV_HOST, ENV_CLUSTER, ENV_ID],
            "prod.net prod-token 7 -",
        ),
        (
            new().profile("dev"),
            &[ENV_CLUSTER],
            "dev.net dev-token - dev-cluster",
        ),
        (
            new().profile("dev"),
            &[ENV_ID],
            "dev.net dev-token - dev-cluster",
        ),
        (
            new().profile("prod"),
            &[("DATABRICKS_USERNAME", "u"), ("DATABRICKS_PASSWORD", "p")],
            "prod.net prod-token 7 -",
        ),
        (
            new().profile("prod"),
            &[("DATABRICKS_AUTH_TYPE", "basic")],
            "prod.net prod-token 7 -",
        ),
        (
            new().profile("prod"),
            &[("DATABRICKS_HOST", "not a host"), ENV_TOKEN],
            "prod.net prod-token 7 -",
        ),
        (
            new().profile("prod"),
            &[env_profile("dev")],
            "prod.net prod-token 7 -",
        ),
    ]);
}

#[test]
fn variables_fill_gaps_of_a_profile_unless_they_belong_to_another_workspace() {
    let new = Config::new;
    check(&[
        (
            new().profile("host-only"),
            &[ENV_TOKEN, ENV_CLUSTER],
            "prod.net env-token - env-cluster",
        ),
        (
            new().profile("host-only"),
            &[
                ("DATABRICKS_HOST", "HTTPS://PROD.net:443/"),
                ENV_TOKEN,
                ENV_ID,
            ],
            "prod.net env-token 99 -",
        ),
        (
            new().profile("host-only"),
            &DEV,
            "error: no credentials configured for https://prod.net",
        ),
        (
            new().profile("token-only"),
            &[ENV_HOST],
            "dev.net only-token - -",
        ),
        (
            new().profile("token-only"),
            &DEV,
            "error: no `host` in profile `token-only` in HOME/.databrickscfg; the one from the \
             environment variable `DATABRICKS_HOST` belongs to other credentials",
        ),
        (
            new().profile("cluster-only"),
            &DEV,
            "dev.net env-token - only-cluster",
        ),
    ]);
}

#[test]
fn profile_in_a_variable_follows_the_other_variables() {
    let new = Config::new;
    check(&[
        (new(), &[env_profile("prod")], "prod.net prod-token 7 -"),
        (
            new(),
            &[env_profile("prod"), ENV_TOKEN],
            "prod.net env-token 7 -",
        ),
        (
            new(),
            &[env_profile("prod"), ENV_HOST, ENV_TOKEN],
            "dev.net env-token - -",
        ),
        (
            new(),
            &[env_profile("host-only"), ENV_HOST],
            "dev.net dev-token - dev-cluster",
        ),
    ]);
}

#[test]
fn host_argument_gets_no_credentials_of_another_host() {
    let new = Config::new;
    check(&[
        (new().host("prod.net"), &DEV, "prod.net prod-token 7 -"),
        (
            new().host("other.net"),
            &DEV,
            "error: no credentials configured for https://other.net",
        ),
        (
            new().host("other.net"),
            &[ENV_TOKEN],
            "other.net env-token - -",
        ),
        (
            new().host("https://DEV.net/"),
            &[ENV_HOST, ENV_TOKEN, ENV_CLUSTER],
            "dev.net env-token - env-cluster",
        ),
        (
            new().host("http://127.0.0.1:1"),
            &[ENV_HOST, ENV_TOKEN, ENV_CLUSTER, ENV_ID],
            "127.0.0.1 - - -",
        ),
        (
            new().host("other.net"),
            &[env_profile("prod")],
            "error: no credentials configured for https://other.net",
        ),
        (
            new().host("dev.net"),
            &[env_profile("prod")],
            "dev.net dev-token - dev-cluster",
        ),
        (
            new().host("other.net").profile("prod"),
            &[],
            "error: no credentials configured for https://other.net",
        ),
        (
            new().host("dev.net").profile("prod"),
            &[],
            "error: no credentials configured for https://dev.net",
        ),
        (
            new().host("prod.net").profile("prod"),
            &DEV,
            "prod.net prod-token 7 -",
        ),
        (
            new().host("dev.net:8443"),
            &DEV,
            "error: no credentials configured for https://dev.net:8443",
        ),
    ]);
}

#[test]
fn credentials_argument_is_sent_to_the_selected_workspace() {
    let new = Config::new;
    check(&[
        (new().token("t"), &DEV, "dev.net t - -"),
        (new().token("t").profile("prod"), &DEV, "prod.net t 7 -"),
        (
            new().token("t").host("other.net"),
            &[ENV_HOST, ENV_CLUSTER],
            "other.net t - -",
        ),
        (
            new().basic("token", "netrc-token").host("a.net"),
            &DEV,
            "a.net Basic dG9rZW46bmV0cmMtdG9rZW4= - -",
        ),
    ]);
}

#[test]
fn profile_is_selected_by_its_host() {
    let new = Config::new;
    check(&[
        (new().host("prod.net"), &[], "prod.net prod-token 7 -"),
        (new().host("prod.net/?o=7"), &[], "prod.net prod-token 7 -"),
        (
            new().host("account.net"),
            &[],
            "account.net account-token - -",
        ),
        (new(), &[ENV_HOST], "dev.net dev-token - dev-cluster"),
        (new().host("twin.net?o=2"), &[], "twin.net twin-token-2 2 -"),
        (
            new().host("twin.net").workspace_id("1"),
            &DEV,
            "twin.net twin-token-1 1 -",
        ),
        (
            new().host("twin.net?o=3"),
            &[],
            "error: no credentials configured for https://twin.net",
        ),
        (
            new().host("twin.net"),
            &[],
            "error: several profiles in HOME/.databrickscfg have the host https://twin.net: twin-1, \
             twin-2; select one of them",
        ),
    ]);
}

#[test]
fn workspace_id_belongs_to_its_host() {
    let new = Config::new;
    check(&[
        (
            new().profile("twin-1").workspace_id("5"),
            &[],
            "twin.net twin-token-1 5 -",
        ),
        (
            new().profile("twin-1"),
            &[("DATABRICKS_HOST", "twin.net"), ENV_TOKEN, ENV_ID],
            "twin.net twin-token-1 1 -",
        ),
        (
            new().host("other.net?workspace_id=8").token("t"),
            &[ENV_ID],
            "other.net t 8 -",
        ),
        (
            new().host("other.net").token("t"),
            &[ENV_ID],
            "other.net t 99 -",
        ),
        (
            new().host("other.net?o=8"),
            &[ENV_ID, ENV_TOKEN],
            "error: no credentials configured for https://other.net",
        ),
        (
            new().workspace_id("a b").profile("dev"),
            &[],
            "error: invalid workspace id from the arguments: the workspace id is empty or contains \
             anything but visible ASCII characters",
        ),
    ]);
}

#[test]
fn netrc_is_the_last_source() {
    let new = Config::new;
    check(&[
        (
            new().host("netrc.net"),
            &DEV,
            "netrc.net Basic dG9rZW46bmV0cmMtdG9rZW4= - -",
        ),
        (
            new().host("netrc.net"),
            &[ENV_TOKEN],
            "netrc.net env-token - -",
        ),
        (
            new(),
            &[("DATABRICKS_HOST", "netrc.net")],
            "netrc.net Basic dG9rZW46bmV0cmMtdG9rZW4= - -",
        ),
    ]);
}
