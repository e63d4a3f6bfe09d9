//! Calls of endpoints by name, as from a command line.

use generated_client::api_runtime::operation::{Endpoint, FieldKind, FieldLocation};
use generated_client::api_runtime::{Argument, Client, CurlVariables, Error, RequestByName};
use generated_client::{Credentials, ENDPOINTS, ErrorKind, Upload};
use serde_json::{Value, json};
use test_server::{Action, Request, Server};
use tests::secret::{TOKEN, assert_not_in_error};

mod api {
    api_runtime::api! { r#"
        [api]
        name = "Types"
        doc = "An endpoint with fields of all types."

        [structs.Point]
        fields = { x = "int", y = "int?" }

        [enums.Colour.values]
        red = ""

        [endpoints.types.send]
        doc = "Sends fields of all types."
        http = "POST /types"
        retry = "never"
        query = { page = "int", exact = "bool?" }
        json = { text = "string", colour = "Colour?", count = "int?", share = "float?", flag = "bool?", any = "json?", point = "Point?", list = "[int]?", map = "{string}?" }
        response = "json"
    "# }
}

mod accounts {
    api_runtime::api! { r#"
        [api]
        name = "Accounts"
        doc = "An endpoint with secrets."

        [structs.Login]
        fields = { user = "string", password = "secret" }

        [endpoints.accounts.create]
        doc = "Creates an account."
        http = "POST /accounts"
        retry = "never"
        query = { key = "[secret]?" }
        json = { token = "secret", login = "Login?", name = "string?" }
        response = "json"

        [endpoints.accounts.check]
        doc = "Checks whether an account exists."
        http = "HEAD /accounts"
    "# }
}

fn endpoint(name: &str) -> &'static Endpoint<'static> {
    let all = ENDPOINTS.iter().chain(api::ENDPOINTS);
    let all = all.chain(accounts::ENDPOINTS);
    let mut found = all.filter(|endpoint| endpoint.operation.name == name);
    let endpoint = found.next().unwrap_or_else(|| panic!("no endpoint {name}"));
    assert!(found.next().is_none());
    endpoint
}

fn text_arguments(arguments: &[(&str, &str)]) -> Vec<(String, Argument)> {
    let pair =
        |(name, text): &(&str, &str)| ((*name).to_owned(), Argument::Text((*text).to_owned()));
    arguments.iter().map(pair).collect()
}

/// Calls an endpoint of a server with this response. Returns the result and the requests.
fn call(
    name: &str,
    arguments: &[(String, Argument)],
    response: &str,
) -> (Result<Value, Error>, Vec<Request>) {
    let server = Server::scripted([Action::json(200, response)]);
    let credentials = Credentials::bearer(TOKEN).unwrap();
    let client = Client::builder(server.url())
        .credentials(credentials)
        .build()
        .unwrap();
    let result = client.call_by_name(endpoint(name), arguments);
    let result = result.map(|json| json.parse().unwrap());
    if let Err(error) = &result {
        assert_not_in_error(error);
        assert_eq!(error.operation(), Some(name));
    }
    (result, server.requests())
}

/// Returns the message of a call that fails before sending.
#[track_caller]
fn input_error(name: &str, arguments: &[(String, Argument)]) -> String {
    let (result, requests) = call(name, arguments, "{}");
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(requests.is_empty(), "{requests:?}");
    error.message().to_owned()
}

const IDS: [(&str, &str); 3] = [
    ("clusterId", "a b"),
    ("contextId", "1793653964133248955"),
    ("commandId", "c&d"),
];

/// An endpoint, its arguments, and the request line and body that are expected.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn arguments_are_encoded_for_each_endpoint() {
    let named: Vec<_> = ENDPOINTS
        .iter()
        .map(|endpoint| endpoint.operation.name)
        .collect();
    assert_eq!(
        named,
        [
            "contexts.create",
            "contexts.status",
            "contexts.destroy",
            "commands.execute",
            "commands.execute_file",
            "commands.status",
            "commands.cancel",
        ]
    );
    let [cluster, context, command] = IDS;
    let language = ("language", "python");
    let cases: &[Case<'_>] = &[
        (
            "contexts.create",
            &[language, cluster],
            "POST /api/1.2/contexts/create",
            r#"{"clusterId":"a b","language":"python"}"#,
        ),
        (
            "contexts.status",
            &[context, cluster],
            "GET /api/1.2/contexts/status?clusterId=a%20b&contextId=1793653964133248955",
            "",
        ),
        (
            "contexts.destroy",
            &[cluster, context],
            "POST /api/1.2/contexts/destroy",
            r#"{"clusterId":"a b","contextId":"1793653964133248955"}"#,
        ),
        (
            "commands.execute",
            &[("command", "1\n"), language, context, cluster],
            "POST /api/1.2/commands/execute",
            r#"{"clusterId":"a b","contextId":"1793653964133248955","language":"python","command":"1\n"}"#,
        ),
        (
            "commands.status",
            &[command, context, cluster],
            "GET /api/1.2/commands/status?clusterId=a%20b&contextId=1793653964133248955&commandId=c%26d",
            "",
        ),
        (
            "commands.cancel",
            &[command, context, cluster],
            "POST /api/1.2/commands/cancel",
            r#"{"clusterId":"a b","contextId":"1793653964133248955","commandId":"c&d"}"#,
        ),
    ];
    for (name, arguments, line, body) in cases {
        let (result, requests) = call(
            name,
            &text_arguments(arguments),
            r#"{"id": 1793653964133248955, "x": [null]}"#,
        );
        // The response is returned unchanged.
        assert_eq!(
            result.unwrap(),
            json!({"id": 1_793_653_964_133_248_955_u64, "x": [null]})
        );
        assert_eq!(requests[0].line, format!("{line} HTTP/1.1"));
        assert_eq!(requests[0].text(), *body);
        assert!(requests[0].header("authorization").is_some());
    }
}

#[test]
fn files_are_read_from_path_or_memory() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("job.py");
    std::fs::write(&path, "print('from disk')").unwrap();
    let ids = [IDS[0], IDS[1], ("language", "python")];
    let mut by_path = text_arguments(&ids);
    by_path.push((
        "command".to_owned(),
        Argument::Text(path.display().to_string()),
    ));
    let mut by_value = text_arguments(&ids);
    let upload = Upload::bytes("job.py", "print('from memory')");
    by_value.push(("command".to_owned(), Argument::File(upload)));
    for (arguments, content) in [
        (by_path, "print('from disk')"),
        (by_value, "print('from memory')"),
    ] {
        let (result, requests) = call("commands.execute_file", &arguments, "");
        assert_eq!(result.unwrap(), Value::Null, "the response is empty");
        let text = requests[0].text();
        let part = format!(
            "name=\"command\"; filename=\"job.py\"\r\nContent-Type: application/octet-stream\r\n\r\n{content}\r\n--"
        );
        assert!(text.contains(&part), "{text}");
        assert!(text.contains("name=\"clusterId\"\r\n\r\na b\r\n"), "{text}");
    }
    let absent = text_arguments(&[ids[0], ids[1], ids[2], ("command", "/nonexistent/job.py")]);
    assert!(input_error("commands.execute_file", &absent).contains("/nonexistent/job.py"));
}

#[test]
fn text_is_parsed_by_field_type() {
    let arguments = text_arguments(&[
        ("page", "-3"),
        ("exact", "true"),
        ("text", "12"),
        ("colour", "mauve"),
        ("count", "9223372036854775807"),
        ("share", "2.5"),
        ("flag", "false"),
        ("any", r#" {"a": [1, "b"]} "#),
        ("point", r#"{"x": 1}"#),
        ("list", "[1,2]"),
        ("map", r#"{"k": "v"}"#),
    ]);
    let (result, requests) = call("types.send", &arguments, "[1]");
    assert_eq!(result.unwrap(), json!([1]));
    assert_eq!(requests[0].line, "POST /types?page=-3&exact=true HTTP/1.1");
    let body: Value = serde_json::from_str(requests[0].text()).unwrap();
    let expected = json!({
        "text": "12", "colour": "mauve", "count": 9_223_372_036_854_775_807_i64, "share": 2.5,
        "flag": false, "any": {"a": [1, "b"]}, "point": {"x": 1}, "list": [1, 2], "map": {"k": "v"},
    });
    assert_eq!(body, expected);
}

#[test]
fn text_of_another_type_is_rejected() {
    let required = [("page", "1"), ("text", "")];
    let cases = [
        (
            "exact",
            "yes",
            "the field `exact` is of type bool?, not this text",
        ),
        (
            "count",
            "1.5",
            "the field `count` is of type int?, not this text",
        ),
        (
            "count",
            "9223372036854775808",
            "the field `count` is of type int?, not this text",
        ),
        (
            "share",
            "NaN",
            "the field `share` is of type float?, not this text",
        ),
        (
            "share",
            "",
            "the field `share` is of type float?, not this text",
        ),
        (
            "flag",
            "TRUE",
            "the field `flag` is of type bool?, not this text",
        ),
        (
            "any",
            "{",
            "the field `any` is of type json?, not this text",
        ),
        (
            "point",
            "x: 1",
            "the field `point` is of type Point?, not this text",
        ),
    ];
    for (name, text, expected) in cases {
        let arguments = text_arguments(&[required[0], required[1], (name, text)]);
        assert_eq!(input_error("types.send", &arguments), expected);
    }
}

#[test]
fn json_arguments_are_sent_unchanged() {
    let mut arguments = text_arguments(&[("page", "1")]);
    arguments.push(("text".to_owned(), Argument::Json(json!("a").into())));
    arguments.push((
        "point".to_owned(),
        Argument::Json(json!({"x": 1, "y": null}).into()),
    ));
    let (_, requests) = call("types.send", &arguments, "{}");
    assert_eq!(
        requests[0].text(),
        r#"{"text":"a","point":{"x":1,"y":null}}"#
    );
}

#[test]
fn secrets_are_sent_but_not_shown() {
    let secrets = ["hunter1", "hunter2", "hunter3"];
    let arguments = [
        ("token".to_owned(), Argument::Text(secrets[0].to_owned())),
        (
            "login".to_owned(),
            Argument::Json(json!({"user": "me", "password": secrets[1]}).into()),
        ),
        ("key".to_owned(), Argument::Json(json!([secrets[2]]).into())),
        ("name".to_owned(), Argument::Text("bob".to_owned())),
    ];
    let echo = json!({"message": format!("no: {}", secrets.join(" "))});
    let server = Server::scripted([Action::json(400, echo.to_string())]);
    let client = Client::builder(server.url()).build().unwrap();
    let endpoint = endpoint("accounts.create");
    let error = client.call_by_name(endpoint, &arguments).unwrap_err();
    let request = server.request();
    assert_eq!(request.target(), "/accounts?key=hunter3");
    assert_eq!(
        request.text(),
        r#"{"token":"hunter1","login":{"password":"hunter2","user":"me"},"name":"bob"}"#
    );

    let by_name = RequestByName::new(endpoint, &arguments).unwrap();
    let preview = client.preview(endpoint.operation, &by_name).unwrap();
    assert!(preview.has_secret_fields());
    let curl = preview.to_curl(&CurlVariables::default());
    assert!(
        curl.contains(r#"'{"token":"***","login":"***","name":"bob"}'"#),
        "{curl}"
    );
    let shown = format!("{error} {error:?} {preview} {preview:?} {curl} {by_name:?} {arguments:?}");
    for secret in secrets {
        let count = shown.matches(secret).count();
        // The arguments of the caller are not known to be secret.
        assert_eq!(count, 1, "{secret}: {shown}");
    }
}

#[test]
fn curl_command_of_a_head_request_does_not_wait_for_a_body() {
    let client = Client::builder("https://example.com").build().unwrap();
    let endpoint = endpoint("accounts.check");
    let request = RequestByName::new(endpoint, &[]).unwrap();
    assert_eq!(
        client.to_curl(endpoint.operation, &request).unwrap(),
        "curl --head https://example.com/accounts"
    );
}

#[test]
fn progress_of_an_upload_is_observed() {
    let (sender, progress) = std::sync::mpsc::channel();
    let content = vec![7; 300_000];
    let upload = Upload::bytes("a.bin", content).on_read(move |read, length| {
        assert_eq!(length, 300_000);
        let _ = sender.send(read);
    });
    let mut arguments = text_arguments(&[IDS[0], IDS[1], ("language", "python")]);
    arguments.push(("command".to_owned(), Argument::File(upload)));
    let (result, _) = call("commands.execute_file", &arguments, "{}");
    result.unwrap();
    drop(arguments);
    let progress: Vec<u64> = progress.iter().collect();
    assert!(progress.is_sorted(), "{progress:?}");
    assert_eq!(progress.last(), Some(&300_000));
}

#[test]
fn unknown_duplicate_and_missing_fields_are_rejected() {
    let [cluster, context, command] = IDS;
    assert_eq!(
        input_error(
            "contexts.status",
            &text_arguments(&[cluster, context, command])
        ),
        "unknown field `commandId`; the fields are clusterId, contextId"
    );
    assert_eq!(
        input_error(
            "contexts.status",
            &text_arguments(&[cluster, ("cluster_id", "x")])
        ),
        "unknown field `cluster_id`; the fields are clusterId, contextId"
    );
    assert_eq!(
        input_error("contexts.status", &text_arguments(&[cluster, cluster])),
        "the field `clusterId` has two values"
    );
    assert_eq!(
        input_error("commands.execute", &text_arguments(&[context])),
        "missing required fields: clusterId, language, command"
    );
    assert_eq!(
        input_error("contexts.create", &[]),
        "missing required fields: clusterId, language"
    );
}

#[test]
fn arguments_of_the_wrong_kind_are_rejected() {
    let file = || Argument::File(Upload::bytes("x", "x"));
    let mut arguments = text_arguments(&[IDS[0]]);
    arguments.push(("contextId".to_owned(), file()));
    assert_eq!(
        input_error("contexts.status", &arguments),
        "the field `contextId` is of type ContextId, not a file"
    );
    let mut arguments = text_arguments(&[IDS[0], IDS[1], ("language", "r")]);
    arguments.push(("command".to_owned(), Argument::Json(json!("x").into())));
    assert_eq!(
        input_error("commands.execute_file", &arguments),
        "the field `command` is of type file, not JSON"
    );
}

#[test]
fn endpoints_describe_their_fields() {
    for endpoint in ENDPOINTS {
        assert!(endpoint.doc.ends_with('.'), "{endpoint:?}");
        assert_eq!(endpoint.fields().count(), endpoint.table.lines().count());
        for field in endpoint.fields() {
            assert!(!field.name.is_empty() && !field.ty.is_empty(), "{field:?}");
            assert_eq!(field.required, !field.ty.ends_with('?'), "{field:?}");
            assert_eq!(
                field.location == FieldLocation::Query,
                endpoint.operation.method == "GET",
                "{field:?}"
            );
        }
    }
    let file = endpoint("commands.execute_file").fields().last().unwrap();
    assert_eq!(
        (file.name, file.ty, file.kind, file.doc),
        (
            "command",
            "file",
            FieldKind::File,
            "File with the code to run."
        )
    );
}

#[test]
fn error_response_is_reported_with_the_endpoint_name() {
    let server = Server::scripted([Action::json(404, r#"{"error": "ContextNotFound: 1"}"#)]);
    let client = Client::builder(server.url()).build().unwrap();
    let error = client
        .call_by_name(endpoint("contexts.status"), &text_arguments(&IDS[..2]))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "contexts.status: the server responded with 404 Not Found: ContextNotFound: 1"
    );
}
