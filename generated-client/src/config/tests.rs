mod wire;

use std::fs;

use tempfile::TempDir;

use super::*;

const HOST: (&str, &str) = ("DATABRICKS_HOST", "adb-1.net");
const TOKEN: (&str, &str) = ("DATABRICKS_TOKEN", "dapi0123");

/// A home directory with these files.
fn home(files: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(home.path().join(name), text).unwrap();
    }
    home
}

/// `host | credentials | cluster`, or the error; `HOME` stands for the home directory.
fn resolved(config: &Config, home: &TempDir, variables: &[(&str, &str)]) -> String {
    let home = home.path();
    let environment = Environment::from_pairs(Some(home.to_owned()), variables.iter().copied());
    let text = match config.resolve(&environment) {
        Ok(Settings {
            host,
            credentials,
            cluster_id,
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
fn every_kind_is_read_from_variables_and_from_a_profile() {
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
            format!("https://a.net | {kind} from profile DEFAULT of HOME/.databrickscfg | none")
        );
        let variables: Vec<_> = settings.iter().map(|(_, name)| (*name, "x")).collect();
        let places: Vec<_> = settings
            .iter()
            .map(|(_, name)| format!("the variable {name}"))
            .collect();
        assert_eq!(
            resolved(&Config::new().host("b.net"), &home, &variables),
            format!(
                "https://b.net | {kind} from {} | none",
                places.join(" and ")
            )
        );
        // One setting of a kind is not taken from a file that nobody asked for.
        let text = resolved(&Config::new(), &home, &variables[..1]);
        assert!(text.starts_with("no host is known"), "{text}");
    }
}

/// Arguments, variables and what comes of them.
type Case<'a> = (Config, &'a [(&'a str, &'a str)], &'a str);

const PROFILES: &str = "\
    [DEFAULT]\nhost = https://adb-default.net/\ntoken = dapi-default\ncluster_id = c-default\n\
    [dev]\nhost = adb-dev.net\nusername = me\npassword = hunter2\n\
    [host-only]\nhost = adb-1.net\n\
    [oauth]\nhost = adb-1.net\nauth_type = databricks-cli\nclient_id = x\n";

#[test]
fn arguments_come_before_variables_and_these_before_the_profile() {
    let home = home(&[(".databrickscfg", PROFILES)]);
    let new = Config::new;
    let cluster = ("DATABRICKS_CLUSTER_ID", "c-variable");
    let default = ("DATABRICKS_CONFIG_PROFILE", "DEFAULT");
    let cases: [Case<'_>; 9] = [
        (
            new(),
            &[],
            "https://adb-default.net | a bearer token from profile DEFAULT of \
             HOME/.databrickscfg | c-default",
        ),
        (
            new().profile("dev"),
            &[],
            "https://adb-dev.net | a user and password from profile dev of \
             HOME/.databrickscfg | none",
        ),
        (
            new(),
            &[("DATABRICKS_CONFIG_PROFILE", "dev")],
            "https://adb-dev.net | a user and password from profile dev of \
             HOME/.databrickscfg | none",
        ),
        (
            new().profile("DEFAULT"),
            &[("DATABRICKS_CONFIG_PROFILE", "dev")],
            "https://adb-default.net | a bearer token from profile DEFAULT of \
             HOME/.databrickscfg | c-default",
        ),
        (
            new(),
            &[HOST, TOKEN, cluster],
            "https://adb-1.net | a bearer token from the variable DATABRICKS_TOKEN | \
             c-variable",
        ),
        (
            new(),
            &[TOKEN, default],
            "https://adb-default.net | a bearer token from the variable DATABRICKS_TOKEN | \
             c-default",
        ),
        (
            new().host("adb-0.net").cluster_id("c-0"),
            &[HOST, TOKEN, cluster, default],
            "https://adb-0.net | a bearer token from the variable DATABRICKS_TOKEN | c-0",
        ),
        (
            new().host("adb-0.net").token("t"),
            &[HOST, TOKEN],
            "https://adb-0.net | a bearer token from the arguments | none",
        ),
        // The cluster is no identity: the file is still read.
        (
            new(),
            &[cluster],
            "https://adb-default.net | a bearer token from profile DEFAULT of \
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
fn the_file_is_left_alone_once_anything_authenticates() {
    let home = home(&[(".databrickscfg", "not to be parsed")]);
    assert_eq!(
        resolved(&Config::new(), &home, &[HOST]),
        "no credentials for https://adb-1.net were found; looked at the arguments, the \
         variables DATABRICKS_TOKEN, DATABRICKS_USERNAME with DATABRICKS_PASSWORD, \
         DATABRICKS_CLIENT_SECRET, ARM_CLIENT_SECRET and DATABRICKS_TOKEN_COMMAND, profile DEFAULT \
         of HOME/.databrickscfg (not read, as no profile is asked for and there is \
         `host` from the variable DATABRICKS_HOST), and machine adb-1.net of HOME/.netrc"
    );
    for setting in identifying().skip(1) {
        let text = resolved(&Config::new(), &home, &[(setting.variable, "x")]);
        assert!(text.starts_with("no host is known"), "{text}");
        assert!(text.contains(setting.variable), "{text}");
    }
    let text = resolved(&Config::new().basic("u", "p"), &home, &[]);
    assert!(text.contains("`username` from the arguments"), "{text}");
    assert_eq!(
        resolved(&Config::new().profile("x"), &home, &[HOST, TOKEN]),
        "HOME/.databrickscfg, line 1: neither a `[profile]`, nor `key = value`, nor a comment"
    );
}

#[test]
fn another_file() {
    let home = home(&[
        ("a", PROFILES),
        ("b", "[DEFAULT]\nhost=b.net\ntoken=t"),
        (".netrc", ""),
    ]);
    let variable: &[_] = &[("DATABRICKS_CONFIG_FILE", "~/a")];
    let text = resolved(&Config::new(), &home, variable);
    assert!(text.contains("from profile DEFAULT of HOME/a"), "{text}");
    let text = resolved(&Config::new().config_file("~/b"), &home, variable);
    assert!(text.contains("from profile DEFAULT of HOME/b"), "{text}");
    let text = resolved(
        &Config::new().config_file(home.path().join("b")),
        &home,
        &[],
    );
    assert!(text.contains("from profile DEFAULT of HOME/b"), "{text}");
}

#[test]
fn a_file_or_profile_may_be_missing_unless_asked_for() {
    let empty = home(&[]);
    assert_eq!(
        resolved(&Config::new(), &empty, &[]),
        "no host is known: give it as an argument, in the variable DATABRICKS_HOST, or as \
         `host` in profile DEFAULT of HOME/.databrickscfg (which does not exist)"
    );
    assert_eq!(
        resolved(
            &Config::new(),
            &empty,
            &[("DATABRICKS_CONFIG_PROFILE", "dev")]
        ),
        "profile dev, asked for by the variable DATABRICKS_CONFIG_PROFILE, is not there: the \
         file HOME/.databrickscfg does not exist"
    );
    assert_eq!(
        resolved(
            &Config::new().profile("prod"),
            &home(&[(".databrickscfg", PROFILES)]),
            &[]
        ),
        "HOME/.databrickscfg has no profile prod, asked for by the arguments; it has DEFAULT, \
         dev, host-only, oauth"
    );
    let homeless = Environment::from_pairs(None, [HOST]);
    let error = Config::new().resolve(&homeless).unwrap_err().to_string();
    assert!(
        error.contains("~/.databrickscfg") && error.contains("of ~/"),
        "{error}"
    );
}

#[test]
fn hosts_that_cannot_be_used() {
    let empty = home(&[]);
    assert_eq!(
        resolved(&Config::new().host(""), &empty, &[HOST, TOKEN]),
        "the host from the arguments cannot be used: the name of the host is empty"
    );
    assert_eq!(
        resolved(
            &Config::new(),
            &empty,
            &[("DATABRICKS_HOST", "https://me:hunter2@a"), TOKEN]
        ),
        "the host from the variable DATABRICKS_HOST cannot be used: it holds a user or a \
         password; pass them as credentials"
    );
    assert_eq!(
        resolved(&Config::new().cluster_id(""), &empty, &[HOST, TOKEN]),
        "the cluster id from the arguments is empty"
    );
}

#[test]
fn netrc_is_the_last_place() {
    let netrc = "machine adb-1.net login token password dapi0123\n\
                 default login me password hunter2\n";
    let name = if cfg!(windows) { "_netrc" } else { ".netrc" };
    let home = home(&[(name, netrc), ("other", "default login a password b")]);
    assert_eq!(
        resolved(&Config::new().host("adb-1.net:8443"), &home, &[]),
        format!(
            "https://adb-1.net:8443 | a user and password from machine adb-1.net of \
             HOME/{name} | none"
        )
    );
    assert_eq!(
        resolved(
            &Config::new().host("adb-1.net"),
            &home,
            &[("NETRC", "~/other")]
        ),
        "https://adb-1.net | a user and password from the default of HOME/other | none"
    );
    let text = resolved(&Config::new(), &home, &[HOST, TOKEN]);
    assert!(
        text.contains("from the variable DATABRICKS_TOKEN"),
        "{text}"
    );
    let text = resolved(
        &Config::new(),
        &home,
        &[HOST, ("DATABRICKS_USERNAME", "me")],
    );
    assert!(text.contains("no password is given"), "{text}");
    let text = resolved(
        &Config::new(),
        &home,
        &[HOST, ("DATABRICKS_CLIENT_ID", "x")],
    );
    assert_eq!(
        text,
        "there is `client_id` from the variable DATABRICKS_CLIENT_ID, but no `client_secret` is \
         given with it"
    );
    let text = resolved(
        &Config::new(),
        &home,
        &[HOST, ("DATABRICKS_AUTH_TYPE", "azure-cli")],
    );
    assert!(text.contains("not supported yet"), "{text}");
}

#[test]
fn kinds_that_are_not_supported_yet() {
    let home = home(&[(".databrickscfg", PROFILES)]);
    assert_eq!(
        resolved(
            &Config::new().profile("oauth"),
            &home,
            &[("ARM_USE_MSI", "true")]
        ),
        "credentials of this kind are not supported yet: there is `azure_use_msi` from the \
         variable ARM_USE_MSI, `auth_type` from profile oauth of HOME/.databrickscfg; supported \
         are, as arguments, as variables or in profile oauth of HOME/.databrickscfg, `token`, \
         `username` with `password`, `client_id` with `client_secret`, `azure_tenant_id` with \
         `azure_client_id` with `azure_client_secret`, `token_command`: any tool that prints a \
         token"
    );
    // They do not disturb where there is something else to go by.
    let text = resolved(&Config::new().profile("oauth"), &home, &[TOKEN]);
    assert!(text.contains("a bearer token"), "{text}");
    let text = resolved(
        &Config::new(),
        &home,
        &[HOST, ("DATABRICKS_AUTH_TYPE", "pat")],
    );
    assert!(text.starts_with("no credentials"), "{text}");
}

#[test]
fn a_server_on_this_machine_needs_no_credentials() {
    let config = Config::new().host("http://127.0.0.1:8080/");
    let none = "http://127.0.0.1:8080 | no credentials | none";
    assert_eq!(resolved(&config, &home(&[]), &[]), none);
    assert_eq!(
        resolved(&config, &home(&[]), &[("ARM_CLIENT_ID", "x")]),
        none
    );
    let text = resolved(&config, &home(&[]), &[TOKEN]);
    assert!(
        text.contains("from the variable DATABRICKS_TOKEN"),
        "{text}"
    );
    let text = resolved(&config, &home(&[]), &[("DATABRICKS_PASSWORD", "p")]);
    assert!(text.contains("no user is given"), "{text}");
}

#[test]
fn nothing_printable_shows_a_secret() {
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
