use super::*;

/// Names without `DATABRICKS_` in front, but for those of Azure.
type Lot<'a> = &'a [(&'a str, &'a str)];

/// What would be sent: of the arguments, of the variables, of a second lot of variables that
/// stands for a profile.
fn sent(config: &Config, lots: [Lot<'_>; 2]) -> Result<String, String> {
    let [first, second] = lots.map(|pairs| {
        let pairs = pairs.iter().map(|(name, value)| match *name {
            "TENANT" => ("ARM_TENANT_ID".to_owned(), *value),
            "AZURE_ID" => ("ARM_CLIENT_ID".to_owned(), *value),
            "AZURE_SECRET" => ("ARM_CLIENT_SECRET".to_owned(), *value),
            name => (format!("DATABRICKS_{name}"), *value),
        });
        Environment::from_pairs(None, pairs)
    });
    let shown = |choice: Candidate| -> Result<String, Error> {
        let values: Vec<&str> = match choice.kind.needs().len() {
            1 => choice
                .values::<1>()?
                .map(|found| found.value.expose())
                .to_vec(),
            2 => choice
                .values::<2>()?
                .map(|found| found.value.expose())
                .to_vec(),
            _ => choice
                .values::<3>()?
                .map(|found| found.value.expose())
                .to_vec(),
        };
        Ok(values.join(":"))
    };
    match choose(&[config, &first, &second]) {
        Ok(None) => Ok(String::new()),
        Ok(Some(choice)) => shown(choice).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

const OAUTH: Lot<'_> = &[("CLIENT_ID", "i1"), ("CLIENT_SECRET", "s1")];
const AZURE: Lot<'_> = &[("TENANT", "t1"), ("AZURE_ID", "i1"), ("AZURE_SECRET", "z1")];
const COMMAND: Lot<'_> = &[("TOKEN_COMMAND", "c1")];

#[test]
fn the_earlier_place_counts() {
    let no = Config::new;
    let token: Lot<'_> = &[("TOKEN", "t1")];
    let basic: Lot<'_> = &[("USERNAME", "u1"), ("PASSWORD", "p1")];
    let user: Lot<'_> = &[("USERNAME", "u2")];
    let password: Lot<'_> = &[("PASSWORD", "p2")];
    let cases = [
        (no(), [&[][..], &[]], ""),
        (no(), [token, &[("TOKEN", "t2")]], "t1"),
        (no(), [&[], &[("TOKEN", "t2")]], "t2"),
        (no(), [token, basic], "t1"),
        (no(), [basic, token], "u1:p1"),
        (no().token("t0"), [token, basic], "t0"),
        (no().token("t0"), [basic, token], "t0"),
        (no().token("t").token("t0"), [&[], &[]], "t0"),
        (no().basic("u0", "p0"), [token, &[]], "u0:p0"),
        (no().basic("u0", "p0"), [basic, token], "u0:p0"),
        // A password that is kept out of the file.
        (no(), [password, user], "u2:p2"),
        (no(), [user, password], "u2:p2"),
        // A stray half does not disturb the earlier token.
        (no(), [token, user], "t1"),
        (no(), [OAUTH, token], "i1:s1"),
        (no(), [token, OAUTH], "t1"),
        (no(), [AZURE, OAUTH], "t1:i1:z1"),
        (no(), [COMMAND, AZURE], "c1"),
        (
            no(),
            [&[("CLIENT_SECRET", "s")], &[("CLIENT_ID", "i")]],
            "i:s",
        ),
        (no().oauth("i0", "s0"), [token, AZURE], "i0:s0"),
        (no().azure("t0", "i0", "z0"), [token, COMMAND], "t0:i0:z0"),
        (
            no().token_command(["a", "b"]),
            [token, OAUTH],
            "\"a\" \"b\"",
        ),
        // Ids alone are no credentials: they may be of another tool, or of another kind.
        (no(), [&[("CLIENT_ID", "i")], &[]], ""),
        (no(), [&[("TENANT", "t"), ("AZURE_ID", "i")], token], "t1"),
        (no(), [&[("CLIENT_ID", "i"), ("TOKEN", "t")], &[]], "t"),
    ];
    for (config, lots, expected) in cases {
        assert_eq!(
            sent(&config, lots),
            Ok(expected.to_owned()),
            "{config:?} {lots:?}"
        );
    }
}

#[test]
fn two_kinds_in_one_place_need_an_auth_type() {
    let both = [("TOKEN", "t"), ("USERNAME", "u"), ("PASSWORD", "p")];
    let error = sent(&Config::new(), [&both, &[]]).unwrap_err();
    assert_eq!(
        error,
        "more than one kind of credentials: there is `token` from the variable DATABRICKS_TOKEN, \
         and `username` from the variable DATABRICKS_USERNAME; leave one out, or set \
         DATABRICKS_AUTH_TYPE to `pat` or `basic`"
    );
    let error = sent(&Config::new(), [&[OAUTH, AZURE, COMMAND].concat(), &[]]).unwrap_err();
    assert_eq!(
        error,
        "more than one kind of credentials: there is `client_id` from the variable \
         DATABRICKS_CLIENT_ID, and `azure_tenant_id` from the variable ARM_TENANT_ID, and \
         `token_command` from the variable DATABRICKS_TOKEN_COMMAND; leave one out, or set \
         DATABRICKS_AUTH_TYPE to `oauth-m2m` or `azure-client-secret` or `command`"
    );
    let config = Config::new().token("t").basic("u", "p");
    let error = sent(&config, [&[], &[]]).unwrap_err();
    assert!(error.contains("`token` from the arguments, and `username` from the arguments"));
}

#[test]
fn an_auth_type_decides_what_is_not_later_than_itself() {
    let all = [OAUTH, AZURE, COMMAND, &[("TOKEN", "t")]].concat();
    for (kind, expected) in [
        ("pat", "t"),
        ("oauth-m2m", "i1:s1"),
        ("azure-client-secret", "t1:i1:z1"),
        ("command", "c1"),
    ] {
        let asked: Lot<'_> = &[("AUTH_TYPE", kind)];
        let same = [&all, asked].concat();
        // Before them, with them, and behind them.
        for lots in [[asked, &all], [&same, &[]], [&all, asked]] {
            assert_eq!(sent(&Config::new(), lots).unwrap(), expected, "{kind}");
        }
    }
    // It names what stands later than another kind.
    let lots: [Lot<'_>; 2] = [&[("AUTH_TYPE", "oauth-m2m"), ("TOKEN", "t")], OAUTH];
    assert_eq!(sent(&Config::new(), lots).unwrap(), "i1:s1");
    // It does not reach back.
    let with_type = [OAUTH, &[("AUTH_TYPE", "oauth-m2m")]].concat();
    let lots: [Lot<'_>; 2] = [&[("TOKEN", "t")], &with_type];
    assert_eq!(sent(&Config::new(), lots).unwrap(), "t");
    let config = Config::new().token("t0");
    assert_eq!(sent(&config, [&with_type, &[]]).unwrap(), "t0");
}

#[test]
fn an_auth_type_of_what_is_not_there() {
    let error = |kind| {
        let lot = [("AUTH_TYPE", kind), ("TOKEN", "t")];
        sent(&Config::new(), [&lot, &[]]).unwrap_err()
    };
    assert_eq!(
        error("oauth-m2m"),
        "`auth_type` from the variable DATABRICKS_AUTH_TYPE asks for credentials of `oauth-m2m`, \
         which are not there; there is `token` from the variable DATABRICKS_TOKEN"
    );
    assert_eq!(
        error("dapi0123"),
        "`auth_type` from the variable DATABRICKS_AUTH_TYPE asks for credentials of a kind that \
         is not supported yet; there is `token` from the variable DATABRICKS_TOKEN"
    );
}

#[test]
fn halves() {
    for (lot, expected) in [
        (
            ("USERNAME", "hunter2"),
            "there is `username` from the variable DATABRICKS_USERNAME, but no password is given \
             with it",
        ),
        (
            ("PASSWORD", "hunter2"),
            "there is `password` from the variable DATABRICKS_PASSWORD, but no user is given with \
             it",
        ),
        (
            ("CLIENT_SECRET", "hunter2"),
            "there is `client_secret` from the variable DATABRICKS_CLIENT_SECRET, but no \
             `client_id` is given with it",
        ),
        (
            ("AZURE_SECRET", "hunter2"),
            "there is `azure_client_secret` from the variable ARM_CLIENT_SECRET, but no \
             `azure_tenant_id` is given with it",
        ),
    ] {
        let error = sent(&Config::new(), [&[lot], &[]]).unwrap_err();
        assert_eq!(error, expected);
    }
}

/// The credentials made, or the error, for a host.
fn made(host: &str, config: &Config, pairs: &[(&str, &str)]) -> String {
    let environment = Environment::from_pairs(None, pairs.iter().copied());
    let layers: [&dyn Layer; 2] = [config, &environment];
    let choice = choose(&layers).unwrap().unwrap();
    match make(&choice, &Host::parse(host).unwrap(), config, &layers) {
        Ok(credentials) => credentials.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn origins() {
    let no = Config::new;
    for (config, expected) in [
        (
            no().basic("u", "p"),
            "a user and password from the arguments",
        ),
        (
            no().oauth("i", "s"),
            "an OAuth client id and secret from the arguments",
        ),
        (
            no().azure("t", "i", "s")
                .azure_resource_id("/subscriptions/1"),
            "an Azure client id and secret from the arguments",
        ),
        (
            no().token_command(["x"]),
            "a token command from the arguments",
        ),
    ] {
        assert_eq!(made("a.net", &config, &[]), expected);
    }
    let basic = [("DATABRICKS_USERNAME", "u"), ("DATABRICKS_PASSWORD", "p")];
    assert_eq!(
        made("a.net", &no(), &basic),
        "a user and password from the variable DATABRICKS_USERNAME and the variable \
         DATABRICKS_PASSWORD"
    );
    let line = [("DATABRICKS_TOKEN_COMMAND", "'my tool' x")];
    assert_eq!(
        made("a.net", &no(), &line),
        "a token command from the variable DATABRICKS_TOKEN_COMMAND"
    );
}

#[test]
fn what_cannot_be_used_is_told_with_its_place() {
    let no = Config::new;
    let azure = || no().azure("hunter2/", "i", "s");
    for (host, config, expected) in [
        (
            "a.net",
            no().token("hunter2 0"),
            "invalid credentials: the token contains white space",
        ),
        (
            "http://a.net",
            no().oauth("i", "hunter2"),
            "the URL of the OAuth metadata is plain http to another machine",
        ),
        (
            "a.net",
            no().oauth("", "hunter2"),
            "invalid credentials: the client id or secret is empty",
        ),
        (
            "a.net",
            azure(),
            "`azure_tenant_id` from the arguments is neither the id nor the domain of a tenant",
        ),
        (
            "a.net",
            no().azure("t", "i", "hunter2")
                .azure_login("http://login.net"),
            "the token endpoint is plain http to another machine",
        ),
        (
            "a.net",
            no().azure("t", "i", "s").azure_resource_id("hunter2\n"),
            "invalid credentials: HTTP does not allow the value of \
             `x-databricks-azure-workspace-resource-id`",
        ),
        (
            "a.net",
            no().token_command([""]),
            "`token_command` names no program",
        ),
    ] {
        assert_eq!(
            made(host, &config, &[]),
            format!("the arguments: {expected}")
        );
    }
    let line = [("DATABRICKS_TOKEN_COMMAND", "x 'hunter2")];
    assert_eq!(
        made("a.net", &no(), &line),
        "the variable DATABRICKS_TOKEN_COMMAND: `token_command` has an open quote"
    );
}

#[test]
fn nothing_printable_shows_a_value() {
    let config = Config::new()
        .basic("u", "hunter2")
        .oauth("i", "hunter2")
        .azure("t", "i", "hunter2")
        .token_command(["hunter2"]);
    for kind in Kind::ALL {
        let candidate = Candidate::look(kind, &[&config]).unwrap();
        assert!(!format!("{candidate:?} {config:?}").contains("hunter2"));
    }
}
