//! Pages of lists, for which OpenAPI has no words: `x-pages`, with the keys of our language.

use api_spec::model::{Api, Endpoint, Field, Pagination, Response, Type};
use api_spec::names::RustName;

use crate::json::Members;

/// How one page of the answer leads to the next, with names as they are on the wire.
pub(super) fn pages(api: &Api, endpoint: &Endpoint) -> Members {
    let mut members = Members::default();
    let Some(pages) = &endpoint.pages else {
        return members;
    };
    let answer = answer(api, endpoint);
    let request = |name: &RustName| wire(endpoint.fields(), name);
    let items = wire(answer, &pages.items);
    let whole = items.is_empty();
    members.add("items", if whole { "body".to_owned() } else { items });
    match &pages.pagination {
        Pagination::Token { next, .. } => {
            members.add("next", wire(answer, next));
            members.add("into", request(&pages.request_field));
        }
        Pagination::Link { link, .. } => {
            let headers = endpoint
                .response_headers
                .iter()
                .flat_map(|headed| &headed.headers);
            members.add("link", wire(headers, link));
            members.add("into", request(&pages.request_field));
        }
        Pagination::Offset => members.add("offset", request(&pages.request_field)),
        Pagination::Page => members.add("page", request(&pages.request_field)),
    }
    members
}

/// The fields of the answer, whether it is declared or not.
fn answer<'a>(api: &'a Api, endpoint: &'a Endpoint) -> &'a [Field] {
    match &endpoint.response {
        Response::Object(object) => &object.fields,
        Response::Value(Type::Struct(name)) => {
            let declared = api.struct_named(name);
            declared.map_or(&[], |item| &item.fields)
        }
        _ => &[],
    }
}

fn wire<'f>(fields: impl IntoIterator<Item = &'f Field>, name: &RustName) -> String {
    let mut fields = fields.into_iter();
    let found = fields.find(|field| field.rust == *name);
    found.map_or(String::new(), |field| field.wire.as_str().to_owned())
}
