//! Credentials of other APIs.

use super::*;

#[test]
fn credentials_of_databricks_are_not_sent_to_another_api() {
    let shop = Shop::new([Action::json(200, r#"{"id": "7"}"#)]);
    let mut command = shop.command(&["things.create", "name=a"]);
    command.env_remove("DBEXEC_API_TOKEN");
    Running::start(command).finish().assert(
        2,
        "",
        "error: no credentials for Shop: set the variable DBEXEC_API_TOKEN\n\
         note: credentials of Databricks are not sent to the API of a spec file\n",
    );
    assert!(shop.server.requests().is_empty());

    // Only on request.
    let (_, request) = shop.sent(&["things.create", "name=a", "--workspace"]);
    assert_eq!(
        request.header("authorization"),
        Some("Bearer dapi-databricks")
    );
}

#[test]
fn rejected_credentials_are_named_but_not_shown() {
    let shop = Shop::new([Action::json(401, r#"{"message": "no"}"#)]);
    let outcome = shop.call(&["things.create", "name=a"]);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(
        outcome
            .stderr
            .contains("a bearer token from the variable DBEXEC_API_TOKEN"),
        "{outcome}"
    );
    assert!(!outcome.stderr.contains(TOKEN), "{outcome}");
}

#[test]
fn other_schemes_have_variables_of_their_own() {
    type Pair = (&'static str, &'static str);
    let cases: [(&str, &[Pair], Pair); 5] = [
        (
            r#"auth = "basic""#,
            &[("DBEXEC_API_USER", "me"), ("DBEXEC_API_PASSWORD", "open")],
            ("authorization", "Basic bWU6b3Blbg=="),
        ),
        (
            r#"auth = { header = "X-Api-Key" }"#,
            &[("DBEXEC_API_KEY", "k")],
            ("x-api-key", "k"),
        ),
        (
            r#"auth = { header = "Authorization", prefix = "Bot " }"#,
            &[("DBEXEC_API_KEY", "k")],
            ("authorization", "Bot k"),
        ),
        (
            r#"auth = [{ header = "Client-Id" }, { header = "Client-Secret" }]"#,
            &[
                ("DBEXEC_API_KEY_CLIENT_ID", "id"),
                ("DBEXEC_API_KEY_CLIENT_SECRET", "s"),
            ],
            ("client-secret", "s"),
        ),
        (
            r#"auth = { any = [{ header = "X-Api-Key" }, "basic"] }"#,
            &[("DBEXEC_API_USER", "me"), ("DBEXEC_API_PASSWORD", "open")],
            ("authorization", "Basic bWU6b3Blbg=="),
        ),
    ];
    for (auth, variables, (name, value)) in cases {
        let shop = Shop::new([Action::json(200, r#"{"id": "7"}"#)]);
        let spec = SPEC.replace(r#"auth = "bearer""#, auth);
        shop.sandbox.write("shop.toml", spec);
        let mut command = shop.command(&["things.create", "name=a"]);
        command.env_remove("DBEXEC_API_TOKEN");
        command.envs(variables.iter().copied());
        let outcome = Running::start(command).finish();
        assert_eq!(outcome.code, Some(0), "{outcome}");
        let request = shop.server.request();
        assert_eq!(request.header(name), Some(value), "{auth}");
    }
}

#[test]
fn key_in_the_query_is_sent_and_never_shown() {
    let shop = Shop::new([Action::json(400, r#"{"message": "bad key k-0123 456"}"#)]);
    let spec = SPEC.replace(r#"auth = "bearer""#, r#"auth = { query = "key" }"#);
    shop.sandbox.write("shop.toml", spec);
    let call = |options: &[&str]| {
        let mut command = shop.command(&[&["things.list", "token=a"], options].concat());
        command.env("DBEXEC_API_KEY", "k-0123 456");
        Running::start(command).finish()
    };
    let failed = call(&["-v", "-v"]);
    assert_eq!(failed.code, Some(3), "{failed}");
    assert_eq!(
        shop.server.request().target(),
        "/things?token=a&key=k-0123%20456"
    );
    let curl = call(&["--curl"]);
    assert!(
        curl.stdout.contains(r#"--url-query "key=$DBEXEC_API_KEY""#),
        "{curl}"
    );
    let preview = call(&["--dry-run"]);
    assert!(
        preview.stdout.contains("/things?token=a&key=***"),
        "{preview}"
    );
    for outcome in [failed, curl, preview] {
        let text = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!text.contains("0123"), "{text}");
    }
}

#[test]
fn missing_credentials_name_the_variables_of_all_alternatives() {
    let shop = Shop::new([]);
    let auth = r#"auth = { any = [[{ header = "Client-Id" }, { query = "key" }], "basic"] }"#;
    let spec = SPEC.replace(r#"auth = "bearer""#, auth);
    shop.sandbox.write("shop.toml", spec);
    let outcome = shop.call(&["things.list"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    let expected = "no credentials for Shop: set the variables DBEXEC_API_KEY_CLIENT_ID and \
                    DBEXEC_API_KEY_KEY, or the variables DBEXEC_API_USER and DBEXEC_API_PASSWORD";
    assert!(outcome.stderr.contains(expected), "{outcome}");
    let outcome = shop.call(&["things.list", "--token", "t"]);
    assert!(
        outcome.stderr.contains("`--token` is a single secret"),
        "{outcome}"
    );
    assert!(shop.server.requests().is_empty());
}
