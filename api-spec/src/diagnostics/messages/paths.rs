//! Methods, paths and their parameters: `S401` to `S404`, `S408` to `S410`.

use super::quote::{self, all, excerpt, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::grammar::http_line::{MethodError, PathError, PathErrorKind};
use crate::model::Method;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S401`.
pub(crate) const HTTP_SYNTAX: Explanation = Explanation {
    text: "`http` is a method and a path, separated by a space, as in the request line of HTTP.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "/files/list"
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
};

pub(crate) fn http_syntax(http: &Text) -> Diagnostic {
    let text = http.value.trim();
    let (label, example) = if text.starts_with('/') {
        ("missing method", format!("GET {}", excerpt(text)))
    } else if text.is_empty() {
        ("missing method and path", "GET /path".to_owned())
    } else {
        ("missing path", format!("{} /path", excerpt(text)))
    };
    let message = "`http` must be a method and a path";
    Diagnostic::new(Code::HttpSyntax, message, http.span, label)
        .help(format!("for example: `http = \"{example}\"`"))
}

/// Explanation of `S402`.
pub(crate) const UNKNOWN_METHOD: Explanation = Explanation {
    text: "A method is a token of HTTP in upper case, e.g. `GET` or `LIST`. A method that differs from a \
           usual one by one character is taken for a typing error, unless it is registered.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GTE /files/list"
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#,
};

pub(crate) fn unknown_method(name: &str, at: Span, meant: &str) -> Diagnostic {
    let message = format!("unknown HTTP method {}", quote(name));
    Diagnostic::new(Code::UnknownMethod, message, at, "unknown method")
        .did_you_mean(at, Some(meant))
        .help(usual_methods())
}

pub(crate) fn invalid_method(
    name: &str,
    at: Span,
    error: MethodError,
    meant: Option<&str>,
) -> Diagnostic {
    let upper = name.to_uppercase();
    let (label, meant) = match error {
        MethodError::NotAToken => ("not a token of HTTP", meant),
        MethodError::LowerCase => ("methods are case-sensitive", meant.or(Some(&upper))),
        MethodError::TooLong => ("longer than 32 characters", None),
        MethodError::Connect => ("requests a tunnel from a proxy", None),
    };
    let message = format!("invalid HTTP method {}", quote(name));
    Diagnostic::new(Code::UnknownMethod, message, at, label)
        .did_you_mean(at, meant)
        .help(usual_methods())
}

fn usual_methods() -> String {
    let usual: Vec<_> = Method::ALL.iter().map(Method::as_str).collect();
    format!("usual methods: {}", all(&usual))
}

/// Explanation of `S403`.
pub(crate) const INVALID_PATH: Explanation = Explanation {
    text: "A path starts with `/` and has no query, no fragment, no spaces, no empty segments and no \
           dot segments. Other characters are percent-encoded, e.g. `/a%20b`. A `base_path` does not \
           end with `/`, because the path of an endpoint starts with one.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list?all=true"
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { all = "bool" }
"#,
};

/// An error of the path that starts at `offset` in `text`.
pub(crate) fn invalid_path(
    text: &Text,
    offset: usize,
    path: &str,
    error: &PathError,
) -> Diagnostic {
    let at = text.subspan(error.at.start + offset..error.at.end + offset);
    let (label, mut help) = path_error(error.kind);
    if text
        .value
        .get(error.at.start + offset..)
        .is_some_and(|it| it.starts_with('<'))
    {
        help = "write a parameter in braces, e.g. `{id}`";
    }
    let (code, message) = if error.kind.is_parameter() {
        let message = format!("invalid parameter in path {}", quote(path));
        (Code::PathParameter, message)
    } else {
        (Code::InvalidPath, format!("invalid path {}", quote(path)))
    };
    Diagnostic::new(code, message, at, label).help(help)
}

/// Returns the label and the help for an error.
fn path_error(kind: PathErrorKind) -> (&'static str, &'static str) {
    match kind {
        PathErrorKind::MissingSlash => ("expected `/`", "start the path with `/`"),
        PathErrorKind::TrailingSlash => (
            "trailing `/`",
            "remove the trailing `/`: the path of an endpoint starts with one",
        ),
        PathErrorKind::Query => (
            "start of a query",
            "declare query parameters as `query = { … }`",
        ),
        PathErrorKind::Fragment => (
            "start of a fragment",
            "remove the fragment: HTTP requests do not contain it",
        ),
        PathErrorKind::UnclosedParameter => (
            "unclosed `{`",
            "write a parameter as `{name}`, or as `{+name}` if its value may contain `/`",
        ),
        PathErrorKind::ParameterName => (
            "invalid parameter name",
            "a parameter consists of ASCII letters, digits, `_`, `-` and `.`, e.g. `{name}`, or `{+name}` if \
             its value may contain `/`; its type is declared under `path`",
        ),
        PathErrorKind::DuplicateParameter => (DUPLICATE_PARAMETER, USE_PARAMETERS_ONCE),
        PathErrorKind::EmptySegment => ("empty segment", "write a single `/`"),
        PathErrorKind::DotSegment => (
            "dot segment",
            "write the resolved path: clients and proxies remove `.` and `..`",
        ),
        PathErrorKind::BadPercent => (
            "not followed by two hexadecimal digits",
            "write a percent sign as `%25`",
        ),
        PathErrorKind::BadCharacter => (
            "not allowed in a path",
            "percent-encode the character, e.g. a space as `%20`",
        ),
    }
}

const DUPLICATE_PARAMETER: &str = "duplicate parameter";
const USE_PARAMETERS_ONCE: &str = "use each parameter once in a path";

/// Explanation of `S404`.
pub(crate) const PATH_PARAMETER: Explanation = Explanation {
    text: "A parameter is a name in braces, e.g. `/files/{id}`, and occurs once in a path. Its value is \
           sent as one segment, or as a part of one. The value of `/files/{+path}` may contain `/`, \
           which is not encoded.",
    wrong: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id"
path = { id = "string" }
"#,
    right: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
path = { id = "string" }
"#,
};

/// A parameter is in the base path and in the path of the endpoint.
pub(crate) fn parameter_in_base_path(name: &str, http: &Text) -> Diagnostic {
    let message = format!("parameter {} is already in `base_path`", quote(name));
    Diagnostic::new(
        Code::PathParameter,
        message,
        http.unquoted(),
        DUPLICATE_PARAMETER,
    )
    .help(USE_PARAMETERS_ONCE)
}

/// Explanation of `S408`.
pub(crate) const UNTYPED_PARAMETER: Explanation = Explanation {
    text: "Every parameter in the path of an endpoint, including its `base_path`, needs a type under \
           `path`.",
    wrong: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
"#,
    right: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
path = { id = "string" }
"#,
};

/// `parameters` are the names and the positions of those in the path of the endpoint itself, and
/// `path_key` is the position of the key `path`.
pub(crate) fn parameters_without_type<'n>(
    parameters: impl Iterator<Item = (&'n str, Option<Span>)>,
    http: &Text,
    path_key: Option<Span>,
) -> Diagnostic {
    let (names, positions): (Vec<&str>, Vec<_>) = parameters.unzip();
    let mut positions = positions.into_iter().map(|at| match at {
        Some(at) => (at, "parameter without a type"),
        None => (http.unquoted(), "the parameter is in `base_path`"),
    });
    let (at, label) = positions.next().unwrap_or((http.unquoted(), ""));
    let message = match &names[..] {
        [name] => format!("path parameter {} has no type", quote(name)),
        names => format!("path parameters {} have no type", quote::and(names)),
    };
    let mut diagnostic = Diagnostic::new(Code::UntypedParameter, message, at, label);
    for (at, label) in positions {
        diagnostic = diagnostic.label(at, label);
    }
    if let Some(key) = path_key {
        diagnostic = diagnostic.label(key, "not declared here");
    }
    let fields = names
        .iter()
        .map(|it| format!("{} = \"string\"", excerpt(it)));
    let fields: Vec<String> = fields.collect();
    let subject = if names.len() == 1 { "it" } else { "them" };
    diagnostic.help(format!(
        "declare {subject}: `path = {{ {} }}`",
        fields.join(", ")
    ))
}

/// Explanation of `S409`.
pub(crate) const UNUSED_PARAMETER: Explanation = Explanation {
    text: "Every field under `path` is a parameter in the path, written in braces. A parameter that is \
           sent in another way is declared under `query`, `headers` or the body.",
    wrong: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
path = { id = "string" }
"#,
    right: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
query = { id = "string" }
"#,
};

pub(crate) fn parameter_not_in_path(field: &Text, http: &Text, meant: Option<&str>) -> Diagnostic {
    let name = excerpt(&field.value);
    let message = format!("the path has no parameter `{name}`");
    let diagnostic = Diagnostic::new(
        Code::UnusedParameter,
        message,
        field.span,
        "not in the path",
    );
    let colon = format!("/:{}", field.value);
    if let Some(at) = http.value.find(&colon) {
        let at = http.subspan(at + 1..at + colon.len());
        return diagnostic
            .label(at, "not a parameter")
            .help(format!("write `{{{name}}}` in place of `:{name}`"));
    }
    diagnostic
        .did_you_mean(field.span, meant)
        .help(format!("add `{{{name}}}` to the path, or remove it here"))
}

/// Explanation of `S410`.
pub(crate) const OPTIONAL_PARAMETER: Explanation = Explanation {
    text: "A path without one of its parameters is a different path, and usually a different endpoint.",
    wrong: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
path = { id = "string?" }
"#,
    right: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
path = { id = "string" }
"#,
};

pub(crate) fn optional_path_parameter(at: Span) -> Diagnostic {
    let message = "a path parameter cannot be optional";
    Diagnostic::new(Code::OptionalParameter, message, at, "optional type")
        .help("remove the `?`: a path without the parameter is another endpoint")
}
