//! Unions whose variants are distinguished by their JSON kinds.

use api_runtime::types::RawJson;
use api_runtime::{Argument, Client, Error, ErrorKind};
use test_server::{Action, Server};

mod api {
    #![deny(warnings)]
    api_runtime::api!(
        "tests/specs/unions_by_kind.toml",
        derive = [PartialEq, Serialize, Deserialize]
    );
}

use api::{Assignee, Label, LabelObject, Metric, Size, UserId, issues};

fn create(
    request: &issues::Create,
    response: &str,
) -> (Result<issues::CreateResponse, Error>, Server) {
    let server = Server::scripted([Action::json(200, response)]);
    let client = Client::builder(server.url()).build().unwrap();
    let result = issues::create(&client, request);
    (result, server)
}

fn request() -> issues::Create {
    issues::Create::new(vec![], UserId::from("7"))
}

fn read(response: &str) -> Result<issues::CreateResponse, Error> {
    create(&request(), response).0
}

fn raw(text: &str) -> RawJson {
    text.parse().unwrap()
}

#[test]
fn values_are_sent_in_their_kind() {
    let labels = vec![
        Label::from("bug"),
        LabelObject::new("new").color("red").into(),
        Label::Unknown(raw("[1.50]")),
    ];
    let several = vec![UserId::from("1"), UserId::from("a&b")];
    let request = issues::Create::new(labels, several.clone())
        .by(several)
        .above(vec![Metric::from(1.5), Metric::from("x")])
        .metric(-3)
        .extra(Some("x".into()));
    let response = r#"{"labels": [], "metrics": [], "sizes": []}"#;
    let (result, server) = create(&request, response);
    result.unwrap();
    let sent = server.request();
    assert_eq!(
        sent.line,
        "POST /issues?by=1&by=a%26b&above=1.5&above=x HTTP/1.1"
    );
    let expected = r#"{"labels":["bug",{"name":"new","color":"red"},[1.50]],"metric":-3,"assignee":["1","a&b"],"extra":"x"}"#;
    assert_eq!(String::from_utf8(sent.body).unwrap(), expected);
}

#[test]
fn first_token_selects_the_variant() {
    let response = read(
        r#"{"labels": ["bug", {"color": "red", "name": "new"}, 1.50, null, [ ]],
            "metrics": [1, -0, 1.0, 1e2, 9223372036854775807, 9223372036854775808, "1", true, false, {}],
            "assignee": ["1", 2], "sizes": [18446744073709551615, 18446744073709551616, -1, 1.5]}"#,
    )
    .unwrap();
    let object = LabelObject::new("new").color("red");
    assert_eq!(
        response.labels,
        [
            "bug".into(),
            object.into(),
            Label::Unknown(raw("1.50")),
            Label::Unknown(RawJson::NULL),
            Label::Unknown(raw("[ ]")),
        ]
    );
    assert_eq!(
        response.metrics,
        [
            Metric::Int(1),
            Metric::Int(0),
            Metric::Number(1.0),
            Metric::Number(100.0),
            Metric::Int(i64::MAX),
            Metric::Number(9_223_372_036_854_775_808.0),
            Metric::from("1"),
            Metric::Flag(true),
            Metric::Flag(false),
            Metric::Unknown(raw("{}")),
        ]
    );
    let users = vec![UserId::from("1"), UserId::from("2")];
    assert_eq!(response.assignee, Some(Assignee::Several(users)));
    assert_eq!(
        response.sizes,
        [
            Size::Bytes(u64::MAX),
            Size::Unknown(raw("18446744073709551616")),
            Size::Unknown(raw("-1")),
            Size::Unknown(raw("1.5")),
        ]
    );
}

#[test]
fn optional_union_is_absent_or_null() {
    for assignee in ["", r#""assignee": null,"#] {
        let response = read(&format!(
            r#"{{{assignee} "labels": [], "metrics": [], "sizes": []}}"#
        ));
        assert_eq!(response.unwrap().assignee, None);
    }
}

#[test]
fn invalid_value_of_the_selected_variant_is_an_error() {
    for (labels, expected) in [
        (r#"[{"color": "red"}]"#, "at `labels[0]`"),
        (r#"["a", {"name": 1}]"#, "at `labels[1].name`"),
        ("[}]", "expected a value"),
        ("[1.]", "expected a digit"),
        ("[tru]", "`true`"),
    ] {
        let error = read(&format!(r#"{{"labels": {labels}}}"#)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.to_string().contains(expected), "{labels}: {error}");
    }
}

#[test]
fn calls_by_name_send_json_or_text() {
    for (metric, sent_metric) in [("5 %", "\"5 %\""), ("5", "5"), ("\"5\"", "\"5\"")] {
        let server = Server::scripted([Action::json(200, "{}")]);
        let client = Client::builder(server.url()).build().unwrap();
        let arguments = [
            ("by", "me"),
            ("metric", metric),
            ("labels", r#"["a", {"name": "b"}]"#),
            ("assignee", r#"["me"]"#),
        ]
        .map(|(name, text)| (name.to_owned(), Argument::Text(text.to_owned())));
        client.call_by_name(&api::ENDPOINTS[0], &arguments).unwrap();
        let sent = server.request();
        assert_eq!(sent.line, "POST /issues?by=me HTTP/1.1");
        let expected = format!(
            r#"{{"labels":["a",{{"name": "b"}}],"metric":{sent_metric},"assignee":["me"]}}"#
        );
        assert_eq!(String::from_utf8(sent.body).unwrap(), expected);
    }
}

#[test]
fn union_is_serialized_as_in_the_api() {
    let labels = vec![Label::from("bug"), LabelObject::new("new").into()];
    let json = serde_json::to_string(&labels).unwrap();
    assert_eq!(json, r#"["bug",{"name":"new"}]"#);
    assert_eq!(serde_json::from_str::<Vec<Label>>(&json).unwrap(), labels);
}
