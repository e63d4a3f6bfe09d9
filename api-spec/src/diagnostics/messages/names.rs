//! Names: `S201` to `S210`.

use super::quote::{excerpt, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::names::{Case, NameError, RustName};
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S201`.
pub(crate) const TYPE_NAME: Explanation = Explanation {
    text: "Ids, enums, structs and unions have the same name in the spec and in Rust: UpperCamelCase, \
           with ASCII letters and digits.",
    wrong: r#"[ids]
file_id = "A file."

[endpoints.files.delete]
doc = "Deletes a file."
http = "POST /files/delete"
retry = "never"
json = { id = "file_id" }
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

pub(crate) fn type_name_self(name: &Text) -> Diagnostic {
    let message = "type name `Self` is reserved";
    Diagnostic::new(Code::TypeName, message, name.span, "reserved by Rust")
        .help("choose another name")
}

/// An id is a tuple struct, so its constructor conflicts with constants.
pub(crate) fn id_name_endpoints(name: &Text) -> Diagnostic {
    let message = "id name `ENDPOINTS` is reserved";
    let label = "conflicts with the generated constant `ENDPOINTS`";
    Diagnostic::new(Code::TypeName, message, name.span, label)
        .did_you_mean(name.span, Some("Endpoints"))
}

pub(crate) fn type_name_case(name: &Text, meant: Option<&str>) -> Diagnostic {
    let message = format!("type name {} is not in UpperCamelCase", quote(&name.value));
    let label = "must be in UpperCamelCase";
    Diagnostic::new(Code::TypeName, message, name.span, label).did_you_mean(name.span, meant)
}

/// Explanation of `S202`.
pub(crate) const SNAKE_NAME: Explanation = Explanation {
    text: "A group is a module and an endpoint is a function, so their names in the spec follow Rust: \
           snake_case, with ASCII letters and digits.",
    wrong: r#"[endpoints.files.listAll]
doc = "Lists files."
http = "GET /files/list"
"#,
    right: r#"[endpoints.files.list_all]
doc = "Lists files."
http = "GET /files/list"
"#,
};

/// `kind` is `group` or `endpoint`.
pub(crate) fn snake_name(kind: &str, name: &Text, meant: Option<&str>) -> Diagnostic {
    let message = format!("{kind} name {} is not in snake_case", quote(&name.value));
    Diagnostic::new(Code::SnakeName, message, name.span, "must be in snake_case")
        .did_you_mean(name.span, meant)
}

/// Explanation of `S203`.
pub(crate) const UNDERIVABLE_NAME: Explanation = Explanation {
    text: "Rust names are derived from the ASCII letters and digits of wire names. If a wire name has \
           none, or has letters outside of ASCII, set the Rust name with `rust = \"…\"`.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { "größe" = "int" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { "größe" = { type = "int", rust = "size" } }
"#,
};

pub(crate) fn no_rust_name(wire: &Text, case: Case) -> Diagnostic {
    let name = excerpt(&wire.value);
    let label = if wire.value.contains(char::is_alphanumeric) {
        "contains letters outside of ASCII"
    } else {
        "contains no letters or digits"
    };
    let key = match case {
        Case::Snake => "type",
        Case::Camel => "doc",
    };
    let message = format!("cannot derive a Rust name from `{name}`");
    Diagnostic::new(Code::UnderivableName, message, wire.span, label).help(format!(
        "set the name: `\"{name}\" = {{ {key} = \"…\", rust = \"…\" }}`"
    ))
}

/// Explanation of `S204`.
pub(crate) const INVALID_RUST_NAME: Explanation = Explanation {
    text: "The value of `rust` is an identifier of ASCII letters, digits and `_` that does not start \
           with a digit: in snake_case for fields and functions, in UpperCamelCase for enum values and \
           variants. Keywords become raw identifiers such as `r#type`, except `self`, `Self`, `super`, \
           `crate` and `_`, which Rust reserves.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { q = { type = "string", rust = "search-text" } }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { q = { type = "string", rust = "search_text" } }
"#,
};

pub(crate) fn invalid_rust_name(
    text: &Text,
    error: NameError,
    case: Case,
    meant: Option<&str>,
) -> Diagnostic {
    let name = quote(&text.value);
    let (message, label) = match error {
        NameError::NotIdentifier => (
            format!("{name} is not a Rust identifier"),
            "expected ASCII letters, digits and `_`",
        ),
        NameError::Reserved => (
            format!("{name} is reserved and cannot be used as a name"),
            "reserved by Rust",
        ),
        NameError::WrongCase => (
            format!("{name} is not in {}", case.as_str()),
            "rustc would warn about this name",
        ),
    };
    let at = text.unquoted();
    Diagnostic::new(Code::InvalidRustName, message, at, label).did_you_mean(at, meant)
}

/// A name of a generated item that another item already has.
pub(crate) struct Clash<'c> {
    pub(crate) name: &'c str,
    /// The position and the item of the later definition.
    pub(crate) second: (Span, &'c str),
    /// The position and the item of the first definition.
    pub(crate) first: (Span, &'c str),
    /// `true` if one of the two can be renamed with `rust`.
    pub(crate) renamable: bool,
}

impl Clash<'_> {
    fn diagnostic(&self, code: Code, kind: &str) -> Diagnostic {
        let message = format!("two {kind} are named {}", quote(self.name));
        let help = if self.renamable {
            "rename one of them with `rust = \"…\"`"
        } else {
            "rename one of them"
        };
        Diagnostic::new(code, message, self.second.0, self.second.1)
            .label(self.first.0, self.first.1)
            .help(help)
    }
}

/// Explanation of `S205`.
pub(crate) const TYPE_CLASH: Explanation = Explanation {
    text: "All declared types and the structs of union variants share one Rust module, and the request \
           and response types of each group share another. Names must be unique within each module. The \
           request struct of `create` is `Create`, its response struct is `CreateResponse`, and the \
           struct of variant `text` of union `Results` is `TextResults`.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { names = "[string]" }

[endpoints.files.list_response]
doc = "Shows the last listing."
http = "GET /files/list-response"
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { names = "[string]" }

[endpoints.files.list_response]
doc = "Shows the last listing."
http = "GET /files/list-response"
rust = "last_listing"
"#,
};

pub(crate) fn type_clash(clash: &Clash<'_>) -> Diagnostic {
    clash.diagnostic(Code::TypeClash, "types")
}

/// Explanation of `S206`.
pub(crate) const FUNCTION_CLASH: Explanation = Explanation {
    text: "Every endpoint is a function in the module of its group. A waiter adds two functions: \
           `start` has `wait_for_start` and `start_progress`. Pages add one: `list` has `list_all`.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"

[endpoints.files.find]
doc = "Finds files."
http = "GET /files/find"
rust = "list"
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"

[endpoints.files.find]
doc = "Finds files."
http = "GET /files/find"
"#,
};

pub(crate) fn function_clash(clash: &Clash<'_>) -> Diagnostic {
    clash.diagnostic(Code::FunctionClash, "functions")
}

/// Explanation of `S207`.
pub(crate) const FIELD_CLASH: Explanation = Explanation {
    text: "Different wire names can have the same name in Rust, e.g. `fileId` and `file_id`. The fields \
           of path, query, headers and body share one request struct.",
    wrong: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
query = { fileId = "int", file_id = "string" }
"#,
    right: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
query = { fileId = "int", file_id = { type = "string", rust = "old_id" } }
"#,
};

/// `part` is the part of the request that contains the second field, unless both are in the same part.
pub(crate) fn field_clash(
    name: &RustName,
    at: Span,
    first: Span,
    part: Option<&str>,
) -> Diagnostic {
    let rename = match part {
        Some(part) => format!("{part}_{}", name.unraw()),
        None => "…".to_owned(),
    };
    let message = format!("two fields are named `{name}` in Rust");
    Diagnostic::new(
        Code::FieldClash,
        message,
        at,
        format!("also becomes `{name}`"),
    )
    .label(first, format!("becomes `{name}`"))
    .help(format!(
        "rename one of them in Rust: `{{ type = \"…\", rust = \"{rename}\" }}`"
    ))
}

/// A response header conflicts with the field for the body.
pub(crate) fn body_field_clash(at: Span) -> Diagnostic {
    let message = "two fields are named `body` in Rust";
    let label = "conflicts with the field for the response body";
    Diagnostic::new(Code::FieldClash, message, at, label)
        .help("rename it: `{ type = \"…\", rust = \"…\" }`")
}

/// Explanation of `S208`.
pub(crate) const VARIANT_CLASH: Explanation = Explanation {
    text: "Different values of an enum, or different tags of a union, can have the same name in Rust.",
    wrong: r#"[enums.Colour]
values = { dark-red = "", dark_red = "" }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#,
    right: r#"[enums.Colour]
values = { dark-red = "", dark_red = { rust = "OldDarkRed" } }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#,
};

/// `kind` is `value` or `variant`, and `meant` a name for the second one that is not in use.
pub(crate) fn variant_clash(
    kind: &str,
    name: &RustName,
    wire: &Text,
    first: Span,
    meant: Option<&RustName>,
) -> Diagnostic {
    let message = format!("two {kind}s are named `{name}` in Rust");
    let label = format!("also becomes `{name}`");
    let rust = meant.map_or("…", RustName::unraw);
    Diagnostic::new(Code::VariantClash, message, wire.span, label)
        .label(first, format!("becomes `{name}`"))
        .help(format!("rename one of them with `rust = \"{rust}\"`"))
}

/// Explanation of `S209`.
pub(crate) const SETTER_CLASH: Explanation = Explanation {
    text: "A request struct, and each struct in a request, has a constructor `new` with the required \
           fields and a setter for each optional field. A setter named `new` would conflict with the \
           constructor.",
    wrong: r#"[endpoints.files.rename]
doc = "Renames a file."
http = "POST /files/rename"
retry = "never"
json = { old = "string", new = "string?" }
"#,
    right: r#"[endpoints.files.rename]
doc = "Renames a file."
http = "POST /files/rename"
retry = "never"
json = { old = "string", new = { type = "string?", rust = "new_name" } }
"#,
};

pub(crate) fn setter_clash(at: Span) -> Diagnostic {
    let message = "an optional request field cannot be named `new` in Rust";
    let label = "its setter would conflict with the constructor `new`";
    Diagnostic::new(Code::SetterClash, message, at, label)
        .help("rename it: `{ type = \"…\", rust = \"new_\" }`")
}

/// Explanation of `S210`.
pub(crate) const VALUE_CLASH: Explanation = Explanation {
    text: "Each spelling, including the ones listed under `also`, can belong to one value only. \
           Spellings that differ in case are different. A text that equals none of them is read as the \
           value that it equals without regard to case, if there is exactly one.",
    wrong: r#"[enums.Colour]
values = { red = "", blue = { also = ["red"] } }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#,
    right: r#"[enums.Colour]
values = { red = { also = ["RED"] }, blue = "" }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#,
};

pub(crate) fn duplicate_spelling(text: &Text, first: &Text) -> Diagnostic {
    spelled_twice(text, first).help("list it once")
}

pub(crate) fn spelling_clash(text: &Text, first: &Text) -> Diagnostic {
    spelled_twice(text, first).help("each spelling belongs to one value")
}

fn spelled_twice(text: &Text, first: &Text) -> Diagnostic {
    let message = format!("duplicate value {}", quote(&text.value));
    Diagnostic::new(Code::ValueClash, message, text.span, "listed again here")
        .label(first.span, "first listed here")
}
