//! Answers, and the two shapes of those that say no.
//!
//! API 1.2 itself answers `{"error": "<Exception>: <message>"}`; what stands before it, which looks
//! at credentials and paths, answers `{"error_code": ..., "message": ...}`.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::auth::Denied;
use crate::contexts::Refusal;
use crate::limits;

/// A request that was understood and done.
pub(crate) fn json(answer: &impl Serialize) -> Response {
    with_status(StatusCode::OK, answer)
}

fn with_status(status: StatusCode, answer: &impl Serialize) -> Response {
    match serde_json::to_vec(answer) {
        Ok(body) => (status, [(CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// A request that is not done, and what its sender is told.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    body: Value,
    header: Option<(HeaderName, &'static str)>,
}

impl Problem {
    fn new(status: StatusCode, error: String) -> Self {
        let body = Value::from_iter([("error", error)]);
        Self {
            status,
            body,
            header: None,
        }
    }

    fn before_the_api(status: StatusCode, code: impl Serialize, message: &str) -> Self {
        let body = json!({ "error_code": code, "message": message });
        Self {
            status,
            body,
            header: None,
        }
    }

    pub(crate) fn bad_request(error: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    /// A field that is not there, in the words of the service.
    pub(crate) fn missing(field: &str) -> Self {
        Self::bad_request(format!(
            "IllegalArgumentException: requirement failed: missing {field}"
        ))
    }

    pub(crate) fn unknown_language(name: &str) -> Self {
        Self::bad_request(format!(
            "IllegalArgumentException: unknown language `{name}`; known are python, scala, sql \
             and r"
        ))
    }

    pub(crate) fn body_too_long() -> Self {
        let error = format!(
            "RequestTooLargeException: the body is longer than {} MiB",
            limits::BODY >> 20
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, error)
    }

    /// A path or a method the API does not have.
    pub(crate) fn no_such_endpoint(method: &Method, path: &str) -> Self {
        let message = format!("No API found for '{method} {path}'");
        Self::before_the_api(StatusCode::NOT_FOUND, "ENDPOINT_NOT_FOUND", &message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = with_status(self.status, &self.body);
        if let Some((name, value)) = self.header {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// A request that is not let in. The code is a number here, as it is there.
pub(crate) fn denied(denied: Denied) -> Response {
    let (status, message) = match denied {
        Denied::Missing => (
            StatusCode::UNAUTHORIZED,
            "Credential was not sent or was of an unsupported type for this API.",
        ),
        Denied::Wrong => (StatusCode::FORBIDDEN, "Invalid access token."),
        Denied::WebPage => (
            StatusCode::FORBIDDEN,
            "A server without credentials answers no web pages: the request has an Origin, or a \
             Host other than an address or localhost.",
        ),
    };
    let mut problem = Problem::before_the_api(status, status.as_u16(), message);
    if denied == Denied::Missing {
        problem.header = Some((WWW_AUTHENTICATE, r#"Bearer realm="DatabricksRealm""#));
    }
    problem.into_response()
}

impl From<Refusal> for Problem {
    /// The service's own answers for unknown ids are not known; these contain the words by which
    /// clients are known to recognise a lost context.
    fn from(refusal: Refusal) -> Self {
        let (status, error) = match refusal {
            Refusal::NoSuchContext(context) => (
                StatusCode::NOT_FOUND,
                format!("ContextNotFound: execution context {context} does not exist"),
            ),
            Refusal::NoSuchCommand { context, command } => (
                StatusCode::NOT_FOUND,
                format!(
                    "CommandNotFound: command {command} does not exist in execution context \
                     {context}, or its result is no longer kept"
                ),
            ),
            Refusal::NotAvailable(language) => (
                StatusCode::BAD_REQUEST,
                format!(
                    "UnsupportedOperationException: this server does not run {} yet, only python",
                    language.name()
                ),
            ),
            Refusal::CannotStart { program, why } => (
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("ReplStartFailureException: cannot start the program `{program}`: {why}"),
            ),
            Refusal::TooManyContexts(most) => (
                StatusCode::BAD_REQUEST,
                format!(
                    "IllegalStateException: the limit of {most} execution contexts is reached; \
                     destroy one first"
                ),
            ),
            Refusal::QueueIsFull(context) => (
                StatusCode::TOO_MANY_REQUESTS,
                format!(
                    "IllegalStateException: too many commands wait in execution context {context}"
                ),
            ),
            Refusal::ContextFailed { context, why } => (
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("IllegalStateException: execution context {context} has failed. {why}"),
            ),
            Refusal::Stopping => (
                StatusCode::SERVICE_UNAVAILABLE,
                "IllegalStateException: the server is stopping".to_owned(),
            ),
        };
        let mut problem = Self::new(status, error);
        if status == StatusCode::TOO_MANY_REQUESTS {
            problem.header = Some((RETRY_AFTER, "1"));
        }
        problem
    }
}
