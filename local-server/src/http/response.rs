//! Responses, and the two formats of error bodies.
//!
//! API 1.2 responds with `{"error": "<Exception>: <message>"}`. The 2.0 APIs and the gateway, which
//! checks credentials and paths, respond with `{"error_code": ..., "message": ...}`.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::auth::AuthError;
use crate::clusters::{ClusterError, ClusterState};
use crate::contexts::ServiceError;
use crate::dbfs::DbfsError;
use crate::engines::StartEngineError;
use crate::language::Language;
use crate::limits;

/// Creates a response with status code 200 and a JSON body.
pub(super) fn json(body: &impl Serialize) -> Response {
    with_status(StatusCode::OK, body)
}

/// Creates a response with status code 200 and an empty object.
pub(super) fn empty() -> Response {
    json(&json!({}))
}

fn with_status(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => (status, [(CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// Response to a request that failed.
#[derive(Debug)]
pub(super) struct ErrorResponse {
    status: StatusCode,
    body: Value,
    header: Option<(HeaderName, &'static str)>,
}

impl ErrorResponse {
    /// Error in the format of API 1.2.
    fn api(status: StatusCode, mut error: String) -> Self {
        truncate(&mut error);
        let body = Value::from_iter([("error", error)]);
        Self {
            status,
            body,
            header: None,
        }
    }

    /// Error in the format of the 2.0 APIs and the gateway.
    fn gateway(status: StatusCode, code: impl Serialize, mut message: String) -> Self {
        truncate(&mut message);
        let body = json!({ "error_code": code, "message": message });
        Self {
            status,
            body,
            header: None,
        }
    }

    pub(super) fn bad_request(error: String) -> Self {
        Self::api(StatusCode::BAD_REQUEST, error)
    }

    /// Missing required field. Databricks sends the same message.
    pub(super) fn missing(field: &str) -> Self {
        Self::bad_request(format!(
            "IllegalArgumentException: requirement failed: missing {field}"
        ))
    }

    /// Id or name beyond the size limit.
    pub(super) fn too_long(field: &str) -> Self {
        let limit = limits::ID_BYTES;
        Self::bad_request(format!(
            "IllegalArgumentException: {field} is longer than {limit} bytes"
        ))
    }

    pub(super) fn unknown_language(name: &str) -> Self {
        Self::bad_request(format!(
            "IllegalArgumentException: unknown language `{name}`, expected python, scala, sql or r"
        ))
    }

    pub(super) fn body_too_large() -> Self {
        let error = format!(
            "RequestTooLargeException: the request body exceeds {} MiB",
            limits::REQUEST_BODY_BYTES >> 20
        );
        Self::api(StatusCode::PAYLOAD_TOO_LARGE, error)
    }

    /// Cluster on which no context can be created, in the format of API 1.2.
    fn unusable_cluster(error: ClusterError) -> Self {
        match error {
            // Databricks sends this while a cluster starts, and its clients retry.
            ClusterError::UnexpectedState {
                cluster,
                state: ClusterState::Pending | ClusterState::Restarting,
            } => Self::api(
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("ClusterNotReadyException: cluster {cluster} is starting"),
            ),
            ClusterError::UnexpectedState { cluster, state } => Self::bad_request(format!(
                "IllegalStateException: cluster {cluster} is in unexpected state {state}; start it \
                 first"
            )),
            ClusterError::NoSuchCluster(cluster) => Self::bad_request(format!(
                "IllegalArgumentException: cluster {cluster} does not exist"
            )),
            ClusterError::Invalid(message) => {
                Self::bad_request(format!("IllegalArgumentException: {message}"))
            }
            ClusterError::TooManyClusters => Self::bad_request(format!(
                "IllegalStateException: the limit of {} clusters is reached",
                limits::CLUSTERS
            )),
            ClusterError::NoRandomBytes(reason) => Self::api(
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("IllegalStateException: cannot generate an id: {reason}"),
            ),
        }
    }

    /// Invalid parameter of a 2.0 API.
    pub(super) fn invalid(message: String) -> Self {
        Self::gateway(StatusCode::BAD_REQUEST, "INVALID_PARAMETER_VALUE", message)
    }

    /// Body of a 2.0 API that cannot be parsed.
    pub(super) fn malformed(message: String) -> Self {
        Self::gateway(StatusCode::BAD_REQUEST, "MALFORMED_REQUEST", message)
    }

    /// Failure of the server in a 2.0 API.
    pub(super) fn internal(message: String) -> Self {
        Self::gateway(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", message)
    }

    /// Request beyond a rate limit.
    pub(super) fn rate_limited() -> Self {
        let message = "Your request was rejected since your organization has exceeded the rate \
                       limit. Please retry your request later. (injected fault)";
        let code = "REQUEST_LIMIT_EXCEEDED";
        let mut response = Self::gateway(StatusCode::TOO_MANY_REQUESTS, code, message.to_owned());
        response.header = Some((RETRY_AFTER, "1"));
        response
    }

    /// Service that does not respond to the gateway. The request may have been executed.
    pub(super) fn unavailable(path: &str) -> Self {
        let message = format!("The service at {path} is temporarily unavailable. (injected fault)");
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::gateway(status, "TEMPORARILY_UNAVAILABLE", message)
    }

    /// Unknown path or method.
    pub(super) fn unknown_endpoint(method: &Method, path: &str) -> Self {
        let message = format!("No API found for '{method} {path}'");
        Self::gateway(StatusCode::NOT_FOUND, "ENDPOINT_NOT_FOUND", message)
    }
}

/// Truncates a message that repeats a long part of the request.
fn truncate(message: &mut String) {
    if message.len() > limits::ERROR_MESSAGE_BYTES {
        let boundary = (0..=limits::ERROR_MESSAGE_BYTES).rfind(|&at| message.is_char_boundary(at));
        message.truncate(boundary.unwrap_or(0));
        message.push_str("...");
    }
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        let mut response = with_status(self.status, &self.body);
        if let Some((name, value)) = self.header {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<AuthError> for ErrorResponse {
    fn from(error: AuthError) -> Self {
        let (status, message) = match error {
            AuthError::Missing => (
                StatusCode::UNAUTHORIZED,
                "Credential was not sent or was of an unsupported type for this API.",
            ),
            AuthError::Invalid => (StatusCode::FORBIDDEN, "Invalid access token."),
            AuthError::WebPage => (
                StatusCode::FORBIDDEN,
                "A server without credentials rejects requests from web pages: the request has an \
                 Origin header, or a Host other than an IP address or localhost.",
            ),
        };
        // Databricks sends the status code as `error_code` for errors of authentication.
        let mut response = Self::gateway(status, status.as_u16(), message.to_owned());
        if error == AuthError::Missing {
            response.header = Some((WWW_AUTHENTICATE, r#"Bearer realm="DatabricksRealm""#));
        }
        response
    }
}

impl From<ServiceError> for ErrorResponse {
    /// The responses of Databricks to unknown ids are not documented. The messages contain the
    /// phrases by which known clients recognize a lost context: "does not exist", "has failed".
    fn from(error: ServiceError) -> Self {
        let (status, message) = match error {
            ServiceError::NoSuchContext(context) => (
                StatusCode::NOT_FOUND,
                format!("ContextNotFound: execution context {context} does not exist"),
            ),
            ServiceError::NoSuchCommand { context, command } => (
                StatusCode::NOT_FOUND,
                format!(
                    "CommandNotFound: command {command} does not exist in execution context \
                     {context}, or its results have been removed"
                ),
            ),
            ServiceError::CannotStart(language, error) => cannot_start(language, error),
            ServiceError::OtherLanguage { context, command } => (
                StatusCode::BAD_REQUEST,
                format!(
                    "UnsupportedOperationException: a context of the language {} cannot run {} \
                     commands; create a context of the language {}",
                    context.name(),
                    command.name(),
                    command.name()
                ),
            ),
            ServiceError::NoRandomBytes(reason) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("IllegalStateException: cannot generate an id: {reason}"),
            ),
            ServiceError::ClusterNotReady(cluster) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("ClusterNotReadyException: cluster {cluster} is not ready"),
            ),
            ServiceError::TooManyContexts(limit) => (
                StatusCode::BAD_REQUEST,
                format!(
                    "IllegalStateException: the limit of {limit} execution contexts is reached, \
                     and no context is idle; destroy one first"
                ),
            ),
            ServiceError::Evicted(context) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                format!(
                    "IllegalStateException: Context ExecutionContextId({context}) is disconnected."
                ),
            ),
            ServiceError::NotReady => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "IllegalStateException: jupyter client is not available because the python kernel \
                 is not defined"
                    .to_owned(),
            ),
            ServiceError::Magic(reason) => (
                StatusCode::BAD_REQUEST,
                format!("UnsupportedOperationException: {reason}"),
            ),
            ServiceError::QueueFull(context) => (
                StatusCode::TOO_MANY_REQUESTS,
                format!(
                    "IllegalStateException: too many queued commands in execution context {context}"
                ),
            ),
            ServiceError::ContextFailed { context, reason } => (
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("IllegalStateException: execution context {context} has failed. {reason}"),
            ),
            ServiceError::NotKilled(context) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                format!(
                    "IllegalStateException: execution context {context} is destroyed, but some of \
                     its processes could not be killed within {} seconds",
                    limits::KILL_TIMEOUT.as_secs()
                ),
            ),
            ServiceError::Cluster(error) => return Self::unusable_cluster(error),
            ServiceError::ShuttingDown => (
                StatusCode::SERVICE_UNAVAILABLE,
                "IllegalStateException: the server is shutting down".to_owned(),
            ),
        };
        let mut response = Self::api(status, message);
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.header = Some((RETRY_AFTER, "1"));
        }
        response
    }
}

fn cannot_start(language: Language, error: StartEngineError) -> (StatusCode, String) {
    let name = language.name();
    match error {
        StartEngineError::Missing(reason) => (
            StatusCode::BAD_REQUEST,
            format!("UnsupportedOperationException: this server cannot run {name}: {reason}"),
        ),
        StartEngineError::Program { program, source } => (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("ReplStartFailureException: cannot start `{program}`: {source}"),
        ),
    }
}

impl From<DbfsError> for ErrorResponse {
    fn from(error: DbfsError) -> Self {
        let (status, code) = match &error {
            DbfsError::Invalid(_) | DbfsError::IsFolder(_) => {
                (StatusCode::BAD_REQUEST, "INVALID_PARAMETER_VALUE")
            }
            DbfsError::DoesNotExist(_) | DbfsError::NoSuchHandle(_) => {
                (StatusCode::NOT_FOUND, "RESOURCE_DOES_NOT_EXIST")
            }
            DbfsError::AlreadyExists(_) => (StatusCode::BAD_REQUEST, "RESOURCE_ALREADY_EXISTS"),
            DbfsError::NotEmpty(_) => (StatusCode::BAD_REQUEST, "IO_ERROR"),
            DbfsError::BlockTooLarge | DbfsError::FileTooLarge => {
                (StatusCode::BAD_REQUEST, "MAX_BLOCK_SIZE_EXCEEDED")
            }
            DbfsError::ReadTooLarge => (StatusCode::BAD_REQUEST, "MAX_READ_SIZE_EXCEEDED"),
            DbfsError::TooManyUploads => (StatusCode::TOO_MANY_REQUESTS, "REQUEST_LIMIT_EXCEEDED"),
            DbfsError::NoRandomBytes(_) | DbfsError::Root(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR")
            }
            DbfsError::Io { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "IO_ERROR"),
        };
        Self::gateway(status, code, error.to_string())
    }
}

impl From<ClusterError> for ErrorResponse {
    /// The messages for unknown clusters and unexpected states are those of Databricks.
    fn from(error: ClusterError) -> Self {
        match error {
            ClusterError::Invalid(message) => Self::invalid(message),
            ClusterError::NoSuchCluster(cluster) => {
                Self::invalid(format!("Cluster {cluster} does not exist"))
            }
            ClusterError::UnexpectedState { cluster, state } => Self::gateway(
                StatusCode::BAD_REQUEST,
                "INVALID_STATE",
                format!("Cluster {cluster} is in unexpected state {state}."),
            ),
            ClusterError::TooManyClusters => Self::gateway(
                StatusCode::BAD_REQUEST,
                "QUOTA_EXCEEDED",
                format!("The limit of {} clusters is reached", limits::CLUSTERS),
            ),
            ClusterError::NoRandomBytes(reason) => {
                Self::internal(format!("cannot generate an id: {reason}"))
            }
        }
    }
}
