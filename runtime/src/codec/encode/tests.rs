use std::collections::BTreeMap;
use std::io::Read as _;

use serde_json::{Value, json};

use super::*;

/// One value of each kind, in the query and in the body.
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
                "the length is told before the body is read"
            );
            text
        }
    }
}

fn written(format: BodyFormat, request: &dyn Request) -> (String, String) {
    let (body, content_type) = body(format, request).unwrap();
    let content_type = content_type.map(|value| value.to_str().unwrap().to_owned());
    (text(body), content_type.unwrap_or_default())
}

#[test]
fn query_strings() {
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
        assert_eq!(
            String::from_utf8(query(&Sample::new(given)).unwrap()).unwrap(),
            expected
        );
    }
}

#[test]
fn json_is_compact_and_reads_back() {
    let (body, content_type) = written(BodyFormat::Json, &Sample::new("a"));
    assert_eq!(
        body,
        r#"{"text":"a","yes":false,"count":-9223372036854775808}"#
    );
    assert_eq!(content_type, "application/json");
}

#[test]
fn any_text_survives_json() {
    arbtest::arbtest(|u| {
        let given: String = u.arbitrary()?;
        let (body, _) = written(BodyFormat::Json, &Sample::new(&given));
        let read: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(read["text"], json!(given));
        Ok(())
    });
}

#[test]
fn any_text_survives_a_form() {
    arbtest::arbtest(|u| {
        let given: String = u.arbitrary()?;
        let (body, _) = written(BodyFormat::Form, &Sample::new(&given));
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
fn json_values_of_every_shape() {
    struct Values(Vec<Value>);
    impl Request for Values {
        fn body(&self, encoder: &mut Encoder) {
            encoder.field("values", &self.0);
            encoder.field(
                "map",
                &BTreeMap::from([("k{".to_owned(), vec!["[".to_owned(), "x".into()])]),
            );
            encoder.field("float", &0.5);
            encoder.field("endless", &f64::INFINITY);
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
    let (body, _) = written(BodyFormat::Json, &Values(values.clone()));
    let read: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        read,
        json!({"values": values, "map": {"k{": ["[", "x"]}, "float": 0.5, "endless": null})
    );
}

#[test]
fn multipart_with_a_file_from_memory() {
    let mut sample = Sample::new("a\r\n--b");
    sample.file = Some(Upload::bytes("x\"\r\ny.py", "print(1)\n"));
    let (body, content_type) = written(BodyFormat::Multipart, &sample);
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
fn boundaries_differ() {
    let boundary = || written(BodyFormat::Multipart, &Sample::new("")).1;
    assert_ne!(boundary(), boundary());
}

#[test]
fn a_file_that_cannot_be_sent_is_told_before_anything_goes_out() {
    for (path, expected) in [
        ("/does/not/exist.py", "/does/not/exist.py: "),
        ("/", "not a regular"),
    ] {
        let mut sample = Sample::new("");
        sample.file = Some(Upload::path(path));
        let error = body(BodyFormat::Multipart, &sample)
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(expected), "{error}");
    }
}
