//! `dbexec call --spec`: an API that is not Databricks.

use std::process::Command;

use test_server::{Action, Request, Server};

use crate::support::{Outcome, Running, Sandbox, TOKEN};

pub(crate) const SPEC: &str = r#"
[api]
name = "Shop"
doc = "Sells things."
auth = "bearer"

[enums.Color.values]
red = ""
green = ""

[structs.Point]
fields = { x = "int", y = "int?" }

[endpoints.things.list]
doc = "Lists things."
http = "GET /things"
query = { token = "string?", color = "[Color]?", limit = { type = "int?", min = 1, max = 100 } }
response = { things = "[json]", next = "string?" }
pages = { items = "things", next = "next", into = "token" }

[endpoints.things.create]
doc = "Creates a thing."
http = "POST /things"
json = { name = "string", at = "Point?", tags = "[string]?", sizes = "[int]?", flag = "bool?", rate = "float?", labels = "{string}?", password = "secret?" }
response = { id = "string" }

[endpoints.things.export]
doc = "Returns the file of a thing."
http = "GET /things/{id}/file"
path = { id = "string" }
response = "stream"

[endpoints.things.import]
doc = "Stores the file of a thing."
http = "PUT /things/{id}/file"
path = { id = "string" }
body = "application/octet-stream"

[endpoints.things.attach]
doc = "Stores a file and its description."
http = "POST /things/attach"
multipart = { note = "string", file = "file" }

[endpoints.things.attach_all]
doc = "Stores several files."
http = "POST /things/attach-all"
multipart = { files = "[file]" }

[endpoints.things.about]
doc = "Describes the shop."
http = "GET /about"
response = "text"
auth = "none"
"#;

/// A server with scripted responses, and `dbexec call --spec` in a sandbox.
struct Shop {
    sandbox: Sandbox,
    server: Server,
}

impl Shop {
    fn new(actions: impl IntoIterator<Item = Action>) -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("shop.toml", SPEC);
        Self {
            sandbox,
            server: Server::scripted(actions),
        }
    }

    /// Returns a command with credentials of the shop and of Databricks.
    fn command(&self, arguments: &[&str]) -> Command {
        let url = self.server.url();
        let options = ["call", "--spec", "shop.toml", "--host", &url];
        let mut command = self.sandbox.command([&options[..], arguments].concat());
        command
            .env("DBEXEC_API_TOKEN", TOKEN)
            .env("DATABRICKS_HOST", &url)
            .env("DATABRICKS_TOKEN", "dapi-databricks");
        command
    }

    fn call(&self, arguments: &[&str]) -> Outcome {
        Running::start(self.command(arguments)).finish()
    }

    /// Makes a call that succeeds without messages. Returns its output and the last request.
    #[track_caller]
    fn sent(&self, arguments: &[&str]) -> (String, Request) {
        let outcome = self.call(arguments);
        assert!(
            outcome.code == Some(0) && outcome.stderr.is_empty(),
            "{outcome}"
        );
        (outcome.stdout, self.server.requests().pop().unwrap())
    }
}

#[test]
fn arguments_are_encoded_by_the_types_of_the_spec() {
    let shop = Shop::new([Action::json(200, r#"{"id": "7"}"#)]);
    let (output, request) = shop.sent(&[
        "things.create",
        "name=12",
        r#"at:={"x": 1}"#,
        "tags=a",
        "tags=b,c",
        "sizes=1",
        "sizes:=[2, 3]",
        "flag=true",
        "rate=2.5",
        r#"labels={"k": "v"}"#,
        "password=hunter2",
    ]);
    assert_eq!(output, "{\"id\": \"7\"}\n");
    assert_eq!(
        request.text(),
        r#"{"name":"12","at":{"x":1},"tags":["a","b,c"],"sizes":[1,2,3],"flag":true,"rate":2.5,"labels":{"k":"v"},"password":"hunter2"}"#
    );
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(request.header("authorization"), Some(bearer.as_str()));
}

#[test]
fn values_of_another_type_are_rejected_before_anything_is_sent() {
    let shop = Shop::new([]);
    let cases = [
        (
            "flag=yes",
            "error: invalid value of `flag`, expected `true` or `false`\n",
        ),
        (
            "sizes=x",
            "error: invalid value of `sizes`, expected an integer\n",
        ),
        (
            "at=1,2",
            "error: invalid value of `at`, expected JSON of the type `Point`\n",
        ),
        (
            "nmae=a",
            "error: unknown field `nmae` of things.create\nhelp: `dbexec call --spec shop.toml \
             things.create --help` lists the fields\n",
        ),
    ];
    for (argument, message) in cases {
        let outcome = shop.call(&["things.create", "name=a", argument]);
        outcome.assert(2, "", message);
    }
    let outcome = shop.call(&["things.list", "limit=101"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(outcome.stderr.contains("at most 100"), "{outcome}");
    assert!(shop.server.requests().is_empty());
}

#[test]
fn lists_in_the_query_are_repeated_parameters() {
    let shop = Shop::new([Action::json(200, r#"{"things": []}"#)]);
    let (_, request) = shop.sent(&["things.list", "color=red", "color=green", "limit=5"]);
    assert_eq!(request.target(), "/things?color=red&color=green&limit=5");
}

#[test]
fn items_of_all_pages_are_one_list() {
    let shop = Shop::new([
        Action::json(200, r#"{"things": [1.50, {"a": null}], "next": "n"}"#),
        Action::json(200, r#"{"things": [3]}"#),
    ]);
    let (output, request) = shop.sent(&["things.list", "--all"]);
    assert_eq!(output, "[1.50, {\"a\": null}, 3]\n");
    assert_eq!(request.target(), "/things?token=n");
}

#[test]
fn body_that_streams_is_written_unchanged() {
    let body: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let shop = Shop::new([Action::respond(200, &[], &body)]);
    let output = shop.command(&["things.export", "id=a/b"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout == body, "{} bytes", output.stdout.len());
    assert!(output.stderr.is_empty());
    assert_eq!(shop.server.request().target(), "/things/a%2Fb/file");
}

#[test]
fn text_is_printed_as_it_is_without_credentials() {
    let shop = Shop::new([Action::respond(200, &[], "We sell \"things\".\n")]);
    let (output, request) = shop.sent(&["things.about"]);
    assert_eq!(output, "We sell \"things\".\n");
    assert_eq!(request.header("authorization"), None);
    let outcome = shop.call(&["things.about", "--get", "id"]);
    let message = "error: `--get` requires JSON, and the response of things.about is not JSON\n";
    outcome.assert(2, "", message);
}

#[test]
fn file_is_the_body_and_an_empty_response_has_no_output() {
    let shop = Shop::new([Action::respond(204, &[], "")]);
    shop.sandbox.write("a.bin", b"\x00\xff");
    let (output, request) = shop.sent(&["things.import", "id=1", "body=@a.bin"]);
    assert_eq!((output.as_str(), &request.body[..]), ("", &b"\x00\xff"[..]));
}

#[test]
fn files_of_a_list_are_parts_with_their_names() {
    let shop = Shop::new([Action::respond(204, &[], "")]);
    shop.sandbox.write("a.txt", "first\n");
    shop.sandbox.write("b.txt", "second");
    let arguments = ["things.attach_all", "files=@a.txt", "files=b.txt"];
    let body = String::from_utf8(shop.sent(&arguments).1.body).unwrap();
    for (name, text) in [("a.txt", "first\n"), ("b.txt", "second")] {
        assert!(body.contains(&format!("; filename=\"{name}\"")), "{body}");
        assert!(body.contains(&format!("\r\n\r\n{text}\r\n--")), "{body}");
    }
    let curl = shop.call(&[&arguments[..], &["--curl"]].concat()).stdout;
    for name in ["a.txt", "b.txt"] {
        assert!(curl.contains(&format!("-F 'files=@{name};")), "{curl}");
    }
    let help = shop.call(&["things.attach_all", "--help"]).stdout;
    assert!(help.contains(" files=@<file>\nExample: "), "{help}");
    assert!(help.ends_with(" files=@file\n"), "{help}");
}

#[test]
fn body_of_an_error_response_is_written_to_standard_error() {
    let shop = Shop::new([Action::json(409, r#"{"message": "in use", "by": 7}"#)]);
    shop.call(&["things.create", "name=a"]).assert(
        3,
        "",
        "{\"message\": \"in use\", \"by\": 7}\n\
         error: things.create: the server responded with 409 Conflict: in use\n",
    );
}

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

#[test]
fn errors_of_the_spec_are_printed_as_diagnostics() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "broken.toml",
        SPEC.replace("\"int?\", min", "\"itn?\", min"),
    );
    let outcome = sandbox.run(["call", "--spec", "broken.toml"]);
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(2), ""),
        "{outcome}"
    );
    for part in [
        "error[S",
        "unknown type `itn`",
        "broken.toml:",
        "error: broken.toml has 1 error\n",
    ] {
        assert!(outcome.stderr.contains(part), "{part}: {outcome}");
    }
    let outcome = sandbox.run(["call", "--spec", "absent.toml"]);
    outcome.assert_starts_with(2, "", "error: cannot read absent.toml: ");
}

#[test]
fn endpoints_of_the_spec_are_listed_and_described() {
    let shop = Shop::new([]);
    let outcome = shop.call(&[]);
    let names: Vec<_> = outcome
        .stdout
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "things.list",
            "things.create",
            "things.export",
            "things.import",
            "things.attach",
            "things.attach_all",
            "things.about"
        ],
        "{outcome}"
    );
    let outcome = shop.call(&["things.list", "--help"]);
    for part in [
        "Usage: dbexec call --spec shop.toml things.list [token=<string>]",
        "limit  int?       At least 1. At most 100.",
        "--all        prints the items of all pages",
        "credentials  bearer token: `--token` or the variable DBEXEC_API_TOKEN",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {outcome}");
    }
    let outcome = shop.call(&["thing.list"]);
    outcome.assert(
        2,
        "",
        "error: unknown endpoint `thing.list`\nhelp: a similar endpoint exists: `things.list`\n",
    );
}

#[test]
fn base_url_is_that_of_the_spec_or_the_option() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.toml", SPEC);
    let call = |arguments: &[&str]| {
        let options = ["call", "--spec", "shop.toml", "things.about", "--dry-run"];
        sandbox.run([&options[..], arguments].concat())
    };
    call(&[]).assert(
        2,
        "",
        "error: the spec of Shop declares no `url`\nhelp: use `--host URL`, or `--workspace` if it \
         describes an API of the Databricks workspace\n",
    );
    let url = "name = \"Shop\"\nurl = \"https://shop.example.com/v1\"";
    sandbox.write("shop.toml", SPEC.replace("name = \"Shop\"", url));
    call(&[]).assert(
        0,
        "GET https://shop.example.com/v1/about\naccept: */*\n",
        "",
    );
    let other = call(&["--host", "https://example.org"]);
    other.assert(0, "GET https://example.org/about\naccept: */*\n", "");
}

const PRICES: &str = r#"
[api]
name = "Shop"
doc = "Sells things."

[structs.Price]
fields = { amount = "decimal" }

[unions.Label]
kinds = { text = "string", number = "int", price = "Price" }

[unions.Note]
kinds = { text = "string", number = "int" }

[endpoints.things.price]
doc = "Sets the price of a thing."
http = "PUT /things/price"
query = { above = "decimal?", day = "date?", note = "Note?" }
json = { price = "Price", fee = "decimal?", tax = "decimal_text?", labels = "[Label]?", main = "Label?" }
response = "json"
"#;

#[test]
fn digits_of_decimals_are_sent_as_written_and_unions_accept_text_and_json() {
    let shop = Shop::new([Action::json(200, "{}"), Action::json(200, "{}")]);
    shop.sandbox.write("shop.toml", PRICES);
    let exact = "0.10000000000000000000000000000001";
    let (_, request) = shop.sent(&[
        "things.price",
        "above=1.10",
        "day=2024-05-01",
        "note=1.10",
        &format!(r#"price={{"amount": {exact}}}"#),
        "fee=2.50",
        "tax=7.0",
        "labels=a b",
        "labels=5",
        r#"main={"amount": 1.50}"#,
    ]);
    assert_eq!(
        request.target(),
        "/things/price?above=1.10&day=2024-05-01&note=1.10"
    );
    assert_eq!(
        request.text(),
        format!(
            r#"{{"price":{{"amount": {exact}}},"fee":2.50,"tax":"7.0","labels":["a b",5],"main":{{"amount": 1.50}}}}"#
        )
    );
    let (_, request) = shop.sent(&[
        "things.price",
        &format!(r#"price:={{"amount": {exact}}}"#),
        &format!("fee:={exact}"),
        r#"main:="5""#,
    ]);
    assert_eq!(
        request.text(),
        format!(r#"{{"price":{{"amount": {exact}}},"fee":{exact},"main":"5"}}"#)
    );
    let outcome = shop.call(&["things.price", "price={}", "fee=1,5"]);
    outcome.assert(2, "", "error: invalid value of `fee`, expected a number\n");
}
