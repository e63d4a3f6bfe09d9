//! Waits for the result of a request.

use api_runtime::{Client, Error, Wait};
use serde_json::{Value, json};
use test_server::Action;

use super::Call;
use super::generated::{Item, Price, items};

fn generated(client: &Client) -> Result<Value, Error> {
    let request = items::Create::new(Item::new("z", Price::new(1)));
    let response = items::create(client, &request)?;
    let last = items::wait_for_create(client, &response, Wait::new())?;
    Ok(json!({"state": last.state.as_str()}))
}

#[test]
fn waits_end_with_the_same_status() {
    for last in [
        r#"{"state":"done"}"#,
        r#"{"state":"failed"}"#,
        r#"{"state":null}"#,
        r#"{"item":null}"#,
        r#"{"state":7}"#,
    ] {
        let created = Action::respond(201, &["Location: /items/1"], r#"{"id":"a b"}"#);
        let call = Call::new("items.create", [created, Action::json(200, last)])
            .json("item", r#"{"zone":"z","price":{"amount":1}}"#);
        let sent = call.agrees_on_wait(generated);
        assert_eq!(sent.len(), 2);
    }
}
