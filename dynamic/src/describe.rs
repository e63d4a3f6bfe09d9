//! Descriptions of endpoints in the form of the runtime.

use std::time::Duration;

use api_runtime::operation::{
    BodyFormat, Condition, CredentialLocation, Endpoint, ErrorShape, EventFormat, EventStream,
    FieldLocation, Literal, Method, Operation, ResponseBody, Retry, Test,
};
use api_spec::model::{self, Api, Auth, Body, Credential, Response};

/// Calls a function with the description of an endpoint. All of it is on the stack or borrowed from the
/// API, so that nothing has to be leaked for it.
pub(crate) fn describe<R>(
    api: &Api,
    name: &str,
    spec: &model::Endpoint,
    function: impl FnOnce(&Endpoint<'_>) -> R,
) -> R {
    with_error_shape(api, |errors| {
        let fixed: Vec<_> = spec
            .fixed
            .iter()
            .map(|fixed| {
                let value = literal(&fixed.value);
                (location(fixed.location), fixed.wire.as_str(), value)
            })
            .collect();
        let (response, statuses) = response(&spec.response);
        let credentials = spec.auth.as_ref().map_or_else(Vec::new, credentials);
        let sets: Vec<_> = credentials.iter().map(Vec::as_slice).collect();
        let operation = Operation {
            name,
            method: &Method::new(spec.method.as_str()),
            path: &spec.path,
            format: format(&spec.body),
            content_type: spec.content_type.as_deref(),
            response,
            statuses: &statuses,
            events: event_stream(&spec.response),
            retry: retry(spec.retry),
            credentials: spec.auth.as_ref().map(|_| &*sets),
            timeout: spec.timeout.map(Duration::from_millis),
            idempotency_key: spec
                .idempotency_key
                .as_ref()
                .map(|key| (location(key.location), key.wire.as_str())),
            fixed: &fixed,
            errors,
        };
        let table = api.field_table(spec).join("\n");
        function(&Endpoint {
            operation: &operation,
            doc: &spec.doc,
            table: &table,
        })
    })
}

fn with_error_shape<R>(api: &Api, function: impl FnOnce(&ErrorShape<'_>) -> R) -> R {
    let (errors, transient) = (&api.errors, &api.transient);
    let conditions: Vec<_> = errors
        .conditions
        .iter()
        .map(|condition| Condition {
            key: &condition.key,
            test: match &condition.test {
                model::Test::Equal(value) => Test::Equal(literal(value)),
                model::Test::Different(value) => Test::Different(literal(value)),
                model::Test::Present => Test::Present,
            },
        })
        .collect();
    function(&ErrorShape {
        message: &texts(&errors.message),
        code: &texts(&errors.code),
        expired: &texts(&errors.expired),
        conditions: &conditions,
        refused: &texts(&transient.refused),
        failed: &texts(&transient.failed),
    })
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn literal(value: &model::Literal) -> Literal<'_> {
    match value {
        model::Literal::Bool(value) => Literal::Bool(*value),
        model::Literal::Int(value) => Literal::Int(*value),
        model::Literal::Float(value) => Literal::Float(value.0),
        model::Literal::String(text) => Literal::String(text),
    }
}

fn credentials(auth: &Auth) -> Vec<Vec<CredentialLocation<'_>>> {
    let sets = auth.sets.iter();
    sets.map(|set| set.iter().map(credential_location).collect())
        .collect()
}

fn credential_location(credential: &Credential) -> CredentialLocation<'_> {
    match credential.location() {
        model::CredentialLocation::Header { name, prefix } => {
            CredentialLocation::Header { name, prefix }
        }
        model::CredentialLocation::Query(name) => CredentialLocation::Query(name),
    }
}

fn format(body: &Body) -> BodyFormat<'_> {
    match body {
        Body::Empty => BodyFormat::Empty,
        Body::Json(_) => BodyFormat::Json,
        Body::JsonValue(_) => BodyFormat::JsonValue,
        Body::Raw(_, media_type) => BodyFormat::Raw(media_type),
        Body::Form(_) => BodyFormat::Form,
        Body::Multipart(_) => BodyFormat::Multipart,
    }
}

/// Returns the kind of the response's body, and the status codes that the spec lists.
fn response(response: &Response) -> (ResponseBody, Vec<u16>) {
    let body = match response {
        Response::Object(_) | Response::Value(_) => ResponseBody::Json,
        Response::ByStatus(cases) => {
            let statuses = cases.cases.iter().map(|case| case.status);
            return (ResponseBody::ByStatus, statuses.collect());
        }
        Response::Events(_) => ResponseBody::Events,
        Response::Nothing => ResponseBody::Ignored,
        Response::Text => ResponseBody::Text,
        Response::Bytes | Response::Stream => ResponseBody::Bytes,
    };
    (body, Vec::new())
}

fn event_stream(response: &Response) -> Option<EventStream<'_>> {
    let Response::Events(events) = response else {
        return None;
    };
    Some(EventStream {
        format: match events.format {
            model::EventFormat::ServerSent => EventFormat::ServerSent,
            model::EventFormat::Lines => EventFormat::Lines,
        },
        is_text: events.item == Response::Text,
        end: events.end.as_deref(),
        error: events.error.as_deref(),
        resume: events.resume,
        named: events.named,
    })
}

fn retry(retry: model::Retry) -> Retry {
    match retry {
        model::Retry::Safe => Retry::Safe,
        model::Retry::Idempotent => Retry::Idempotent,
        model::Retry::Never => Retry::Never,
    }
}

fn location(location: model::FieldLocation) -> FieldLocation {
    match location {
        model::FieldLocation::Query => FieldLocation::Query,
        model::FieldLocation::Header => FieldLocation::Header,
        model::FieldLocation::Body => FieldLocation::Body,
    }
}
