//! Requests in all encodings.

use std::collections::BTreeMap;

use api_runtime::types::{Decimal, RawJson};
use api_runtime::{Argument, Upload};
use serde_json::{Value, json};
use test_server::Action;

use super::Call;
use super::generated::{
    Cause, CircleShape, Item, ItemCause, ItemId, Login, Owner, Point, Price, Range, Shape, Size,
    SquareShape, State, items, styles,
};

const DIGITS: &str = "0.10000000000000000000000000000001";

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn price(amount: &str) -> Price {
    Price::new(decimal(amount))
}

fn item() -> Item {
    Item::new("b", price(DIGITS))
        .prices(vec![decimal("1.50"), decimal("2.0")])
        .rates(BTreeMap::from([("x".to_owned(), decimal("3.10"))]))
        .size(Range::new(decimal("0.50")).max(decimal(DIGITS)))
        .parts(vec![Item::new("a", price("1e2"))])
        .secret("s")
}

/// JSON of [`item`].
const ITEM: &str = r#"{"zone":"b","price":{"amount":0.10000000000000000000000000000001},"prices":[1.50,2.0],"rates":{"x":3.10},"size":{"min":0.50,"max":0.10000000000000000000000000000001},"parts":[{"zone":"a","price":{"amount":1e2}}],"secret":"s"}"#;

const POINT: &str = r#"{"y":1.5,"x":-2.5,"tags":["b","a c"]}"#;

fn point() -> Point {
    Point::new(1.5)
        .x(-2.5)
        .tags(vec!["b".to_owned(), "a c".to_owned()])
}

fn nothing() -> [Action; 1] {
    [Action::respond(204, &[], "")]
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

#[test]
fn queries_paths_and_headers() {
    let call = Call::new("styles.query", nothing())
        .text("id", "a/b c")
        .text("path", "d/e f")
        .json("owner", r#"["x","y z"]"#)
        .json("repeated", "[1.50, 2.0]")
        .json("comma", r#"["a,b","c"]"#)
        .json("space", r#"["a","b"]"#)
        .json("pipe", "[1,2]")
        .json("brackets", POINT)
        .json("indices", &format!("[{POINT},{POINT}]"))
        .text("dots", r#"{"k":1.10,"l":2.50}"#)
        .text("json", &format!(r#"{{"amount":{DIGITS}}}"#))
        .text("size", r#"{"min":1.10}"#)
        .text("size_json", "1.10")
        .text("day", "2024-05-01")
        .text("above", DIGITS)
        .json("nullable", "null")
        .json("X-Tags", r#"["a","b"]"#)
        .json("X-Price", r#"{"amount":1.10,"currency":"€"}"#)
        .text("X-Count", "18446744073709551615");
    let sent = call.agrees(|client| {
        let request = styles::Query::new("a/b c", "d/e f")
            .owner(vec![ItemId::from("x"), ItemId::from("y z")])
            .repeated(vec![decimal("1.50"), decimal("2.0")])
            .comma(texts(&["a,b", "c"]))
            .space(texts(&["a", "b"]))
            .pipe(vec![1, 2])
            .brackets(point())
            .indices(vec![point(), point()])
            .dots(BTreeMap::from([
                ("k".to_owned(), decimal("1.10")),
                ("l".to_owned(), decimal("2.50")),
            ]))
            .json(price(DIGITS))
            .size(Range::new(decimal("1.10")))
            .size_json(decimal("1.10"))
            .day("2024-05-01".parse::<api_runtime::types::Date>().unwrap())
            .above(decimal(DIGITS))
            .nullable(None)
            .x_tags(texts(&["a", "b"]))
            .x_price(price("1.10").currency("€"))
            .x_count(u64::MAX);
        styles::query(client, &request).map(|()| Value::Null)
    });
    let line = &sent[0].line;
    for part in [
        "/styles/a%2Fb%20c/d/e%20f?v=1&",
        "owner=x&owner=y%20z&repeated=1.50&repeated=2.0&comma=a%2Cb,c&",
        "brackets%5By%5D=1.5&brackets%5Bx%5D=-2.5&brackets%5Btags%5D%5B%5D=b&",
        "dots.k=1.10&",
        "size%5Bmin%5D=1.10&size_json=1.10&day=2024-05-01&above=0.10000000000000000000000000000001&nullable=&limit=20 ",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
}

#[test]
fn one_value_or_a_list_in_the_query() {
    for (text, owner, expected) in [
        ("x y", Owner::from(ItemId::from("x y")), "owner=x%20y&"),
        (r#"["x"]"#, Owner::from(vec![ItemId::from("x")]), "owner=x&"),
    ] {
        let call = Call::new("styles.query", nothing())
            .text("id", "1")
            .text("path", "p")
            .text("owner", text)
            .text("size_json", "a b")
            .text("size", "a b");
        let sent = call.agrees(|client| {
            let request = styles::Query::new("1", "p").owner(owner);
            let request = request.size("a b").size_json("a b");
            styles::query(client, &request).map(|()| Value::Null)
        });
        let line = &sent[0].line;
        assert!(line.contains(expected), "{line}");
        assert!(line.contains("size=a%20b&size_json=%22a%20b%22"), "{line}");
    }
}

#[test]
fn bounds_are_checked_before_anything_is_sent() {
    let call = Call::new("styles.query", [])
        .text("id", "1")
        .text("path", "p")
        .text("limit", "101");
    let sent = call.agrees(|client| {
        let request = styles::Query::new("1", "p").limit(101);
        styles::query(client, &request).map(|()| Value::Null)
    });
    assert!(sent.is_empty());
}

#[test]
fn forms() {
    let any = r#"{"b":[1,{"c":"d"}],"a":null}"#;
    let call = Call::new("styles.form", nothing())
        .text("name", "a b")
        .text("items", &format!("[{ITEM}]"))
        .text("point", POINT)
        .json("any", r#"{"a":null,"b":[1,{"c":"d"}]}"#)
        .text("raw", any)
        .text("password", "hunter2");
    let sent = call.agrees(|client| {
        let request = styles::Form::new("a b")
            .items(vec![item()])
            .point(point())
            .any(any.parse::<Value>().unwrap())
            .raw(any.parse::<RawJson>().unwrap())
            .password("hunter2");
        styles::form(client, &request).map(|()| Value::Null)
    });
    let body = &sent[0].body;
    assert!(
        body.contains("items%5B0%5D%5Bprices%5D%5B0%5D=1.50&"),
        "{body}"
    );
    assert!(
        body.contains("raw%5Bb%5D%5B0%5D=1&raw%5Bb%5D%5B1%5D%5Bc%5D=d"),
        "{body}"
    );
}

#[test]
fn multipart_bodies_and_files() {
    let file = || Upload::bytes("a.txt", "hello");
    let files = || vec![Upload::bytes("b", "1"), Upload::bytes("c", "2")];
    let any = r#"[1,{"a":"b"}]"#;
    let call = Call::new("styles.multipart", nothing())
        .text("note", "n")
        .text("item", ITEM)
        .text("points", &format!("[{POINT},{POINT}]"))
        .text("any", any)
        .text("point", POINT)
        .argument("file", Argument::File(file()))
        .argument("files", Argument::Files(files()));
    let sent = call.agrees(|client| {
        let request = styles::Multipart::new("n", file())
            .item(item())
            .points(vec![point(), point()])
            .any(any.parse::<Value>().unwrap())
            .point(point())
            .files(files());
        styles::multipart(client, &request).map(|()| Value::Null)
    });
    let body = &sent[0].body;
    assert_eq!(body.matches("name=\"points\"").count(), 2, "{body}");
    assert_eq!(body.matches("name=\"any\"").count(), 1, "{body}");
    assert_eq!(body.matches("name=\"files\"").count(), 2, "{body}");

    let call = Call::new("styles.related", nothing())
        .text("meta", ITEM)
        .argument("file", Argument::File(file()));
    call.agrees(|client| {
        let request = styles::Related::new(item(), file());
        styles::related(client, &request).map(|()| Value::Null)
    });

    let call = Call::new("styles.upload", nothing()).argument("body", Argument::File(file()));
    let sent = call.agrees(|client| {
        styles::upload(client, &styles::Upload::new(file())).map(|()| Value::Null)
    });
    assert_eq!(sent[0].body, "hello");
    let call = Call::new("styles.upload", nothing())
        .argument("body", Argument::File(file()))
        .text("Content-Type", "image/png");
    let sent = call.agrees(|client| {
        let request = styles::Upload::new(file()).content_type("image/png");
        styles::upload(client, &request).map(|()| Value::Null)
    });
    assert!(
        sent[0].headers.contains("content-type: image/png\n"),
        "{sent:?}"
    );
}

#[test]
fn json_with_types_of_all_kinds() {
    let call = Call::new(
        "items.create",
        [Action::respond(201, &["Location: /1"], r#"{"id":1}"#)],
    )
    .text("item", ITEM)
    .text("shape", r#"{"kind":"circle","radius":1.10}"#)
    .text("shapes", r#"[{"kind":"square","side":2.50}]"#)
    .text("cause", r#"{"item":"i","price":0.30}"#)
    .text("map", r#"{"k":[1.10,2.0]}"#)
    .text("raw", r#"{"b": 1.50, "a": [1e400]}"#)
    .text("any", r#"{"a":"b","c":[true,null]}"#)
    .text("login", r#"{"user":"u","password":"p","limit":1.10}"#)
    .text("logins", r#"[{"user":"u","password":"p"}]"#)
    .text("at", "2024-05-01T12:00:00Z")
    .text("every", "P1DT12H")
    .text("data", "aGVsbG8=")
    .text("big", "18446744073709551615")
    .text("state", "running")
    .json("null", "null");
    let sent = call.agrees(|client| {
        let request = items::Create::new(item())
            .shape(Shape::Circle(CircleShape::new(decimal("1.10"))))
            .shapes(vec![Shape::Square(SquareShape::new(decimal("2.50")))])
            .cause(Cause::Item(ItemCause::new("i").price(decimal("0.30"))))
            .map(BTreeMap::from([(
                "k".to_owned(),
                vec![decimal("1.10"), decimal("2.0")],
            )]))
            .raw(r#"{"b": 1.50, "a": [1e400]}"#.parse::<RawJson>().unwrap())
            .any(json!({"a": "b", "c": [true, null]}))
            .login(Login::new("u", "p").limit(decimal("1.10")))
            .logins(vec![Login::new("u", "p")])
            .at(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_714_564_800))
            .every(std::time::Duration::from_secs(36 * 3600))
            .data(b"hello".to_vec())
            .big(u64::MAX)
            .state(State::Running)
            .null(None);
        let response = items::create(client, &request)?;
        Ok(json!({"id": 1, "Location": response.location}))
    });
    let body = &sent[0].body;
    assert!(body.starts_with(&format!(r#"{{"item":{ITEM},"#)), "{body}");
    assert!(
        body.contains(r#""raw":{"b": 1.50, "a": [1e400]}"#),
        "{body}"
    );
}

#[test]
fn unions_of_json_kinds() {
    let cases: [(&str, Size); 4] = [
        ("a b", Size::from("a b")),
        (DIGITS, Size::from(decimal(DIGITS))),
        (r#"{"min":1.10}"#, Size::from(Range::new(decimal("1.10")))),
        (
            r#"[{"min":1.10}]"#,
            Size::from(vec![Range::new(decimal("1.10"))]),
        ),
    ];
    for (text, size) in cases {
        let json = text.parse::<RawJson>();
        let json = json.map_or_else(|_| Value::from(text).to_string(), String::from);
        let item = format!(r#"{{"zone":"z","price":{{"amount":1}},"size":{json}}}"#);
        let call = Call::new("items.replace", [Action::json(200, "[]")]);
        let call = call.json("body", &format!("[{item}]"));
        call.agrees(|client| {
            let item = Item::new("z", price("1")).size(size);
            let response = items::replace(client, &items::Replace::new(vec![item]))?;
            assert!(response.body.is_empty());
            Ok(json!({"body": []}))
        });
    }
}

#[test]
fn fields_of_responses_are_not_sent_back() {
    let received = r#"{"id":"7","zone":"z","price":{"amount":1.10},"parts":[{"id":"8","zone":"y","price":{"amount":2}}],"seen":"2024-05-01"}"#;
    let responses = [
        Action::json(200, format!("[{received}]")),
        Action::json(200, "[]"),
    ];
    let shapes = r#"[{"kind":"square","note":"n","side":1.0}]"#;
    let call = Call::new("items.replace", responses).json("body", &format!("[{received}]"));
    let dynamic = call.run_dynamic(|endpoint, client, arguments| {
        endpoint.call(client, arguments)?;
        endpoint.call(client, arguments)
    });
    let generated = call.run(|client| {
        let empty = items::Replace::new(Vec::new());
        let read = items::replace(client, &empty)?;
        items::replace(client, &items::Replace::new(read.body))
    });
    assert_eq!(generated.1[1], dynamic.1[1]);
    let expected =
        r#"[{"zone":"z","price":{"amount":1.10},"parts":[{"zone":"y","price":{"amount":2}}]}]"#;
    assert_eq!(dynamic.1[1].body, expected);

    let call = Call::new("items.create", nothing())
        .json("item", received)
        .text("shapes", shapes);
    let (_, sent) = call.send();
    assert!(!sent[0].body.contains("note"), "{sent:?}");
    assert!(!sent[0].body.contains("\"id\""), "{sent:?}");
}

#[test]
fn idempotency_key_is_generated_or_that_of_the_caller() {
    let call = Call::new("items.once", nothing())
        .text("name", "n")
        .text("key", "k");
    call.agrees(|client| {
        items::once(client, &items::Once::new("n").key("k")).map(|()| Value::Null)
    });
    let call = Call::new("items.once", nothing()).text("name", "n");
    let (_, dynamic) = call.send();
    let (_, generated) = call.run(|client| items::once(client, &items::Once::new("n")));
    let keyless = |body: &str| body.split("\"key\":").next().unwrap().to_owned();
    assert_eq!(dynamic[0].body.len(), generated[0].body.len());
    assert_eq!(keyless(&dynamic[0].body), keyless(&generated[0].body));
}
