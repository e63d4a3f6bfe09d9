use super::*;
use crate::config::Config;
use crate::config::environment::Environment;

/// Variables without the prefix `DATABRICKS_`; those of Azure have short names.
type Variables<'a> = &'a [(&'a str, &'a str)];

/// Returns the values of the selected credentials, joined with `:`. The sources are the arguments and
/// two sets of variables; the second takes the place of a profile.
fn selected(config: &Config, variables: [Variables<'_>; 2]) -> Result<String, String> {
    let [first, second] = variables.map(|pairs| {
        let pairs = pairs.iter().map(|(name, value)| match *name {
            "TENANT" => ("ARM_TENANT_ID".to_owned(), *value),
            "AZURE_ID" => ("ARM_CLIENT_ID".to_owned(), *value),
            "AZURE_SECRET" => ("ARM_CLIENT_SECRET".to_owned(), *value),
            name => (format!("DATABRICKS_{name}"), *value),
        });
        Environment::from_pairs(None, pairs)
    });
    let joined = |candidate: Candidate| -> Result<String, Error> {
        let expose = |value: &SettingValue| value.value.expose().to_owned();
        let values = match candidate.auth_type.required().len() {
            1 => candidate.values::<1>()?.map(expose).to_vec(),
            2 => candidate.values::<2>()?.map(expose).to_vec(),
            _ => candidate.values::<3>()?.map(expose).to_vec(),
        };
        Ok(values.join(":"))
    };
    match select(&[&config.arguments, &first, &second]) {
        Ok(None) => Ok(String::new()),
        Ok(Some(candidate)) => joined(candidate).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

const OAUTH: Variables<'_> = &[("CLIENT_ID", "i1"), ("CLIENT_SECRET", "s1")];
const AZURE: Variables<'_> = &[("TENANT", "t1"), ("AZURE_ID", "i1"), ("AZURE_SECRET", "z1")];
const COMMAND: Variables<'_> = &[("TOKEN_COMMAND", "c1")];

#[test]
fn first_source_takes_precedence() {
    let new = Config::new;
    let token: Variables<'_> = &[("TOKEN", "t1")];
    let basic: Variables<'_> = &[("USERNAME", "u1"), ("PASSWORD", "p1")];
    let user: Variables<'_> = &[("USERNAME", "u2")];
    let password: Variables<'_> = &[("PASSWORD", "p2")];
    let cases = [
        (new(), [&[][..], &[]], ""),
        (new(), [token, &[("TOKEN", "t2")]], "t1"),
        (new(), [&[], &[("TOKEN", "t2")]], "t2"),
        (new(), [token, basic], "t1"),
        (new(), [basic, token], "u1:p1"),
        (new().token("t0"), [token, basic], "t0"),
        (new().token("t0"), [basic, token], "t0"),
        (new().token("t").token("t0"), [&[], &[]], "t0"),
        (new().basic("u0", "p0"), [token, &[]], "u0:p0"),
        (new().basic("u0", "p0"), [basic, token], "u0:p0"),
        // User name and password from different sources.
        (new(), [password, user], "u2:p2"),
        (new(), [user, password], "u2:p2"),
        // Incomplete credentials in a later source are ignored.
        (new(), [token, user], "t1"),
        (new(), [OAUTH, token], "i1:s1"),
        (new(), [token, OAUTH], "t1"),
        (new(), [AZURE, OAUTH], "t1:i1:z1"),
        (new(), [COMMAND, AZURE], "c1"),
        (
            new(),
            [&[("CLIENT_SECRET", "s")], &[("CLIENT_ID", "i")]],
            "i:s",
        ),
        (new().oauth("i0", "s0"), [token, AZURE], "i0:s0"),
        (new().azure("t0", "i0", "z0"), [token, COMMAND], "t0:i0:z0"),
        (
            new().token_command(["a", "b"]),
            [token, OAUTH],
            "\"a\" \"b\"",
        ),
        // Ids alone are not credentials.
        (new(), [&[("CLIENT_ID", "i")], &[]], ""),
        (new(), [&[("TENANT", "t"), ("AZURE_ID", "i")], token], "t1"),
        (new(), [&[("CLIENT_ID", "i"), ("TOKEN", "t")], &[]], "t"),
    ];
    for (config, variables, expected) in cases {
        assert_eq!(
            selected(&config, variables),
            Ok(expected.to_owned()),
            "{config:?} {variables:?}"
        );
    }
}

#[test]
fn several_kinds_in_one_source_require_auth_type() {
    let both = [("TOKEN", "t"), ("USERNAME", "u"), ("PASSWORD", "p")];
    let error = selected(&Config::new(), [&both, &[]]).unwrap_err();
    assert_eq!(
        error,
        "more than one kind of credentials is configured: `token` from the environment variable \
         `DATABRICKS_TOKEN`, `username` from the environment variable `DATABRICKS_USERNAME`; \
         remove all but one, or set `DATABRICKS_AUTH_TYPE` to `pat` or `basic`"
    );
    let error = selected(&Config::new(), [&[OAUTH, AZURE, COMMAND].concat(), &[]]).unwrap_err();
    assert_eq!(
        error,
        "more than one kind of credentials is configured: `client_id` from the environment variable \
         `DATABRICKS_CLIENT_ID`, `azure_tenant_id` from the environment variable `ARM_TENANT_ID`, \
         `token_command` from the environment variable `DATABRICKS_TOKEN_COMMAND`; remove all but \
         one, or set `DATABRICKS_AUTH_TYPE` to `oauth-m2m` or `azure-client-secret` or `command`"
    );
    let config = Config::new().token("t").basic("u", "p");
    let error = selected(&config, [&[], &[]]).unwrap_err();
    assert!(error.contains("`token` from the arguments, `username` from the arguments"));
}

#[test]
fn auth_type_selects_credentials_of_the_same_or_a_later_source() {
    let all = [OAUTH, AZURE, COMMAND, &[("TOKEN", "t")]].concat();
    for (kind, expected) in [
        ("pat", "t"),
        ("oauth-m2m", "i1:s1"),
        ("azure-client-secret", "t1:i1:z1"),
        ("command", "c1"),
    ] {
        let auth_type: Variables<'_> = &[("AUTH_TYPE", kind)];
        let same = [&all, auth_type].concat();
        // In an earlier source, in the same source, and in a later one.
        for variables in [[auth_type, &all], [&same, &[]], [&all, auth_type]] {
            assert_eq!(
                selected(&Config::new(), variables).unwrap(),
                expected,
                "{kind}"
            );
        }
    }
    // A kind in a later source than the first kind.
    let variables: [Variables<'_>; 2] = [&[("AUTH_TYPE", "oauth-m2m"), ("TOKEN", "t")], OAUTH];
    assert_eq!(selected(&Config::new(), variables).unwrap(), "i1:s1");
    // A later `auth_type` does not override credentials in an earlier source.
    let with_type = [OAUTH, &[("AUTH_TYPE", "oauth-m2m")]].concat();
    let variables: [Variables<'_>; 2] = [&[("TOKEN", "t")], &with_type];
    assert_eq!(selected(&Config::new(), variables).unwrap(), "t");
    let config = Config::new().token("t0");
    assert_eq!(selected(&config, [&with_type, &[]]).unwrap(), "t0");
}

#[test]
fn auth_type_without_its_credentials_is_an_error() {
    let error = |kind| {
        let variables = [("AUTH_TYPE", kind), ("TOKEN", "t")];
        selected(&Config::new(), [&variables, &[]]).unwrap_err()
    };
    assert_eq!(
        error("oauth-m2m"),
        "`auth_type` from the environment variable `DATABRICKS_AUTH_TYPE` selects `oauth-m2m` \
         credentials, but only `token` from the environment variable `DATABRICKS_TOKEN` is \
         configured"
    );
    assert_eq!(
        error("dapi0123"),
        "`auth_type` from the environment variable `DATABRICKS_AUTH_TYPE` is not supported; \
         configured credentials: `token` from the environment variable `DATABRICKS_TOKEN`"
    );
}

#[test]
fn incomplete_credentials_are_reported() {
    for (variable, expected) in [
        (
            ("USERNAME", "hunter2"),
            "missing `password`, which is required with `username` from the environment variable \
             `DATABRICKS_USERNAME`",
        ),
        (
            ("PASSWORD", "hunter2"),
            "missing `username`, which is required with `password` from the environment variable \
             `DATABRICKS_PASSWORD`",
        ),
        (
            ("CLIENT_SECRET", "hunter2"),
            "missing `client_id`, which is required with `client_secret` from the environment \
             variable `DATABRICKS_CLIENT_SECRET`",
        ),
        (
            ("AZURE_SECRET", "hunter2"),
            "missing `azure_tenant_id`, which is required with `azure_client_secret` from the \
             environment variable `ARM_CLIENT_SECRET`",
        ),
    ] {
        let error = selected(&Config::new(), [&[variable], &[]]).unwrap_err();
        assert_eq!(error, expected);
    }
}

#[test]
fn debug_contains_no_secrets() {
    let config = Config::new()
        .basic("u", "hunter2")
        .oauth("i", "hunter2")
        .azure("t", "i", "hunter2")
        .token_command(["hunter2"]);
    for auth_type in AuthType::ALL {
        let candidate = Candidate::find(auth_type, &[&config.arguments]).unwrap();
        assert!(!format!("{candidate:?} {config:?}").contains("hunter2"));
    }
}
