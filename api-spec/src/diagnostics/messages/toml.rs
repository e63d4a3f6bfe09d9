//! Syntax errors of TOML: `S001` to `S004`.

use super::quote::{excerpt, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::source::Span;
use crate::source::text::Text;

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

/// Creates a diagnostic for an error message of the TOML parser.
pub(crate) fn invalid_toml(message: &str, expected: &str, at: Span) -> Diagnostic {
    let label = match expected {
        "" => String::new(),
        expected => format!("expected {}", expected.replace('\n', "\\n")),
    };
    Diagnostic::new(Code::InvalidToml, excerpt(message), at, excerpt(&label))
}

/// Creates a diagnostic for a known syntax error.
pub(crate) fn toml_syntax(error: &TomlSyntax, at: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::InvalidToml, error.message, at, error.label);
    match error.help {
        "" => diagnostic,
        help => diagnostic.help(help),
    }
}

/// The texts for a known syntax error. The help may be empty.
pub(crate) struct TomlSyntax {
    message: &'static str,
    label: &'static str,
    help: &'static str,
}

pub(crate) const UNCLOSED_HEADER: TomlSyntax = TomlSyntax {
    message: "unclosed table header",
    label: "expected `]`",
    help: "",
};

pub(crate) const UNCLOSED_LIST: TomlSyntax = TomlSyntax {
    message: "unclosed list",
    label: "expected `]`",
    help: "",
};

pub(crate) const UNCLOSED_TABLE: TomlSyntax = TomlSyntax {
    message: "unclosed inline table",
    label: "expected `}`",
    help: "",
};

pub(crate) const MISSING_COMMA_IN_LIST: TomlSyntax = TomlSyntax {
    message: "missing comma between items of a list",
    label: "expected `,`",
    help: "",
};

pub(crate) const MISSING_COMMA_IN_TABLE: TomlSyntax = TomlSyntax {
    message: "missing comma between keys of an inline table",
    label: "expected `,`",
    help: "",
};

pub(crate) const UNCLOSED_BASIC_STRING: TomlSyntax = TomlSyntax {
    message: "unclosed string",
    label: "expected `\"`",
    help: "a string with several lines is delimited by `\"\"\"`",
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
    help: "",
};

pub(crate) fn unquoted_key(key: &str, at: Span) -> Diagnostic {
    let message = format!("key {} must be quoted", quote(key));
    let label = "a bare key consists of `A-Za-z0-9_-`";
    Diagnostic::new(Code::InvalidToml, message, at, label)
        .help(format!("write `\"{}\"`", excerpt(key)))
        .suggest(at, format!("\"{key}\""))
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
}

pub(crate) fn missing_equals(key: &str, at: Span) -> Diagnostic {
    let message = format!("missing `=` after key {}", quote(key));
    Diagnostic::new(Code::MissingValue, message, at, "expected `=`")
}
