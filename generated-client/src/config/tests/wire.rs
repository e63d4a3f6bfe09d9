//! What goes where once a client authenticates.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api_runtime::ManualClock;
use api_runtime::http::{HeaderMap, HeaderName, Response};
use api_runtime::transport::{Body, Call, Transport, TransportError};

use super::*;
use crate::{Client, commands};

const DISCOVER: &str = "GET https://a.net/oidc/.well-known/oauth-authorization-server";
const TOKEN_AT_A: &str = "POST https://a.net/oidc/v1/token";
const LOGIN: &str = "POST https://login.microsoftonline.com/tenant/oauth2/v2.0/token";
const CANCEL: &str = "POST https://a.net/api/1.2/commands/cancel";

#[derive(Clone)]
struct Seen {
    what: String,
    headers: HeaderMap,
    body: String,
}

impl Seen {
    /// Name and value of the headers that authenticate.
    fn secrets(&self) -> Vec<String> {
        let sensitive = self
            .headers
            .iter()
            .filter(|(_, value)| value.is_sensitive());
        let shown = sensitive.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        shown.collect()
    }
}

/// A workspace and Microsoft Entra in one: a token is what was asked for, and a number.
#[derive(Clone, Default)]
struct Server {
    seen: Arc<Mutex<Vec<Seen>>>,
    /// Calls with a token of a lower number are refused.
    good: Arc<AtomicUsize>,
    /// What the description of the workspace says.
    endpoint: Option<String>,
}

impl Server {
    fn asked(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|seen| seen.what.clone()).collect()
    }

    fn last(&self) -> Seen {
        self.seen.lock().unwrap().last().unwrap().clone()
    }

    fn answer(&self, seen: &Seen) -> (u16, String) {
        let number = self.seen.lock().unwrap().len();
        match seen.what.as_str() {
            DISCOVER => {
                let usual = "https://a.net/oidc/v1/token";
                let endpoint = self.endpoint.as_deref().unwrap_or(usual);
                (200, format!(r#"{{"token_endpoint": "{endpoint}"}}"#))
            }
            what if what.ends_with("token") => {
                let scope = seen.body.split("scope=").nth(1).unwrap().replace('%', "_");
                let token = format!("{scope}.{number}");
                let answer = format!(r#"{{"access_token": "{token}", "expires_in": 3600}}"#);
                (200, answer)
            }
            CANCEL => {
                let first = &seen.secrets()[0];
                let sent: usize = first.rsplit('.').next().unwrap().parse().unwrap();
                if sent >= self.good.load(Ordering::SeqCst) {
                    (200, "{}".into())
                } else {
                    (401, r#"{"message": "no"}"#.into())
                }
            }
            what => panic!("{what}"),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

impl Transport for Server {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        let (parts, body) = call.request.into_parts();
        let body = match body {
            Body::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            _ => String::new(),
        };
        let seen = Seen {
            what: format!("{} {}", parts.method, parts.uri),
            headers: parts.headers,
            body,
        };
        let (status, body) = self.answer(&seen);
        self.seen.lock().unwrap().push(seen);
        Ok(Response::builder()
            .status(status)
            .body(body.into())
            .unwrap())
    }
}

fn client(server: &Server, config: &Config) -> (Client, ManualClock) {
    let settings = config.resolve(&Environment::default()).unwrap();
    let clock = ManualClock::new();
    let builder = settings.client_builder().transport(server.clone());
    (builder.clock(clock.clone()).build().unwrap(), clock)
}

fn call(client: &Client) -> Result<(), Error> {
    let cancel = commands::Cancel::new("cluster", "context", "command");
    commands::cancel(client, &cancel).map(drop)
}

fn oauth() -> Config {
    Config::new().host("a.net").oauth("id", "hunter2")
}

fn azure() -> Config {
    Config::new().host("a.net").azure("tenant", "id", "hunter2")
}

#[test]
fn an_oauth_client_asks_its_workspace_for_a_token() {
    let server = Server::default();
    let (client, clock) = client(&server, &oauth());
    call(&client).unwrap();
    assert_eq!(server.asked(), [DISCOVER, TOKEN_AT_A, CANCEL]);
    assert_eq!(
        server.last().secrets(),
        ["authorization: Bearer all-apis.1"]
    );
    let asked = server.seen.lock().unwrap()[1].clone();
    assert_eq!(asked.body, "grant_type=client_credentials&scope=all-apis");
    // base64 of `id:hunter2`
    assert_eq!(asked.secrets(), ["authorization: Basic aWQ6aHVudGVyMg=="]);

    clock.advance(Duration::from_secs(3300));
    call(&client).unwrap();
    assert_eq!(server.asked()[3..], [TOKEN_AT_A, CANCEL]);
}

#[test]
fn the_secret_goes_to_another_host_only_if_that_is_trusted() {
    let server = Server {
        endpoint: Some("https://b.net/token".into()),
        ..Server::default()
    };
    let (client_of_a, _) = client(&server, &oauth());
    let error = call(&client_of_a).unwrap_err().to_string();
    assert!(error.contains("on another server, b.net"), "{error}");
    assert!(error.contains("from the arguments"), "{error}");
    assert_eq!(server.asked(), [DISCOVER]);

    let (client, _) = client(&server, &oauth().trust_token_host("b.net"));
    call(&client).unwrap();
    assert_eq!(
        server.asked()[1..],
        [DISCOVER, "POST https://b.net/token", CANCEL]
    );
}

#[test]
fn a_service_principal_of_azure_sends_one_token_to_the_workspace() {
    let server = Server::default();
    call(&client(&server, &azure()).0).unwrap();
    assert_eq!(server.asked(), [LOGIN, CANCEL]);
    assert_eq!(
        server.last().secrets(),
        ["authorization: Bearer 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d_2F.default.0"]
    );
    let asked = server.seen.lock().unwrap()[0].clone();
    assert_eq!(asked.secrets(), ["authorization: Basic aWQ6aHVudGVyMg=="]);
}

#[test]
fn with_a_resource_id_it_sends_two_and_the_id_to_the_workspace_alone() {
    let server = Server::default();
    let config = azure().azure_resource_id("/subscriptions/1");
    call(&client(&server, &config).0).unwrap();
    assert_eq!(server.asked(), [LOGIN, LOGIN, CANCEL]);
    assert_eq!(
        server.last().secrets(),
        [
            "authorization: Bearer 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d_2F.default.0",
            "x-databricks-azure-sp-management-token: \
             https_3A_2F_2Fmanagement.core.windows.net_2F.default.1",
            "x-databricks-azure-workspace-resource-id: /subscriptions/1",
        ]
    );
    for asked in &server.seen.lock().unwrap()[..2] {
        let names: Vec<_> = asked.headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["authorization", "content-type"]);
    }
}

#[test]
fn sovereign_clouds_and_logins_of_ones_own() {
    let login = |config: &Config, environment: &[(&str, &str)]| {
        let environment = Environment::from_pairs(None, environment.iter().copied());
        let server = Server::default();
        let settings = config.resolve(&environment).unwrap();
        let builder = settings.client_builder().transport(server.clone());
        call(&builder.build().unwrap()).unwrap();
        server.asked()[0].clone()
    };
    assert_eq!(
        login(&azure(), &[("ARM_ENVIRONMENT", "china")]),
        "POST https://login.chinacloudapi.cn/tenant/oauth2/v2.0/token"
    );
    assert_eq!(
        login(&azure().azure_login("http://127.0.0.1:1/"), &[]),
        "POST http://127.0.0.1:1/tenant/oauth2/v2.0/token"
    );
}

#[test]
fn a_refused_token_is_replaced_and_the_call_sent_once_more() {
    let resource = azure().azure_resource_id("/subscriptions/1");
    for (config, token) in [(oauth(), TOKEN_AT_A), (azure(), LOGIN), (resource, LOGIN)] {
        let server = Server::default();
        let (client, clock) = client(&server, &config);
        call(&client).unwrap();
        let before = server.asked().len();
        server.good.store(before, Ordering::SeqCst);
        clock.advance(Duration::from_secs(60));
        call(&client).unwrap();
        let after = server.asked()[before..].to_vec();
        assert_eq!(
            (after.first(), after.last()),
            (Some(&CANCEL.into()), Some(&CANCEL.into()))
        );
        assert!(after[1..after.len() - 1].iter().all(|what| what == token));
    }
}

#[test]
fn no_secret_is_printed() {
    let server = Server::default();
    server.good.store(usize::MAX, Ordering::SeqCst);
    for config in [oauth(), azure().azure_resource_id("/subscriptions/1")] {
        let (client, _) = client(&server, &config);
        let error = call(&client).unwrap_err();
        assert_eq!(error.status(), Some(401));
        let text = format!(
            "{error} {error:?} {client:?} {config:?} {:?}",
            client.credentials()
        );
        assert!(
            text.contains("client id and secret from the arguments"),
            "{text}"
        );
        for secret in ["hunter2", "aWQ6", "all-apis.", "default."] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}
