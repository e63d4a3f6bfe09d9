//! Fields of types that JSON has no type for.

use std::time::{Duration, SystemTime};

use api_runtime::transport::Scripted;
use api_runtime::types::{
    Base64, IntText, IsoDuration, Millis, Nullable, Seconds, SecondsText, Timestamp, UintText,
};
use api_runtime::{Argument, ErrorKind, Secret};

use crate::support::{client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/types.toml");
}

use api::{Every, files};

const RESPONSE: &str = r#"{"a": 18446744073709551615, "b": "hunter2", "c": "aGk", "d": "9007199254740993",
    "e": "1970-01-01T01:00:01.5+01:00", "f": 1.5, "g": 1500, "h": 90, "i": [1, 2], "j": null, "k": "18446744073709551615",
    "l": "P1DT12H0.25S", "m": ["3.5s", "9007199254740993.000000001s"]}"#;

fn after(milliseconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds)
}

fn every() -> Every {
    let durations = vec![Millis(Duration::from_micros(1_900))];
    let times = (after(1500), after(2000), after(1500));
    Every::new(
        7,
        "hunter2",
        b"hi".as_slice(),
        times.0,
        times.1,
        times.2,
        Duration::from_millis(1500),
        durations,
        Duration::from_secs(5_400),
        vec![SecondsText(Duration::from_millis(2_500))],
    )
}

#[test]
fn values_are_sent_in_their_wire_format() {
    let script = Scripted::new().respond(200, RESPONSE);
    let request = files::Every::new(u64::MAX, every().d(-5).j(None).k(u64::MAX))
        .since(after(0))
        .within(vec![
            Seconds(Duration::from_secs(2)),
            Seconds(Duration::from_millis(20)),
        ])
        .wait(Duration::from_millis(90_500))
        .note(Some(vec!["x".to_owned()]));
    files::every(&client(&script), &request).unwrap();
    let sent = sent(&script);
    assert_eq!(
        sent.target,
        "/base/every/18446744073709551615?since=1970-01-01T00%3A00%3A00Z&within=2&within=0.02&wait=PT1M30.5S"
    );
    let expected = r#"{"every":{"a":7,"b":"hunter2","c":"aGk=","d":"-5","e":"1970-01-01T00:00:01.500Z","f":2,"g":1500,"h":1.5,"i":[1],"j":null,"k":"18446744073709551615","l":"PT1H30M","m":["2.5s"]},"note":["x"]}"#;
    assert_eq!(String::from_utf8(sent.body).unwrap(), expected);
}

#[test]
fn values_are_read_from_every_accepted_format() {
    let script = Scripted::new().respond(200, RESPONSE);
    let request = files::Every::new(1, every());
    let read = files::every(&client(&script), &request).unwrap();
    assert_eq!(
        (read.a, read.b.expose(), &read.c),
        (u64::MAX, "hunter2", &Base64(b"hi".to_vec()))
    );
    assert_eq!(
        (read.d, read.e),
        (Some(IntText(9_007_199_254_740_993)), Timestamp(after(1500)))
    );
    assert_eq!(
        (read.f.0, read.g.0, read.h.0),
        (after(1500), after(1500), Duration::from_secs(90))
    );
    assert_eq!(read.k, Some(UintText(u64::MAX)));
    let (long, exact) = (Duration::from_millis(129_600_250), 9_007_199_254_740_993);
    assert_eq!(read.l, IsoDuration(long));
    assert_eq!(read.m[1], SecondsText(Duration::new(exact, 1)));
    assert_eq!((read.i.len(), &read.j), (2, &Nullable::Null));
    assert_eq!(files::Every::new(1, every()).every.j, Nullable::Absent);
}

#[test]
fn invalid_values_are_errors() {
    for (from, to) in [
        ("18446744073709551615", "-1"),
        ("18446744073709551615", "18446744073709551616"),
        ("aGk", "a*"),
        ("\"9007199254740993\"", "\"nine\""),
        ("1970-01-01T01", "1970-13-01T01"),
        ("1.5,", "\"soon\","),
        ("\"h\": 90", "\"h\": -90"),
        ("1500", "1e300"),
        ("P1DT", "P1MT"),
        ("P1DT", "P1D"),
        ("\"3.5s\"", "3.5"),
        ("3.5s", "-3.5s"),
    ] {
        let script = Scripted::new().respond(200, RESPONSE.replace(from, to));
        let error = files::every(&client(&script), &files::Every::new(1, every())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{to}");
    }
}

#[test]
fn duration_with_months_is_rejected_with_the_reason() {
    let script = Scripted::new().respond(200, RESPONSE.replace("P1DT", "P1M1DT"));
    let error = files::every(&client(&script), &files::Every::new(1, every())).unwrap_err();
    let expected =
        "at `l`: invalid value, expected a duration without years and months, whose length varies";
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn secrets_are_redacted_in_debug_output_and_curl_commands() {
    let script = Scripted::new();
    let request = files::Every::new(1, every());
    assert!(!format!("{request:?}").contains("hunter2"));
    let line = client(&script)
        .to_curl(files::Every::OPERATION, &request)
        .unwrap();
    assert!(
        line.contains("\"b\":\"***\"") && !line.contains("hunter2"),
        "{line}"
    );
    assert_eq!(Secret::new("a"), Secret::new("a"));
}

#[test]
fn calls_by_name_parse_values() {
    let script = Scripted::new().respond(200, "{}");
    let text = |name: &str, text: &str| (name.to_owned(), Argument::Text(text.to_owned()));
    let every = (
        "every".to_owned(),
        Argument::Json(api_runtime::types::RawJson::NULL),
    );
    let arguments = [
        text("count", "7"),
        text("since", "2024-05-01T12:00:00Z"),
        text("within", "[1]"),
        every,
    ];
    client(&script)
        .call_by_name(&api::ENDPOINTS[0], &arguments)
        .unwrap();
    assert_eq!(
        sent(&script).target,
        "/base/every/7?since=2024-05-01T12%3A00%3A00Z&within=1"
    );
    let count = [text("count", "-7")];
    let error = client(&script)
        .call_by_name(&api::ENDPOINTS[0], &count)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}
