//! Customers and subscriptions in memory.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};
use test_server::{Connection, Request, Server};

use super::KEY;
use crate::documented_forms::decoded;

/// Status code and body.
type Response = (u16, Value);

#[derive(Default)]
struct State {
    customers: Vec<Value>,
    /// Responses by idempotency key.
    responses: HashMap<String, Response>,
    reset_next: bool,
}

/// Starts a server without customers.
pub(super) fn start() -> Server {
    start_in(State::default())
}

/// Starts a server that resets the connection of its first request after processing it.
pub(super) fn start_with_reset() -> Server {
    start_in(State {
        reset_next: true,
        ..State::default()
    })
}

fn start_in(state: State) -> Server {
    let state = Mutex::new(state);
    Server::start(move |mut connection| serve(&mut connection, &state))
}

fn serve(connection: &mut Connection, state: &Mutex<State>) -> io::Result<()> {
    loop {
        let request = connection.read_request()?;
        let (status, body) = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let response = state.respond(&request);
            if std::mem::take(&mut state.reset_next) {
                return Ok(());
            }
            response
        };
        let json = ["content-type: application/json"];
        connection.send(test_server::response(status, &json, body.to_string()))?;
    }
}

impl State {
    /// Returns the first response to requests with the same idempotency key.
    fn respond(&mut self, request: &Request) -> Response {
        assert_eq!(
            request.header("authorization"),
            Some(&*format!("Bearer {KEY}"))
        );
        let key = request.header("idempotency-key").map(str::to_owned);
        if let Some(response) = key.as_ref().and_then(|key| self.responses.get(key)) {
            return response.clone();
        }
        let response = self.process(request);
        if let Some(key) = key {
            self.responses.insert(key, response.clone());
        }
        response
    }

    fn process(&mut self, request: &Request) -> Response {
        let (path, query) = request
            .target()
            .split_once('?')
            .unwrap_or((request.target(), ""));
        let text = if request.method() == "GET" {
            query
        } else {
            request.text()
        };
        let form = parse(text);
        match (request.method(), path) {
            ("POST", "/v1/customers") => {
                let id = format!("cus_{}", self.customers.len() + 1);
                self.customers
                    .push(json!({"id": id, "description": null, "metadata": {}}));
                self.update(&id, &form)
            }
            ("POST", "/v1/subscriptions") => self.subscribe(&form),
            ("POST", path) => self.update(path.trim_start_matches("/v1/customers/"), &form),
            _ => self.list(&form),
        }
    }

    fn update(&mut self, id: &str, form: &Value) -> Response {
        let Some(customer) = self.customers.iter_mut().find(|it| it["id"] == id) else {
            return missing(id);
        };
        match &form["description"] {
            Value::Null => {}
            Value::String(text) if text.is_empty() => customer["description"] = Value::Null,
            text => customer["description"] = text.clone(),
        }
        match &form["metadata"] {
            Value::String(_) => customer["metadata"] = json!({}),
            Value::Object(entries) => {
                for (key, value) in entries {
                    let metadata = customer["metadata"].as_object_mut().unwrap();
                    metadata.remove(key);
                    if value != "" {
                        metadata.insert(key.clone(), value.clone());
                    }
                }
            }
            _ => {}
        }
        (200, customer.clone())
    }

    fn subscribe(&self, form: &Value) -> Response {
        let id = form["customer"].as_str().unwrap();
        let Some(customer) = self.customers.iter().find(|it| it["id"] == id) else {
            return missing(id);
        };
        let is_expanded = form["expand"][""] == "customer";
        let customer = if is_expanded {
            customer.clone()
        } else {
            json!(id)
        };
        let items = form["items"].as_object().unwrap();
        let items = (0..items.len()).map(|index| {
            let mut item = items[&index.to_string()].clone();
            if let Some(quantity) = item["quantity"].as_str() {
                item["quantity"] = json!(quantity.parse::<i64>().unwrap());
            }
            item
        });
        let items: Vec<_> = items.collect();
        (
            200,
            json!({"id": "sub_1", "customer": customer, "items": items}),
        )
    }

    fn list(&self, query: &Value) -> Response {
        let after = query["starting_after"].as_str();
        let position = |id| self.customers.iter().position(|it| it["id"] == id).unwrap();
        let start = after.map_or(0, |id| position(id) + 1);
        let limit: usize = query["limit"].as_str().unwrap().parse().unwrap();
        let rest = &self.customers[start..];
        let page: Vec<_> = rest.iter().take(limit).collect();
        (200, json!({"data": page, "has_more": rest.len() > limit}))
    }
}

fn missing(id: &str) -> Response {
    let message = format!("No such customer: '{id}'");
    let error = json!({
        "type": "invalid_request_error", "code": "resource_missing", "message": message, "param": "customer",
    });
    (400, json!({"error": error}))
}

/// Parses `a[b][c]=1` into nested objects.
fn parse(form: &str) -> Value {
    let mut root = Value::Object(Map::new());
    if form.is_empty() {
        return root;
    }
    for (name, value) in decoded(form) {
        let mut place = &mut root;
        for key in name.split('[') {
            place = &mut place[key.trim_end_matches(']')];
        }
        *place = Value::String(value);
    }
    root
}
