//! Dates, and decimal numbers that keep their digits.

use api_runtime::types::{Date, Decimal, DecimalText};
use api_runtime::{Argument, Client, Error, ErrorKind};
use test_server::{Action, Server};

mod api {
    #![deny(warnings)]
    api_runtime::api!(
        "tests/specs/dates_and_decimals.toml",
        derive = [PartialEq, Serialize, Deserialize]
    );
}

use api::{Item, invoices};

const RESPONSE: &str = r#"{
    "item": {"price": 0.10000000000000000001, "rates": ["1.50", 2.50]},
    "due": "2024-02-29", "totals": [1.50, "-1e400", 0]
}"#;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn request() -> invoices::Put {
    let rates = vec![DecimalText(decimal("0.30")), 4.into()];
    let item = Item::new(decimal("19.90"), rates);
    invoices::Put::new(
        Date::new(2024, 5, 1).unwrap(),
        item,
        decimal("123456789012345678901234567890"),
    )
}

fn put(request: &invoices::Put, response: &str) -> (Result<invoices::PutResponse, Error>, Server) {
    let server = Server::scripted([Action::json(200, response)]);
    let client = Client::builder(server.url()).build().unwrap();
    let result = invoices::put(&client, request);
    (result, server)
}

#[test]
fn digits_are_sent_and_read_unchanged() {
    let request = request()
        .since(Date::new(1999, 12, 31).unwrap())
        .above(decimal("0.10"))
        .due(Date::new(2024, 6, 1).unwrap())
        .days([("first".to_owned(), Date::new(2024, 7, 1).unwrap())].into());
    let (response, server) = put(&request, RESPONSE);
    let sent = server.request();
    assert_eq!(
        sent.line,
        "PUT /invoices/2024-05-01?since=1999-12-31&above=0.10&fee=2 HTTP/1.1"
    );
    let expected = r#"{"item":{"price":19.90,"rates":["0.30","4"]},"due":"2024-06-01","total":123456789012345678901234567890,"tax":"3","days":{"first":"2024-07-01"}}"#;
    assert_eq!(String::from_utf8(sent.body).unwrap(), expected);

    let response = response.unwrap();
    assert_eq!(response.item.price.as_str(), "0.10000000000000000001");
    let rates: Vec<_> = response
        .item
        .rates
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(rates, ["1.50", "2.50"]);
    assert_eq!(response.due, Date::new(2024, 2, 29).unwrap());
    let totals: Vec<_> = response.totals.iter().map(Decimal::as_str).collect();
    assert_eq!(totals, ["1.50", "-1e400", "0"]);
    assert_eq!(response.tax, DecimalText::from(1));
}

#[test]
fn invalid_dates_and_numbers_are_errors_with_their_place() {
    for (from, to, message) in [
        (
            "2024-02-29",
            "2023-02-29",
            "at `due`: invalid value, expected a date from",
        ),
        ("\"2024-02-29\"", "20240229", "at `due`"),
        ("2024-02-29", "2024-02-29T00:00:00Z", "at `due`"),
        (
            "\"-1e400\"",
            "\"\"",
            "at `totals[1]`: invalid value, expected a decimal number",
        ),
        ("\"-1e400\"", "\"NaN\"", "at `totals[1]`"),
        (
            "\"-1e400\"",
            "null",
            "at `totals[1]`: expected a decimal number, found null",
        ),
        ("0.10000000000000000001", "1.", "expected a digit"),
    ] {
        let (result, _) = put(&request(), &RESPONSE.replace(from, to));
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.to_string().contains(message), "{to}: {error}");
    }
}

#[test]
fn bounds_of_decimals_are_checked() {
    let request = request().above(decimal("-0.01"));
    let (result, server) = put(&request, RESPONSE);
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().contains("`above` must be at least 0"),
        "{error}"
    );
    assert_eq!(server.connections(), 0);
}

#[test]
fn calls_by_name_send_digits_unchanged() {
    let server = Server::scripted([Action::json(200, RESPONSE)]);
    let client = Client::builder(server.url()).build().unwrap();
    let item = r#"{"price": 0.10000000000000000001, "rates": []}"#;
    let arguments = [
        ("day", "2024-05-01"),
        ("above", "1.10"),
        ("item", item),
        ("total", "0.30000000000000000000"),
        ("tax", "7.0"),
    ]
    .map(|(name, text)| (name.to_owned(), Argument::Text(text.to_owned())));
    client.call_by_name(&api::ENDPOINTS[0], &arguments).unwrap();
    let sent = server.request();
    assert_eq!(
        sent.line,
        "PUT /invoices/2024-05-01?above=1.10&fee=2 HTTP/1.1"
    );
    let expected = format!(r#"{{"item":{item},"total":0.30000000000000000000,"tax":"7.0"}}"#);
    assert_eq!(String::from_utf8(sent.body).unwrap(), expected);

    let [day, above, _, total, _] = arguments;
    for invalid in ["1,5", "NaN", "", "\"1\""] {
        let above = (above.0.clone(), Argument::Text(invalid.to_owned()));
        let arguments = [day.clone(), above, total.clone()];
        let error = client
            .call_by_name(&api::ENDPOINTS[0], &arguments)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{invalid}");
    }
}

#[test]
fn dates_and_decimals_are_serialized_as_in_the_api() {
    let item = Item::new(decimal("1.5"), vec![DecimalText(decimal("2.50"))]);
    let json = serde_json::to_string(&item).unwrap();
    assert_eq!(json, r#"{"price":1.5,"rates":["2.50"]}"#);
    assert_eq!(serde_json::from_str::<Item>(&json).unwrap(), item);
}
