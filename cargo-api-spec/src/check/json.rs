//! Diagnostics in the JSON format of cargo and rustc, which editors show in the TOML.

use std::path::Path;

use api_spec::{Diagnostic, Label, Source, Span, Style, Suggestion};

use crate::json::{Json, list, object};
use crate::spec::level_name;

/// Returns a message of cargo with the reason `compiler-message`.
///
/// Editors replace the messages of a package as a whole, so each spec file is its own package.
pub(super) fn compiler_message(source: &Source, diagnostic: &Diagnostic) -> Json {
    let file = source.name_at(diagnostic.span().start);
    let path = std::path::absolute(file).unwrap_or_else(|_| file.into());
    let name = Path::new(file).file_name();
    let name = name.map_or(file.into(), |name| name.to_string_lossy());
    object([
        ("reason", "compiler-message".into()),
        (
            "package_id",
            format!("path+file://{}#api-spec", path.display()).into(),
        ),
        (
            "target",
            object([
                ("kind", list(["api-spec"])),
                ("crate_types", list(["api-spec"])),
                ("name", (&*name).into()),
                ("src_path", path.display().to_string().into()),
                ("edition", "2024".into()),
                ("doc", false.into()),
                ("doctest", false.into()),
                ("test", false.into()),
            ]),
        ),
        ("message", diagnostic_message(source, diagnostic)),
    ])
}

/// Returns a diagnostic in the format of `rustc --error-format=json`.
fn diagnostic_message(source: &Source, diagnostic: &Diagnostic) -> Json {
    let rendered = diagnostic.render(source, Style::Terminal);
    let rendered = format!("{}\n\n", anstream::adapter::strip_str(&rendered));
    let labels = diagnostic.labels.iter().enumerate();
    let spans = labels.map(|(index, label)| label_span(source, label, index == 0));
    object([
        ("$message_type", "diagnostic".into()),
        ("message", diagnostic.message.as_str().into()),
        (
            "code",
            object([
                // rust-analyzer shows the part before the colons as the source of the message.
                ("code", format!("api-spec::{}", diagnostic.code).into()),
                ("explanation", diagnostic.code.explanation().text.into()),
            ]),
        ),
        ("level", level_name(diagnostic.level).into()),
        ("spans", list(spans)),
        ("children", Json::List(children(source, diagnostic))),
        ("rendered", rendered.into()),
    ])
}

/// Returns the lines of help. One of them contains the suggested edit.
fn children(source: &Source, diagnostic: &Diagnostic) -> Vec<Json> {
    let is_question = |help: &String| help.starts_with("did you mean");
    let suggestion = diagnostic.suggestion.as_ref();
    let described = diagnostic.help.iter().position(is_question).unwrap_or(0);
    let help = diagnostic.help.iter().enumerate().map(|(index, help)| {
        let suggestion = suggestion.filter(|_| index == described);
        child(help, suggestion.map(|it| suggestion_span(source, it)))
    });
    help.collect()
}

fn child(message: &str, span: Option<Json>) -> Json {
    object([
        ("message", message.into()),
        ("code", Json::Null),
        ("level", "help".into()),
        ("spans", list(span)),
        ("children", Json::List(Vec::new())),
        ("rendered", Json::Null),
    ])
}

fn label_span(source: &Source, label: &Label, primary: bool) -> Json {
    let text = (!label.text.is_empty()).then_some(label.text.as_str());
    span(source, label.span, primary, text, None)
}

fn suggestion_span(source: &Source, edit: &Suggestion) -> Json {
    span(source, edit.span, true, None, Some(&edit.replacement))
}

fn span(
    source: &Source,
    span: Span,
    primary: bool,
    label: Option<&str>,
    replacement: Option<&str>,
) -> Json {
    let (source, first) = source.file_at(span.start);
    let span = source.clamp(span.relative_to(first));
    let (start, end) = (source.position(span.start), source.position(span.end));
    let lines = (start.line..=end.line).map(|line| {
        let text = line_text(source, line);
        let last = text.chars().count() + 1;
        let from = if line == start.line { start.column } else { 1 };
        let to = if line == end.line { end.column } else { last };
        object([
            ("text", text.into()),
            ("highlight_start", from.into()),
            ("highlight_end", to.into()),
        ])
    });
    object([
        ("file_name", source.name().into()),
        ("byte_start", span.start.into()),
        ("byte_end", span.end.into()),
        ("line_start", start.line.into()),
        ("line_end", end.line.into()),
        ("column_start", start.column.into()),
        ("column_end", end.column.into()),
        ("is_primary", primary.into()),
        ("text", list(lines)),
        ("label", label.into()),
        ("suggested_replacement", replacement.into()),
        (
            "suggestion_applicability",
            replacement.map(|_| "MaybeIncorrect").into(),
        ),
        ("expansion", Json::Null),
    ])
}

fn line_text(source: &Source, line: usize) -> &str {
    source.text().lines().nth(line - 1).unwrap_or_default()
}
