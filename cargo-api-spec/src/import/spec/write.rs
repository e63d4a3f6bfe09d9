//! The draft as TOML.

use std::fmt::Write as _;

use super::draft::{
    Content, Draft, Endpoint, EnumValue, Field, RetryValue, Stream, TypeDecl, TypeKind, Variant,
};
use crate::toml::{key, multiline, string};

/// Maximum width of an inline table. Wider ones become tables with a header.
const MAX_INLINE_WIDTH: usize = 100;

/// The item of the draft that a part of the text is written for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum DraftItem {
    Api,
    /// Index in [`Draft::types`].
    Type(usize),
    /// Index in [`Draft::endpoints`].
    Endpoint(usize),
}

/// Writes a draft. Returns the text and the offset at which each item begins.
pub(super) fn write(draft: &Draft<'_>) -> (String, Vec<(usize, DraftItem)>) {
    let mut out = String::new();
    let mut starts = vec![(0, DraftItem::Api)];
    write_api(&mut out, draft);
    write_ids(&mut out, draft, &mut starts);
    for (index, ty) in draft.types.iter().enumerate() {
        if !matches!(ty.kind, TypeKind::Id) {
            starts.push((out.len(), DraftItem::Type(index)));
            write_type(&mut out, ty);
        }
    }
    for (index, endpoint) in draft.endpoints.iter().enumerate() {
        starts.push((out.len(), DraftItem::Endpoint(index)));
        write_endpoint(&mut out, endpoint);
    }
    (out, starts)
}

fn write_api(out: &mut String, draft: &Draft<'_>) {
    let document: String = draft.document.chars().filter(|c| !c.is_control()).collect();
    let _ = writeln!(
        out,
        "# Imported from {document} by `cargo api-spec import`.\n\n[api]\nname = {}\ndoc = {}",
        string(&draft.name),
        multiline(&draft.doc)
    );
    if let Some(url) = &draft.url {
        let _ = writeln!(out, "url = {}", string(url));
    }
    if let Some(auth) = &draft.auth {
        let _ = writeln!(out, "auth = {auth}");
    }
    if !draft.base_path.is_empty() {
        let _ = writeln!(out, "base_path = {}", string(&draft.base_path));
    }
    if let Some(errors) = &draft.errors {
        let _ = writeln!(out, "errors = {errors}");
    }
    let mut groups = draft.groups.iter().filter(|(_, doc)| !doc.is_empty());
    if let Some(first) = groups.next() {
        out.push_str("\n[groups]\n");
        for (name, doc) in std::iter::once(first).chain(groups) {
            let _ = writeln!(out, "{} = {}", key(name), multiline(doc));
        }
    }
}

fn write_ids(out: &mut String, draft: &Draft, starts: &mut Vec<(usize, DraftItem)>) {
    let ids = draft.types.iter().enumerate();
    let ids = ids.filter(|(_, ty)| matches!(ty.kind, TypeKind::Id));
    for (position, (index, id)) in ids.enumerate() {
        if position == 0 {
            out.push_str("\n[ids]\n");
        }
        starts.push((out.len(), DraftItem::Type(index)));
        let _ = writeln!(out, "{} = {}", key(&id.name), multiline(&id.doc));
    }
}

fn write_type(out: &mut String, ty: &TypeDecl<'_>) {
    let table = match ty.kind {
        TypeKind::Id => return,
        TypeKind::Enum(_) => "enums",
        TypeKind::Struct(_) => "structs",
        TypeKind::Union { .. } => "unions",
    };
    let header = format!("{table}.{}", key(&ty.name));
    let _ = writeln!(out, "\n[{header}]");
    write_doc(out, &ty.doc);
    match &ty.kind {
        TypeKind::Id => {}
        TypeKind::Enum(values) => {
            let _ = writeln!(out, "\n[{header}.values]");
            for value in values {
                let _ = writeln!(out, "{} = {}", key(&value.wire), enum_value(value));
            }
        }
        TypeKind::Struct(fields) => write_fields(out, &header, "fields", fields),
        TypeKind::Union { tag, variants } => {
            if let Some(tag) = tag {
                let _ = writeln!(out, "tag = {}", string(tag));
            }
            for variant in variants {
                write_variant(out, &header, variant);
            }
        }
    }
}

fn enum_value(value: &EnumValue) -> String {
    let pairs = naming_pairs(value);
    if pairs.is_empty() {
        "\"\"".to_owned()
    } else {
        format!("{{ {} }}", pairs.join(", "))
    }
}

/// Returns the keys for aliases and the Rust name, if they are needed.
fn naming_pairs(value: &EnumValue) -> Vec<String> {
    let mut pairs = Vec::new();
    if !value.aliases.is_empty() {
        let aliases: Vec<_> = value.aliases.iter().map(|it| string(it)).collect();
        pairs.push(format!("also = [{}]", aliases.join(", ")));
    }
    if let Some(rust) = &value.rust {
        pairs.push(format!("rust = {}", string(rust)));
    }
    pairs
}

fn write_variant(out: &mut String, union: &str, variant: &Variant) {
    let header = format!("{union}.variants.{}", key(&variant.value.wire));
    let _ = writeln!(out, "\n[{header}]");
    write_doc(out, &variant.doc);
    for pair in naming_pairs(&variant.value) {
        let _ = writeln!(out, "{pair}");
    }
    if !variant.fields.is_empty() {
        write_fields(out, &header, "fields", &variant.fields);
    }
}

fn write_doc(out: &mut String, doc: &str) {
    if !doc.is_empty() {
        let _ = writeln!(out, "doc = {}", multiline(doc));
    }
}

fn write_fields(out: &mut String, header: &str, name: &str, fields: &[Field]) {
    match inline_table(name, fields) {
        Some(line) => {
            let _ = writeln!(out, "{line}");
        }
        None => write_table(out, header, name, fields),
    }
}

/// Returns the fields as an inline table, unless the line would be too wide.
fn inline_table(name: &str, fields: &[Field]) -> Option<String> {
    let pairs: Vec<_> = fields.iter().map(field_pair).collect();
    let line = format!("{name} = {{ {} }}", pairs.join(", "));
    (line.chars().count() <= MAX_INLINE_WIDTH).then_some(line)
}

fn write_table(out: &mut String, header: &str, name: &str, fields: &[Field]) {
    let _ = writeln!(out, "\n[{header}.{name}]");
    for field in fields {
        let _ = writeln!(out, "{}", field_pair(field));
    }
}

fn field_pair(field: &Field) -> String {
    let ty = string(&field.ty.to_string());
    let mut pairs = Vec::new();
    if let Some(style) = field.style {
        pairs.push(format!("style = {}", string(style)));
    }
    for (key, bound) in &field.bounds {
        pairs.push(format!("{key} = {bound}"));
    }
    if let Some(value) = &field.value {
        pairs.push(format!("value = {value}"));
    }
    if field.is_deprecated {
        pairs.push("deprecated = \"Deprecated by the API.\"".to_owned());
    }
    if !field.doc.is_empty() {
        pairs.push(format!("doc = {}", string(&field.doc)));
    }
    if let Some(rust) = &field.rust {
        pairs.push(format!("rust = {}", string(rust)));
    }
    let wire = key(&field.wire);
    if pairs.is_empty() {
        format!("{wire} = {ty}")
    } else {
        format!("{wire} = {{ type = {ty}, {} }}", pairs.join(", "))
    }
}

fn write_endpoint(out: &mut String, endpoint: &Endpoint<'_>) {
    let header = format!("endpoints.{}.{}", key(&endpoint.group), key(&endpoint.key));
    let _ = writeln!(out, "\n[{header}]");
    write_doc(out, &endpoint.doc);
    let _ = writeln!(out, "http = {}", string(&endpoint.http));
    write_attributes(out, endpoint);
    let mut tables: Vec<(&str, &[Field])> = Vec::new();
    let request = &endpoint.request;
    let parameters = [
        ("path", &request.path),
        ("query", &request.query),
        ("headers", &request.headers),
    ];
    for (name, fields) in parameters {
        if !fields.is_empty() {
            write_line(out, name, inline_table(name, fields), fields, &mut tables);
        }
    }
    let body = request.body.iter().map(|(key, it)| (*key, it));
    let response = endpoint.response.iter().map(|it| ("response", it));
    for (name, content) in body.chain(response) {
        let line = content_line(name, content);
        write_line(out, name, line, content.fields(), &mut tables);
    }
    if let Some(stream) = &endpoint.stream {
        write_stream(out, stream);
    }
    let headers = &endpoint.response_headers;
    if !headers.is_empty() {
        let name = "response_headers";
        write_line(out, name, inline_table(name, headers), headers, &mut tables);
    }
    let cases: Vec<_> = endpoint
        .responses
        .iter()
        .map(|(status, content)| (format!("responses.{status}"), content))
        .collect();
    for (name, content) in &cases {
        let (line, fields) = match content {
            None => (Some(format!("{name} = \"nothing\"")), &[][..]),
            Some(content) => (content_line(name, content), content.fields()),
        };
        write_line(out, name, line, fields, &mut tables);
    }
    let by_status: Vec<_> = endpoint
        .headers_by_status
        .iter()
        .map(|(status, headers)| (format!("headers_by_status.{status}"), headers))
        .collect();
    for (name, headers) in &by_status {
        write_line(out, name, inline_table(name, headers), headers, &mut tables);
    }
    // In TOML, a table header ends the key-value pairs of the endpoint.
    for (name, fields) in tables {
        write_table(out, &header, name, fields);
    }
}

fn write_stream(out: &mut String, stream: &Stream) {
    let item = string(&stream.item.to_string());
    if stream.settings.is_empty() {
        let _ = writeln!(out, "{} = {item}", stream.key);
        return;
    }
    let _ = write!(out, "{} = {{ item = {item}", stream.key);
    for (key, value) in &stream.settings {
        let _ = write!(out, ", {key} = {value}");
    }
    out.push_str(" }\n");
}

/// Returns the content on one line, unless the line would be too wide.
fn content_line(name: &str, content: &Content) -> Option<String> {
    match content {
        Content::Type(ty) => Some(format!("{name} = {}", string(&ty.to_string()))),
        Content::Text(text) => Some(format!("{name} = {}", string(text))),
        Content::Fields(fields) => inline_table(name, fields),
    }
}

/// Writes a key on one line, or adds its fields to `tables` if it does not fit.
fn write_line<'f>(
    out: &mut String,
    name: &'f str,
    line: Option<String>,
    fields: &'f [Field],
    tables: &mut Vec<(&'f str, &'f [Field])>,
) {
    match line {
        Some(line) => {
            let _ = writeln!(out, "{line}");
        }
        None => tables.push((name, fields)),
    }
}

fn write_attributes(out: &mut String, endpoint: &Endpoint<'_>) {
    let _ = match &endpoint.retry {
        None => Ok(()),
        Some(RetryValue::Class(class)) => writeln!(out, "retry = {}", string(class)),
        Some(RetryValue::IdempotentWith(field)) => {
            writeln!(out, "retry = {{ idempotent_with = {} }}", string(field))
        }
    };
    if endpoint.is_deprecated {
        out.push_str("deprecated = \"Deprecated by the API.\"\n");
    }
    if let Some(auth) = &endpoint.auth {
        let _ = writeln!(out, "auth = {auth}");
    }
    if let Some(base_path) = &endpoint.base_path {
        let _ = writeln!(out, "base_path = {}", string(base_path));
    }
    if let Some(error) = &endpoint.error {
        let _ = writeln!(out, "error = {}", string(&error.to_string()));
    }
    if let Some(millis) = endpoint.timeout {
        let _ = writeln!(out, "timeout = {}.{:03}", millis / 1000, millis % 1000);
    }
    if !endpoint.pages.is_empty() {
        let pairs = endpoint.pages.iter();
        let pairs = pairs.map(|(key, value)| format!("{key} = {}", string(value)));
        let pairs: Vec<_> = pairs.collect();
        let _ = writeln!(out, "pages = {{ {} }}", pairs.join(", "));
    }
}
