//! Enum values and tags that differ only by case.

use api_runtime::Client;
use test_server::{Action, Server};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/values_by_case.toml");
}

use api::{Event, Interval, quotes};

#[test]
fn value_that_differs_by_case_from_another_one_is_sent_and_read_exactly() {
    for (text, value) in [
        ("1M", Interval::_1M),
        ("1m", Interval::_1m),
        // Only one value has this spelling in another case.
        ("1H", Interval::_1h),
    ] {
        assert_eq!(Interval::from(text), value);
        let body = format!(r#"{{"interval": "{text}", "events": []}}"#);
        let server = Server::scripted([Action::json(200, body)]);
        let client = Client::builder(server.url()).build().unwrap();
        let response = quotes::list(&client, &quotes::List::new(Interval::from(text))).unwrap();
        assert_eq!(response.interval, value);
        let line = format!("GET /quotes?interval={} HTTP/1.1", value.as_str());
        assert_eq!(server.request().line, line);
    }
}

#[test]
fn tag_in_another_case_is_read_if_it_is_unambiguous() {
    let body = r#"{"interval": "1h", "events": [
        {"type": "OPEN", "market": "x"}, {"type": "open", "price": 1}, {"type": "Open", "price": 2},
        {"type": "CLOSE", "price": 3}]}"#;
    let server = Server::scripted([Action::json(200, body)]);
    let client = Client::builder(server.url()).build().unwrap();
    let response = quotes::list(&client, &quotes::List::new(Interval::_1M)).unwrap();
    let [market, open, ambiguous, close] = &response.events[..] else {
        panic!("{:?}", response.events)
    };
    assert!(matches!(market, Event::MarketOpen(event) if event.market == "x"));
    assert!(matches!(open, Event::Open(_)));
    assert!(matches!(ambiguous, Event::Unknown(json) if json.as_str().contains("Open")));
    assert!(matches!(close, Event::Close(_)));
}
