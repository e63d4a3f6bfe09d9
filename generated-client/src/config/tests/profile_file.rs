//! Use of the profile file.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::super::auth_type::identifying_settings;
use super::*;

#[test]
fn profile_file_is_not_read_if_host_or_credentials_are_configured() {
    let home = home(&[(".databrickscfg", "not to be parsed")]);
    let text = resolved(&Config::new(), &home, &[HOST, TOKEN]);
    assert!(
        text.contains("from the environment variable `DATABRICKS_TOKEN`"),
        "{text}"
    );
    // The file is searched for a profile with this host.
    let invalid = "HOME/.databrickscfg:1: expected `[profile]`, `key = value` or a comment";
    assert_eq!(resolved(&Config::new(), &home, &[HOST]), invalid);
    for setting in identifying_settings().skip(1) {
        let text = resolved(&Config::new(), &home, &[(setting.variable, "x")]);
        assert!(text.starts_with("no host configured"), "{text}");
        assert!(text.contains(setting.variable), "{text}");
    }
    let text = resolved(&Config::new().basic("u", "p"), &home, &[]);
    assert!(text.contains("`username` from the arguments"), "{text}");
    assert_eq!(
        resolved(&Config::new().profile("x"), &home, &[HOST, TOKEN]),
        "HOME/.databrickscfg:1: expected `[profile]`, `key = value` or a comment"
    );
}

#[test]
fn missing_credentials_are_reported_with_all_searched_sources() {
    let home = home(&[(".databrickscfg", PROFILES)]);
    assert_eq!(
        resolved(&Config::new().host("adb-2.net"), &home, &[]),
        "no credentials configured for https://adb-2.net; searched the arguments, the environment \
         variables `DATABRICKS_TOKEN`, `DATABRICKS_USERNAME` with `DATABRICKS_PASSWORD`, \
         `DATABRICKS_CLIENT_SECRET`, `ARM_CLIENT_SECRET` and `DATABRICKS_TOKEN_COMMAND`, the profiles \
         with this host in HOME/.databrickscfg, and machine `adb-2.net` in HOME/.netrc"
    );
}

#[test]
fn profile_file_is_set_by_argument_or_variable() {
    let home = home(&[
        ("a", PROFILES),
        ("b", "[DEFAULT]\nhost=b.net\ntoken=t"),
        (".netrc", ""),
    ]);
    let variable: &[_] = &[("DATABRICKS_CONFIG_FILE", "~/a")];
    let text = resolved(&Config::new(), &home, variable);
    assert!(text.contains("from profile `DEFAULT` in HOME/a"), "{text}");
    let text = resolved(&Config::new().config_file("~/b"), &home, variable);
    assert!(text.contains("from profile `DEFAULT` in HOME/b"), "{text}");
    let text = resolved(
        &Config::new().config_file(home.path().join("b")),
        &home,
        &[],
    );
    assert!(text.contains("from profile `DEFAULT` in HOME/b"), "{text}");
}

#[test]
fn missing_file_or_profile_is_an_error_only_if_selected() {
    let empty = home(&[]);
    assert_eq!(
        resolved(&Config::new(), &empty, &[]),
        "no host configured: pass it as an argument, set `DATABRICKS_HOST`, or add `host` to \
         profile `DEFAULT` in HOME/.databrickscfg (file not found)"
    );
    assert_eq!(
        resolved(
            &Config::new(),
            &empty,
            &[("DATABRICKS_CONFIG_PROFILE", "dev")]
        ),
        "no profile `dev` (selected by the environment variable `DATABRICKS_CONFIG_PROFILE`): the \
         file HOME/.databrickscfg does not exist"
    );
    assert_eq!(
        resolved(
            &Config::new().profile("prod"),
            &home(&[(".databrickscfg", PROFILES)]),
            &[]
        ),
        "no profile `prod` in HOME/.databrickscfg (selected by the arguments); available profiles: \
         DEFAULT, dev, host-only, oauth"
    );
    let without_home = Environment::from_pairs(None, [HOST]);
    let error = Config::new()
        .resolve(&without_home)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("~/.databrickscfg") && error.contains("in ~/"),
        "{error}"
    );
}

#[test]
fn existing_profiles_are_listed_if_none_is_selected() {
    let files = [(
        ".databrickscfg",
        "[DEFAULT]\n[dev]\nhost = a.net\n[prod]\n[test]\n",
    )];
    let list = "; the file has other profiles, which can be passed as an argument or set in \
                `DATABRICKS_CONFIG_PROFILE`: dev, prod, test";
    let text = resolved(&Config::new(), &home(&files), &[]);
    assert!(
        text.starts_with("no host configured") && text.ends_with(list),
        "{text}"
    );
    let without_default = [(files[0].0, files[0].1.trim_start_matches("[DEFAULT]"))];
    let text = resolved(&Config::new(), &home(&without_default), &[]);
    assert!(
        text.contains("(profile not found)") && text.ends_with(list),
        "{text}"
    );
    let text = resolved(&Config::new(), &home(&files), &[TOKEN]);
    assert!(
        text.contains("`DATABRICKS_TOKEN`") && text.ends_with(list),
        "{text}"
    );
    let text = resolved(&Config::new().profile("prod"), &home(&files), &[]);
    assert!(
        text.ends_with("add `host` to profile `prod` in HOME/.databrickscfg"),
        "{text}"
    );
}

/// CPU time that separates linear from quadratic time, which is a few seconds and many minutes in a debug
/// build.
const MAX_CPU_TIME: Duration = Duration::from_secs(60);

/// Returns the CPU time of this thread, which does not depend on the load of the machine.
fn cpu_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

#[test]
fn large_files_are_read_in_linear_time() {
    let profile = |number| format!("[p{number}]\nhost = h{number}.net\ntoken = t{number}\n");
    let profiles: String = (0..200_000).map(profile).collect();
    let white_space = format!("[p7]\nhost = a{}b\ntoken = t\n", " ".repeat(400_000));
    let same_section = "[p7]\nhost = h7.net\ntoken = t7\n".repeat(200_000);
    let quotes = format!(
        "machine h7.net login {} password t7",
        "\"x\" ".repeat(100_000)
    );
    let home = home(&[
        ("profiles", &profiles),
        ("white-space", &white_space),
        ("same-section", &same_section),
        ("quotes", &quotes),
    ]);
    let file = |name: &str| Config::new().config_file(home.path().join(name));
    let start = cpu_time();

    let text = resolved(&file("profiles").profile("p199999"), &home, &[]);
    assert!(
        text.starts_with("https://h199999.net | a bearer token"),
        "{text}"
    );
    let text = resolved(&file("profiles").host("h199998.net"), &home, &[]);
    assert!(text.contains("from profile `p199998`"), "{text}");
    let text = resolved(&file("profiles").profile("none"), &home, &[]);
    assert!(text.ends_with("p8, p9 and 199990 more"), "{text}");
    let text = resolved(&file("same-section").profile("p7"), &home, &[]);
    assert!(
        text.starts_with("https://h7.net | a bearer token"),
        "{text}"
    );
    let text = resolved(&file("white-space").profile("p7"), &home, &[]);
    assert!(text.contains("contains white space"), "{text}");
    let text = resolved(
        &Config::new().host("h7.net"),
        &home,
        &[("NETRC", "~/quotes")],
    );
    assert!(text.contains("quotes:1: unknown keyword"), "{text}");

    let elapsed = cpu_time().checked_sub(start).unwrap();
    assert!(elapsed < MAX_CPU_TIME, "{elapsed:?}");
}
