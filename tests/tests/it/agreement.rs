//! The same calls with the generated client and at run time: the bytes of the requests and the decoded
//! responses agree.

mod credentials;
mod pages;
mod requests;
mod responses;
mod streams;
mod waits;

use std::path::Path;

use api_dynamic::{Endpoint, Response};
use api_runtime::types::RawJson;
use api_runtime::{Argument, Client, Credentials, Error, Wait};
use api_spec::Source;
use api_spec::model::Api;
use serde_json::{Value, json};
use test_server::{Action, Request, Server};

mod generated {
    #![deny(warnings)]
    #![allow(dead_code)]
    api_runtime::api!("specs/agreement.toml", derive = [Serialize]);
}

fn api() -> Api {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/agreement.toml");
    let text = std::fs::read_to_string(file).unwrap();
    let parsed = api_spec::parse(&Source::new("agreement.toml", text));
    assert!(!parsed.has_errors(), "{:?}", parsed.diagnostics);
    parsed.api.unwrap()
}

/// A call by name, and the responses of the server to its requests.
struct Call<'a> {
    name: &'a str,
    arguments: Vec<(&'a str, Argument)>,
    responses: Vec<Action>,
    credentials: Option<Credentials>,
}

/// Result of a call, and the requests that were sent.
type Outcome<T> = (Result<T, String>, Vec<Sent>);

/// A request as it was sent, without the names that the client draws.
#[derive(Debug, PartialEq, Eq)]
struct Sent {
    line: String,
    headers: String,
    body: String,
}

impl<'a> Call<'a> {
    fn new(name: &'a str, responses: impl IntoIterator<Item = Action>) -> Self {
        Self {
            name,
            arguments: Vec::new(),
            responses: responses.into_iter().collect(),
            credentials: None,
        }
    }

    /// Adds an argument as on a command line.
    fn text(self, name: &'a str, text: &str) -> Self {
        self.argument(name, Argument::Text(text.to_owned()))
    }

    fn json(self, name: &'a str, json: &str) -> Self {
        self.argument(name, Argument::Json(json.parse().unwrap()))
    }

    fn argument(mut self, name: &'a str, argument: Argument) -> Self {
        self.arguments.push((name, argument));
        self
    }

    fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Makes a call with a client, against a server of its own.
    fn run<T>(&self, call: impl FnOnce(&Client) -> Result<T, Error>) -> Outcome<T> {
        let server = Server::scripted(self.responses.clone());
        let mut client = Client::builder(server.url());
        if let Some(credentials) = &self.credentials {
            client = client.credentials(credentials.clone());
        }
        let result = call(&client.build().unwrap());
        let url = server.url();
        let host = url.trim_start_matches("http://");
        let sent = server.requests().iter().map(|it| sent(it, host)).collect();
        let describe = |error: Error| format!("{:?}: {error}", error.kind());
        (result.map_err(describe), sent)
    }

    /// Makes the call at run time.
    fn run_dynamic<T>(
        &self,
        call: impl FnOnce(&Endpoint<'_>, &Client, &[(String, Argument)]) -> Result<T, Error>,
    ) -> Outcome<T> {
        let api = api();
        let endpoint = Endpoint::find(&api, self.name).unwrap();
        let arguments: Vec<_> = self
            .arguments
            .iter()
            .map(|(name, argument)| ((*name).to_owned(), argument.clone()))
            .collect();
        self.run(|client| call(&endpoint, client, &arguments))
    }

    /// Sends the request at run time.
    fn send(&self) -> Outcome<RawJson> {
        self.run_dynamic(|endpoint, client, arguments| {
            Ok(endpoint.call(client, arguments)?.into_json())
        })
    }

    /// Makes the call with both clients, compares them, and returns the requests.
    #[track_caller]
    fn agrees(self, generated: impl FnOnce(&Client) -> Result<Value, Error>) -> Vec<Sent> {
        let dynamic = self.run_dynamic(|endpoint, client, arguments| {
            let response = endpoint.call(client, arguments)?;
            Ok(value(response.json()))
        });
        same(self.name, self.run(generated), dynamic)
    }

    /// Compares the items of all pages.
    #[track_caller]
    fn agrees_on_pages(self, generated: impl FnOnce(&Client) -> Result<Value, Error>) -> Vec<Sent> {
        let dynamic = self.run_dynamic(|endpoint, client, arguments| {
            let mut items = Vec::new();
            let pages = endpoint.pages().unwrap();
            pages.for_each(client, arguments, |page| {
                items.extend(page.iter().map(value));
            })?;
            Ok(Value::from(items))
        });
        same(self.name, self.run(generated), dynamic)
    }

    /// Compares the headers and the items of a stream.
    #[track_caller]
    fn agrees_on_items(self, generated: impl FnOnce(&Client) -> Result<Value, Error>) -> Vec<Sent> {
        let dynamic = self.run_dynamic(|endpoint, client, arguments| {
            let mut items = Vec::new();
            let mut headers = Value::Null;
            let begin = |response: &Response| {
                headers = value(response.json());
                Ok::<_, Error>(())
            };
            endpoint.for_each_event(client, arguments, begin, |event| {
                items.push(value(&event.data));
                Ok(())
            })?;
            Ok(json!({"headers": headers, "items": items}))
        });
        same(self.name, self.run(generated), dynamic)
    }

    /// Compares the last response of a wait.
    #[track_caller]
    fn agrees_on_wait(self, generated: impl FnOnce(&Client) -> Result<Value, Error>) -> Vec<Sent> {
        let dynamic = self.run_dynamic(|endpoint, client, arguments| {
            let response = endpoint.call(client, arguments)?.into_json();
            let waiter = endpoint.waiter().unwrap();
            let last = waiter.wait(client, arguments, &response, Wait::new())?;
            Ok(value(&last))
        });
        same(self.name, self.run(generated), dynamic)
    }
}

#[track_caller]
fn same(name: &str, generated: Outcome<Value>, dynamic: Outcome<Value>) -> Vec<Sent> {
    let ((generated, requests), (dynamic, dynamic_requests)) = (generated, dynamic);
    assert_eq!(requests, dynamic_requests, "requests of {name}");
    assert_eq!(generated, dynamic, "result of {name}");
    requests
}

fn value(json: &RawJson) -> Value {
    json.parse().unwrap()
}

/// Returns a request without its host, boundary and idempotency key.
fn sent(request: &Request, host: &str) -> Sent {
    let content_type = request.header("content-type").unwrap_or_default();
    let boundary = content_type.split("boundary=").nth(1).unwrap_or_default();
    let boundary = boundary.split(';').next().unwrap_or_default();
    let normal = |text: &str| {
        let text = text.replace(host, "HOST");
        if boundary.is_empty() {
            text
        } else {
            text.replace(boundary, "BOUNDARY")
        }
    };
    Sent {
        line: normal(&request.line),
        headers: normal(&request.sorted_headers()),
        body: normal(&String::from_utf8_lossy(&request.body)),
    }
}
