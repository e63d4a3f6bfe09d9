//! Models as text, for snapshots.

use std::fmt::Write as _;

use api_spec::model::{
    Api, Binding, Body, Endpoint, Field, FieldStyle, Pages, Pagination, Response, Retry, Status,
    StatusType, Struct, Type, Waiter,
};
use api_spec::names::WireName;

/// Returns a model as text.
pub(crate) fn dump(api: &Api) -> String {
    let mut out = format!("api {:?}: {}\n", api.name, api.doc);
    let errors = &api.errors;
    writeln!(
        out,
        "errors message={:?} code={:?}",
        errors.message, errors.code
    )
    .unwrap();
    if let Some(url) = &api.url {
        writeln!(out, "url {url}").unwrap();
    }
    if let Some(auth) = &api.auth {
        writeln!(out, "auth {auth:?}").unwrap();
    }
    for condition in &api.errors.conditions {
        writeln!(out, "error if {condition:?}").unwrap();
    }
    for id in &api.ids {
        writeln!(out, "id {}: {}", id.name, id.doc).unwrap();
    }
    for item in &api.enums {
        writeln!(
            out,
            "enum {} (unknown {}): {}",
            item.name, item.unknown, item.doc
        )
        .unwrap();
        for value in &item.values {
            let aliases = value.aliases.join(" ");
            writeln!(
                out,
                "  {} = {:?} [{aliases}] {}",
                value.rust,
                value.wire.as_str(),
                value.doc
            )
            .unwrap();
        }
    }
    for item in &api.structs {
        dump_struct(&mut out, "", item);
    }
    for item in &api.unions {
        let tag = item.tag.as_ref().map_or("unique keys", WireName::as_str);
        let tag = if item.kinds.is_empty() {
            tag
        } else {
            "JSON kinds"
        };
        writeln!(
            out,
            "union {} by {tag} (unknown {}): {}",
            item.name, item.unknown, item.doc
        )
        .unwrap();
        for kind in &item.kinds {
            let boxed = if kind.is_boxed { " boxed" } else { "" };
            let (rust, ty, kind) = (&kind.rust, show(&kind.ty), kind.kind.as_str());
            writeln!(out, "  {rust}: {ty}{boxed} for {kind}").unwrap();
        }
        for variant in &item.variants {
            let aliases = variant.aliases.join(" ");
            let boxed = if variant.is_boxed { " boxed" } else { "" };
            writeln!(
                out,
                "  {} = {:?} [{aliases}]{boxed}",
                variant.rust,
                variant.wire.as_str()
            )
            .unwrap();
            dump_struct(&mut out, "  ", &variant.body);
        }
    }
    for group in &api.groups {
        writeln!(out, "group {} ({}): {}", group.rust, group.key, group.doc).unwrap();
        for endpoint in &group.endpoints {
            dump_endpoint(&mut out, endpoint);
        }
    }
    out.lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

fn dump_struct(out: &mut String, indent: &str, item: &Struct) {
    writeln!(out, "{indent}struct {}: {}", item.name, item.doc).unwrap();
    dump_fields(out, indent, &item.fields);
}

fn dump_fields(out: &mut String, indent: &str, fields: &[Field]) {
    for field in fields {
        let (rust, wire, mut ty) = (&field.rust, field.wire.as_str(), show(&field.ty));
        match &field.style {
            Some(FieldStyle::Joined(separator)) => write!(ty, " joined by {separator:?}").unwrap(),
            Some(style) => write!(ty, " as {style:?}").unwrap(),
            None => {}
        }
        if let Some(only) = field.only {
            let (direction, presence) = (only.direction.keyword(), only.presence);
            write!(ty, " only {direction} ({presence:?})").unwrap();
        }
        if field.is_boxed {
            ty.push_str(" boxed");
        }
        let (min, max) = (&field.bounds.min, &field.bounds.max);
        for (word, value) in [("default", &field.default), ("min", min), ("max", max)] {
            if let Some(value) = value {
                write!(ty, " {word} {value:?}").unwrap();
            }
        }
        writeln!(out, "{indent}  {rust}: {ty} = {wire:?} {}", field.doc).unwrap();
    }
}

fn dump_endpoint(out: &mut String, endpoint: &Endpoint) {
    let (method, path) = (endpoint.method.as_str(), &endpoint.path);
    writeln!(
        out,
        "  fn {} ({}) {method} {path}: {}",
        endpoint.rust, endpoint.key, endpoint.doc
    )
    .unwrap();
    if endpoint.retry != Retry::of(endpoint.method) {
        write!(out, "    retry {}", endpoint.retry.as_str()).unwrap();
        match &endpoint.idempotency_key {
            Some(key) => writeln!(out, " with {:?} {}", key.location, key.wire).unwrap(),
            None => out.push('\n'),
        }
    }
    match &endpoint.auth {
        Some(auth) if auth.is_none() => writeln!(out, "    unauthenticated").unwrap(),
        Some(auth) => writeln!(out, "    auth {:?}", auth.sets).unwrap(),
        None => {}
    }
    if let Some(millis) = endpoint.timeout {
        writeln!(out, "    timeout {millis} ms").unwrap();
    }
    writeln!(out, "    request {}", endpoint.request).unwrap();
    if !endpoint.parameters.is_empty() {
        writeln!(out, "    path").unwrap();
        dump_fields(out, "    ", &endpoint.parameters);
    }
    if !endpoint.query.is_empty() {
        writeln!(out, "    query").unwrap();
        dump_fields(out, "    ", &endpoint.query);
    }
    if !endpoint.headers.is_empty() {
        writeln!(out, "    headers").unwrap();
        dump_fields(out, "    ", &endpoint.headers);
    }
    let body = match &endpoint.body {
        Body::Empty => None,
        Body::Json(_) => Some("json"),
        Body::JsonValue(_) => Some("json value"),
        Body::Raw(_, media) => Some(media.as_str()),
        Body::Form(_) => Some("form"),
        Body::Multipart(_) => Some("multipart"),
    };
    if let Some(body) = body {
        writeln!(out, "    {body}").unwrap();
        if let Some(media_type) = &endpoint.content_type {
            writeln!(out, "    as {media_type}").unwrap();
        }
        dump_fields(out, "    ", endpoint.body.fields());
    }
    for fixed in &endpoint.fixed {
        writeln!(out, "    fixed {fixed:?}").unwrap();
    }
    if let Some(text) = &endpoint.deprecated {
        writeln!(out, "    deprecated {text}").unwrap();
    }
    dump_response(out, "    ", &endpoint.response);
    if let Some(error) = &endpoint.error {
        writeln!(out, "    error {}", show(error)).unwrap();
    }
    if let Some(headers) = &endpoint.response_headers {
        writeln!(out, "    response headers {}", headers.name).unwrap();
        dump_fields(out, "    ", &headers.headers);
    }
    if let Some(pages) = &endpoint.pages {
        dump_pages(out, pages);
    }
    if let Some(wait) = &endpoint.wait {
        dump_waiter(out, wait);
    }
}

fn dump_response(out: &mut String, indent: &str, response: &Response) {
    match response {
        Response::Nothing => {}
        Response::Object(item) => dump_struct(out, indent, item),
        Response::Value(ty) => writeln!(out, "{indent}response {}", show(ty)).unwrap(),
        Response::Text => writeln!(out, "{indent}text").unwrap(),
        Response::Bytes => writeln!(out, "{indent}bytes").unwrap(),
        Response::Stream => writeln!(out, "{indent}stream").unwrap(),
        Response::Events(events) => {
            let (key, resume) = (events.format.key(), events.resume);
            writeln!(
                out,
                "{indent}{key} {:?} {:?} {resume}{}",
                events.end,
                events.error,
                if events.named { " named" } else { "" }
            )
            .unwrap();
            dump_response(out, "        ", &events.item);
        }
        Response::ByStatus(cases) => {
            writeln!(out, "{indent}enum {}", cases.name).unwrap();
            for case in &cases.cases {
                writeln!(out, "{indent}  {} {}", case.status, case.variant).unwrap();
                dump_response(out, "        ", &case.response);
                if let Some(headers) = &case.headers {
                    writeln!(out, "{indent}    headers {}", headers.name).unwrap();
                    dump_fields(out, "          ", &headers.headers);
                }
            }
        }
    }
}

fn dump_pages(out: &mut String, pages: &Pages) {
    let (items, item) = (&pages.items, show(&pages.item));
    let source = match &pages.pagination {
        Pagination::Token { next, .. } => format!("token {next}"),
        Pagination::Last { last, .. } => format!("last {last}"),
        Pagination::Link {
            link, parameter, ..
        } => format!("link {link} {parameter}"),
        Pagination::Url { url } => format!("url {url}"),
        Pagination::Offset { .. } => "offset".to_owned(),
        Pagination::Page { .. } => "page".to_owned(),
    };
    write!(out, "    pages {items}: {item} by {source}").unwrap();
    if let Some(into) = pages.pagination.request_field() {
        write!(out, " into {into}").unwrap();
    }
    if let Some(flag) = &pages.flag {
        let word = if flag.on_last_page { "until" } else { "while" };
        write!(out, " {word} {}", flag.field).unwrap();
    }
    out.push('\n');
}

fn dump_waiter(out: &mut String, wait: &Waiter) {
    let names = |names: &[Status]| {
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        names.join(" ")
    };
    let bind: Vec<String> = wait
        .bind
        .iter()
        .map(|binding| match binding {
            Binding::Request(path) => format!("request.{path}"),
            Binding::Response(path) => format!("response.{path}"),
        })
        .collect();
    let optional = if wait.field.is_optional() { "?" } else { "" };
    let status = match &wait.status {
        StatusType::Enum(name) => name.as_str(),
        StatusType::Bool => "bool",
    };
    writeln!(
        out,
        "    wait {}::{}({})",
        wait.group,
        wait.poll,
        bind.join(", ")
    )
    .unwrap();
    writeln!(
        out,
        "      {} -> {}.{}: {status}{optional}",
        wait.request, wait.response, wait.field
    )
    .unwrap();
    writeln!(
        out,
        "      until [{}] fail [{}] pending [{}]",
        names(&wait.until),
        names(&wait.fail),
        names(&wait.pending)
    )
    .unwrap();
}

fn show(ty: &Type) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int => "int".to_owned(),
        Type::Float => "float".to_owned(),
        Type::Json => "json".to_owned(),
        Type::RawJson => "raw".to_owned(),
        Type::File => "file".to_owned(),
        Type::Builtin(builtin) => builtin.as_str().to_owned(),
        Type::Id(name) => format!("id {name}"),
        Type::Enum(name) => format!("enum {name}"),
        Type::Struct(name) => format!("struct {name}"),
        Type::Union(name) => format!("union {name}"),
        Type::Optional(inner) => format!("({})?", show(inner)),
        Type::Nullable(inner) => format!("({})??", show(inner)),
        Type::List(inner) => format!("[{}]", show(inner)),
        Type::Map(inner) => format!("{{{}}}", show(inner)),
    }
}
