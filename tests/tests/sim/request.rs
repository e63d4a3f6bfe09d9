//! Requests as the model server reads them.

use std::io::Read as _;

use api_runtime::http;
use api_runtime::transport::Body;

/// Endpoints of the model server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Create,
    ContextStatus,
    Destroy,
    Execute,
    CommandStatus,
    Cancel,
    ClusterState,
    /// The token endpoint of OAuth.
    Token,
}

impl Endpoint {
    fn of(path: &str) -> Self {
        match path {
            "/api/1.2/contexts/create" => Self::Create,
            "/api/1.2/contexts/status" => Self::ContextStatus,
            "/api/1.2/contexts/destroy" => Self::Destroy,
            "/api/1.2/commands/execute" => Self::Execute,
            "/api/1.2/commands/status" => Self::CommandStatus,
            "/api/1.2/commands/cancel" => Self::Cancel,
            "/api/2.1/clusters/get" => Self::ClusterState,
            "/token" => Self::Token,
            path => panic!("the client called {path}"),
        }
    }

    /// Returns whether processing the request twice differs from processing it once.
    pub(crate) fn must_run_once(self) -> bool {
        matches!(self, Self::Create | Self::Execute)
    }
}

/// A request with its parameters. Absent parameters are empty.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) endpoint: Endpoint,
    pub(crate) authorization: String,
    pub(crate) context: String,
    pub(crate) command: String,
    pub(crate) code: String,
}

impl Request {
    pub(crate) fn read(request: http::Request<Body<'_>>) -> Self {
        let (parts, body) = request.into_parts();
        let mut text = String::new();
        match body {
            Body::Empty => {}
            Body::Bytes(bytes) => text = String::from_utf8(bytes).expect("the body is UTF-8"),
            Body::Stream { mut reader, .. } => {
                let read = reader.read_to_string(&mut text);
                read.expect("the body should be readable");
            }
        }
        let endpoint = Endpoint::of(parts.uri.path());
        let query = parts.uri.query().unwrap_or_default();
        let authorization = parts.headers.get(http::header::AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        let get = |name| parameter(query, &text, name).unwrap_or_default().to_owned();
        // The endpoint of commands has no id of a command, and its code may be in a file.
        let (command, code) = match endpoint {
            Endpoint::Execute => (String::new(), get("command")),
            _ => (get("commandId"), String::new()),
        };
        Self {
            endpoint,
            authorization: authorization.unwrap_or_default().to_owned(),
            context: get("contextId"),
            command,
            code,
        }
    }
}

impl Request {
    /// Returns the endpoint and the ids for the history.
    pub(crate) fn line(&self) -> String {
        let ids = [&self.context, &self.command].map(|id| &**id).join(" ");
        format!("{:?} {}", self.endpoint, ids.trim())
    }
}

/// Returns a parameter from the query, from a multipart body or from a JSON body. The values of the
/// simulation contain no characters that are escaped.
fn parameter<'a>(query: &'a str, body: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    if let Some((_, value)) = pairs.find(|(key, _)| *key == name) {
        return Some(value);
    }
    if body.starts_with('{') {
        let (_, rest) = body.split_once(&format!("\"{name}\":\""))?;
        return Some(rest.split_once('"')?.0);
    }
    let (_, rest) = body.split_once(&format!("name=\"{name}\""))?;
    let (_, rest) = rest.split_once("\r\n\r\n")?;
    Some(rest.split_once("\r\n")?.0)
}
