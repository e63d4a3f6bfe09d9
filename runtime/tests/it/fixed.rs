//! Values that are sent with every request; what one should not use any more.

use api_runtime::Argument;

use crate::support::{answered, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Files"
        doc = "Files in a workspace."
        headers = { X-Api-Version = "2024-05-01", X-Client = "spec" }
        query = { api-version = 7 }

        [structs.Part]
        fields = { name = "string", old = { type = "int?", deprecated = "It is not read." } }

        [endpoints.files.list]
        doc = "Lists files."
        http = "POST /files"
        deprecated = "Use `files.find`."
        query = { all = { type = "bool", value = true }, old = { type = "string?", deprecated = "It is not read." } }
        headers = { x-client = "string", Accept = { type = "string", value = "text/json" } }
        json = { kind = { type = "string", value = "file" }, part = "Part" }
        response = { part = "Part?" }
        response_headers = { X-Old = { type = "string?", deprecated = "It is not sent." } }

        [endpoints.files.find]
        doc = "Finds files."
        http = "GET /files"
        query = { api-version = { type = "int", value = 8 } }
    "# }
}

use api::{Part, files};

#[test]
fn fixed_values_are_sent_by_themselves() {
    let (client, script) = answered();
    #[expect(deprecated)]
    files::list(&client, &files::List::new("me", Part::new("a"))).unwrap();
    let request = sent(&script);
    assert_eq!(request.target, "/base/files?all=true&api-version=7");
    assert_eq!(request.body, br#"{"kind":"file","part":{"name":"a"}}"#);
    for (name, value) in [
        ("x-api-version", "2024-05-01"),
        ("x-client", "me"),
        ("accept", "text/json"),
    ] {
        let found: Vec<_> = request
            .headers
            .iter()
            .filter(|(other, _)| other == name)
            .collect();
        assert_eq!(found, [&(name.to_owned(), value.to_owned())]);
    }
}

#[test]
fn an_endpoint_has_the_last_word() {
    let (client, script) = answered();
    files::find(&client, &files::Find::new()).unwrap();
    assert_eq!(sent(&script).target, "/base/files?api-version=8");
}

#[test]
fn fixed_values_are_sent_by_name_as_well() {
    let (client, script) = answered();
    let name = ("x-client".to_owned(), Argument::Text("me".to_owned()));
    let part = (
        "part".to_owned(),
        Argument::Json(serde_json::json!({"name": "a"})),
    );
    client
        .call_by_name(&api::ENDPOINTS[0], &[name, part])
        .unwrap();
    assert_eq!(
        sent(&script).body,
        br#"{"kind":"file","part":{"name":"a"}}"#
    );
}
