//! Events, events with names, and lines.

use api_runtime::{Client, Error};
use serde_json::{Value, json};
use test_server::Action;

use super::Call;
use super::generated::{Change, Shape, streams};

const EVENTS: &[&str] = &["content-type: text/event-stream", "X-Limit: 5"];

#[test]
fn events_of_objects() {
    let bodies = [
        "data: {\"n\":1.5}\n\nid: 7\ndata: {\"n\":\ndata: 2}\n\n: comment\n\ndata: [DONE]\n\ndata: {}\n\n",
        "data: {\"n\":1}\n\ndata: {\"error\":{\"message\":\"busy\",\"code\":\"b\"}}\n\n",
        "data: {\"n\":1}\n\nevent: error\ndata: {\"message\":\"busy\"}\n\n",
        "data: {\"n\":1}\n\ndata: {\"ok\":false,\"message\":\"no\"}\n\n",
        "data: {\"n\":1}\n\n",
    ];
    let generated = |client: &Client| {
        let response = streams::events(client, &streams::Events::new())?;
        let mut headers = json!({"X-Limit": response.x_limit});
        if let Some(day) = response.x_day {
            headers["X-Day"] = day.to_string().into();
        }
        let mut items = Vec::new();
        for event in response.body {
            items.push(json!({"n": event?.n.as_str().parse::<Value>().unwrap()}));
        }
        Ok(json!({"headers": headers, "items": items}))
    };
    for body in bodies {
        let call = Call::new("streams.events", [Action::respond(200, EVENTS, body)]);
        call.agrees_on_items(generated);
    }
    for headers in [
        [EVENTS[0], EVENTS[1], "X-Day: 2024-05-01"],
        [EVENTS[0], EVENTS[1], "X-Day: today"],
        [EVENTS[0], "X-Limit: many", "X-Day: 2024-05-01"],
        [EVENTS[0], "X-Other: 1", "X-Day: 2024-05-01"],
    ] {
        let action = Action::respond(200, &headers, bodies[0]);
        Call::new("streams.events", [action]).agrees_on_items(generated);
    }
    let page = Action::respond(200, &["content-type: text/html"], "<html>");
    Call::new("streams.events", [page]).agrees_on_items(generated);
}

#[test]
fn events_with_names() {
    let body = "event: started\ndata: {\"amount\":1.5}\n\nevent: ended\ndata: a b\n\nevent: other\ndata: 1\n\n";
    let call = Call::new("streams.named", [Action::respond(200, EVENTS, body)]);
    call.agrees_on_items(|client: &Client| -> Result<Value, Error> {
        let mut items = Vec::new();
        for event in streams::named(client, &streams::Named::new())? {
            items.push(match event? {
                Change::Started(started) => {
                    let amount: Value = started.data.amount.as_str().parse().unwrap();
                    json!({"event": "started", "data": {"amount": amount}})
                }
                Change::Ended(ended) => json!({"event": "ended", "data": ended.data}),
                Change::Unknown(json) => json.parse().unwrap(),
            });
        }
        Ok(json!({"headers": null, "items": items}))
    });
}

#[test]
fn events_of_text_are_resumed() {
    let stream = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 1000\r\n\r\n\
                  retry: 1\nid: 7\ndata: a\n\n";
    let responses = [
        Action::SendAndClose(stream.into()),
        Action::respond(200, EVENTS, "id: 8\ndata: b\ndata: c\n\n"),
        Action::respond(204, &[], ""),
    ];
    let sent = Call::new("streams.texts", responses).agrees_on_items(|client| {
        let response = streams::texts(client, &streams::Texts::new())?;
        assert_eq!(response.etag, None);
        let items = response.body.collect::<Result<Vec<_>, _>>()?;
        Ok(json!({"headers": {}, "items": items}))
    });
    assert!(sent[1].headers.contains("last-event-id: 7\n"), "{sent:?}");
}

#[test]
fn lines_of_unions() {
    let bodies = [
        "{\"kind\":\"circle\",\"radius\":1.5}\n\n{\"kind\":\"other\",\"x\":1}\r\n",
        "{\"kind\":\"circle\",\"radius\":1}\n{\"error\":\"busy\"}\n",
        "{\"kind\":\"circle\",\"radius\":1}\n<html>\n",
    ];
    for body in bodies {
        let call = Call::new("streams.lines", [Action::respond(200, &[], body)]);
        call.text("prompt", "p").agrees_on_items(|client| {
            let mut items = Vec::new();
            for shape in streams::lines(client, &streams::Lines::new("p"))? {
                items.push(match shape? {
                    Shape::Circle(circle) => {
                        let radius: Value = circle.radius.as_str().parse().unwrap();
                        json!({"kind": "circle", "radius": radius})
                    }
                    Shape::Unknown(json) => json.parse().unwrap(),
                    other => panic!("{other:?}"),
                });
            }
            Ok(json!({"headers": null, "items": items}))
        });
    }
}

#[test]
fn list_of_all_items_is_beside_the_headers() {
    let body = "data: {\"n\":1.50}\n\ndata: [DONE]\n\n";
    let call = Call::new("streams.events", [Action::respond(200, EVENTS, body)]);
    let (response, _) = call.send();
    let expected = r#"{"body":[{"n":1.50}],"X-Limit":5}"#;
    assert_eq!(response.unwrap().as_str(), expected);
}
