//! The draft as TOML.

use std::fmt::Write as _;

use api_spec::Source;

use super::draft::{Content, Draft, Endpoint, EnumValue, Field, TypeDecl, TypeKind, Variant};
use crate::import::extensions::Extensions;
use crate::toml::{key, multiline, string};

/// Maximum width of an inline table. Wider ones become tables with a header.
const MAX_INLINE_WIDTH: usize = 100;

/// Size of a part of the text, in bytes, after which the next item begins another part.
const PART_BYTES: usize = 64 * 1024;

/// The item of the draft that a part of the text is written for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum DraftItem {
    Api,
    /// Index in [`Draft::types`].
    Type(usize),
    /// Index in [`Draft::endpoints`].
    Endpoint(usize),
}

/// The text of a spec in parts, which are checked like a file and the files that it includes: the
/// TOML of one part is in memory at a time.
#[derive(Default)]
pub(super) struct Parts {
    complete: Vec<String>,
    last: String,
    /// Offset of the last part among the bytes of all files of a [`Source`].
    offset: usize,
    /// Offsets at which the items begin.
    starts: Vec<(usize, DraftItem)>,
}

impl Parts {
    /// Returns the text to which an item is written.
    fn begin(&mut self, item: DraftItem) -> &mut String {
        if self.last.len() >= PART_BYTES {
            // A source counts one byte between two files.
            self.offset += self.last.len() + 1;
            self.complete.push(std::mem::take(&mut self.last));
        }
        self.continue_with(item)
    }

    /// Like [`begin`](Self::begin) for an item in the table of the one before.
    fn continue_with(&mut self, item: DraftItem) -> &mut String {
        self.starts.push((self.offset + self.last.len(), item));
        &mut self.last
    }

    /// Returns the text as the files of a source, and the offsets at which the items begin.
    pub(super) fn into_source(mut self, name: &str) -> (Source, Vec<(usize, DraftItem)>) {
        self.complete.push(self.last);
        let mut parts = self.complete.into_iter();
        let mut source = Source::new(name, parts.next().unwrap_or_default());
        for (number, part) in (2..).zip(parts) {
            // A file is read once, whatever the number of times that it is included.
            source.include(format!("{name} {number}"), Ok(Source::new(name, part)));
        }
        (source, self.starts)
    }
}

/// Writes a draft.
pub(super) fn write(draft: &Draft<'_>) -> Parts {
    let mut parts = Parts::default();
    write_api(parts.begin(DraftItem::Api), draft);
    write_ids(&mut parts, draft);
    for (index, ty) in draft.types.iter().enumerate() {
        if !matches!(ty.kind, TypeKind::Id) {
            write_type(parts.begin(DraftItem::Type(index)), ty);
        }
    }
    for (index, endpoint) in draft.endpoints.iter().enumerate() {
        write_endpoint(parts.begin(DraftItem::Endpoint(index)), endpoint);
    }
    parts
}

fn write_api(out: &mut String, draft: &Draft<'_>) {
    let document: String = draft.document.chars().filter(|c| !c.is_control()).collect();
    let _ = writeln!(
        out,
        "# Imported from {document} by `cargo api-spec import`.\n\n[api]"
    );
    let mut pairs = vec![
        ("name", string(&draft.name)),
        ("doc", multiline(&draft.doc)),
    ];
    pairs.extend(draft.url.as_ref().map(|it| ("url", string(it))));
    pairs.extend(draft.auth.clone().map(|it| ("auth", it)));
    if !draft.base_path.is_empty() {
        pairs.push(("base_path", string(&draft.base_path)));
    }
    pairs.extend(draft.errors.clone().map(|it| ("errors", it)));
    write_pairs(out, pairs, &draft.extensions);
    let mut groups = draft.groups.iter().filter(|(_, doc)| !doc.is_empty());
    if let Some(first) = groups.next() {
        out.push_str("\n[groups]\n");
        for (name, doc) in std::iter::once(first).chain(groups) {
            let _ = writeln!(out, "{} = {}", key(name), multiline(doc));
        }
    }
}

fn write_ids(parts: &mut Parts, draft: &Draft) {
    let ids = draft.types.iter().enumerate();
    let ids = ids.filter(|(_, ty)| matches!(ty.kind, TypeKind::Id));
    for (position, (index, id)) in ids.enumerate() {
        if position == 0 {
            parts.last.push_str("\n[ids]\n");
        }
        let out = parts.continue_with(DraftItem::Type(index));
        let _ = writeln!(out, "{} = {}", key(&id.name), multiline(&id.doc));
    }
}

fn write_type(out: &mut String, ty: &TypeDecl<'_>) {
    let table = match ty.kind {
        TypeKind::Id => return,
        TypeKind::Enum(_) => "enums",
        TypeKind::Struct(_) => "structs",
        TypeKind::Union { .. } | TypeKind::Kinds(_) => "unions",
    };
    let header = format!("{table}.{}", key(&ty.name));
    let _ = writeln!(out, "\n[{header}]");
    let doc = (!ty.doc.is_empty()).then(|| ("doc", multiline(&ty.doc)));
    write_pairs(out, doc.into_iter().collect(), &ty.extensions);
    match &ty.kind {
        TypeKind::Id => {}
        TypeKind::Enum(_) if ty.extensions.iter().any(|(key, _)| *key == "values") => {}
        TypeKind::Enum(values) => {
            let _ = writeln!(out, "\n[{header}.values]");
            for value in values {
                let _ = writeln!(out, "{} = {}", key(&value.wire), enum_value(value));
            }
        }
        TypeKind::Kinds(_) if ty.extensions.iter().any(|(key, _)| *key == "kinds") => {}
        TypeKind::Kinds(kinds) => {
            let _ = writeln!(out, "\n[{header}.kinds]");
            for kind in kinds {
                let ty = string(&kind.ty.to_string());
                let name = key(&kind.name);
                let _ = if kind.doc.is_empty() {
                    writeln!(out, "{name} = {ty}")
                } else {
                    let doc = multiline(&kind.doc);
                    writeln!(out, "{name} = {{ type = {ty}, doc = {doc} }}")
                };
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
    let mut tables = Tables::new();
    write_inline(out, name, fields, &mut tables);
    write_tables(out, header, tables);
}

/// Tables that do not fit on one line: their names, and the keys and values of their fields.
type Tables = Vec<(String, Vec<String>)>;

/// Writes the fields as an inline table, or adds them to `tables` if the line would be too wide, or
/// several lines.
fn write_inline(out: &mut String, name: &str, fields: &[Field], tables: &mut Tables) {
    let pairs: Vec<_> = fields.iter().map(field_pair).collect();
    let widths = pairs.iter().map(|it| ", ".len() + it.chars().count());
    let width = name.len() + " = {  }".len() + widths.sum::<usize>();
    let has_lines = pairs.iter().any(|it| it.contains('\n'));
    if has_lines || width > MAX_INLINE_WIDTH + ", ".len() {
        tables.push((name.to_owned(), pairs));
    } else {
        let _ = writeln!(out, "{name} = {{ {} }}", pairs.join(", "));
    }
}

fn write_tables(out: &mut String, header: &str, tables: Tables) {
    for (name, pairs) in tables {
        let _ = writeln!(out, "\n[{header}.{name}]");
        for pair in pairs {
            out.push_str(&pair);
            out.push('\n');
        }
    }
}

fn field_pair(field: &Field) -> String {
    let mut pairs = vec![("type", string(&field.ty.to_string()))];
    pairs.extend(field.style.map(|it| ("style", string(it))));
    let content_type = field.content_type.as_ref();
    pairs.extend(content_type.map(|it| ("content_type", string(it))));
    pairs.extend(field.bounds.iter().cloned());
    pairs.extend(field.value.clone().map(|it| ("value", it)));
    let only = field.only.map(|direction| string(direction.keyword()));
    pairs.extend(only.map(|it| ("only", it)));
    if field.is_deprecated {
        pairs.push(("deprecated", string(DEPRECATED)));
    }
    if !field.doc.is_empty() {
        pairs.push(("doc", multiline(&field.doc)));
    }
    pairs.extend(field.rust.as_ref().map(|it| ("rust", string(it))));
    let pairs = overridden(pairs, &field.extensions);
    let wire = key(&field.wire);
    match &pairs[..] {
        [(_, ty)] => format!("{wire} = {ty}"),
        pairs => {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(key, value)| format!("{key} = {value}"))
                .collect();
            format!("{wire} = {{ {} }}", pairs.join(", "))
        }
    }
}

/// Deprecation note of a document, which has no text for it.
const DEPRECATED: &str = "Deprecated by the API.";

type Pairs = Vec<(&'static str, String)>;

/// Returns keys and values with those of the extensions, which take precedence.
fn overridden(mut pairs: Pairs, extensions: &Extensions) -> Pairs {
    for (key, value) in extensions {
        match pairs.iter_mut().find(|(other, _)| other == key) {
            Some((_, other)) => other.clone_from(value),
            None => pairs.push((key, value.clone())),
        }
    }
    pairs
}

/// Writes one line for each key.
fn write_pairs(out: &mut String, pairs: Pairs, extensions: &Extensions) {
    for (key, value) in overridden(pairs, extensions) {
        let _ = writeln!(out, "{key} = {value}");
    }
}

fn write_endpoint(out: &mut String, endpoint: &Endpoint<'_>) {
    let header = format!("endpoints.{}.{}", key(&endpoint.group), key(&endpoint.key));
    let _ = writeln!(out, "\n[{header}]");
    write_doc(out, &endpoint.doc);
    write_attributes(out, endpoint);
    let mut tables = Tables::new();
    let request = &endpoint.request;
    let parameters = [
        ("path", &request.path),
        ("query", &request.query),
        ("headers", &request.headers),
    ];
    for (name, fields) in parameters {
        if !fields.is_empty() {
            write_inline(out, name, fields, &mut tables);
        }
    }
    let body = request.body.iter();
    let body = body.filter(|_| !endpoint.has_extension(&["body", "json"]));
    let body = body.map(|(key, it)| (*key, it));
    let response = endpoint.own_response().map(|it| match it {
        Content::Stream(key, _) => (*key, it),
        _ => ("response", it),
    });
    for (name, content) in body.chain(response) {
        match (content, endpoint.stream_end) {
            (Content::Stream(key, item), Some(end)) => {
                let (item, end) = (string(&item.to_string()), string(end));
                let _ = writeln!(out, "{key} = {{ item = {item}, end = {end} }}");
            }
            _ => write_content(out, name, content, &mut tables),
        }
    }
    let headers = &endpoint.response_headers;
    if !headers.is_empty() {
        write_inline(out, "response_headers", headers, &mut tables);
    }
    for (status, content) in &endpoint.responses {
        let name = format!("responses.{status}");
        match content {
            Some(content) => write_content(out, &name, content, &mut tables),
            None => {
                let _ = writeln!(out, "{name} = \"nothing\"");
            }
        }
    }
    for (status, fields) in &endpoint.headers_by_status {
        write_inline(
            out,
            &format!("headers_by_status.{status}"),
            fields,
            &mut tables,
        );
    }
    // In TOML, a table header ends the key-value pairs of the endpoint.
    write_tables(out, &header, tables);
}

/// Writes a content on one line, or adds its fields to `tables`.
fn write_content(out: &mut String, name: &str, content: &Content, tables: &mut Tables) {
    let value = match content {
        Content::Fields(fields) => return write_inline(out, name, fields, tables),
        Content::Type(ty) | Content::Stream(_, ty) => string(&ty.to_string()),
        Content::Text(text) => string(text),
    };
    let _ = writeln!(out, "{name} = {value}");
}

fn write_attributes(out: &mut String, endpoint: &Endpoint<'_>) {
    let mut pairs = vec![("http", string(&endpoint.http))];
    if endpoint.has_body_with_get {
        pairs.push(("body_with_get", "true".to_owned()));
    }
    let content_type = endpoint.content_type.as_ref();
    pairs.extend(content_type.map(|it| ("content_type", string(it))));
    if endpoint.needs_retry {
        pairs.push(("retry", string("never")));
    }
    if endpoint.is_deprecated {
        pairs.push(("deprecated", string(DEPRECATED)));
    }
    pairs.extend(endpoint.auth.clone().map(|it| ("auth", it)));
    let base_path = endpoint.base_path.as_ref();
    pairs.extend(base_path.map(|it| ("base_path", string(it))));
    let error = endpoint.error.as_ref();
    pairs.extend(error.map(|it| ("error", string(&it.to_string()))));
    write_pairs(out, pairs, &endpoint.extensions);
}
