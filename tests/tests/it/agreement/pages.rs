//! Pages of each kind.

use api_runtime::Client;
use serde_json::{Value, json};
use test_server::Action;

use super::Call;
use super::generated::{Filter, pages};

/// Returns the items of all pages, or the first error.
fn all<T: serde::Serialize>(
    items: impl Iterator<Item = Result<T, api_runtime::Error>>,
) -> Result<Value, api_runtime::Error> {
    let items = items.map(|item| Ok(serde_json::to_value(item?).unwrap()));
    items.collect::<Result<Vec<_>, _>>().map(Value::from)
}

#[test]
fn pages_by_token_in_nested_fields_keep_the_request() {
    let above = "0.10000000000000000000000000000001";
    let responses = [
        Action::json(
            200,
            r#"{"found":{"items":[{"amount":1.5,"currency":null}],"next":"n 1"}}"#,
        ),
        Action::json(200, r#"{"found":null}"#),
    ];
    let call = Call::new("pages.token", responses)
        .json("filter", &format!(r#"{{"above":{above}}}"#))
        .text("limit", "5");
    let sent = call.agrees_on_pages(|client| {
        let filter = Filter::new().above(above.parse::<api_runtime::types::Decimal>().unwrap());
        let request = pages::Token::new().filter(filter).limit(5);
        let items = all(pages::token_all(client, request))?;
        assert_eq!(items[0]["amount"], 1.5);
        Ok(json!([{"amount": 1.5, "currency": null}]))
    });
    assert_eq!(
        sent[1].body,
        format!(r#"{{"filter":{{"above":{above},"token":"n 1"}},"limit":5}}"#)
    );
}

/// A list of responses.
type Responses = &'static [(&'static [&'static str], &'static str)];

/// Compares a list without arguments for several lists of responses, including invalid ones.
fn compare(
    name: &str,
    lists: &[Responses],
    generated: impl Fn(&Client) -> Result<Value, api_runtime::Error>,
) {
    for responses in lists {
        let responses = responses
            .iter()
            .map(|(headers, body)| Action::respond(200, headers, body));
        Call::new(name, responses).agrees_on_pages(&generated);
    }
}

#[test]
fn pages_by_last_item() {
    compare(
        "pages.last",
        &[
            &[
                (&[], r#"{"items":[{"id":"a"},{"id":"b"}],"has_more":true}"#),
                (&[], r#"{"items":[{"id":"c"}],"has_more":false}"#),
            ],
            &[(&[], r#"{"items":[],"has_more":true}"#)],
            &[
                (&[], r#"{"items":[{"id":"a"}],"has_more":true}"#),
                (&[], r#"{"items":[{"id":"a"}],"has_more":true}"#),
            ],
        ],
        |client| all(pages::last_all(client, pages::Last::new())),
    );
}

#[test]
fn pages_by_link() {
    compare(
        "pages.link",
        &[
            &[
                (&["Link: </pages/link?page=2>; rel=\"next\""], "[1.5]"),
                (&["Link: </pages/link?page=1>; rel=\"prev\""], "[2]"),
            ],
            &[
                (
                    &["Link: </a>; rel=prev", "Link: </b?page=7>; rel=next"],
                    "[1.5]",
                ),
                (&[], "[]"),
            ],
            &[(&["Link: </pages/link?page=two>; rel=\"next\""], "[1.5]")],
            &[(&["Link: </pages/link>; rel=\"next\""], "[1.5]")],
        ],
        |client| {
            let mut items = Vec::new();
            for item in pages::link_all(client, pages::Link::new()) {
                items.push(item?.as_str().parse::<Value>().unwrap());
            }
            Ok(items.into())
        },
    );
}

#[test]
fn pages_by_offset_and_number() {
    compare(
        "pages.offset",
        &[&[
            (&[], r#"{"items":[1,2]}"#),
            (&[], r#"{"items":[3]}"#),
            (&[], r#"{"items":[]}"#),
        ]],
        |client| all(pages::offset_all(client, pages::Offset::new())),
    );
    compare(
        "pages.page",
        &[
            &[
                (&[], r#"{"items":[1],"last":false}"#),
                (&[], r#"{"items":null,"last":false}"#),
                (&[], r#"{"items":[2],"last":true}"#),
            ],
            &[(&[], r#"{"items":[1]}"#), (&[], "{}")],
        ],
        |client| all(pages::page_all(client, pages::Page::new())),
    );
}

#[test]
fn pages_by_headers() {
    compare(
        "pages.header",
        &[
            &[
                (
                    &["X-Next: a b", "X-More: true"],
                    r#"{"items":[1],"token":"x"}"#,
                ),
                (&["X-Next: c", "X-More: false"], r#"{"items":[2]}"#),
            ],
            &[(&["X-More: true"], r#"{"items":[1]}"#)],
            &[(&["X-More: maybe"], r#"{"items":[1]}"#)],
        ],
        |client| all(pages::header_all(client, pages::Header::new())),
    );
}

#[test]
fn pages_by_url() {
    compare(
        "pages.url",
        &[
            &[
                (&[], r#"{"items":[1],"next":"/other?page=2"}"#),
                (&[], r#"{"items":[2],"next":null}"#),
            ],
            &[(&[], r#"{"items":[1],"next":"https://example.org/x"}"#)],
            &[(&[], r#"{"items":[1],"next":""}"#)],
        ],
        |client| all(pages::url_all(client, pages::Url::new())),
    );
}

#[test]
fn pages_without_their_list_are_errors() {
    for body in [r#"{"next":null}"#, r#"{"items":"a"}"#, r#"{"items":null}"#] {
        let call = Call::new("pages.url", [Action::json(200, body)]);
        let dynamic = call.run_dynamic(|endpoint, client, arguments| {
            endpoint.pages().unwrap().for_each(client, arguments, drop)
        });
        let generated = call.run(|client| all(pages::url_all(client, pages::Url::new())));
        let message = "InvalidResponse: pages.url: the response does not match the spec: ";
        for error in [dynamic.0.unwrap_err(), generated.0.unwrap_err()] {
            assert!(error.starts_with(message), "{error}");
        }
    }
}
