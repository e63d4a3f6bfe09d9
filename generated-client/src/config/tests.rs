mod origins;
mod precedence;
mod profile_file;
mod wire;

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::ErrorKind;

const HOST: (&str, &str) = ("DATABRICKS_HOST", "adb-1.net");
const TOKEN: (&str, &str) = ("DATABRICKS_TOKEN", "dapi0123");

/// Home directory with files.
fn home(files: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(home.path().join(name), text).unwrap();
    }
    home
}

/// Returns `host | credentials | cluster`, or the error. `HOME` replaces the home directory.
fn resolved(config: &Config, home: &TempDir, variables: &[(&str, &str)]) -> String {
    let home = home.path();
    let environment = Environment::from_pairs(Some(home.to_owned()), variables.iter().copied());
    let text = match config.resolve(&environment) {
        Ok(Settings {
            host,
            credentials,
            cluster_id,
            ..
        }) => {
            format!(
                "{host} | {credentials} | {}",
                cluster_id.as_deref().unwrap_or("none")
            )
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            format!("{error}")
        }
    };
    text.replace(&home.display().to_string(), "HOME")
}

#[test]
fn all_kinds_are_read_from_variables_and_profiles() {
    let cases: [(&str, &[(&str, &str)]); 3] = [
        (
            "an OAuth client id and secret",
            &[
                ("client_id", "DATABRICKS_CLIENT_ID"),
                ("client_secret", "DATABRICKS_CLIENT_SECRET"),
            ],
        ),
        (
            "an Azure client id and secret",
            &[
                ("azure_tenant_id", "ARM_TENANT_ID"),
                ("azure_client_id", "ARM_CLIENT_ID"),
                ("azure_client_secret", "ARM_CLIENT_SECRET"),
            ],
        ),
        (
            "a token command",
            &[("token_command", "DATABRICKS_TOKEN_COMMAND")],
        ),
    ];
    for (kind, settings) in cases {
        let lines = settings.iter().map(|(key, _)| format!("{key} = x\n"));
        let file = format!("[DEFAULT]\nhost = a.net\n{}", lines.collect::<String>());
        let home = home(&[(".databrickscfg", file.as_str())]);
        assert_eq!(
            resolved(&Config::new(), &home, &[]),
            format!("https://a.net | {kind} from profile `DEFAULT` in HOME/.databrickscfg | none")
        );
        let variables: Vec<_> = settings.iter().map(|(_, name)| (*name, "x")).collect();
        let origins: Vec<_> = settings
            .iter()
            .map(|(_, name)| format!("the environment variable `{name}`"))
            .collect();
        assert_eq!(
            resolved(&Config::new().host("b.net"), &home, &variables),
            format!(
                "https://b.net | {kind} from {} | none",
                origins.join(" and ")
            )
        );
        // A setting in a variable is not completed from a profile that was not selected.
        let text = resolved(&Config::new(), &home, &variables[..1]);
        assert!(text.starts_with("no host configured"), "{text}");
    }
}

/// Arguments, variables and expected result.
type Case<'a> = (Config, &'a [(&'a str, &'a str)], &'a str);

const PROFILES: &str = "\
    [DEFAULT]\nhost = https://adb-default.net/\ntoken = dapi-default\ncluster_id = c-default\n\
    [dev]\nhost = adb-dev.net\nusername = me\npassword = hunter2\n\
    [host-only]\nhost = adb-1.net\n\
    [oauth]\nhost = adb-1.net\nauth_type = databricks-cli\nclient_id = x\n";

#[test]
fn arguments_precede_variables_and_variables_precede_the_profile() {
    let home = home(&[(".databrickscfg", PROFILES)]);
    let new = Config::new;
    let cluster = ("DATABRICKS_CLUSTER_ID", "c-variable");
    let default = ("DATABRICKS_CONFIG_PROFILE", "DEFAULT");
    let cases: [Case<'_>; 9] = [
        (
            new(),
            &[],
            "https://adb-default.net | a bearer token from profile `DEFAULT` in \
             HOME/.databrickscfg | c-default",
        ),
        (
            new().profile("dev"),
            &[],
            "https://adb-dev.net | a user and password from profile `dev` in \
             HOME/.databrickscfg | none",
        ),
        (
            new(),
            &[("DATABRICKS_CONFIG_PROFILE", "dev")],
            "https://adb-dev.net | a user and password from profile `dev` in \
             HOME/.databrickscfg | none",
        ),
        (
            new().profile("DEFAULT"),
            &[("DATABRICKS_CONFIG_PROFILE", "dev")],
            "https://adb-default.net | a bearer token from profile `DEFAULT` in \
             HOME/.databrickscfg | c-default",
        ),
        (
            new(),
            &[HOST, TOKEN, cluster],
            "https://adb-1.net | a bearer token from the environment variable `DATABRICKS_TOKEN` | \
             c-variable",
        ),
        (
            new(),
            &[TOKEN, default],
            "https://adb-default.net | a bearer token from the environment variable `DATABRICKS_TOKEN` | \
             c-default",
        ),
        (
            new().host("adb-1.net").cluster_id("c-0"),
            &[HOST, TOKEN, cluster, default],
            "https://adb-1.net | a bearer token from the environment variable `DATABRICKS_TOKEN` | c-0",
        ),
        (
            new().host("adb-0.net").token("t"),
            &[HOST, TOKEN],
            "https://adb-0.net | a bearer token from the arguments | none",
        ),
        // The cluster does not identify a workspace: the file is read.
        (
            new(),
            &[cluster],
            "https://adb-default.net | a bearer token from profile `DEFAULT` in \
             HOME/.databrickscfg | c-variable",
        ),
    ];
    for (config, variables, expected) in cases {
        assert_eq!(
            resolved(&config, &home, variables),
            expected,
            "{config:?} {variables:?}"
        );
    }
}

#[test]
fn invalid_host_and_cluster_id_are_reported_with_their_source() {
    let empty = home(&[]);
    assert_eq!(
        resolved(&Config::new().host(""), &empty, &[HOST, TOKEN]),
        "invalid host from the arguments: empty host name"
    );
    assert_eq!(
        resolved(
            &Config::new(),
            &empty,
            &[("DATABRICKS_HOST", "https://me:hunter2@a"), TOKEN]
        ),
        "invalid host from the environment variable `DATABRICKS_HOST`: contains a user name or \
         password; pass them as credentials"
    );
    assert_eq!(
        resolved(&Config::new().cluster_id(""), &empty, &[HOST, TOKEN]),
        "empty cluster id from the arguments"
    );
}

#[test]
fn sources_without_a_host_are_ignored_if_a_host_is_required() {
    let empty = home(&[]);
    let config = Config::new().host("adb-1.net");
    let text = resolved(&config, &empty, &[TOKEN]);
    assert!(text.contains("a bearer token"), "{text}");
    let text = resolved(&config.clone().require_host(), &empty, &[TOKEN]);
    assert!(
        text.starts_with("no credentials configured for https://adb-1.net"),
        "{text}"
    );
    let reason = "not used: the environment variable `DATABRICKS_TOKEN` (without a host)";
    assert!(text.ends_with(reason), "{text}");
    let variables = [("DATABRICKS_HOST", "https://ADB-1.net/"), TOKEN];
    let text = resolved(&config.clone().require_host(), &empty, &variables);
    assert!(text.contains("a bearer token"), "{text}");

    let files = home(&[(
        ".databrickscfg",
        "[a]\ntoken = dapi-a\n[b]\nhost = adb-1.net\ntoken = b",
    )]);
    let text = resolved(&config.clone().require_host(), &files, &[TOKEN]);
    assert!(text.contains("from profile `b`"), "{text}");
    let text = resolved(&config.profile("a").require_host(), &files, &[]);
    assert!(text.starts_with("no credentials"), "{text}");
}

#[test]
fn netrc_is_the_last_source() {
    let netrc = "machine adb-1.net login token password dapi0123\n\
                 default login me password hunter2\n";
    let name = if cfg!(windows) { "_netrc" } else { ".netrc" };
    let home = home(&[(name, netrc), ("other", "default login a password b")]);
    assert_eq!(
        resolved(&Config::new().host("adb-1.net:8443"), &home, &[]),
        format!(
            "https://adb-1.net:8443 | a user and password from machine `adb-1.net` in \
             HOME/{name} | none"
        )
    );
    assert_eq!(
        resolved(
            &Config::new().host("adb-1.net"),
            &home,
            &[("NETRC", "~/other")]
        ),
        "https://adb-1.net | a user and password from the default entry in HOME/other | none"
    );
    let text = resolved(&Config::new(), &home, &[HOST, TOKEN]);
    assert!(
        text.contains("from the environment variable `DATABRICKS_TOKEN`"),
        "{text}"
    );
    let text = resolved(
        &Config::new(),
        &home,
        &[HOST, ("DATABRICKS_USERNAME", "me")],
    );
    assert!(text.contains("missing `password`"), "{text}");
    let text = resolved(
        &Config::new(),
        &home,
        &[HOST, ("DATABRICKS_CLIENT_ID", "x")],
    );
    assert_eq!(
        text,
        "missing `client_secret`, which is required with `client_id` from the environment variable \
         `DATABRICKS_CLIENT_ID`"
    );
    let text = resolved(
        &Config::new(),
        &home,
        &[HOST, ("DATABRICKS_AUTH_TYPE", "azure-cli")],
    );
    assert!(text.contains("not supported"), "{text}");
}

#[test]
fn unsupported_credentials_are_an_error_if_no_others_are_configured() {
    let home = home(&[(".databrickscfg", PROFILES)]);
    assert_eq!(
        resolved(
            &Config::new().profile("oauth"),
            &home,
            &[("ARM_USE_MSI", "true")]
        ),
        "these credentials are not supported: `azure_use_msi` from the environment variable \
         `ARM_USE_MSI`, `auth_type` from profile `oauth` in HOME/.databrickscfg; supported as \
         arguments, environment variables and in profile `oauth` in HOME/.databrickscfg: `token`, \
         `username` with `password`, `client_id` with `client_secret`, `azure_tenant_id` with \
         `azure_client_id` with `azure_client_secret`, `token_command` (any program that prints a \
         token)"
    );
    let text = resolved(&Config::new().profile("oauth"), &home, &[TOKEN]);
    assert!(
        text.starts_with("`auth_type` from profile `oauth`"),
        "{text}"
    );
    // Ignored if other credentials precede them.
    let selected = ("DATABRICKS_CONFIG_PROFILE", "oauth");
    let text = resolved(&Config::new(), &home, &[TOKEN, selected]);
    assert!(text.contains("a bearer token"), "{text}");
    let text = resolved(
        &Config::new(),
        &home,
        &[HOST, ("DATABRICKS_AUTH_TYPE", "pat")],
    );
    assert!(text.starts_with("no credentials"), "{text}");
}

#[test]
fn loopback_host_needs_no_credentials() {
    let config = Config::new().host("http://127.0.0.1:8080/");
    let none = "http://127.0.0.1:8080 | no credentials | none";
    assert_eq!(resolved(&config, &home(&[]), &[]), none);
    assert_eq!(
        resolved(&config, &home(&[]), &[("ARM_CLIENT_ID", "x")]),
        none
    );
    let text = resolved(&config, &home(&[]), &[TOKEN]);
    assert!(
        text.contains("from the environment variable `DATABRICKS_TOKEN`"),
        "{text}"
    );
    let text = resolved(&config, &home(&[]), &[("DATABRICKS_PASSWORD", "p")]);
    assert!(text.contains("missing `username`"), "{text}");
}

#[test]
fn debug_contains_no_secrets() {
    let config = Config::new()
        .host("https://me:dapi-a@adb-1.net")
        .token("dapi-b")
        .basic("me", "dapi-c")
        .oauth("id", "dapi-e")
        .azure("tenant", "id", "dapi-f")
        .token_command(["dapi-g"])
        .profile("dev");
    let debug = format!("{config:?}");
    assert!(!debug.contains("dapi") && debug.contains("dev"), "{debug}");

    let home = home(&[(".databrickscfg", "[DEFAULT]\nhost = a.net\ntoken = dapi-d")]);
    let environment = Environment::from_pairs(Some(home.path().to_owned()), [("", "")]);
    let settings = Config::new().resolve(&environment).unwrap();
    assert!(!format!("{settings:?}").contains("dapi"), "{settings:?}");
}
