//! Responses of all kinds.

use serde_json::{Value, json};
use test_server::Action;

use super::Call;
use super::generated::items::{self, PlainResponse, ReadResponse};
use super::generated::{Item, ItemId, Price};

#[test]
fn headers_are_fields_beside_those_of_an_object() {
    let headers = ["Location: /items/1", "X-Count: 7", "X-State: started"];
    let item = r#"{"zone":"z","price":{"amount":1}}"#;
    let create = |action: Action| Call::new("items.create", [action]).text("item", item);
    let generated = |client: &api_runtime::Client| {
        let item = Item::new("z", Price::new(1));
        let response = items::create(client, &items::Create::new(item))?;
        let mut value = json!({"id": response.id.as_str(), "Location": response.location});
        if let Some(count) = response.x_count {
            value["X-Count"] = count.into();
        }
        if let Some(state) = response.x_state {
            // The alias of an enum is decoded, and JSON at run time is that of the server.
            assert_eq!(state.as_str(), "running");
            value["X-State"] = "started".into();
        }
        Ok(value)
    };
    create(Action::respond(201, &headers, r#"{"id":"1"}"#)).agrees(generated);
    create(Action::respond(201, &headers[..1], r#"{"id":"1"}"#)).agrees(generated);
    // The errors are the same as well.
    create(Action::respond(201, &headers[1..], r#"{"id":"1"}"#)).agrees(generated);
    let invalid = ["Location: /", "X-Count: many"];
    create(Action::respond(201, &invalid, r#"{"id":"1"}"#)).agrees(generated);
    create(Action::json(
        200,
        r#"{"ok":false,"message":"no","error":{"code":"c"}}"#,
    ))
    .agrees(generated);
    create(Action::json(
        422,
        r#"{"error":{"message":"no","code":"c"}}"#,
    ))
    .agrees(generated);
}

#[test]
fn other_bodies_are_a_field_beside_headers() {
    let headers = ["ETag: \"a\"", "X-Day: 2024-05-01"];
    let call = Call::new("items.text", [Action::respond(200, &headers, "a \"b\"\n")]);
    call.agrees(|client| {
        let response = items::text(client, &items::Text::new())?;
        let day = response.x_day.map(|day| day.to_string());
        Ok(json!({"body": response.body, "ETag": response.etag, "X-Day": day}))
    });

    let touched = ["X-Count: 3", "X-Total: 1.10"];
    let call = Call::new("items.touch", [Action::respond(200, &touched, "")]);
    call.agrees(|client| {
        let response = items::touch(client, &items::Touch::new())?;
        let total = response.x_total.unwrap();
        assert_eq!(total.as_str(), "1.10");
        Ok(json!({"X-Count": response.x_count, "X-Total": 1.1}))
    });

    let call = Call::new(
        "items.download",
        [Action::respond(200, &["Content-Type: text/csv"], b"a,b")],
    );
    let mut dynamic_body = Vec::new();
    let dynamic = call.run_dynamic(|endpoint, client, arguments| {
        let response = endpoint.call_into(client, arguments, &mut dynamic_body)?;
        Ok(super::value(response.json()))
    });
    let mut body = Vec::new();
    let generated = call.run(|client| {
        let response = items::download(client, &items::Download::new(), &mut body)?;
        Ok(json!({"Content-Type": response.content_type}))
    });
    super::same("items.download", generated, dynamic);
    assert_eq!(body, dynamic_body);
}

#[test]
fn header_with_the_name_of_a_field_has_its_name_in_rust() {
    let action = Action::respond(
        200,
        &["Location: /a"],
        r#"{"Location":"b","location_header":1}"#,
    );
    Call::new("items.shadow", [action]).agrees(|client| {
        let response = items::shadow(client, &items::Shadow::new())?;
        Ok(json!({"Location": response.location, "location_header": response.location_header}))
    });
}

#[test]
fn status_code_selects_the_response() {
    let headers = ["ETag: e", "Retry-After: 5"];
    let cases = [
        Action::respond(200, &headers, r#"{"size":3}"#),
        Action::respond(202, &headers, ""),
        Action::respond(203, &headers, "42"),
        Action::respond(304, &headers, ""),
        Action::respond(404, &headers, r#"["a"]"#),
        Action::respond(206, &headers, "{}"),
        Action::respond(202, &headers[..1], ""),
        Action::respond(500, &[], ""),
    ];
    for action in cases {
        Call::new("items.read", [action]).agrees(|client| {
            Ok(match items::read(client, &items::Read::new())? {
                ReadResponse::Ok(ok) => json!({"size": ok.size, "ETag": ok.etag}),
                ReadResponse::Accepted(accepted) => {
                    json!({"ETag": accepted.etag, "Retry-After": accepted.retry_after})
                }
                ReadResponse::NonAuthoritative(text) => {
                    json!({"body": text.body, "ETag": text.etag})
                }
                ReadResponse::NotModified(unmodified) => json!({"ETag": unmodified.etag}),
                ReadResponse::NotFound(ids) => {
                    let ids: Vec<_> = ids.body.iter().map(ItemId::as_str).collect();
                    json!({"body": ids, "ETag": ids_tag(ids.len())})
                }
            })
        });
    }
}

/// Returns the header of the only response with ids.
fn ids_tag(count: usize) -> &'static str {
    assert_eq!(count, 1);
    "e"
}

#[test]
fn status_code_selects_a_response_without_headers() {
    let item = r#"{"id":"1","zone":"z","price":{"amount":1}}"#;
    for action in [
        Action::json(200, item),
        Action::respond(204, &[], ""),
        Action::respond(409, &[], "1.50"),
        Action::respond(409, &[], ""),
    ] {
        Call::new("items.plain", [action]).agrees(|client| {
            Ok(match items::plain(client, &items::Plain::new())? {
                PlainResponse::Ok(item) => {
                    json!({"id": item.id.unwrap().as_str(), "zone": item.zone, "price": {"amount": 1}})
                }
                PlainResponse::NoContent => Value::Null,
                PlainResponse::Conflict(text) => text.into(),
            })
        });
    }
}
