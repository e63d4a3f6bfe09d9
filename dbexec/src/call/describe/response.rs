//! Descriptions of responses.

use api_dynamic::Endpoint;
use api_spec::model::{Case, Direction, EventStream, Field, Response, ResponseHeaders, Type};

use super::fields::describe as fields;

/// Formats the response of an endpoint: its status codes, its body, and its headers.
pub(super) fn describe(endpoint: Endpoint<'_>, width: Option<usize>) -> String {
    let spec = endpoint.spec();
    let text = body(endpoint, &spec.response, width);
    text + &headers(endpoint, spec.response_headers.as_ref(), width)
}

fn body(endpoint: Endpoint<'_>, response: &Response, width: Option<usize>) -> String {
    if let Some(list) = object_fields(endpoint, response) {
        return fields(endpoint, &list, width);
    }
    match response {
        Response::Nothing => String::new(),
        Response::Object(_) => "  an object\n".to_owned(),
        Response::Value(ty) => format!("  {ty}\n"),
        Response::Text => "  text\n".to_owned(),
        Response::Bytes | Response::Stream => {
            "  bytes, which are written to standard output as they arrive\n".to_owned()
        }
        Response::Events(events) => event_stream(endpoint, events, width),
        Response::ByStatus(cases) => {
            let cases = cases.cases.iter();
            cases
                .map(|case| describe_case(endpoint, case, width))
                .collect()
        }
    }
}

fn event_stream(endpoint: Endpoint<'_>, events: &EventStream, width: Option<usize>) -> String {
    let key = events.format.key();
    match &events.item {
        Response::Value(ty) => format!("  {key} of {ty}, one JSON value per line\n"),
        Response::Text => format!("  {key} of text\n"),
        Response::Object(object) => {
            let list = object.fields.iter().collect::<Vec<_>>();
            let list = fields(endpoint, &list, indented_width(width));
            let list = indented(&list);
            format!("  {key} of objects, one JSON value per line:\n{list}")
        }
        _ => "  events, one JSON value per line\n".to_owned(),
    }
}

fn describe_case(endpoint: Endpoint<'_>, case: &Case, width: Option<usize>) -> String {
    let status = format!("  {} {}\n", case.status, case.variant.unraw());
    let width = indented_width(width);
    let body = body(endpoint, &case.response, width);
    status + &indented(&(body + &headers(endpoint, case.headers.as_ref(), width)))
}

/// Indents lines that belong to the line in front of them.
fn indented(text: &str) -> String {
    let lines = text.lines();
    lines.fold(String::new(), |text, line| text + "  " + line + "\n")
}

fn indented_width(width: Option<usize>) -> Option<usize> {
    width.map(|width| width.saturating_sub(2))
}

fn headers(
    endpoint: Endpoint<'_>,
    headers: Option<&ResponseHeaders>,
    width: Option<usize>,
) -> String {
    let list: Vec<_> = headers.into_iter().flat_map(|it| &it.headers).collect();
    if list.is_empty() {
        return String::new();
    }
    let list = fields(endpoint, &list, indented_width(width));
    format!("  headers:\n{}", indented(&list))
}

/// Returns the fields of an object.
fn object_fields<'a>(endpoint: Endpoint<'a>, response: &'a Response) -> Option<Vec<&'a Field>> {
    let object = match response {
        Response::Object(object) => object,
        Response::Value(Type::Struct(name)) => endpoint.api().struct_named(name)?,
        _ => return None,
    };
    let list = object.fields.iter();
    Some(
        list.filter(|it| it.exists_in(Direction::Response))
            .collect(),
    )
}
