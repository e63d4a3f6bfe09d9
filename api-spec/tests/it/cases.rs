//! Cases: one file each.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use api_spec::model::{
    Api, Binding, Body, Endpoint, Field, FieldStyle, Group, Pages, Pagination, Response, Retry,
    Status, StatusType, Struct, Type, Waiter,
};
use api_spec::names::WireName;
use api_spec::{Parsed, Source, Style, render};

/// Returns the `.toml` files of a folder of cases, sorted by name.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Returns a case with its name in messages, e.g. `invalid/unknown_key.toml`.
pub(crate) fn source(path: &Path) -> Source {
    let folder = path
        .parent()
        .unwrap()
        .file_name()
        .unwrap()
        .to_str()
        .unwrap();
    let file = path.file_name().unwrap().to_str().unwrap();
    let mut source = Source::new(
        format!("{folder}/{file}"),
        fs::read_to_string(path).unwrap(),
    );
    for included in source.included_paths() {
        let path = path.with_file_name("").join("../included").join(&included);
        let text = fs::read_to_string(path).map_err(|_| "no such file".to_owned());
        let name = format!("included/{included}");
        source.include(included, text.map(|text| Source::new(name, text)));
    }
    source
}

#[test]
fn valid_cases_have_no_diagnostics() {
    for path in files("valid") {
        let source = source(&path);
        let parsed = api_spec::parse(&source);
        let diagnostics = render::plain(&parsed.diagnostics, &source);
        assert!(
            parsed.diagnostics.is_empty(),
            "{}\n{diagnostics}",
            path.display()
        );
        snapshot("valid", &path, &dump(&parsed.api.unwrap()));
    }
}

#[test]
fn spec_in_several_files_equals_the_same_spec_in_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/included/main.toml");
    let source = source(&path);
    let parsed = api_spec::parse(&source);
    assert_eq!(render::plain(&parsed.diagnostics, &source), "");
    let several = parsed.api.unwrap();

    let (include, main) = source.text().split_once("\n\n").unwrap();
    assert!(include.starts_with("include"));
    let parts = ["types.toml", "jobs.toml"].map(|name| {
        let path = path.with_file_name(name);
        fs::read_to_string(path).unwrap()
    });
    let one = Source::new("one.toml", [main, &parts.concat()].concat());
    let single = api_spec::parse(&one).api.unwrap();
    assert_eq!(dump(&several), dump(&single));
    assert_ne!(
        source.fingerprint(),
        Source::new("main.toml", source.text()).fingerprint()
    );
}

#[test]
fn invalid_cases_have_diagnostics() {
    for path in files("invalid") {
        let source = source(&path);
        let parsed = api_spec::parse(&source);
        assert!(
            !parsed.diagnostics.is_empty(),
            "{} has no diagnostics",
            path.display()
        );
        snapshot("invalid", &path, &outcome(&source, &parsed));
    }
}

/// The specs of the package: file name and name of the snapshot.
const DATABRICKS: [(&str, &str); 2] = [
    ("databricks-1.2.toml", "databricks"),
    ("databricks-2.0.toml", "databricks_2_0"),
];

fn read_databricks(file: &str) -> Source {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    Source::new(file, fs::read_to_string(path).unwrap())
}

#[test]
fn the_databricks_specs_are_valid() {
    for (file, name) in DATABRICKS {
        let source = read_databricks(file);
        let parsed = api_spec::parse(&source);
        assert!(
            parsed.diagnostics.is_empty(),
            "{}",
            render::plain(&parsed.diagnostics, &source)
        );
        snapshot("valid", Path::new(name), &dump(&parsed.api.unwrap()));
    }
}

#[test]
fn every_item_of_the_databricks_specs_has_documentation() {
    for (file, _) in DATABRICKS {
        check_documentation(&api_spec::parse(&read_databricks(file)).api.unwrap());
    }
}

fn check_documentation(api: &Api) {
    let structs = api.structs.iter();
    let variants = api
        .unions
        .iter()
        .flat_map(|it| &it.variants)
        .map(|it| &it.body);
    let endpoints = api.groups.iter().flat_map(|group| &group.endpoints);
    let responses = endpoints.clone().filter_map(|it| match &it.response {
        Response::Object(object) => Some(object),
        _ => None,
    });
    let fields = structs
        .chain(variants)
        .chain(responses)
        .flat_map(|it| &it.fields);
    for field in fields.chain(endpoints.flat_map(Endpoint::fields)) {
        assert!(!field.doc.is_empty(), "{}", field.wire);
    }
    for value in api.enums.iter().flat_map(|it| &it.values) {
        assert!(!value.doc.is_empty(), "{}", value.wire);
    }
}

#[test]
fn ten_errors_are_reported_in_one_run() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid/ten_errors.toml");
    let parsed = api_spec::parse(&source(&path));
    let mut codes: Vec<_> = parsed.diagnostics.iter().map(|error| error.code).collect();
    assert_eq!(codes.len(), 10, "{codes:?}");
    assert!(
        parsed
            .diagnostics
            .is_sorted_by_key(|error| error.labels[0].span.start)
    );
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 10, "{codes:?}");
}

/// The code follows the level, as in diagnostics of rustc.
#[test]
fn terminal_style_has_level_code_and_colors() {
    let source = Source::new(
        "api.toml",
        "[api]\nname = \"A\"\ndoc = \"B\"\nbase = \"\"\n",
    );
    let parsed = api_spec::parse(&source);
    let text = parsed.diagnostics[0].render(&source, Style::Terminal);
    let plain: String = text
        .split("\u{1b}[")
        .map(|part| part.split_once('m').map_or(part, |it| it.1))
        .collect();
    assert!(text.starts_with("\u{1b}["), "{text}");
    assert!(
        plain.starts_with("error[S101]: unknown key `base` in `[api]`\n"),
        "{plain}"
    );
}

fn snapshot(folder: &str, path: &Path, text: &str) {
    let name = format!("{folder}__{}", path.file_stem().unwrap().to_str().unwrap());
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

/// Returns the diagnostics and the valid endpoints.
fn outcome(source: &Source, parsed: &Parsed) -> String {
    let mut text = render::plain(&parsed.diagnostics, source);
    if let Some(api) = &parsed.api {
        let endpoints: Vec<String> = api.groups.iter().flat_map(keys).collect();
        let endpoints = if endpoints.is_empty() {
            "none".to_owned()
        } else {
            endpoints.join(" ")
        };
        write!(text, "\n\nvalid endpoints: {endpoints}").unwrap();
    }
    text
}

fn keys(group: &Group) -> impl Iterator<Item = String> {
    group.endpoints.iter().map(|endpoint| {
        let waits = if endpoint.wait.is_some() { "+wait" } else { "" };
        format!("{}.{}{waits}", group.key, endpoint.key)
    })
}

/// Returns a model as text.
fn dump(api: &Api) -> String {
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
