//! Errors that are inserted into valid specs: each one is reported once, all of them in one run, and no
//! name of the spec is lost.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;

use api_spec::model::{Api, Endpoint, Response, Stub, StubKind};
use api_spec::names::RustName;
use api_spec::{Code, Parsed, Source, Style, parse};
use arbtest::arbtest;

use crate::cases::files;

/// A replacement in the text of a spec that is one mistake.
#[derive(Clone, Debug)]
struct Fault {
    range: Range<usize>,
    text: String,
    code: Code,
    /// `true` if it hides other mistakes of the same waiter or pages, which cannot be found without the
    /// endpoint to poll, the field of the status or the items.
    hides_others: bool,
}

/// A valid spec, the mistakes that can be made in it, and its names.
struct Seed {
    name: String,
    text: String,
    faults: Vec<Fault>,
    names: BTreeSet<String>,
}

#[test]
fn one_mistake_is_one_error() {
    let mut codes = BTreeSet::new();
    for seed in seeds() {
        for fault in &seed.faults {
            check(&seed, std::slice::from_ref(fault));
            codes.insert(fault.code);
        }
    }
    let expected = BTreeSet::from([
        Code::InvalidToml,
        Code::UnquotedString,
        Code::MissingValue,
        Code::UnknownKey,
        Code::MissingKey,
        Code::WrongKind,
        Code::UnknownType,
        Code::UnknownMethod,
        Code::UntypedParameter,
        Code::UnknownRetry,
        Code::With,
        Code::Only,
        Code::Style,
        Code::Pagination,
        Code::StatusField,
        Code::UnknownStatus,
        Code::UnknownPoll,
        Code::BindingSource,
    ]);
    assert_eq!(codes, expected);
}

#[test]
fn several_mistakes_are_reported_in_one_run() {
    let seeds: Vec<_> = seeds()
        .into_iter()
        .filter(|it| it.faults.len() > 3)
        .collect();
    assert!(seeds.len() > 10);
    arbtest(|u| {
        let seed = u.choose(&seeds)?;
        let mut faults: Vec<Fault> = Vec::new();
        for _ in 0..u.int_in_range(2..=4)? {
            let fault = u.choose(&seed.faults)?;
            if fault.hides_others {
                continue;
            }
            let overlaps =
                |it: &Fault| it.range.start < fault.range.end && fault.range.start < it.range.end;
            if !faults
                .iter()
                .any(|it| overlaps(it) || it.range == fault.range)
            {
                faults.push(fault.clone());
            }
        }
        check(seed, &faults);
        Ok(())
    })
    .budget_ms(4_000);
}

/// Makes the mistakes, and checks that exactly these are reported, and that each name still exists.
fn check(seed: &Seed, faults: &[Fault]) {
    let mut faults = faults.to_vec();
    faults.sort_by_key(|fault| fault.range.start);
    let (mut text, mut end, mut expected) = (String::new(), 0, Vec::new());
    for fault in &faults {
        text += &seed.text[end..fault.range.start];
        expected.push((fault.code, text.len()..text.len() + fault.text.len()));
        text += &fault.text;
        end = fault.range.end;
    }
    text += &seed.text[end..];
    let source = Source::new(&seed.name, text);
    let parsed = parse(&source);
    let errors = &parsed.diagnostics;
    let is_expected = errors.len() == expected.len()
        && errors.iter().zip(&expected).all(|(error, (code, range))| {
            error.code == *code && (range.start..=range.end).contains(&error.span().start)
        });
    let rendered: Vec<_> = errors
        .iter()
        .map(|it| it.render(&source, Style::Plain))
        .collect();
    assert!(is_expected, "{faults:#?}\n{}", rendered.join("\n\n"));
    let names = names(&parsed);
    let lost: Vec<_> = seed.names.difference(&names).collect();
    assert!(lost.is_empty(), "{lost:?}\n{}", rendered.join("\n\n"));
}

fn seeds() -> Vec<Seed> {
    let databricks = ["1.2", "2.0"].map(|version| {
        let path = format!("{}/databricks-{version}.toml", env!("CARGO_MANIFEST_DIR"));
        (path.clone(), fs::read_to_string(path).unwrap())
    });
    let valid = files("valid").into_iter().map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    let specs = databricks.into_iter().chain(valid);
    let specs = specs.filter(|(_, text)| !text.contains("include ="));
    specs.map(|(name, text)| seed(name, text)).collect()
}

fn seed(name: String, text: String) -> Seed {
    let parsed = parse(&Source::new(&name, &text));
    assert!(parsed.stubs.is_empty(), "{name}: {:?}", parsed.stubs);
    let mut faults = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        add_faults(at, line, &mut faults);
        add_faults_in_values(at, line, &mut faults);
        let next = text[at + line.len()..].lines().next();
        add_syntax_error(at, line, next.unwrap_or_default(), &mut faults);
        at += line.len();
    }
    Seed {
        name,
        names: names(&parsed),
        faults,
        text,
    }
}

/// Adds one of the mistakes in the syntax of a line.
fn add_syntax_error(start: usize, line: &str, next: &str, faults: &mut Vec<Fault>) {
    let mut add = |range: Range<usize>, text: &str, code| {
        faults.push(Fault {
            range: start + range.start..start + range.end,
            text: text.to_owned(),
            code,
            // Other errors in the table are not reported.
            hides_others: true,
        });
    };
    let line = line.trim_end();
    // The line behind an unclosed header is not read.
    if line.starts_with('[') && line.contains('.') && next.starts_with("doc") {
        add(line.len() - 1..line.len(), "", Code::InvalidToml);
    }
    let Some((key, value)) = line.split_once(" = ") else {
        return;
    };
    let range = key.len() + 3..line.len();
    // Without its value, the name of an item is not known.
    let key = key.trim_end();
    let is_name = key == "rust" || key.starts_with("responses") || key.starts_with("variants");
    if is_name {
        return;
    }
    if value.starts_with('{') && value.ends_with('}') {
        add(range, "{ \"zzq\" = 1, zz", Code::InvalidToml);
    } else if value.starts_with('"') && value.ends_with('"') && value.matches('"').count() == 2 {
        match start % 3 {
            0 => add(key.len()..line.len(), " = ", Code::MissingValue),
            1 => add(range, "zzq", Code::UnquotedString),
            _ => add(range, "\"zzq", Code::InvalidToml),
        }
    }
}

/// Adds the mistakes that can be made in a line.
fn add_faults(start: usize, line: &str, faults: &mut Vec<Fault>) {
    let mut add = |range: Range<usize>, text: &str, code| {
        faults.push(Fault {
            range: start + range.start..start + range.end,
            text: text.to_owned(),
            code,
            hides_others: matches!(code, Code::UnknownPoll | Code::StatusField)
                || line[..range.start].ends_with("items = "),
        });
    };
    let header = line.trim_end();
    let is_item = ["[endpoints.", "[structs.", "[enums.", "[unions."]
        .iter()
        .any(|prefix| header.starts_with(prefix));
    let depth = header.matches('.').count();
    let is_whole = depth == 1 || header.starts_with("[endpoints.") && depth == 2;
    if is_item && is_whole && header.ends_with(']') && !header.contains('"') {
        add(line.len()..line.len(), "zzqq = 1\n", Code::UnknownKey);
    }
    let value_of = |key: &str| {
        let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
        let value = rest.trim();
        let at = line.len() - rest.len() + rest.find(value)?;
        let is_string = value.len() > 2 && value.starts_with('"') && value.ends_with('"');
        (is_string && value.matches('"').count() == 2).then_some(at..at + value.len())
    };
    if let Some(value) = value_of("doc") {
        add(value, "3", Code::WrongKind);
    }
    if let Some(value) = value_of("retry") {
        add(value, "\"zzq\"", Code::UnknownRetry);
    }
    if let Some(value) = value_of("http")
        && let Some((method, path)) = line[value.clone()].split_once(' ')
        && path.starts_with('/')
    {
        let at = value.start + 1;
        add(at..at + method.len() - 1, "zzq", Code::UnknownMethod);
        let end = value.end - 1;
        let separator = if path.ends_with("/\"") { "" } else { "/" };
        add(
            end..end,
            &format!("{separator}{{zzq}}"),
            Code::UntypedParameter,
        );
    }
    let is_fields = has_fields(line);
    for ty in ["\"string\"", "\"int\"", "\"string?\"", "\"int?\""] {
        for (at, _) in line.match_indices(&format!("= {ty}")).filter(|_| is_fields) {
            let name = format!("\"Zzq{}\"", start + at);
            add(at + 2..at + 2 + ty.len(), &name, Code::UnknownType);
        }
    }
    if let Some(value) = value_of("poll") {
        add(value, "\"zzq.zzq\"", Code::UnknownPoll);
    }
    if let Some(values) = line.strip_prefix("until = [\"")
        && let Some(len) = values.find('"')
    {
        let at = line.len() - values.len();
        add(at..at + len, &format!("zzq{start}"), Code::UnknownStatus);
    }
    let mut replace = |prefix: &str, keys: &[&str], text: &str, code| {
        for key in keys.iter().filter(|_| line.starts_with(prefix)) {
            let Some(found) = line.find(&format!("{key} = ")) else {
                continue;
            };
            let at = found + key.len() + 3;
            let end = line[at..]
                .find([',', ' '])
                .map_or(line.trim_end().len(), |len| at + len);
            if line[at..].starts_with(['"', '[']) {
                add(at..end, text, code);
            }
        }
    };
    replace(
        "pages",
        &[
            "items",
            "into",
            "next",
            "last",
            "url",
            "offset",
            "page",
            "more",
            "last_page",
        ],
        "\"zzq\"",
        Code::Pagination,
    );
    replace("field = ", &["field"], "\"zzq\"", Code::StatusField);
    replace(
        "bind = ",
        &["{ id", "{ job_id"],
        "\"request.zzq\"",
        Code::BindingSource,
    );
}

/// Adds objects in place of types, and invalid settings of fields.
fn add_faults_in_values(start: usize, line: &str, faults: &mut Vec<Fault>) {
    let mut add = |range: Range<usize>, text: &str, code| {
        faults.push(Fault {
            range: start + range.start..start + range.end,
            text: text.to_owned(),
            code,
            hides_others: false,
        });
    };
    let is_fields = has_fields(line);
    for (at, _) in line.match_indices("= \"string\"").filter(|_| is_fields) {
        let key = line[..at].trim_end();
        let start = key.rfind([' ', '{', ',']).map_or(0, |at| at + 1);
        if start > 0
            && &key[start..] != "type"
            && !key.contains('.')
            && key.matches('=').count() > 0
        {
            let object = format!(
                "{} = {{ zzqq = \"int\", name = \"string\" }}",
                &key[start..]
            );
            add(start..at + "= \"string\"".len(), &object, Code::MissingKey);
        }
    }
    for (setting, code) in [
        ("only = \"", Code::Only),
        ("style = \"", Code::Style),
        ("with = [\"", Code::With),
    ] {
        for (at, _) in line
            .match_indices(setting)
            .filter(|_| !line.starts_with("rust"))
        {
            let at = at + setting.len();
            let len = line[at..].find('"').unwrap_or_default();
            add(at..at + len, "Zz-q", code);
        }
    }
    for setting in ["named = true", "resume = true", "body_with_get = true"] {
        for (at, _) in line.match_indices(setting) {
            let value = at + setting.len() - "true".len();
            add(value..at + setting.len(), "\"zzq\"", Code::WrongKind);
        }
    }
}

/// Returns whether a line contains a table of fields.
fn has_fields(line: &str) -> bool {
    let keys = ["query", "json", "response ", "fields", "form"];
    keys.iter().any(|key| line.starts_with(key))
}

/// Returns the names of the generated items, including those with errors.
fn names(parsed: &Parsed) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Some(api) = &parsed.api {
        add_names(api, &mut names);
    }
    for Stub { group, name, kind } in &parsed.stubs {
        let module = group.as_ref().map_or("", RustName::as_str);
        let kind = match kind {
            StubKind::Function(_) => "fn",
            StubKind::Type(_) => "type",
            StubKind::Constant => "const",
        };
        assert!(
            names.insert(format!("{kind} {module}::{name}")),
            "{name} twice"
        );
    }
    names
}

fn add_names(api: &Api, names: &mut BTreeSet<String>) {
    let ids = api.ids.iter().map(|it| &it.name);
    let enums = api.enums.iter().map(|it| &it.name);
    let structs = api.structs.iter().map(|it| &it.name);
    let unions = api.unions.iter().map(|it| &it.name);
    let variants = api.unions.iter().flat_map(|it| &it.variants);
    let variants = variants.map(|it| &it.body.name);
    let types = ids
        .chain(enums)
        .chain(structs)
        .chain(unions)
        .chain(variants);
    names.extend(types.map(|name| format!("type ::{name}")));
    for group in &api.groups {
        for endpoint in &group.endpoints {
            let (functions, types) = names_of(endpoint);
            let module = &group.rust;
            names.extend(functions.iter().map(|name| format!("fn {module}::{name}")));
            names.extend(types.iter().map(|name| format!("type {module}::{name}")));
        }
    }
}

/// Returns the functions and the types of an endpoint.
fn names_of(endpoint: &Endpoint) -> (Vec<&RustName>, Vec<&RustName>) {
    let mut functions = vec![&endpoint.rust];
    functions.extend(endpoint.pages.as_ref().map(|pages| &pages.function));
    if let Some(wait) = &endpoint.wait {
        functions.extend([&wait.function, &wait.progress]);
    }
    let mut types = vec![&endpoint.request];
    match (&endpoint.response, &endpoint.response_headers) {
        (_, Some(headers)) => types.push(&headers.name),
        (Response::Object(item), None) => types.push(&item.name),
        (Response::ByStatus(cases), None) => {
            types.push(&cases.name);
            types.extend(cases.cases.iter().filter_map(|case| match &case.response {
                Response::Object(item) => Some(&item.name),
                _ => None,
            }));
        }
        _ => {}
    }
    (functions, types)
}
