//! `dbexec call --spec`: an API that is not Databricks.

mod credentials;
mod responses;

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
        r#"{"name":"12","at":{"x": 1},"tags":["a","b,c"],"sizes":[1,2,3],"flag":true,"rate":2.5,"labels":{"k": "v"},"password":"hunter2"}"#
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
            "error: unknown field `nmae` of things.create\nhelp: a similar field exists: `name`\n",
        ),
        (
            "colour=a",
            "error: unknown field `colour` of things.create\nhelp: `dbexec call --spec shop.toml \
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

[structs.Login]
fields = { password = "secret", limit = "decimal" }

[endpoints.things.price]
doc = "Sets the price of a thing."
http = "PUT /things/price"
query = { above = "decimal?", day = "date?", note = "Note?", between = "[decimal]?" }
json = { price = "Price", fee = "decimal?", tax = "decimal_text?", labels = "[Label]?", main = "Label?", fees = "{[decimal]}?", prices = "[Price]?", logins = "[Login]?" }
response = "json"
"#;

#[test]
fn digits_of_decimals_are_sent_as_written_and_unions_accept_text_and_json() {
    let shop = Shop::new(vec![Action::json(200, "{}"); 3]);
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
    let (_, request) = shop.sent(&[
        "things.price",
        "price={}",
        &format!("between={exact}"),
        "between:=[1.10, 2.0]",
        &format!(r#"fees={{"b": [{exact}], "a": [1.0]}}"#),
        &format!(r#"prices={{"amount":{exact}}}"#),
        r#"prices:=[{"amount": 2.50}]"#,
        &format!(r#"labels:=[{{"amount":{exact}}}]"#),
        &format!(r#"logins={{"password":"p","limit":{exact}}}"#),
    ]);
    let between = format!("/things/price?between={exact}&between=1.10&between=2.0");
    assert_eq!(request.target(), between);
    assert_eq!(
        request.text(),
        format!(
            r#"{{"price":{{}},"labels":[{{"amount":{exact}}}],"fees":{{"b": [{exact}], "a": [1.0]}},"prices":[{{"amount":{exact}}},{{"amount": 2.50}}],"logins":[{{"password":"p","limit":{exact}}}]}}"#
        )
    );
    let outcome = shop.call(&["things.price", "price={}", "fee=1,5"]);
    outcome.assert(2, "", "error: invalid value of `fee`, expected a number\n");
}

#[test]
fn fields_are_described_in_their_direction() {
    let spec = r#"
[api]
name = "Pets"
doc = "Pets."

[structs.Pet.fields]
id = { type = "int", only = "response" }
name = "string"
key = { type = "string", only = "request" }

[endpoints.pets.replace]
doc = "Replaces a pet."
http = "PUT /pet"
json = "Pet"
response = "Pet"
"#;
    let sandbox = Sandbox::new();
    sandbox.write("pets.toml", spec);
    let done = sandbox.run(["call", "--spec", "pets.toml", "pets.replace", "--help"]);
    let response = "\nResponse:\n  id    int\n  name  string\n\n";
    assert!(done.stdout.contains(response), "{done}");
}
