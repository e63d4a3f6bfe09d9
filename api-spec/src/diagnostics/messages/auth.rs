//! Credentials: `S110` and `S111`.

use super::quote::quote;
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::CredentialLocation;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S110`.
pub(crate) const INVALID_AUTH: Explanation = Explanation {
    text: "`auth` in `[api]` declares the credentials that a client has: `\"bearer\"` for a token, \
           `\"basic\"` for a user and a password, `{ header = \"…\", prefix = \"…\" }` or \
           `{ query = \"…\" }` for a key, a list of these for several that are sent together, or \
           `{ any = […] }` for alternatives. `auth` in an endpoint selects from them. `\"none\"` sends \
           its requests without credentials, e.g. for a login.",
    wrong: r#"[endpoints.session.open]
doc = "Opens a session."
http = "GET /session"
auth = "nothing"
"#,
    right: r#"[endpoints.session.open]
doc = "Opens a session."
http = "GET /session"
auth = "none"
"#,
};

/// `foreign` is the help for a scheme of another format.
pub(crate) fn unknown_scheme(
    text: &Text,
    schemes: &[&str],
    meant: Option<&str>,
    foreign: Option<&str>,
) -> Diagnostic {
    let at = text.unquoted();
    let message = format!("unknown authentication scheme {}", quote(&text.value));
    let diagnostic = Diagnostic::new(Code::InvalidAuth, message, at, "unknown scheme");
    if let Some(foreign) = foreign {
        return diagnostic.help(foreign);
    }
    let schemes: Vec<_> = schemes.iter().map(|it| format!("`\"{it}\"`")).collect();
    diagnostic.did_you_mean(at, meant).help(format!(
        "expected {}, `{{ header = \"X-Api-Key\" }}`, `{{ header = \"Authorization\", prefix = \
             \"Token \" }}` or `{{ query = \"key\" }}`",
        schemes.join(", ")
    ))
}

pub(crate) fn undeclared_auth(at: Span) -> Diagnostic {
    let message = "`[api]` does not declare these credentials";
    Diagnostic::new(Code::InvalidAuth, message, at, "not declared in `[api]`").help(
        "add them to `auth` in `[api]`, e.g. `auth = { any = [\"bearer\", \"basic\"] }`: it declares the \
         credentials of the client, and an endpoint selects from them",
    )
}

pub(crate) fn no_credentials(at: Span) -> Diagnostic {
    let message = "a list of credentials must not be empty";
    Diagnostic::new(Code::InvalidAuth, message, at, "empty list").help(
        "for requests without credentials, remove `auth`, or set `auth = \"none\"` in an endpoint",
    )
}

pub(crate) fn no_location(at: Span) -> Diagnostic {
    let message = "the place of the key is missing";
    Diagnostic::new(
        Code::InvalidAuth,
        message,
        at,
        "neither `header` nor `query`",
    )
    .help("for example: `{ header = \"X-Api-Key\" }` or `{ query = \"key\" }`")
}

pub(crate) fn keys_conflict(key: &Text, first: &Text) -> Diagnostic {
    let message = format!("`{}` and `{}` cannot be combined", first.value, key.value);
    Diagnostic::new(Code::InvalidAuth, message, key.span, "second place")
        .label(first.span, "first place")
        .help("write several credentials as a list: `[{ header = \"…\" }, { query = \"…\" }]`")
}

pub(crate) fn prefix_without_header(prefix: &Text) -> Diagnostic {
    let message = "`prefix` has an effect only beside `header`";
    Diagnostic::new(
        Code::InvalidAuth,
        message,
        prefix.span,
        "prefix of a header",
    )
    .help("for example: `{ header = \"Authorization\", prefix = \"Bot \" }`")
}

pub(crate) fn invalid_prefix(prefix: &Text) -> Diagnostic {
    let message = format!("invalid prefix {}", quote(&prefix.value));
    Diagnostic::new(
        Code::InvalidAuth,
        message,
        prefix.unquoted(),
        "not allowed in a header",
    )
    .help("a prefix consists of printable ASCII characters, and does not start with a space")
}

pub(crate) fn prefix_without_space(prefix: &Text) -> Diagnostic {
    let message = format!(
        "prefix {} is not separated from the key",
        quote(&prefix.value)
    );
    let spaced = format!("{} ", prefix.value);
    Diagnostic::new(
        Code::InvalidAuth,
        message,
        prefix.unquoted(),
        "no space at its end",
    )
    .did_you_mean(prefix.unquoted(), Some(&spaced))
}

/// Explanation of `S111`.
pub(crate) const AUTH_CLASH: Explanation = Explanation {
    text: "Credentials are headers or query parameters that the client adds to each request. None of them \
           can be declared a second time, as a field, as a fixed value, or as another credential that is \
           sent together with it.",
    wrong: r#"include = []

[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
headers = { "X-Api-Key" = "string" }

[api]
name = "Files"
doc = "Manages files."
auth = { header = "X-Api-Key" }
"#,
    right: r#"include = []

[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"

[api]
name = "Files"
doc = "Manages files."
auth = { header = "X-Api-Key" }
"#,
};

pub(crate) fn parameter_of_credentials(key: &Text, location: CredentialLocation<'_>) -> Diagnostic {
    let message = format!("{} is set by the credentials", describe(location));
    Diagnostic::new(Code::AuthClash, message, key.span, "declared a second time")
        .help("remove it: the client adds it according to `auth`")
}

pub(crate) fn same_location(location: CredentialLocation<'_>, at: Span, first: Span) -> Diagnostic {
    let message = format!("two credentials in the {}", describe(location));
    Diagnostic::new(Code::AuthClash, message, at, "second one")
        .label(first, "first one")
        .help("write alternatives as `{ any = […] }`")
}

fn describe(location: CredentialLocation<'_>) -> String {
    match location {
        CredentialLocation::Header { name, .. } => format!("header {}", quote(name)),
        CredentialLocation::Query(name) => format!("query parameter {}", quote(name)),
    }
}
