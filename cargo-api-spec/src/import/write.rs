//! A draft as TOML.

use std::fmt::Write as _;

use super::draft::{Again, Draft, Endpoint, Field, Kind, Part, Type, Variant, Word};
use crate::toml::{block, key, text};

/// Lines longer than this become tables of their own.
const WIDTH: usize = 100;

/// What a place of the text is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Item {
    Whole,
    Type(usize),
    Endpoint(usize),
}

/// The text, and where each item begins.
pub(super) fn write(draft: &Draft) -> (String, Vec<(usize, Item)>) {
    let mut out = String::new();
    let mut places = vec![(0, Item::Whole)];
    write_head(&mut out, draft);
    write_ids(&mut out, draft, &mut places);
    for (index, ty) in draft.types.iter().enumerate() {
        if !matches!(ty.kind, Kind::Id) {
            places.push((out.len(), Item::Type(index)));
            write_type(&mut out, ty);
        }
    }
    for (index, endpoint) in draft.endpoints.iter().enumerate() {
        places.push((out.len(), Item::Endpoint(index)));
        write_endpoint(&mut out, endpoint);
    }
    (out, places)
}

fn write_head(out: &mut String, draft: &Draft) {
    let origin: String = draft.origin.chars().filter(|c| !c.is_control()).collect();
    let _ = writeln!(out, "# Made by `cargo api-spec import` of {origin}.\n");
    let _ = writeln!(
        out,
        "[api]\nname = {}\ndoc = {}",
        text(&draft.name),
        block(&draft.doc)
    );
    if !draft.base_path.is_empty() {
        let _ = writeln!(out, "base_path = {}", text(&draft.base_path));
    }
    let told: Vec<_> = draft
        .groups
        .iter()
        .filter(|(_, doc)| !doc.is_empty())
        .collect();
    if !told.is_empty() {
        out.push_str("\n[groups]\n");
        for (name, doc) in told {
            let _ = writeln!(out, "{} = {}", key(name), block(doc));
        }
    }
}

fn write_ids(out: &mut String, draft: &Draft, places: &mut Vec<(usize, Item)>) {
    let ids = draft.types.iter().enumerate();
    let ids: Vec<_> = ids.filter(|(_, ty)| matches!(ty.kind, Kind::Id)).collect();
    if ids.is_empty() {
        return;
    }
    out.push_str("\n[ids]\n");
    for (index, id) in ids {
        places.push((out.len(), Item::Type(index)));
        let _ = writeln!(out, "{} = {}", key(&id.name), block(&id.doc));
    }
}

fn write_type(out: &mut String, ty: &Type) {
    let section = match ty.kind {
        Kind::Id => return,
        Kind::Enum(_) => "enums",
        Kind::Struct(_) => "structs",
        Kind::Union(..) => "unions",
    };
    let header = format!("{section}.{}", key(&ty.name));
    let _ = writeln!(out, "\n[{header}]");
    write_doc(out, &ty.doc);
    match &ty.kind {
        Kind::Id => {}
        Kind::Enum(words) => {
            let _ = writeln!(out, "\n[{header}.values]");
            for word in words {
                let _ = writeln!(out, "{} = {}", key(&word.wire), value(word));
            }
        }
        Kind::Struct(fields) => write_fields(out, &header, "fields", fields),
        Kind::Union(tag, variants) => {
            if let Some(tag) = tag {
                let _ = writeln!(out, "tag = {}", text(tag));
            }
            for variant in variants {
                write_variant(out, &header, variant);
            }
        }
    }
}

fn value(word: &Word) -> String {
    let more = more(word);
    if more.is_empty() {
        "\"\"".to_owned()
    } else {
        format!("{{ {} }}", more.join(", "))
    }
}

/// What there is to say of a word beside its documentation.
fn more(word: &Word) -> Vec<String> {
    let mut more = Vec::new();
    if !word.also.is_empty() {
        let also: Vec<_> = word.also.iter().map(|it| text(it)).collect();
        more.push(format!("also = [{}]", also.join(", ")));
    }
    if let Some(rust) = &word.rust {
        more.push(format!("rust = {}", text(rust)));
    }
    more
}

fn write_variant(out: &mut String, union: &str, variant: &Variant) {
    let header = format!("{union}.variants.{}", key(&variant.word.wire));
    let _ = writeln!(out, "\n[{header}]");
    write_doc(out, &variant.doc);
    for line in more(&variant.word) {
        let _ = writeln!(out, "{line}");
    }
    if !variant.fields.is_empty() {
        write_fields(out, &header, "fields", &variant.fields);
    }
}

fn write_doc(out: &mut String, doc: &str) {
    if !doc.is_empty() {
        let _ = writeln!(out, "doc = {}", block(doc));
    }
}

fn write_fields(out: &mut String, header: &str, name: &str, fields: &[Field]) {
    match inline(name, fields) {
        Some(line) => {
            let _ = writeln!(out, "{line}");
        }
        None => write_table(out, header, name, fields),
    }
}

/// The fields on one line, if they have room there.
fn inline(name: &str, fields: &[Field]) -> Option<String> {
    let pairs: Vec<_> = fields.iter().map(pair).collect();
    let line = format!("{name} = {{ {} }}", pairs.join(", "));
    (line.chars().count() <= WIDTH).then_some(line)
}

fn write_table(out: &mut String, header: &str, name: &str, fields: &[Field]) {
    let _ = writeln!(out, "\n[{header}.{name}]");
    for field in fields {
        let _ = writeln!(out, "{}", pair(field));
    }
}

fn pair(field: &Field) -> String {
    let ty = text(&field.ty.written());
    let mut more = Vec::new();
    if let Some(style) = field.style {
        more.push(format!("style = {}", text(style)));
    }
    for (key, bound) in &field.bounds {
        more.push(format!("{key} = {bound}"));
    }
    if !field.doc.is_empty() {
        more.push(format!("doc = {}", text(&field.doc)));
    }
    if let Some(rust) = &field.rust {
        more.push(format!("rust = {}", text(rust)));
    }
    let wire = key(&field.wire);
    if more.is_empty() {
        format!("{wire} = {ty}")
    } else {
        format!("{wire} = {{ type = {ty}, {} }}", more.join(", "))
    }
}

fn write_endpoint(out: &mut String, endpoint: &Endpoint) {
    let header = format!("endpoints.{}.{}", key(&endpoint.group), key(&endpoint.key));
    let _ = writeln!(out, "\n[{header}]");
    write_doc(out, &endpoint.doc);
    let _ = writeln!(out, "http = {}", text(&endpoint.http));
    if let Some(retry) = &endpoint.retry {
        let _ = match retry {
            Again::Class(class) => writeln!(out, "retry = {}", text(class)),
            Again::With(field) => {
                writeln!(out, "retry = {{ idempotent_with = {} }}", text(field))
            }
        };
    }
    if endpoint.deprecated {
        let _ = writeln!(
            out,
            "deprecated = \"The server will not answer it for ever.\""
        );
    }
    if endpoint.anonymous {
        let _ = writeln!(out, "auth = \"none\"");
    }
    if let Some(millis) = endpoint.timeout {
        let _ = writeln!(out, "timeout = {}.{:03}", millis / 1000, millis % 1000);
    }
    if !endpoint.pages.is_empty() {
        let pairs = endpoint.pages.iter();
        let pairs: Vec<_> = pairs
            .map(|(key, word)| format!("{key} = {}", text(word)))
            .collect();
        let _ = writeln!(out, "pages = {{ {} }}", pairs.join(", "));
    }
    let mut tables: Vec<(&str, &[Field])> = Vec::new();
    let response = endpoint.response.iter().map(|part| ("response", part));
    let parts = endpoint.parts.iter().map(|(name, part)| (*name, part));
    for (name, part) in parts.chain(response) {
        let line = match part {
            Part::Type(ty) => Some(format!("{name} = {}", text(&ty.written()))),
            Part::Word(word) => Some(format!("{name} = {}", text(word))),
            Part::Fields(fields) => inline(name, fields),
        };
        let Some(line) = line else {
            tables.push((name, part.fields()));
            continue;
        };
        let _ = writeln!(out, "{line}");
    }
    // What is on a line of its own belongs before the tables.
    for (name, fields) in tables {
        write_table(out, &header, name, fields);
    }
}
