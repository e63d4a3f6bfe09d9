//! Shape of the document: `S101` to `S109`.

use super::quote::{MAX_LABELS, all, excerpt, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::grammar::url::UrlError;
use crate::language::{Key, Table};
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S101`.
pub(crate) const UNKNOWN_KEY: Explanation = Explanation {
    text: "Unknown keys are rejected, because a misspelled key would otherwise have no effect.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
qeury = { path = "string" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { path = "string" }
"#,
};

/// Label of an unknown key.
pub(crate) const UNKNOWN_KEY_LABEL: &str = "unknown key";

/// Content of the help about an unknown key.
pub(crate) enum UnknownKeyHelp<'a> {
    /// The keys of the table.
    Keys,
    /// The key that was probably meant.
    Meant(&'a str),
    /// A key with the same meaning, which the table has.
    Present(&'a str),
    /// How the meaning of the key is expressed.
    Foreign(&'a str),
    /// The title of the table around this one that has the key. The flag is set for the document.
    Outer(String, bool),
    /// The header of the table that has the key of the document. The flag is set if the key is a header.
    Header(&'a str, bool),
}

/// `table` is the table as shown in messages, e.g. `` `[api]` ``.
pub(crate) fn unknown_key(
    language: &Table,
    table: &str,
    key: &Text,
    help: UnknownKeyHelp<'_>,
) -> Diagnostic {
    let name = quote(&key.value);
    let message = format!("unknown key {name} in {table}");
    let diagnostic = Diagnostic::new(Code::UnknownKey, message, key.span, UNKNOWN_KEY_LABEL);
    let with_keys = |diagnostic: Diagnostic| {
        let names: Vec<&str> = language.keys.iter().map(|key| key.name).collect();
        diagnostic.help(format!("available keys: {}", all(&names)))
    };
    match help {
        UnknownKeyHelp::Keys => with_keys(diagnostic),
        UnknownKeyHelp::Meant(meant) => with_keys(diagnostic.did_you_mean(key.span, Some(meant))),
        UnknownKeyHelp::Present(other) => {
            diagnostic.help(format!("remove it: `{other}` has the same meaning"))
        }
        UnknownKeyHelp::Foreign(help) => diagnostic.help(help),
        UnknownKeyHelp::Outer(_, true) => {
            let key = excerpt(&key.value);
            diagnostic.help(format!(
                "it is a key of the document: write the header `[{key}]`, or move it in front of the first \
                 header"
            ))
        }
        UnknownKeyHelp::Outer(owner, false) => {
            diagnostic.help(format!("it is a key of {owner}: move it there"))
        }
        UnknownKeyHelp::Header(owner, true) => {
            let (header, key) = (owner.trim_end_matches(']'), excerpt(&key.value));
            diagnostic.help(format!("write the whole header, e.g. `{header}.{key}]`"))
        }
        UnknownKeyHelp::Header(owner, false) => {
            diagnostic.help(format!("write it below its header, `{owner}`"))
        }
    }
}

/// Explanation of `S102`.
pub(crate) const MISSING_KEY: Explanation = Explanation {
    text: "Some keys are required: an API needs a name, an endpoint needs a method and a path, and both \
           need documentation for the users of the client.",
    wrong: r#"[endpoints.files.list]
http = "GET /files/list"
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
};

pub(crate) fn missing_key(key: &Key, table: &str, at: Span) -> Diagnostic {
    missing(key, table, at).help(format!("for example: `{}`", key.example))
}

fn missing(key: &Key, table: &str, at: Span) -> Diagnostic {
    let message = format!("missing key `{}` in {table}", key.name);
    let label = format!("`{}` is required", key.name);
    Diagnostic::new(Code::MissingKey, message, at, label)
}

/// A table without the required `key`, which contains `unknown` keys in its place. `foreign` is the help for
/// one of them.
pub(crate) fn wrong_contents(
    key: &Key,
    table: &str,
    title: &str,
    owner: &Text,
    unknown: &[&Text],
    foreign: Option<&str>,
) -> Diagnostic {
    let entries = |value: &str| {
        let names = unknown.iter().take(MAX_LABELS);
        let entries = names.map(|it| format!("{} = {value}", excerpt(&it.value)));
        entries.collect::<Vec<_>>().join(", ")
    };
    let help = match (foreign, table) {
        (Some(foreign), _) => foreign.to_owned(),
        (None, "field") => format!(
            "an object is a type of its own: declare its fields as `[structs.Name]`, and write \
             `{} = \"Name\"`",
            excerpt(&owner.value)
        ),
        (None, "struct") => format!("for example: `fields = {{ {} }}`", entries("\"string\"")),
        (None, "enum") => format!("for example: `values = {{ {} }}`", entries("\"\"")),
        (None, "endpoint") => TWO_NAMES.to_owned(),
        _ => format!("for example: `{}`", key.example),
    };
    let diagnostic = missing(key, title, owner.span).help(help);
    let labels = unknown.iter().take(MAX_LABELS);
    labels.fold(diagnostic, |it, key| it.label(key.span, UNKNOWN_KEY_LABEL))
}

const TWO_NAMES: &str = "an endpoint has two names: `[endpoints.group.name]`";

/// An endpoint of which only tables are declared, e.g. `[endpoints.files.list.query]`. `unknown` is a key
/// that is none of them.
pub(crate) fn undeclared_endpoint(title: &str, name: &Text, unknown: Option<Span>) -> Diagnostic {
    let message = format!("endpoint {title} has no `doc` and no `http`");
    let label = "only a table of it is declared";
    let diagnostic = Diagnostic::new(Code::MissingKey, message, name.span, label);
    match unknown {
        Some(unknown) => diagnostic.label(unknown, UNKNOWN_KEY_LABEL).help(TWO_NAMES),
        None => diagnostic.help(format!(
            "declare it with a header {title}, or correct the name in this header"
        )),
    }
}

/// Explanation of `S103`.
pub(crate) const WRONG_KIND: Explanation = Explanation {
    text: "Every key has a value of a certain kind: a string, a list of strings, a number or a table. \
           Some keys accept either of two kinds: the value of a field is a type, or a table with the \
           type and further settings.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = ["GET", "/files/list"]
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
};

pub(crate) fn wrong_kind(key: &str, expected: &str, found: &str, at: Span) -> Diagnostic {
    let message = format!("{} must be {expected}", quote(key));
    Diagnostic::new(Code::WrongKind, message, at, self::found(found))
}

/// Label for a value of the wrong kind.
pub(crate) fn found(kind: &str) -> String {
    format!("found {kind}")
}

/// Adds the key with a valid value, e.g. `` `http = "GET /path"` ``.
pub(crate) fn with_example(diagnostic: Diagnostic, example: &str) -> Diagnostic {
    diagnostic.help(format!("for example: `{}`", excerpt(example)))
}

/// Adds the fix for an array of tables where a table is expected.
pub(crate) fn with_single_brackets(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.help("write the header with single brackets")
}

/// Explanation of `S104`.
pub(crate) const EMPTY: Explanation = Explanation {
    text: "A name needs at least one character, an enum at least one value and a union at least one \
           variant. Without them, the generated code could not be used.",
    wrong: r#"[enums.Colour]
values = {}

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#,
    right: r#"[enums.Colour]
values = { red = "Red.", blue = "Blue." }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#,
};

pub(crate) fn empty_table(key: &Key, table: &str, at: Span) -> Diagnostic {
    let message = format!("{table} has no {}", key.name);
    Diagnostic::new(Code::Empty, message, at, "at least one is required")
        .help(format!("for example: `{}`", key.example))
}

/// `owner` is the key whose value is empty, or the table with the empty key.
pub(crate) fn empty_name(owner: &str, at: Span) -> Diagnostic {
    let message = format!("empty name in `{owner}`");
    Diagnostic::new(
        Code::Empty,
        message,
        at,
        "at least one character is required",
    )
    .help("write the name as it is on the wire, or remove the key")
}

/// Explanation of `S105`.
pub(crate) const UNUSED_GROUP: Explanation = Explanation {
    text: "`[groups]` contains the documentation of groups of endpoints. A group without endpoints is \
           usually misspelled or left over.",
    wrong: r#"[groups]
flies = "Files in a workspace."

[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
    right: r#"[groups]
files = "Files in a workspace."

[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
};

pub(crate) fn unused_group(key: &Text, meant: Option<&str>) -> Diagnostic {
    let name = excerpt(&key.value);
    let message = format!("group `{name}` has no endpoints");
    Diagnostic::new(Code::UnusedGroup, message, key.span, "defined here")
        .did_you_mean(key.span, meant)
        .help(format!(
            "add an endpoint `[endpoints.{name}.…]`, or remove the group"
        ))
}

/// Explanation of `S106`.
pub(crate) const CONTROL_CHARACTER: Explanation = Explanation {
    text: "Names and values on the wire may contain all printable characters. Control characters, e.g. \
           a line break or NUL, are always a mistake.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { "path\t" = "string" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { path = "string" }
"#,
};

pub(crate) fn control_character(owner: &str, text: &Text) -> Diagnostic {
    let message = format!("control character in a name in `{owner}`");
    let escaped = text.value.escape_debug();
    Diagnostic::new(Code::ControlCharacter, message, text.span, "in this name")
        .help(format!("the name is `{escaped}`"))
}

/// Explanation of `S107`.
pub(crate) const UNUSED_TYPE: Explanation = Explanation {
    text: "No endpoint uses this type, neither directly nor through other types. It is generated \
           nevertheless. This is a warning.",
    wrong: r#"[ids]
FileId = "A file."
"#,
    right: r#"[ids]
FileId = "A file."

[endpoints.files.delete]
doc = "Deletes a file."
http = "POST /files/delete"
retry = "never"
json = { id = "FileId" }
"#,
};

pub(crate) fn unused_type(name: &Text) -> Diagnostic {
    let message = format!("type {} is never used", quote(&name.value));
    Diagnostic::new(Code::UnusedType, message, name.span, "declared here")
        .help("remove it, or use it in an endpoint")
}

/// Explanation of `S108`.
pub(crate) const INVALID_INCLUDE: Explanation = Explanation {
    text: "`include` lists the other files of a spec, each one once, by their paths relative to the \
           including file. Included files contain types, groups and endpoints. `[api]` and `include` \
           are allowed only in the main file.",
    wrong: r#"include = ["tpyes.toml"]
"#,
    right: r#"include = ["types.toml"]
"#,
};

pub(crate) fn included_twice(path: &Text) -> Diagnostic {
    cannot_include(path, "included again here").help("include each file once")
}

pub(crate) fn include_failed(path: &Text, reason: &str) -> Diagnostic {
    cannot_include(path, "not available").help(reason)
}

pub(crate) fn include_without_file(path: &Text) -> Diagnostic {
    cannot_include(path, "not available").help("only a spec that is a file can include others")
}

fn cannot_include(path: &Text, label: &str) -> Diagnostic {
    let message = format!("cannot include {}", quote(&path.value));
    Diagnostic::new(Code::InvalidInclude, message, path.unquoted(), label)
}

/// Explanation of `S109`.
pub(crate) const INVALID_URL: Explanation = Explanation {
    text: "`url` is the base URL of the API: a scheme, a host, and optionally a port and a path. It \
           contains nothing that differs between requests.",
    wrong: r#"include = []

[api]
name = "Example"
doc = "An example."
url = "api.example.com"
"#,
    right: r#"include = []

[api]
name = "Example"
doc = "An example."
url = "https://api.example.com"
"#,
};

pub(crate) fn invalid_url(text: &Text, error: UrlError) -> Diagnostic {
    let help = match error {
        UrlError::Scheme => "start the URL with `https://` or `http://`",
        UrlError::Host => {
            "a host without user information follows the scheme, e.g. `https://api.example.com`"
        }
        UrlError::Port => "the port must be a number, e.g. `http://localhost:8080`",
        UrlError::Path => "remove the query, the fragment and the parameters of the path",
    };
    let message = format!("invalid base URL {}", quote(&text.value));
    Diagnostic::new(Code::InvalidUrl, message, text.unquoted(), "invalid URL").help(help)
}
