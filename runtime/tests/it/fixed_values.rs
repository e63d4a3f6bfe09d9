//! Fields with fixed values, and deprecated items.

use api_runtime::Argument;

use crate::support::{answered, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/fixed_values.toml");
}

use api::{Part, files};

#[test]
fn fixed_values_are_sent_with_every_request() {
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
fn endpoint_overrides_the_fixed_values_of_the_api() {
    let (client, script) = answered();
    files::find(&client, &files::Find::new()).unwrap();
    assert_eq!(sent(&script).target, "/base/files?api-version=8");
}

#[test]
fn calls_by_name_send_fixed_values() {
    let (client, script) = answered();
    let name = ("x-client".to_owned(), Argument::Text("me".to_owned()));
    let part = (
        "part".to_owned(),
        Argument::Json(serde_json::json!({"name": "a"}).into()),
    );
    client
        .call_by_name(&api::ENDPOINTS[0], &[name, part])
        .unwrap();
    assert_eq!(
        sent(&script).body,
        br#"{"kind":"file","part":{"name":"a"}}"#
    );
}
