//! Descriptions of endpoints for terminal output.

mod fields;
mod response;

use std::fmt::Write as _;

use api_dynamic::Endpoint;
use api_spec::model::{Builtin, Field, Retry, Type};

pub(super) use self::fields::describe as fields;
use self::fields::first_line;
use super::file_fields::is_file;
use super::foreign_credentials;
use super::specs::Specs;
use crate::columns::align_within;

/// Formats a list of endpoints, one per line that is not longer than `width`, if possible.
pub(super) fn list(specs: &Specs, width: Option<usize>) -> String {
    let rows = specs.endpoints().map(|endpoint| {
        let spec = endpoint.spec();
        [
            endpoint.name(),
            spec.method.as_str().to_owned(),
            spec.path.clone(),
            first_line(&spec.doc).to_owned(),
        ]
    });
    align_within(&rows.collect::<Vec<_>>(), "", width)
}

/// Formats an endpoint: its fields, its response, and the rules of the spec.
pub(super) fn endpoint(specs: &Specs, endpoint: Endpoint<'_>, width: Option<usize>) -> String {
    let spec = endpoint.spec();
    let mut text = format!(
        "{}  {} {}\n{}\n",
        endpoint.name(),
        spec.method.as_str(),
        spec.path,
        spec.doc.trim_end()
    );
    let fields: Vec<_> = spec.fields().collect();
    section(
        &mut text,
        "Fields",
        &fields::describe(endpoint, &fields, width),
    );
    section(&mut text, "Response", &response::describe(endpoint, width));
    section(&mut text, "Rules", &rules(specs, endpoint, width));
    let usage = usage(specs, endpoint);
    // Writing to a `String` cannot fail.
    let _ = write!(text, "\nUsage: {usage}\n");
    if let Some(example) = example(specs, endpoint) {
        let _ = writeln!(text, "Example: {example}");
    }
    text
}

fn section(text: &mut String, title: &str, lines: &str) {
    if !lines.is_empty() {
        let _ = write!(text, "\n{title}:\n{lines}");
    }
}

fn rules(specs: &Specs, endpoint: Endpoint<'_>, width: Option<usize>) -> String {
    let spec = endpoint.spec();
    let mut rows = Vec::new();
    if let Some(note) = &spec.deprecated {
        rows.push(["deprecated".to_owned(), first_line(note).to_owned()]);
    }
    let retry = match spec.retry {
        Retry::Safe => "after transient errors, because the request changes nothing",
        Retry::Idempotent => "after transient errors, because a repetition has no further effect",
        Retry::Never => "only if the server cannot have processed the request",
    };
    rows.push([format!("retry {}", spec.retry.as_str()), retry.to_owned()]);
    if let Some(waiter) = endpoint.waiter() {
        let until: Vec<_> = waiter.until().map(|status| format!("`{status}`")).collect();
        let poll = waiter.poll().name();
        rows.push([
            "--wait".to_owned(),
            format!(
                "polls {poll} until `{}` is {}",
                waiter.field(),
                until.join(" or ")
            ),
        ]);
    }
    if endpoint.pages().is_some() {
        rows.push([
            "--all".to_owned(),
            "prints the items of all pages".to_owned(),
        ]);
    }
    if specs.is_foreign() && !spec.is_unauthenticated() {
        let credentials = foreign_credentials::describe(endpoint);
        rows.push(["credentials".to_owned(), credentials]);
    }
    align_within(&rows, "  ", width)
}

/// Formats the command line that calls an endpoint.
pub(super) fn usage(specs: &Specs, endpoint: Endpoint<'_>) -> String {
    let fields = endpoint.spec().fields().map(usage_of);
    let start = format!("{} {}", specs.command(), endpoint.name());
    fields.fold(start, |usage, field| usage + " " + &field)
}

fn usage_of(field: &Field) -> String {
    let ty = field.ty.required();
    let usage = match ty {
        _ if is_file(field) => format!("{}=@<file>", field.wire.as_str()),
        Type::Struct(_) | Type::Union(_) | Type::Map(_) | Type::Json | Type::RawJson => {
            format!("{}:=<{ty}>", field.wire.as_str())
        }
        _ => format!("{}=<{ty}>", field.wire.as_str()),
    };
    if field.is_required() {
        usage
    } else {
        format!("[{usage}]")
    }
}

/// Formats a call with the required fields. Without any, the usage is an example.
fn example(specs: &Specs, endpoint: Endpoint<'_>) -> Option<String> {
    let required: Vec<_> = endpoint
        .spec()
        .fields()
        .filter(|it| it.is_required())
        .collect();
    if required.is_empty() {
        return None;
    }
    let start = format!("{} {}", specs.command(), endpoint.name());
    Some(required.iter().fold(start, |line, field| {
        format!("{line} {}", example_of(endpoint, field))
    }))
}

fn example_of(endpoint: Endpoint<'_>, field: &Field) -> String {
    let name = field.wire.as_str();
    let value = match &field.ty {
        _ if is_file(field) => return format!("{name}=@file"),
        Type::Bool => "true",
        Type::Int | Type::Float => "1",
        Type::Json | Type::RawJson | Type::Struct(_) | Type::Union(_) | Type::Map(_) => {
            return format!("{name}:='{{}}'");
        }
        Type::Enum(item) => {
            let item = endpoint.api().enum_named(item);
            let value = item.and_then(|item| item.values.first());
            return format!("{name}={}", value.map_or("value", |it| it.wire.as_str()));
        }
        Type::Id(_) => "1234",
        Type::Builtin(builtin) => example_of_builtin(*builtin),
        _ => "value",
    };
    format!("{name}={value}")
}

const fn example_of_builtin(builtin: Builtin) -> &'static str {
    match builtin {
        Builtin::Secret => "value",
        Builtin::Base64 => "aGVsbG8=",
        Builtin::Date => "2024-05-01",
        Builtin::Timestamp => "2024-05-01T12:00:00Z",
        Builtin::Duration => "P1DT12H",
        Builtin::SecondsText => "3.5s",
        Builtin::Decimal | Builtin::DecimalText => "19.90",
        Builtin::UnixSeconds => "1714564800",
        Builtin::UnixMillis => "1714564800000",
        Builtin::Uint
        | Builtin::IntText
        | Builtin::UintText
        | Builtin::Seconds
        | Builtin::Millis => "1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_marks_optional_fields_files_and_json() {
        let specs = Specs::shipped();
        let usage = |name| usage(&specs, specs.find(name).unwrap());
        assert_eq!(
            usage("commands.execute_file"),
            "dbexec call commands.execute_file clusterId=<ClusterId> contextId=<ContextId> \
             language=<Language> command=@<file>"
        );
        let install = usage("libraries.install");
        assert!(install.contains(" libraries=<[Library]>"), "{install}");
    }
}
