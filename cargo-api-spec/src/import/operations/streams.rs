//! Responses that are a stream if the request selects it.

use super::importer::Importer;
use crate::import::document::{Document, File, Node, Value};
use crate::import::spec::{Field, Request, TypeExpr};

/// Name of the request field that selects a stream, by the convention of many APIs.
const SWITCH: &str = "stream";

/// Last item of a stream, by the same convention.
const END: &str = "[DONE]";

/// Returns the field of a request that selects a stream instead of a single response.
pub(super) fn switch(request: &mut Request) -> Option<&mut Field> {
    let body = request.body.iter_mut();
    let body = body.flat_map(|(_, content)| content.fields_mut());
    let mut fields = body.chain(&mut request.query);
    fields.find(|it| it.wire == SWITCH && *it.ty.required() == TypeExpr::Builtin("bool"))
}

/// Sets the field that selects a stream to a fixed value.
pub(super) fn set(request: &mut Request, is_stream: bool) {
    if let Some(field) = switch(request) {
        field.ty = field.ty.required().clone();
        field.value = Some(is_stream.to_string());
    }
}

impl Importer<'_> {
    /// Returns the item that ends the streams of the document, if it mentions one. OpenAPI has no
    /// keyword for it.
    pub(super) fn stream_end(&self) -> Option<&'static str> {
        let end = || mentions_end(self.document).then_some(END);
        *self.stream_end.get_or_init(end)
    }
}

fn mentions_end(document: &Document) -> bool {
    let mut files = document.files.all.iter();
    files.any(|File { root, .. }| contains(root, END))
}

/// Returns whether a text in a value contains another one.
fn contains(node: &Node, part: &str) -> bool {
    match node.value() {
        Value::Text(text) => text.contains(part),
        Value::List(items) => items.iter().any(|it| contains(it, part)),
        Value::Object(members) => members.iter().any(|(_, it)| contains(it, part)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
