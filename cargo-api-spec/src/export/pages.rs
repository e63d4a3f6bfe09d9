//! Pagination as the extension `x-pages`, which has the keys of the spec.

use api_spec::model::{Api, Endpoint, Field, Pagination, Response, Type};
use api_spec::names::RustName;

use crate::json::Members;

/// Returns the keys of `x-pages` with wire names. Empty if the endpoint is not paginated.
pub(super) fn pages(api: &Api, endpoint: &Endpoint) -> Members {
    let mut members = Members::default();
    let Some(pages) = &endpoint.pages else {
        return members;
    };
    let response = response_fields(api, endpoint);
    let items = wire_name(response, &pages.items);
    // `body` is the value for a response that consists of the items.
    members.add("items", items.unwrap_or("body"));
    let into = wire_name(endpoint.fields(), &pages.request_field).unwrap_or_default();
    match &pages.pagination {
        Pagination::Token { next, .. } => {
            members.add("next", wire_name(response, next).unwrap_or_default());
            members.add("into", into);
        }
        Pagination::Link { link, .. } => {
            let headers = endpoint.response_headers.iter();
            let headers = headers.flat_map(|it| &it.headers);
            members.add("link", wire_name(headers, link).unwrap_or_default());
            members.add("into", into);
        }
        Pagination::Offset => members.add("offset", into),
        Pagination::Page => members.add("page", into),
    }
    members
}

fn response_fields<'a>(api: &'a Api, endpoint: &'a Endpoint) -> &'a [Field] {
    match &endpoint.response {
        Response::Object(object) => &object.fields,
        Response::Value(Type::Struct(name)) => {
            let declared = api.struct_named(name);
            declared.map_or(&[], |item| &item.fields)
        }
        _ => &[],
    }
}

fn wire_name<'f>(fields: impl IntoIterator<Item = &'f Field>, name: &RustName) -> Option<&'f str> {
    let mut fields = fields.into_iter();
    let field = fields.find(|field| field.rust == *name)?;
    Some(field.wire.as_str())
}
