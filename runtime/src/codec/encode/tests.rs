use std::collections::BTreeMap;
use std::io::Read as _;

use serde_json::{Value, json};

use super::*;
use crate::codec::types::Nullable;
use crate::codec::upload::Upload;
use crate::error::{Error, ErrorKind};
use crate::operation::{BodyFormat, Bounds, Operation, Size};
use crate::transport::Body;

/// A request with one value of each kind in the query and in the body.
struct Sample {
    text: String,
    file: Option<Upload>,
}

impl Sample {
    fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            file: None,
        }
    }
}

impl Request for Sample {
    fn query(&self, encoder: &mut Encoder) {
        encoder.field("text", &self.text);
        encoder.field("none", &None::<String>);
        encoder.field("yes", &true);
        encoder.field("count", &-5_i64);
    }

    fn body(&self, encoder: &mut Encoder) {
        encoder.field("text", &self.text);
        encoder.field("none", &None::<i64>);
        encoder.field("yes", &Some(false));
        encoder.field("count", &i64::MIN);
        if let Some(file) = &self.file {
            encoder.field("a \"file\"", file);
        }
    }
}

/// A request with a single field in each of its parts.
struct OneField<'a>(&'a dyn Encode);

impl Request for OneField<'_> {
    fn path(&self, encoder: &mut Encoder) {
        encoder.field("field", self.0);
    }

    fn headers(&self, encoder: &mut Encoder) {
        encoder.field("field", self.0);
    }

    fn query(&self, encoder: &mut Encoder) {
        encoder.field("field", self.0);
    }

    fn body(&self, encoder: &mut Encoder) {
        encoder.field("field", self.0);
    }
}

/// A request whose body has three fields.
struct Several<'a>([(&'a str, &'a dyn Encode); 3]);

impl Request for Several<'_> {
    fn body(&self, encoder: &mut Encoder) {
        for (name, value) in self.0 {
            encoder.field(name, value);
        }
    }
}

/// An operation whose path has the parameter `field`.
static PARAMETER: Operation = Operation {
    path: "/{field}",
    ..Operation::DEFAULT
};

fn query(request: &dyn Request) -> Result<String, Error> {
    let url = RequestParts::new(&Operation::DEFAULT, request)?.query(b"/path".to_vec())?;
    let url = String::from_utf8(url).unwrap();
    let query = url.strip_prefix("/path").unwrap();
    assert!(query.is_empty() || query.starts_with('?'), "{url}");
    Ok(query.get(1..).unwrap_or_default().to_owned())
}

fn encode(format: BodyFormat, request: &dyn Request) -> Result<(String, String), Error> {
    let (body, content_type) = body(format, None, |encoder| request.body(encoder))?;
    let content_type = content_type.map(|value| value.to_str().unwrap().to_owned());
    Ok((text(body), content_type.unwrap_or_default()))
}

fn text(body: Body<'_>) -> String {
    match body {
        Body::Empty => String::new(),
        Body::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
        Body::Stream { length, mut reader } => {
            let mut text = String::new();
            reader.read_to_string(&mut text).unwrap();
            assert_eq!(
                text.len() as u64,
                length,
                "the length must match the content"
            );
            text
        }
    }
}

#[test]
fn reserved_characters_are_escaped_in_query_strings() {
    let cases = [
        ("a", "text=a&yes=true&count=-5"),
        (
            "a b+c&d=e/f%",
            "text=a%20b%2Bc%26d%3De%2Ff%25&yes=true&count=-5",
        ),
        ("日本-._~", "text=%E6%97%A5%E6%9C%AC-._~&yes=true&count=-5"),
        ("", "text=&yes=true&count=-5"),
    ];
    for (given, expected) in cases {
        assert_eq!(query(&Sample::new(given)).unwrap(), expected);
    }
}

#[test]
fn json_is_compact_and_absent_fields_are_left_out() {
    let (body, content_type) = encode(BodyFormat::Json, &Sample::new("a")).unwrap();
    assert_eq!(
        body,
        r#"{"text":"a","yes":false,"count":-9223372036854775808}"#
    );
    assert_eq!(content_type, "application/json");
}

#[test]
fn any_text_round_trips_through_json() {
    arbtest::arbtest(|u| {
        let given: String = u.arbitrary()?;
        let (body, _) = encode(BodyFormat::Json, &Sample::new(&given)).unwrap();
        let read: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(read["text"], json!(given));
        Ok(())
    });
}

#[test]
fn any_text_round_trips_through_a_form() {
    arbtest::arbtest(|u| {
        let given: String = u.arbitrary()?;
        let (body, _) = encode(BodyFormat::Form, &Sample::new(&given)).unwrap();
        let value = body
            .split('&')
            .next()
            .unwrap()
            .strip_prefix("text=")
            .unwrap();
        let read = percent_encoding::percent_decode_str(value)
            .decode_utf8()
            .unwrap();
        assert_eq!(read, given);
        Ok(())
    });
}

#[test]
fn nested_values_round_trip_through_json() {
    struct Values(Vec<Value>);
    impl Request for Values {
        fn body(&self, encoder: &mut Encoder) {
            encoder.field("values", &self.0);
            encoder.field(
                "map",
                &BTreeMap::from([("k{".to_owned(), vec!["[".to_owned(), "x".into()])]),
            );
            encoder.field("float", &0.5);
        }
    }
    let values = vec![
        json!(null),
        json!({"a": [1, "b"]}),
        json!([]),
        json!({}),
        json!("{"),
        json!(1),
    ];
    let (body, _) = encode(BodyFormat::Json, &Values(values.clone())).unwrap();
    let read: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        read,
        json!({"values": values, "map": {"k{": ["[", "x"]}, "float": 0.5})
    );
}

#[test]
fn names_in_multipart_bodies_are_escaped() {
    let mut sample = Sample::new("a\r\n--b");
    sample.file = Some(Upload::bytes("x\"\r\ny.py", "print(1)\n"));
    let (body, content_type) = encode(BodyFormat::Multipart, &sample).unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na\r\n--b\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"yes\"\r\n\r\nfalse\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"count\"\r\n\r\n-9223372036854775808\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"a %22file%22\"; \
         filename=\"x%22%0D%0Ay.py\"\r\nContent-Type: application/octet-stream\r\n\r\nprint(1)\n\r\n\
         --{boundary}--\r\n"
    );
    assert_eq!(body, expected);
}

#[test]
fn multipart_bodies_have_different_boundaries() {
    let boundary = || encode(BodyFormat::Multipart, &Sample::new("")).unwrap().1;
    assert_ne!(boundary(), boundary());
}

#[test]
fn file_that_cannot_be_sent_is_an_error_of_the_encoder() {
    for (path, expected) in [
        ("/does/not/exist.py", "/does/not/exist.py: "),
        ("/", "not a regular"),
    ] {
        let mut sample = Sample::new("");
        sample.file = Some(Upload::path(path));
        let error = encode(BodyFormat::Multipart, &sample).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn nullable_list_is_one_field_per_item_in_forms() {
    let list = Nullable::Value(vec!["a".to_owned(), "b".to_owned()]);
    let (body, _) = encode(BodyFormat::Form, &OneField(&list)).unwrap();
    assert_eq!(body, "field=a&field=b");
}

#[test]
fn nullable_file_is_streamed_in_multipart_bodies() {
    let file = Nullable::Value(Upload::bytes("a.py", "print(1)"));
    let (body, _) = encode(BodyFormat::Multipart, &OneField(&file)).unwrap();
    assert!(body.contains("filename=\"a.py\"\r\n"), "{body}");
    assert!(body.contains("\r\n\r\nprint(1)\r\n"), "{body}");
}

#[test]
fn bounds_apply_through_every_wrapper() {
    let bounds = Bounds {
        min: Some(Size::Int(2)),
        max: None,
    };
    let (list, number) = (vec![1_i64], 1_i64);
    let joined = Joined(&list, ',');
    let nullable = Nullable::Value(1_i64);
    let values: [(&dyn Encode, &str); 6] = [
        (&Some(Bounded(&number, bounds)), "2"),
        (&Nullable::Value(Bounded(&number, bounds)), "2"),
        (&&Bounded(&nullable, bounds), "2"),
        (&Bounded(&list, bounds), "2 items long"),
        (&Bounded(&joined, bounds), "2 items long"),
        (&Joined(&Bounded(&list, bounds), ','), "2 items long"),
    ];
    for (value, size) in values {
        let error = query(&OneField(value)).unwrap_err();
        let expected = format!("the field `field` must be at least {size}");
        assert_eq!(error.message(), expected);
    }
}

#[test]
fn empty_joined_list_is_absent() {
    assert_eq!(
        query(&OneField(&Joined(&Vec::<i64>::new(), ','))).unwrap(),
        ""
    );
    assert_eq!(
        query(&OneField(&Joined(&Some(vec![1_i64, 2]), ' '))).unwrap(),
        "field=1%202"
    );
}

#[test]
fn bounds_apply_to_an_empty_joined_list() {
    let bounds = Bounds {
        min: Some(Size::Int(1)),
        max: None,
    };
    let list = Vec::<i64>::new();
    let joined = Joined(&list, ',');
    let error = query(&OneField(&Bounded(&joined, bounds))).unwrap_err();
    assert_eq!(
        error.message(),
        "the field `field` must be at least 1 item long"
    );
}

/// An object with one field.
struct Object<'a>(&'a str, &'a dyn Encode);

impl Encode for Object<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.begin_object();
        encoder.field(self.0, self.1);
        encoder.end_object();
    }
}

#[test]
fn numbers_that_are_not_finite_are_errors_that_name_the_field() {
    let bounds = Bounds {
        min: Some(Size::Int(0)),
        max: None,
    };
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let list = vec![0.5, number];
        let nested = vec![vec![number]];
        let map = BTreeMap::from([("key".to_owned(), number)]);
        let inner = Object("inner", &list);
        let values: [(&dyn Encode, &str); 9] = [
            (&number, "field"),
            (&Some(number), "field"),
            (&Nullable::Value(number), "field"),
            (&list, "field"),
            (&nested, "field"),
            (&Joined(&list, ','), "field"),
            (&map, "field.key"),
            (&inner, "field.inner"),
            (&Object("outer", &inner), "field.outer.inner"),
        ];
        for (value, name) in values {
            let expected = format!("the field `{name}` must be a finite number");
            let request = OneField(value);
            for format in [BodyFormat::Json, BodyFormat::JsonValue] {
                let error = encode(format, &request).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidInput);
                assert_eq!(error.message(), expected);
                assert!(!error.may_have_been_processed());
            }
        }
        let expected = "the field `field` must be a finite number";
        let joined = Joined(&list, ',');
        for value in [&number as &dyn Encode, &Some(number), &list, &joined] {
            let request = OneField(value);
            let parts = RequestParts::new(&PARAMETER, &request).unwrap();
            let errors = [
                query(&request).unwrap_err(),
                encode(BodyFormat::Form, &request).unwrap_err(),
                encode(BodyFormat::Multipart, &request).unwrap_err(),
                parts.headers().unwrap_err(),
            ];
            for error in errors {
                assert_eq!(error.message(), expected);
            }
        }
        let request = OneField(&number);
        let parts = RequestParts::new(&PARAMETER, &request).unwrap();
        assert_eq!(parts.path(Vec::new()).unwrap_err().message(), expected);
        let bounded = Bounded(&number, bounds);
        let error = encode(BodyFormat::Json, &OneField(&bounded)).unwrap_err();
        assert!(error.message().starts_with("the field `field` must be "));
        assert_eq!(
            to_json(&number).unwrap_err().message(),
            "the value must be a finite number"
        );
    }
}

#[test]
fn error_of_a_field_names_the_fields_around_it_only() {
    let bounds = Bounds {
        min: Some(Size::Int(2)),
        max: None,
    };
    let bounded = Bounded(&1_i64, bounds);
    let request = Several([
        ("before", &1_i64),
        ("object", &Object("inner", &bounded)),
        ("after", &f64::NAN),
    ]);
    let error = encode(BodyFormat::Json, &request).unwrap_err();
    assert_eq!(
        error.message(),
        "the field `object.inner` must be at least 2"
    );
}

#[test]
fn exactly_the_unreserved_characters_are_not_escaped() {
    for c in '\0'..='\u{17f}' {
        // In the first eight bytes, and behind them.
        for value in [
            format!("{c}"),
            format!("12345678{c}"),
            format!("{c}2345678"),
        ] {
            let mut escaped = Vec::new();
            percent_encode(&mut escaped, &value);
            let expected = value.replace(c, &percent_encoded(c));
            assert_eq!(String::from_utf8(escaped).unwrap(), expected, "{c:?}");
        }
    }
}

fn percent_encoded(c: char) -> String {
    if c.is_ascii_alphanumeric() || "-._~".contains(c) {
        return c.to_string();
    }
    let bytes = c.to_string().into_bytes();
    let encoded: Vec<_> = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    encoded.concat()
}
