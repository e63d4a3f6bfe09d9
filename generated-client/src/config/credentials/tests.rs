use super::*;
use crate::config::Config;

/// Returns the selected credentials for a host, or the error.
fn built(host: &str, config: &Config, variables: &[(&str, &str)]) -> String {
    let environment = Environment::from_pairs(None, variables.iter().copied());
    let sources: [&dyn Source; 2] = [&config.arguments, &environment];
    let candidate = selection::select(&sources).unwrap().unwrap();
    let host = Host::parse(host).unwrap();
    match build(&candidate, &host, &config.token_options, &sources) {
        Ok(credentials) => credentials.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn origin_names_all_sources_of_the_credentials() {
    let new = Config::new;
    for (config, expected) in [
        (
            new().basic("u", "p"),
            "a user and password from the arguments",
        ),
        (
            new().oauth("i", "s"),
            "an OAuth client id and secret from the arguments",
        ),
        (
            new()
                .azure("t", "i", "s")
                .azure_resource_id("/subscriptions/1"),
            "an Azure client id and secret from the arguments",
        ),
        (
            new().token_command(["x"]),
            "a token command from the arguments",
        ),
    ] {
        assert_eq!(built("a.net", &config, &[]), expected);
    }
    let basic = [("DATABRICKS_USERNAME", "u"), ("DATABRICKS_PASSWORD", "p")];
    assert_eq!(
        built("a.net", &new(), &basic),
        "a user and password from the environment variable `DATABRICKS_USERNAME` and the \
         environment variable `DATABRICKS_PASSWORD`"
    );
    let line = [("DATABRICKS_TOKEN_COMMAND", "'my tool' x")];
    assert_eq!(
        built("a.net", &new(), &line),
        "a token command from the environment variable `DATABRICKS_TOKEN_COMMAND`"
    );
}

#[test]
fn invalid_credentials_are_reported_with_their_origin() {
    let new = Config::new;
    let azure = || new().azure("hunter2/", "i", "s");
    for (host, config, expected) in [
        (
            "a.net",
            new().token("hunter2 0"),
            "invalid credentials: the token contains white space (1 of its 9 characters)",
        ),
        (
            "http://a.net",
            new().oauth("i", "hunter2"),
            "the URL of the OAuth metadata is plain http to another machine",
        ),
        (
            "a.net",
            new().oauth("", "hunter2"),
            "invalid credentials: the client id or secret is empty",
        ),
        (
            "a.net",
            azure(),
            "`azure_tenant_id` from the arguments is neither a tenant id nor a tenant domain",
        ),
        (
            "a.net",
            new()
                .azure("t", "i", "hunter2")
                .azure_login("http://login.net"),
            "the token endpoint is plain http to another machine",
        ),
        (
            "a.net",
            new().azure("t", "i", "s").azure_resource_id("hunter2\n"),
            "invalid credentials: invalid value of header \
             `x-databricks-azure-workspace-resource-id`",
        ),
        (
            "a.net",
            new().token_command([""]),
            "`token_command` contains no program",
        ),
    ] {
        assert_eq!(
            built(host, &config, &[]),
            format!("the arguments: {expected}")
        );
    }
    let line = [("DATABRICKS_TOKEN_COMMAND", "x 'hunter2")];
    assert_eq!(
        built("a.net", &new(), &line),
        "the environment variable `DATABRICKS_TOKEN_COMMAND`: unterminated quote in `token_command`"
    );
}
