//! Values that are not scalars in queries, forms, headers and multipart bodies.

use std::collections::BTreeMap;

use api_runtime::{Argument, CurlVariables, Error, ErrorKind, RequestByName, Upload};
use serde_json::{Value, json};

use crate::support::{answered, client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/field_styles.toml");
}

use api::{Color, Item, Loose, Source, shops};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().copied().map(str::to_owned).collect()
}

fn create() -> shops::Create {
    shops::Create::new("s 1")
}

/// Returns the form without the first field, with brackets that are not escaped.
#[track_caller]
fn form(request: &shops::Create) -> String {
    let (client, script) = answered();
    shops::create(&client, request).unwrap();
    let body = String::from_utf8(sent(&script).body).unwrap();
    let fields = body.strip_prefix("id=s%201").unwrap();
    let fields = fields.strip_prefix('&').unwrap_or(fields);
    fields.replace("%5B", "[").replace("%5D", "]")
}

/// Returns the error of a request that is not sent.
#[track_caller]
fn failure(request: &shops::Create) -> Error {
    let (client, script) = answered();
    let error = shops::create(&client, request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(script.requests().is_empty());
    error
}

fn items() -> Vec<Item> {
    let options = BTreeMap::from([("x y".to_owned(), "1&2".to_owned())]);
    vec![
        Item::new("a")
            .tags(texts(&["t", "u"]))
            .color(Color::DarkBlue),
        Item::new("b").price(0.5).options(options),
    ]
}

#[test]
fn values_are_spread_by_style() {
    assert_eq!(
        form(&create().brackets(items())),
        "brackets[][name]=a&brackets[][tags][]=t&brackets[][tags][]=u&brackets[][color]=dark_blue\
         &brackets[][name]=b&brackets[][price]=0.5&brackets[][options][x%20y]=1%262"
    );
    assert_eq!(
        form(&create().indices(Some(items()))),
        "indices[0][name]=a&indices[0][tags][0]=t&indices[0][tags][1]=u&indices[0][color]=dark_blue\
         &indices[1][name]=b&indices[1][price]=0.5&indices[1][options][x%20y]=1%262"
    );
    let [first, second] = <[Item; 2]>::try_from(items()).unwrap();
    assert_eq!(
        form(&create().dots(first)),
        "dots.name=a&dots.tags=t&dots.tags=u&dots.color=dark_blue"
    );
    assert_eq!(
        form(&create().dots(second)),
        "dots.name=b&dots.price=0.5&dots.options.x%20y=1%262"
    );
    assert_eq!(
        form(&create().matrix(vec![vec![1, 2], vec![], vec![3]])),
        "matrix[0][0]=1&matrix[0][1]=2&matrix[2][0]=3"
    );
    assert_eq!(
        form(&create().source(Source::Bank(api::BankSource::new("1")))),
        "source[object]=bank&source[account]=1"
    );
}

#[test]
fn json_values_are_spread_or_sent_as_text() {
    let value = json!({"a": [true, null, {"b": 1.5}], "c": {}, "d": "x"});
    assert_eq!(
        form(&create().any(value.clone())),
        "any[a][]=true&any[a][]=&any[a][][b]=1.5&any[d]=x"
    );
    let raw: api_runtime::types::RawJson = r#"{"a": [1.50, "x"]}"#.parse().unwrap();
    assert_eq!(form(&create().raw(raw)), "raw[a][0]=1.50&raw[a][1]=x");
    assert_eq!(
        form(&create().json(value)),
        "json=%7B%22a%22%3A[true%2Cnull%2C%7B%22b%22%3A1.5%7D]%2C%22c%22%3A%7B%7D%2C%22d%22%3A%22x%22%7D"
    );
}

#[test]
fn null_is_an_empty_value_and_absent_values_are_omitted() {
    assert_eq!(form(&create()), "");
    assert_eq!(
        form(&create().brackets(vec![]).loose(vec![Loose::new()])),
        ""
    );
    let request = create().limit(None).labels(None).indices(None);
    assert_eq!(form(&request), "indices=&limit=&labels=");
    let (client, script) = answered();
    shops::find(&client, &shops::Find::new().limit(None)).unwrap();
    assert_eq!(sent(&script).target, "/base/shops?limit=");
}

#[test]
fn json_is_text_in_queries_and_headers() {
    let (client, script) = answered();
    let words = BTreeMap::from([("k".to_owned(), texts(&["a", "b"]))]);
    let find = shops::Find::new()
        .r#where(words)
        .near(vec![])
        .x_filter(BTreeMap::from([("\u{e9}\n\u{1f600}".to_owned(), 2.0)]));
    shops::find(&client, &find).unwrap();
    let sent = sent(&script);
    assert_eq!(sent.target, "/base/shops?where.k=a&where.k=b&near=%5B%5D");
    let filter = (
        "x-filter".to_owned(),
        r#"{"\u00e9\n\ud83d\ude00":2.0}"#.to_owned(),
    );
    assert!(sent.headers.contains(&filter), "{:?}", sent.headers);
}

#[test]
fn items_that_servers_would_merge_are_not_sent() {
    let item = |a: Option<&str>, b: Option<&str>| Loose {
        a: a.map(str::to_owned),
        b: b.map(str::to_owned),
        ..Loose::new()
    };
    let sent = [
        vec![item(Some("1"), Some("2")), item(Some("3"), None)],
        vec![item(Some("1"), Some("2")), item(None, Some("3"))],
        vec![item(None, Some("2")), item(None, Some("3"))],
    ];
    for items in sent {
        assert!(form(&create().loose(items)).starts_with("loose[]["));
    }
    let merged = [
        vec![item(Some("1"), None), item(None, Some("2"))],
        vec![item(None, Some("1")), item(Some("2"), Some("3"))],
        vec![
            Loose::new().list(texts(&["x"])),
            Loose::new().list(texts(&["y"])),
        ],
    ];
    for items in merged {
        let message = failure(&create().loose(items)).message().to_owned();
        assert!(message.starts_with("the items of the field `loose` cannot be distinguished"));
    }
}

#[test]
fn keys_that_change_the_structure_are_not_sent() {
    let with_key = |key: &str| {
        let options = BTreeMap::from([(key.to_owned(), "1".to_owned())]);
        Item::new("a").options(options)
    };
    for key in ["a[b", "a]", ""] {
        let error = failure(&create().indices(Some(vec![with_key(key)])));
        assert_eq!(
            error.message(),
            format!(
                "the key `{key}` in the field `indices[0][options]` is empty or contains `[` or `]`"
            )
        );
        failure(&create().brackets(vec![with_key(key)]));
        failure(&create().dots(with_key(key)));
    }
    let error = failure(&create().dots(with_key("a.b")));
    assert!(
        error
            .message()
            .contains("`a.b` in the field `dots.options`"),
        "{error}"
    );
    assert_eq!(
        form(&create().indices(Some(vec![with_key("a.b")]))),
        "indices[0][name]=a&indices[0][options][a.b]=1"
    );
}

#[test]
fn bounds_and_finite_numbers_are_checked_inside() {
    let error = failure(&create().indices(Some([items(), items()].concat())));
    assert_eq!(
        error.message(),
        "the field `indices` must be at most 2 items long"
    );
    for (request, name) in [
        (
            create().brackets(vec![Item::new("a").price(f64::NAN)]),
            "brackets.price",
        ),
        (
            create().dots(Item::new("a").price(f64::INFINITY)),
            "dots.price",
        ),
    ] {
        let expected = format!("the field `{name}` must be a finite number");
        assert_eq!(failure(&request).message(), expected);
    }
    let (client, script) = answered();
    for find in [
        shops::Find::new().near(vec![f64::NAN]),
        shops::Find::new().x_filter(BTreeMap::from([("k".to_owned(), f64::NAN)])),
    ] {
        let error = shops::find(&client, &find).unwrap_err();
        assert!(
            error.message().ends_with("must be a finite number"),
            "{error}"
        );
    }
    let meta = vec![Item::new("a").price(f64::NEG_INFINITY)];
    let error = shops::upload(&client, &shops::Upload::new().meta(meta)).unwrap_err();
    assert_eq!(
        error.message(),
        "the field `meta.price` must be a finite number"
    );
    assert!(script.requests().is_empty());
}

#[test]
fn parts_have_their_media_type() {
    let (client, script) = answered();
    let photos = vec![Upload::bytes("1.png", "one"), Upload::bytes("2.png", "two")];
    let upload = shops::Upload::new()
        .meta(vec![Item::new("a"), Item::new("b")])
        .note(Some("*x*".to_owned()))
        .item(Item::new("c").tags(texts(&["t"])))
        .photos(photos);
    shops::upload(&client, &upload).unwrap();
    let body = String::from_utf8(sent(&script).body).unwrap();
    let boundary = body.lines().next().unwrap().to_owned();
    let part = |head: &str, content: &str| {
        format!("{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    let json = "name=\"meta\"\r\nContent-Type: application/vnd.shop+json; charset=utf-8";
    let expected = [
        part(json, r#"{"name":"a"}"#),
        part(json, r#"{"name":"b"}"#),
        part("name=\"note\"\r\nContent-Type: text/markdown", "*x*"),
        part("name=\"item.name\"", "c"),
        part("name=\"item.tags\"", "t"),
        part(
            "name=\"photos\"; filename=\"1.png\"\r\nContent-Type: image/png",
            "one",
        ),
        part(
            "name=\"photos\"; filename=\"2.png\"\r\nContent-Type: image/png",
            "two",
        ),
        format!("{boundary}--\r\n"),
    ];
    assert_eq!(body, expected.concat());
}

#[test]
fn secrets_in_nested_values_are_redacted() {
    let card = || Source::Card(api::CardSource::new("4242"));
    let builder = client(&api_runtime::transport::Scripted::new());
    let form = builder.preview(shops::Create::OPERATION, &create().source(card()));
    let form = form.unwrap();
    let parts = shops::Upload::new().secret(card());
    let parts = builder.preview(shops::Upload::OPERATION, &parts).unwrap();
    for preview in [form, parts] {
        let line = preview.to_curl(&CurlVariables::default());
        assert!(!line.contains("4242"), "{line}");
        assert!(line.contains("***") || line.contains("%2A%2A%2A"), "{line}");
        assert!(!preview.to_string().contains("4242"), "{preview}");
        assert!(preview.has_secret_fields());
    }
}

#[test]
fn calls_by_name_spread_json_arguments() {
    let endpoint = |name: &str| {
        let mut all = api::ENDPOINTS.iter();
        all.find(|it| it.operation.name == name).unwrap()
    };
    let arguments = |value: Value| -> Vec<(String, Argument)> {
        let Value::Object(members) = value else {
            unreachable!()
        };
        let members = members.into_iter();
        members
            .map(|(name, value)| (name, Argument::Json(value.into())))
            .collect()
    };
    let (client, script) = answered();
    let given = arguments(json!({
        "id": "s 1", "brackets": [{"name": "a", "tags": ["t"]}], "source": {"object": "card", "number": "1"},
        "limit": null, "labels": ["x", "y"],
    }));
    client
        .call_by_name(endpoint("shops.create"), &given)
        .unwrap();
    assert_eq!(
        sent(&script).body,
        b"id=s%201&brackets%5B%5D%5Bname%5D=a&brackets%5B%5D%5Btags%5D%5B%5D=t\
          &source%5Bnumber%5D=1&source%5Bobject%5D=card&limit=&labels=x,y"
    );
    let text = |text: &str| Argument::Text(text.to_owned());
    let given = [
        ("meta".to_owned(), text(r#"[{"name": "a"}]"#)),
        (
            "photos".to_owned(),
            Argument::File(Upload::bytes("1.png", "one")),
        ),
    ];
    let (client, script) = answered();
    client
        .call_by_name(endpoint("shops.upload"), &given)
        .unwrap();
    let body = String::from_utf8(sent(&script).body).unwrap();
    assert!(
        body.contains("charset=utf-8\r\n\r\n{\"name\": \"a\"}\r\n"),
        "{body}"
    );
    assert!(body.contains("image/png\r\n\r\none\r\n"), "{body}");
    let merged = arguments(json!({"id": "s", "brackets": [{"b": "1"}, {"a": "2", "b": "3"}]}));
    let request = RequestByName::new(endpoint("shops.create"), &merged).unwrap();
    let error = client
        .send(endpoint("shops.create").operation, &request)
        .unwrap_err();
    assert!(
        error.message().contains("cannot be distinguished"),
        "{error}"
    );
}
