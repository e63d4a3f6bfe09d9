//! Requests with nested values, compared with the requests in the documentation of their APIs.

mod multipart;
mod rows;

use api_runtime::{Argument, Client, Error};
use serde_json::Value;
use test_server::{Action, Request, Server};

mod api {
    #![deny(warnings)]
    #![allow(missing_docs, dead_code)]
    api_runtime::api!("specs/documented-forms.toml");
}

/// Sends a request and returns it as the server received it.
fn sent(call: impl FnOnce(&Client) -> Result<(), Error>) -> Request {
    let server = Server::scripted([Action::json(200, "{}")]);
    let client = Client::builder(server.url()).build().unwrap();
    call(&client).unwrap();
    server.request()
}

/// Sends the same request by the name of its endpoint, with JSON as arguments.
fn sent_by_name(name: &str, arguments: &Value) -> Request {
    let mut all = api::ENDPOINTS.iter();
    let endpoint = all.find(|it| it.operation.name == name).unwrap();
    let arguments: Vec<_> = arguments
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), Argument::Json(value.clone().into())))
        .collect();
    sent(|client| client.call_by_name(endpoint, &arguments).map(drop))
}

/// Returns the query of a request, or its form.
fn pairs(request: &Request) -> String {
    match request.target().split_once('?') {
        Some((_, query)) => query.to_owned(),
        None => String::from_utf8(request.body.clone()).unwrap(),
    }
}

/// Splits a query or form into names and values, as servers do.
pub(crate) fn decoded(pairs: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        let bytes = percent_decode(text.as_bytes());
        String::from_utf8(bytes).unwrap()
    };
    let pairs = pairs.split('&');
    let split = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (decode(name), decode(value))
    };
    pairs.map(split).collect()
}

fn percent_decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut rest = text;
    while let [byte, behind @ ..] = rest {
        rest = behind;
        if let (b'%', Some((digits, behind))) = (byte, behind.split_at_checked(2)) {
            let digits = std::str::from_utf8(digits).unwrap();
            decoded.push(u8::from_str_radix(digits, 16).unwrap());
            rest = behind;
        } else {
            decoded.push(*byte);
        }
    }
    decoded
}
