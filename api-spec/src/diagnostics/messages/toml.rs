//! Syntax errors of TOML: `S001` to `S004`.

use super::quote::{excerpt, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::read::format::Format;
use crate::source::text::Text;
use crate::source::{InvalidByte, Source, Span};

/// Explanation of `S001`.
pub(crate) const INVALID_TOML: Explanation = Explanation {
    text: "A spec is a TOML document. A file with invalid syntax cannot be checked any further, so only \
           its syntax errors are reported.",
    wrong: r#"[endpoints.files.list
doc = "Lists files."
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
};

pub(crate) fn not_utf8(source: &Source, invalid: InvalidByte) -> Diagnostic {
    let at = source.clamp(Span::from(invalid.at..invalid.at + 1));
    let label = format!("byte 0x{:02X} is not valid here", invalid.byte);
    let help = if invalid.is_utf16 {
        "the file is UTF-16; save it as UTF-8"
    } else {
        "the file may be in Latin-1 or Windows-1252; save it as UTF-8"
    };
    Diagnostic::new(Code::InvalidToml, "the file is not UTF-8 text", at, label).help(help)
}

/// `text` is the whole file.
pub(crate) fn other_format(format: Format, text: &str, at: usize) -> Diagnostic {
    let message = format!("the file is {}, not TOML", format.as_str());
    let line = text[at..].lines().next().unwrap_or_default();
    let at = Span::from(at..at + line.trim_end().len());
    let is_openapi = text.contains("openapi") || text.contains("swagger");
    let help = if is_openapi {
        "`cargo api-spec import` converts an OpenAPI document into a spec"
    } else {
        "`cargo api-spec new` creates a spec to start with"
    };
    Diagnostic::new(Code::InvalidToml, message, at, "expected a key or a table").help(help)
}

/// Creates a diagnostic for an error message of the TOML parser.
pub(crate) fn invalid_toml(message: &str, expected: &str, at: Span) -> Diagnostic {
    let label = match expected {
        "" => String::new(),
        expected => format!("expected {}", expected.replace('\n', "\\n")),
    };
    let diagnostic = Diagnostic::new(Code::InvalidToml, excerpt(message), at, excerpt(&label));
    diagnostic.help(
        "a key is followed by `=` and a value, and strings are quoted, e.g. `doc = \"Text.\"`",
    )
}

/// Creates a diagnostic for a known syntax error.
pub(crate) fn toml_syntax(error: &TomlSyntax, at: Span) -> Diagnostic {
    Diagnostic::new(Code::InvalidToml, error.message, at, error.label).help(error.help)
}

/// The texts for a known syntax error.
pub(crate) struct TomlSyntax {
    message: &'static str,
    label: &'static str,
    help: &'static str,
}

pub(crate) const UNCLOSED_HEADER: TomlSyntax = TomlSyntax {
    message: "unclosed table header",
    label: "expected `]`",
    help: "a header is in brackets, e.g. `[api]`",
};

pub(crate) const UNCLOSED_LIST: TomlSyntax = TomlSyntax {
    message: "unclosed list",
    label: "expected `]`",
    help: "a list is in brackets, e.g. `[\"a\", \"b\"]`",
};

pub(crate) const UNCLOSED_TABLE: TomlSyntax = TomlSyntax {
    message: "unclosed inline table",
    label: "expected `}`",
    help: "an inline table is in braces, e.g. `{ id = \"int\" }`",
};

pub(crate) const MISSING_COMMA_IN_LIST: TomlSyntax = TomlSyntax {
    message: "missing comma between items of a list",
    label: "expected `,`",
    help: "for example: `[\"a\", \"b\"]`",
};

pub(crate) const MISSING_COMMA_IN_TABLE: TomlSyntax = TomlSyntax {
    message: "missing comma between keys of an inline table",
    label: "expected `,`",
    help: "for example: `{ id = \"int\", name = \"string\" }`",
};

pub(crate) const UNCLOSED_BASIC_STRING: TomlSyntax = TomlSyntax {
    message: "unclosed string",
    label: "expected `\"`",
    help: "a string with several lines is delimited by `\"\"\"`",
};

pub(crate) const TYPOGRAPHIC_END: TomlSyntax = TomlSyntax {
    message: "unclosed string",
    label: "expected a straight quote",
    help: "write `\"` in its place",
};

pub(crate) const UNCLOSED_LITERAL_STRING: TomlSyntax = TomlSyntax {
    message: "unclosed string",
    label: "expected `'`",
    help: "a string with several lines is delimited by `'''`",
};

pub(crate) const CONTROL_CHARACTER_IN_STRING: TomlSyntax = TomlSyntax {
    message: "control character in a string",
    label: "not allowed in a string",
    help: "write it as an escape in a double-quoted string, e.g. `\"\\t\"` or `\"\\u0007\"`",
};

pub(crate) const MISSING_EQUALS_IN_TABLE: TomlSyntax = TomlSyntax {
    message: "missing `=` between a key and its value",
    label: "expected `=`",
    help: "keys and values are separated by `=`, e.g. `{ id = \"int\" }`",
};

pub(crate) const EXTRA_EQUALS: TomlSyntax = TomlSyntax {
    message: "unexpected character after `=`",
    label: "expected a value",
    help: "a single `=` separates a key and its value",
};

pub(crate) const COMMA_AFTER_VALUE: TomlSyntax = TomlSyntax {
    message: "unexpected `,` after a value",
    label: "expected a newline",
    help: "remove it: commas separate values only in lists and inline tables",
};

pub(crate) const FOREIGN_COMMENT: TomlSyntax = TomlSyntax {
    message: "comment that does not start with `#`",
    label: "expected a key",
    help: "write `#` in its place",
};

pub(crate) const UNKNOWN_ESCAPE: TomlSyntax = TomlSyntax {
    message: "unknown escape sequence in a string",
    label: "not an escape character",
    help: "write a backslash as `\\\\`, or put the string in single quotes",
};

pub(crate) const SEVERAL_ITEMS_ON_A_LINE: TomlSyntax = TomlSyntax {
    message: "more than one key on a line",
    label: "expected a newline",
    help: "each line contains one key and its value",
};

pub(crate) const NESTING_TOO_DEEP: TomlSyntax = TomlSyntax {
    message: "tables and lists nested too deeply",
    label: "exceeds the limit",
    help: "declare the inner tables with headers, e.g. `[structs.Name]`",
};

pub(crate) fn unquoted_key(key: &str, at: Span) -> Diagnostic {
    let message = format!("key {} must be quoted", quote(key));
    let label = "a bare key consists of `A-Za-z0-9_-`";
    Diagnostic::new(Code::InvalidToml, message, at, label)
        .help(format!("write `\"{}\"`", excerpt(key)))
        .suggest(at, format!("\"{key}\""))
}

/// A key with characters that look like the ones of `ascii`.
pub(crate) fn lookalike_key(key: &str, ascii: &str, at: Span) -> Diagnostic {
    let message = format!("key {} is not in ASCII", quote(key));
    let label = "a bare key consists of `A-Za-z0-9_-`";
    Diagnostic::new(Code::InvalidToml, message, at, label).did_you_mean(at, Some(ascii))
}

pub(crate) fn unclosed_multiline_string(quotes: &str, at: Span) -> Diagnostic {
    let message = "unclosed string of several lines";
    let label = format!("no `{quotes}` follows");
    Diagnostic::new(Code::InvalidToml, message, at, label)
        .help(format!("write `{quotes}` at the end of the string"))
}

/// Adds the probable cause of an error in a file with an odd number of the quotes of long strings.
pub(crate) fn with_unpaired_quotes(mut diagnostic: Diagnostic, quotes: &str) -> Diagnostic {
    diagnostic.suggestion = None;
    diagnostic.help = vec![format!(
        "a string of several lines starts and ends with `{quotes}`, and one of them is missing"
    )];
    diagnostic
}

pub(crate) fn boolean_case(meant: &str, at: Span) -> Diagnostic {
    Diagnostic::new(
        Code::InvalidToml,
        "invalid boolean",
        at,
        "must be lower case",
    )
    .did_you_mean(at, Some(meant))
}

pub(crate) fn null(at: Span) -> Diagnostic {
    Diagnostic::new(
        Code::InvalidToml,
        "TOML has no null value",
        at,
        "not a value",
    )
    .help("remove the key")
}

/// Explanation of `S002`.
pub(crate) const DUPLICATE_KEY: Explanation = Explanation {
    text: "A key can be set once in its table, and a table can be defined once. A second definition \
           does not override the first one.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
doc = "Lists files again."
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
};

pub(crate) fn duplicate_key(name: &str, at: Span, first: Option<Span>) -> Diagnostic {
    let message = format!("duplicate key {}", quote(name));
    defined_twice(message, at, first).help("remove one of the two")
}

pub(crate) fn duplicate_table(name: &str, at: Span, first: Option<Span>) -> Diagnostic {
    let message = format!("duplicate table {}", quote(name));
    defined_twice(message, at, first).help("merge the two tables")
}

pub(crate) fn duplicate_group(key: &Text, first: Span) -> Diagnostic {
    let message = format!("duplicate group {}", quote(&key.value));
    defined_twice(message, key.span, Some(first)).help("remove one of the two")
}

fn defined_twice(message: String, at: Span, first: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::DuplicateKey, message, at, "defined again here");
    match first {
        Some(first) => diagnostic.label(first, "first defined here"),
        None => diagnostic,
    }
}

/// A key that has a value is used as a table.
pub(crate) fn value_is_not_a_table(name: &str, at: Span, first: Option<Span>) -> Diagnostic {
    let message = format!(
        "key {} already has a value and cannot be extended",
        quote(name)
    );
    let diagnostic = Diagnostic::new(Code::DuplicateKey, message, at, "used as a table here");
    let diagnostic = match first {
        Some(first) => diagnostic.label(first, "value set here"),
        None => diagnostic,
    };
    diagnostic.help("write all keys of the table in one place")
}

/// Explanation of `S003`.
pub(crate) const UNQUOTED_STRING: Explanation = Explanation {
    text: "In TOML, strings are quoted. Only keys, numbers, dates, `true` and `false` are written \
           without quotes.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = GET /files/list
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
};

pub(crate) fn unquoted_string(text: &str, at: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UnquotedString,
        "string without quotes",
        at,
        "missing quotes",
    )
    .help(format!("write `\"{}\"`", excerpt(text)))
    .suggest(at, format!("\"{text}\""))
}

pub(crate) fn typographic_quotes(text: &str, at: Span) -> Diagnostic {
    let message = "string in typographic quotes";
    let label = "expected straight quotes";
    Diagnostic::new(Code::UnquotedString, message, at, label)
        .help(format!("write `\"{}\"`", excerpt(text)))
        .suggest(at, format!("\"{text}\""))
}

/// Explanation of `S004`.
pub(crate) const MISSING_VALUE: Explanation = Explanation {
    text: "Every key is followed by `=` and a value on the same line. An optional key without a value \
           is removed.",
    wrong: r#"[endpoints.files.list]
doc =
http = "GET /files/list"
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
};

pub(crate) fn missing_value(at: Span) -> Diagnostic {
    Diagnostic::new(Code::MissingValue, "missing value", at, "expected a value")
        .help("write the value on the same line, or remove the key")
}

pub(crate) fn missing_equals_and_value(key: &str, at: Span) -> Diagnostic {
    let message = format!("missing value for key {}", quote(key));
    let label = "expected `=` and a value after the key";
    Diagnostic::new(Code::MissingValue, message, at, label)
        .help(format!("write `{} = …`, or remove the line", excerpt(key)))
}

/// `is_colon` is set if there is a colon in place of `=`.
pub(crate) fn missing_equals(key: &str, at: Span, is_colon: bool) -> Diagnostic {
    let message = format!("missing `=` after key {}", quote(key));
    let diagnostic = Diagnostic::new(Code::MissingValue, message, at, "expected `=`");
    if is_colon {
        diagnostic.help("keys and values are separated by `=`, not by `:`")
    } else {
        diagnostic.help(format!("write `{} = …`", excerpt(key)))
    }
}
