//! Requests of clients that fetch tokens.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api_runtime::ManualClock;
use api_runtime::http::{HeaderMap, HeaderName, Response};
use api_runtime::transport::{Body, Call, Transport, TransportError};

use super::*;
use crate::{Client, Error, commands};

const METADATA: &str = "GET https://a.net/oidc/.well-known/oauth-authorization-server";
const WORKSPACE_TOKEN: &str = "POST https://a.net/oidc/v1/token";
const ENTRA_TOKEN: &str = "POST https://login.microsoftonline.com/tenant/oauth2/v2.0/token";
const CANCEL: &str = "POST https://a.net/api/1.2/commands/cancel";

#[derive(Clone)]
struct Recorded {
    /// Method and URL.
    target: String,
    headers: HeaderMap,
    body: String,
}

impl Recorded {
    /// Sensitive headers as `name: value`.
    fn secrets(&self) -> Vec<String> {
        let sensitive = self
            .headers
            .iter()
            .filter(|(_, value)| value.is_sensitive());
        let lines = sensitive.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        lines.collect()
    }
}

/// Transport that acts as a workspace and as Microsoft Entra. A token consists of its scope and the
/// number of earlier requests.
#[derive(Clone, Default)]
struct Server {
    requests: Arc<Mutex<Vec<Recorded>>>,
    /// Tokens with a lower number are rejected.
    min_token_number: Arc<AtomicUsize>,
    /// The rejection is a 403 for an expired token, as gateways send it, instead of a 401.
    is_gateway: bool,
    /// Token endpoint in the OAuth metadata, instead of the one of the workspace.
    token_endpoint: Option<String>,
}

impl Server {
    fn targets(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        let targets = requests.iter().map(|request| request.target.clone());
        targets.collect()
    }

    fn last(&self) -> Recorded {
        self.requests.lock().unwrap().last().unwrap().clone()
    }

    fn respond(&self, request: &Recorded) -> (u16, String) {
        let number = self.requests.lock().unwrap().len();
        match request.target.as_str() {
            METADATA => {
                let default = "https://a.net/oidc/v1/token";
                let endpoint = self.token_endpoint.as_deref().unwrap_or(default);
                (200, format!(r#"{{"token_endpoint": "{endpoint}"}}"#))
            }
            target if target.ends_with("token") => {
                let scope = request
                    .body
                    .split("scope=")
                    .nth(1)
                    .unwrap()
                    .replace('%', "_");
                let token = format!("{scope}.{number}");
                let body = format!(r#"{{"access_token": "{token}", "expires_in": 3600}}"#);
                (200, body)
            }
            CANCEL => {
                let authorization = &request.secrets()[0];
                let number = authorization.rsplit('.').next().unwrap();
                if number.parse::<usize>().unwrap() >= self.min_token_number.load(Ordering::SeqCst)
                {
                    (200, "{}".into())
                } else if self.is_gateway {
                    (
                        403,
                        r#"{"error_code": 403, "message": "JWT has expired"}"#.into(),
                    )
                } else {
                    (401, r#"{"message": "no"}"#.into())
                }
            }
            target => panic!("{target}"),
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
        let recorded = Recorded {
            target: format!("{} {}", parts.method, parts.uri),
            headers: parts.headers,
            body,
        };
        let (status, body) = self.respond(&recorded);
        self.requests.lock().unwrap().push(recorded);
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

fn cancel(client: &Client) -> Result<(), Error> {
    let request = commands::Cancel::new("cluster", "context", "command");
    commands::cancel(client, &request).map(drop)
}

fn oauth() -> Config {
    Config::new().host("a.net").oauth("id", "hunter2")
}

fn azure() -> Config {
    Config::new().host("a.net").azure("tenant", "id", "hunter2")
}

#[test]
fn oauth_token_is_requested_from_the_workspace_and_refreshed() {
    let server = Server::default();
    let (client, clock) = client(&server, &oauth());
    cancel(&client).unwrap();
    assert_eq!(server.targets(), [METADATA, WORKSPACE_TOKEN, CANCEL]);
    assert_eq!(
        server.last().secrets(),
        ["authorization: Bearer all-apis.1"]
    );
    let token_request = server.requests.lock().unwrap()[1].clone();
    assert_eq!(
        token_request.body,
        "grant_type=client_credentials&scope=all-apis"
    );
    // base64 of `id:hunter2`
    assert_eq!(
        token_request.secrets(),
        ["authorization: Basic aWQ6aHVudGVyMg=="]
    );

    clock.advance(Duration::from_secs(3300));
    cancel(&client).unwrap();
    assert_eq!(server.targets()[3..], [WORKSPACE_TOKEN, CANCEL]);
}

#[test]
fn client_secret_is_sent_to_another_host_only_if_trusted() {
    let server = Server {
        token_endpoint: Some("https://b.net/token".into()),
        ..Server::default()
    };
    let (client_of_a, _) = client(&server, &oauth());
    let error = cancel(&client_of_a).unwrap_err().to_string();
    assert!(error.contains("on another server, b.net"), "{error}");
    assert!(error.contains("from the arguments"), "{error}");
    assert_eq!(server.targets(), [METADATA]);

    let (client, _) = client(&server, &oauth().trust_token_host("b.net"));
    cancel(&client).unwrap();
    assert_eq!(
        server.targets()[1..],
        [METADATA, "POST https://b.net/token", CANCEL]
    );
}

#[test]
fn azure_service_principal_sends_one_token() {
    let server = Server::default();
    cancel(&client(&server, &azure()).0).unwrap();
    assert_eq!(server.targets(), [ENTRA_TOKEN, CANCEL]);
    assert_eq!(
        server.last().secrets(),
        ["authorization: Bearer 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d_2F.default.0"]
    );
    let token_request = server.requests.lock().unwrap()[0].clone();
    assert_eq!(
        token_request.secrets(),
        ["authorization: Basic aWQ6aHVudGVyMg=="]
    );
}

#[test]
fn azure_resource_id_adds_a_management_token_and_is_sent_to_the_workspace_only() {
    let server = Server::default();
    let config = azure().azure_resource_id("/subscriptions/1");
    cancel(&client(&server, &config).0).unwrap();
    assert_eq!(server.targets(), [ENTRA_TOKEN, ENTRA_TOKEN, CANCEL]);
    assert_eq!(
        server.last().secrets(),
        [
            "authorization: Bearer 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d_2F.default.0",
            "x-databricks-azure-sp-management-token: \
             https_3A_2F_2Fmanagement.core.windows.net_2F.default.1",
            "x-databricks-azure-workspace-resource-id: /subscriptions/1",
        ]
    );
    for token_request in &server.requests.lock().unwrap()[..2] {
        let names: Vec<_> = token_request
            .headers
            .keys()
            .map(HeaderName::as_str)
            .collect();
        assert_eq!(names, ["authorization", "content-type"]);
    }
}

#[test]
fn azure_login_is_selected_by_cloud_or_argument() {
    let login = |config: &Config, environment: &[(&str, &str)]| {
        let environment = Environment::from_pairs(None, environment.iter().copied());
        let server = Server::default();
        let settings = config.resolve(&environment).unwrap();
        let builder = settings.client_builder().transport(server.clone());
        cancel(&builder.build().unwrap()).unwrap();
        server.targets()[0].clone()
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
fn rejected_token_is_refreshed_and_the_request_repeated() {
    let resource = azure().azure_resource_id("/subscriptions/1");
    for (config, token) in [
        (oauth(), WORKSPACE_TOKEN),
        (azure(), ENTRA_TOKEN),
        (resource, ENTRA_TOKEN),
    ] {
        for is_gateway in [false, true] {
            let server = Server {
                is_gateway,
                ..Server::default()
            };
            let (client, _) = client(&server, &config);
            cancel(&client).unwrap();
            let before = server.targets().len();
            server.min_token_number.store(before, Ordering::SeqCst);
            cancel(&client).unwrap();
            let after = server.targets()[before..].to_vec();
            let [first, tokens @ .., last] = &*after else {
                panic!("{after:?}")
            };
            assert_eq!([first, last], [CANCEL; 2]);
            assert!(
                !tokens.is_empty() && tokens.iter().all(|it| it == token),
                "{after:?}"
            );
        }
    }
}

#[test]
fn errors_and_debug_contain_no_secrets() {
    let server = Server::default();
    server.min_token_number.store(usize::MAX, Ordering::SeqCst);
    for config in [oauth(), azure().azure_resource_id("/subscriptions/1")] {
        let (client, _) = client(&server, &config);
        let error = cancel(&client).unwrap_err();
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
