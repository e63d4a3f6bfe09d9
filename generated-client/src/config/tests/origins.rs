//! Origins of the settings in messages.

use super::precedence::{DEV, ENV_CLUSTER, ENV_HOST, ENV_TOKEN, PROFILES, sent};
use super::*;

#[test]
fn message_names_the_sources_for_another_workspace() {
    let home = home(&[(".databrickscfg", PROFILES)]);
    let message = sent(&Config::new().host("other.net"), &home, &DEV);
    let expected = "; not used: the environment variable `DATABRICKS_HOST`, the environment variable \
                    `DATABRICKS_TOKEN` (for https://dev.net)";
    assert!(message.ends_with(expected), "{message}");
    let message = sent(&Config::new().host("dev.net").profile("prod"), &home, &[]);
    let expected =
        "; not used: profile `prod` in HOME/.databrickscfg (for https://prod.net, workspace 7)";
    assert!(message.ends_with(expected), "{message}");
}

/// Returns the origins and the notes. `FILE` replaces the path of the profile file.
fn origins(config: &Config, variables: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let home = home(&[(".databrickscfg", PROFILES)]);
    let path = home.path().to_owned();
    let file = path.join(".databrickscfg").display().to_string();
    let environment = Environment::from_pairs(Some(path), variables.iter().copied());
    let settings = config.resolve(&environment).unwrap();
    let clean = |lines: &[String]| {
        lines
            .iter()
            .map(|line| line.replace(&file, "FILE"))
            .collect()
    };
    (clean(settings.origins()), clean(settings.notes()))
}

#[test]
fn origins_name_the_source_of_each_setting_and_what_is_not_used() {
    let variables = [ENV_HOST, ENV_TOKEN, ENV_CLUSTER];
    let (lines, notes) = origins(
        &Config::new().profile("prod").cluster_id("c\u{1b}"),
        &variables,
    );
    assert_eq!(
        lines,
        [
            "host https://prod.net from profile `prod` in FILE",
            "a bearer token from profile `prod` in FILE",
            "cluster id c\\u{1b} from the arguments",
            "workspace id 7 from profile `prod` in FILE",
            "not used: the environment variable `DATABRICKS_HOST`, the environment variable \
             `DATABRICKS_TOKEN`, the environment variable `DATABRICKS_CLUSTER_ID` (for \
             https://dev.net)",
        ]
    );
    assert!(notes.is_empty(), "{notes:?}");

    let (lines, _) = origins(&Config::new().profile("prod"), &[ENV_TOKEN, ENV_CLUSTER]);
    assert_eq!(
        lines[2..],
        [
            "cluster id env-cluster from the environment variable `DATABRICKS_CLUSTER_ID`",
            "workspace id 7 from profile `prod` in FILE",
            "not used: the environment variable `DATABRICKS_TOKEN`",
        ]
    );

    let (lines, notes) = origins(&Config::new().host("dev.net"), &[]);
    assert_eq!(
        lines,
        [
            "host https://dev.net from the arguments",
            "a bearer token from profile `dev` in FILE",
            "cluster id dev-cluster from profile `dev` in FILE",
        ]
    );
    assert_eq!(
        notes,
        ["using profile `dev` in FILE, which has the host https://dev.net"]
    );
}

#[test]
fn profiles_with_other_tokens_of_the_workspace_are_listed() {
    let profiles = "[same]\nhost = a.net\ntoken = used\n[other]\nhost = https://a.net/\ntoken = other\n\
                    [workspace]\nhost = a.net/?o=2\ntoken = other\nworkspace_id = 2\n\
                    [host]\nhost = b.net\ntoken = other\n[none]\nhost = a.net\n";
    let home = home(&[(".databrickscfg", profiles)]);
    let names = |variables: &[(&str, &str)]| {
        let variables = variables.iter().copied();
        let environment = Environment::from_pairs(Some(home.path().to_owned()), variables);
        let settings = Config::new().resolve(&environment).unwrap();
        (
            settings.token_chars(),
            settings.profiles_with_other_tokens().unwrap(),
        )
    };
    let host = ("DATABRICKS_HOST", "https://a.net/?o=1");
    let token = ("DATABRICKS_TOKEN", "used");
    assert_eq!(names(&[host, token]), (Some(4), vec!["other".to_owned()]));
    let basic = [("DATABRICKS_USERNAME", "u"), ("DATABRICKS_PASSWORD", "p")];
    assert_eq!(
        names(&[&[host][..], &basic].concat()),
        (None, vec!["same".to_owned(), "other".to_owned()])
    );
}
