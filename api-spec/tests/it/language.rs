//! The table of keys, and everything that is derived from it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use api_spec::language::{Format, Key, KeyFormat, Kind, Table, tables};
use api_spec::{Code, Source, parse};

/// Returns the headers of all tables of the language, with valid names for arbitrary keys.
fn headers() -> Vec<(&'static Table, Vec<String>)> {
    let mut pending = vec![(tables()[0], Vec::new())];
    let mut headers = Vec::new();
    while let Some((table, path)) = pending.pop() {
        for key in table.keys {
            let mut path = path.clone();
            path.push(key.name.to_owned());
            pending.extend(table_below(&key.kind, path));
        }
        headers.push((table, path));
    }
    headers
}

fn table_below(kind: &Kind, mut path: Vec<String>) -> Option<(&'static Table, Vec<String>)> {
    match kind {
        Kind::Table(table) => Some((*table, path)),
        Kind::StringOr(_, inner) | Kind::OrList(inner, _) => table_below(inner, path),
        Kind::Map(keys, inner) => {
            let name = match keys {
                KeyFormat::UpperCamelCase => "Sample",
                KeyFormat::Any => "200",
                _ => "sample",
            };
            path.push(name.to_owned());
            table_below(inner, path)
        }
        _ => None,
    }
}

/// A date is a valid value of no key, so it is an error for every key that is read.
#[test]
fn every_key_is_read_and_its_kind_is_checked() {
    for (table, path) in headers() {
        for key in table.keys {
            let header = match path.as_slice() {
                [] => String::new(),
                path => format!("[{}]\n", path.join(".")),
            };
            let text = format!("{header}{} = 1979-05-27\n", key.name);
            let source = Source::new("key.toml", text);
            let parsed = parse(&source);
            let expected = format!("`{}` must be ", key.name);
            let is_reported = parsed.diagnostics.iter().any(|diagnostic| {
                diagnostic.code == Code::WrongKind && diagnostic.message.starts_with(&expected)
            });
            assert!(is_reported, "{:?}\n{:?}", source.text(), parsed.diagnostics);
        }
    }
}

#[test]
fn every_required_key_is_reported_if_it_is_missing() {
    for (table, path) in headers() {
        if path.is_empty() {
            continue;
        }
        let source = Source::new("key.toml", format!("[{}]\n", path.join(".")));
        let parsed = parse(&source);
        for key in table.keys.iter().filter(|key| key.required) {
            let expected = format!("missing key `{}` in ", key.name);
            let is_reported = parsed.diagnostics.iter().any(|diagnostic| {
                diagnostic.code == Code::MissingKey && diagnostic.message.starts_with(&expected)
            });
            assert!(is_reported, "{:?}\n{:?}", source.text(), parsed.diagnostics);
        }
    }
}

#[test]
fn every_alias_suggests_its_key() {
    for (table, path) in headers() {
        for key in table.keys {
            for alias in key.aliases {
                let header = match path.as_slice() {
                    [] => String::new(),
                    path => format!("[{}]\n", path.join(".")),
                };
                // A field without a type is an object in place of one.
                let has_type = table.name == "field" && key.name != "type";
                let ty = if has_type { "type = \"string\"\n" } else { "" };
                let source = Source::new("key.toml", format!("{header}{ty}{alias} = 1\n"));
                let unknown = parse(&source).diagnostics.into_iter();
                let unknown = unknown.filter(|diagnostic| diagnostic.code == Code::UnknownKey);
                let helps: Vec<String> = unknown.flat_map(|diagnostic| diagnostic.help).collect();
                let has_suggestion = helps.iter().any(|help| help.starts_with("did you mean `"));
                assert!(has_suggestion, "{:?}\n{helps:?}", source.text());
            }
        }
    }
}

/// A key with a row but without an effect would be accepted and ignored. The opposite, a key without
/// a row, is an assertion of the reader.
#[test]
fn every_key_is_used_by_the_reader_or_the_lowering() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut code = String::new();
    let mut folders = vec![src.join("read"), src.join("lower")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                code.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    for key in tables().iter().flat_map(|table| table.keys) {
        assert!(code.contains(&format!("\"{}\"", key.name)), "{}", key.name);
    }
}

#[test]
fn the_schema_has_the_keys_of_every_table() {
    let schema = include_str!("../../schema.json");
    for key in tables().iter().flat_map(|table| table.keys) {
        assert!(
            schema.contains(&format!("\"{}\": {{", key.name)),
            "{}",
            key.name
        );
    }
}

#[test]
fn the_language_page_mentions_every_key() {
    let page = include_str!("../../README.md");
    let words: BTreeSet<&str> = page
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .collect();
    for table in tables() {
        for key in table.keys {
            assert!(words.contains(key.name), "{} {}", table.name, key.name);
        }
    }
}

/// `API_SPEC_BLESS=1` updates the file.
#[test]
fn the_reference_of_keys_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/KEYS.md");
    let reference = reference();
    if std::env::var_os("API_SPEC_BLESS").is_some() {
        fs::write(path, &reference).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        committed.replace("\r\n", "\n"),
        reference,
        "API_SPEC_BLESS=1 updates KEYS.md"
    );
}

fn reference() -> String {
    let mut text = String::from(
        "Reference of the keys of the language.\n\nA key in **bold** is required. `language::tables` \
         returns the same tables as data.\n",
    );
    for (table, path) in ordered_headers() {
        let title = match path.as_slice() {
            [] => "Top level".to_owned(),
            path => format!("`{}`", path.join(".")),
        };
        write!(
            text,
            "\n## {title}\n\n| key | value | |\n| --- | --- | --- |\n"
        )
        .unwrap();
        for key in table.keys {
            writeln!(
                text,
                "| {} | {} | {} |",
                name(key),
                value(&key.kind),
                key.doc
            )
            .unwrap();
        }
    }
    text
}

fn name(key: &Key) -> String {
    if key.required {
        format!("**`{}`**", key.name)
    } else {
        format!("`{}`", key.name)
    }
}

fn value(kind: &Kind) -> String {
    match kind {
        Kind::String(format) => string(*format),
        Kind::StringList(_) => "list of strings".to_owned(),
        Kind::StatusList => "list of strings or booleans".to_owned(),
        Kind::Scalar => "string, number or boolean".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Bool => "boolean".to_owned(),
        Kind::Table(_) => "table".to_owned(),
        Kind::Map(_, Kind::StringOr(Format::Type, Kind::Table(table))) if table.name == "field" => {
            "fields".to_owned()
        }
        Kind::Map(KeyFormat::SnakeCase, Kind::Map(_, inner)) => {
            format!("table of groups of: {}", value(inner))
        }
        Kind::Map(_, inner) => format!("table of: {}", value(inner)),
        Kind::StringOr(format, inner) => format!("{}, or {}", string(*format), value(inner)),
        Kind::List(inner) => format!("list of: {}", value(inner)),
        Kind::OrList(single, inner) => format!("{}, or list of: {}", value(single), value(inner)),
        kind => panic!("{kind:?}"),
    }
}

fn string(format: Format) -> String {
    match format {
        Format::Http => "method and path".to_owned(),
        Format::BasePath => "path".to_owned(),
        Format::Type => "type".to_owned(),
        Format::OneOf(choices) => {
            let choices: Vec<String> = choices.iter().map(|it| format!("`\"{it}\"`")).collect();
            choices.join(", ")
        }
        _ => "string".to_owned(),
    }
}

/// Returns each table once, with its shortest path, in the order of the language. Tables in lists have no
/// path; their keys are those of another table.
fn ordered_headers() -> Vec<(&'static Table, Vec<String>)> {
    let mut headers = headers();
    headers.sort_by_key(|(_, path)| (path.len(), path.clone()));
    tables()
        .iter()
        .filter_map(|table| {
            let mut same = headers.iter().filter(|(it, _)| it.name == table.name);
            let Some((_, path)) = same.next() else {
                let mut others = headers.iter().map(|(other, _)| other.keys);
                assert!(others.any(|keys| table.keys.iter().all(|key| keys.contains(key))));
                return None;
            };
            let path = path.iter().map(|key| match key.as_str() {
                "Sample" => "Name".to_owned(),
                "sample" => "name".to_owned(),
                key => key.to_owned(),
            });
            Some((*table, path.collect()))
        })
        .collect()
}
