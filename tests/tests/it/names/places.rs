//! Places of names in a spec.

use std::fmt::Write as _;

/// A place of names in a spec.
pub(super) struct Place {
    pub(super) name: &'static str,
    /// `true` for names in `snake_case`.
    pub(super) snake_case: bool,
    /// Returns a spec with all of these names in the place.
    pub(super) spec: fn(&[&str]) -> String,
}

const fn snake(name: &'static str, spec: fn(&[&str]) -> String) -> Place {
    Place {
        name,
        snake_case: true,
        spec,
    }
}

const fn camel(name: &'static str, spec: fn(&[&str]) -> String) -> Place {
    Place {
        name,
        snake_case: false,
        spec,
    }
}

/// All places.
pub(super) static PLACES: &[Place] = &[
    snake("required parameter", |names| query(names, "\"string\"")),
    snake("optional parameter", |names| query(names, "\"int?\"")),
    snake("path parameter", path),
    snake("header", |names| headers(names, "headers")),
    snake("response header", |names| {
        headers(names, "response_headers")
    }),
    snake("required JSON field", |names| {
        body(names, "json", "\"json\"")
    }),
    snake("optional JSON field", |names| {
        body(names, "json", "\"json?\"")
    }),
    snake("JSON field with a default", |names| {
        body(names, "json", "{ type = \"int\", default = 1, min = 0 }")
    }),
    snake("nullable JSON field", |names| {
        body(names, "json", "\"string??\"")
    }),
    snake("form field", |names| body(names, "form", "\"string?\"")),
    snake("multipart field", |names| {
        body(names, "multipart", "\"file\"")
    }),
    snake("response field", |names| {
        body(names, "response", "\"int?\"")
    }),
    snake("required field of a struct", |names| {
        object(names, "\"float\"")
    }),
    snake("optional field of a struct", |names| {
        object(names, "\"float?\"")
    }),
    snake("struct field with a default", |names| {
        object(names, "{ type = \"string\", default = \"a\" }")
    }),
    snake("deprecated field of a struct", |names| {
        object(names, "{ type = \"uint?\", deprecated = \"Not read.\" }")
    }),
    snake("optional field of a response struct", response_object),
    snake("optional field of a variant", variant_fields),
    snake("required field of a variant without a tag", |names| {
        let variants = "one.fields = { first = \"int\" }\ntwo.fields = ".to_owned();
        let types = format!(
            "[unions.Union.variants]\n{variants}{}",
            fields(names, "\"string\"")
        );
        types_in_endpoint(&types, &["Union"])
    }),
    snake("tag", tags),
    snake("value on the wire", |names| {
        let values = rows(names, |_, name| format!("{name} = \"\"\n"));
        types_in_endpoint(&format!("[enums.Enum.values]\n{values}"), &["Enum"])
    }),
    snake("tag on the wire", |names| {
        let variant = |_, name: &str| format!("{name}.fields = {{ a = \"string?\" }}\n");
        let variants = rows(names, variant);
        types_in_endpoint(
            &format!("[unions.Union]\ntag = \"kind\"\n[unions.Union.variants]\n{variants}"),
            &["Union"],
        )
    }),
    snake("function", functions),
    snake("name of a function", renamed_functions),
    snake("group", groups),
    camel("name of a value", |names| {
        let values: String = rows(names, |index, name| {
            format!("v{index} = {{ rust = \"{name}\" }}\n")
        });
        types_in_endpoint(&format!("[enums.Enum.values]\n{values}"), &["Enum"])
    }),
    camel("name of a variant", |names| {
        let variant = |index, name: &str| {
            format!("v{index} = {{ rust = \"{name}\", fields = {{ a = \"int?\" }} }}\n")
        };
        let variants = rows(names, variant);
        types_in_endpoint(
            &format!("[unions.Union]\ntag = \"kind\"\n[unions.Union.variants]\n{variants}"),
            &["Union"],
        )
    }),
    camel("name of a variant without a tag", |names| {
        let variant = |index, name: &str| {
            format!("v{index} = {{ rust = \"{name}\", fields = {{ a{index} = \"int\" }} }}\n")
        };
        let variants = rows(names, variant);
        types_in_endpoint(&format!("[unions.Union.variants]\n{variants}"), &["Union"])
    }),
    camel("id", ids),
    camel("enum", enums),
    camel("struct", structs),
    camel("union", unions),
];

/// The places of the names of types.
pub(super) static TYPES: &[Place] = &[
    camel("id", ids),
    camel("enum", enums),
    camel("struct", structs),
    camel("union", unions),
];

const API: &str =
    "[api]\nname = \"Names\"\ndoc = \"Names.\"\nurl = \"https://example.com\"\nauth = \"bearer\"\n";

/// The types of the endpoints below.
const STATE: &str = "[enums.State.values]\nrunning = \"\"\ndone = \"\"\n";

/// An endpoint with pages and a waiter.
const LIST: &str = "[endpoints.group.list]
doc = \"Lists items.\"
http = \"POST /list\"
retry = \"never\"
json = { page = \"uint?\" }
response = { items = \"[string]\" }
pages = { items = \"items\", page = \"page\" }
wait = { poll = \"group.poll\", bind = {}, field = \"state\", until = [\"done\"], pending = [\"running\"] }
[endpoints.group.poll]
doc = \"Returns the state.\"
http = \"GET /poll\"
response = { state = \"State\" }
";

fn rows(names: &[&str], row: impl Fn(usize, &str) -> String) -> String {
    let rows = names.iter().enumerate();
    rows.map(|(index, name)| row(index, name)).collect()
}

/// Returns an inline table of fields.
fn fields(names: &[&str], ty: &str) -> String {
    let fields: Vec<_> = names.iter().map(|name| format!("{name} = {ty}")).collect();
    format!("{{ {} }}\n", fields.join(", "))
}

fn query(names: &[&str], ty: &str) -> String {
    let fields = fields(names, ty);
    format!("{API}[endpoints.group.show]\ndoc = \"Shows.\"\nhttp = \"GET /show\"\nquery = {fields}")
}

fn path(names: &[&str]) -> String {
    let path = rows(names, |_, name| format!("/{{{name}}}"));
    let fields = fields(names, "\"int\"");
    format!("{API}[endpoints.group.show]\ndoc = \"Shows.\"\nhttp = \"GET {path}\"\npath = {fields}")
}

fn headers(names: &[&str], key: &str) -> String {
    let fields = rows(names, |_, name| {
        format!("X-{name} = {{ type = \"string?\", rust = \"{name}\" }}\n")
    });
    format!(
        "{API}[endpoints.group.show]\ndoc = \"Shows.\"\nhttp = \"GET /show\"\nresponse = \"text\"\n\
         [endpoints.group.show.{key}]\n{fields}"
    )
}

fn body(names: &[&str], key: &str, ty: &str) -> String {
    let fields = fields(names, ty);
    format!(
        "{API}[endpoints.group.send]\ndoc = \"Sends.\"\nhttp = \"POST /send\"\nretry = \"never\"\n{key} = {fields}"
    )
}

/// Returns a spec with an endpoint that sends and returns the types.
fn types_in_endpoint(types: &str, names: &[&str]) -> String {
    let field = |index, name: &str| format!("f{index} = \"{name}?\", ");
    let fields = rows(names, field);
    format!(
        "{API}{types}\n[endpoints.group.send]\ndoc = \"Sends.\"\nhttp = \"POST /send\"\nretry = \"never\"\n\
         json = {{ {fields} last = \"[float]?\" }}\nresponse = {{ {fields} last = \"{{raw}}?\" }}\n"
    )
}

fn object(names: &[&str], ty: &str) -> String {
    let types = format!("[structs.Object]\nfields = {}", fields(names, ty));
    types_in_endpoint(&types, &["Object"])
}

fn response_object(names: &[&str]) -> String {
    let fields = fields(names, "\"float?\"");
    format!(
        "{API}[structs.Object]\nfields = {fields}[endpoints.group.show]\ndoc = \"Shows.\"\nhttp = \"GET /show\"\n\
         response = \"Object\"\n"
    )
}

fn variant_fields(names: &[&str]) -> String {
    let fields = fields(names, "\"string?\"");
    let types = format!("[unions.Union]\ntag = \"the tag\"\nvariants.one.fields = {fields}");
    types_in_endpoint(&types, &["Union"])
}

fn tags(names: &[&str]) -> String {
    let union = |index, name: &str| {
        format!(
            "[unions.Union{index}]\ntag = \"{name}\"\nvariants.one.fields = {{ a = \"int?\" }}\n"
        )
    };
    let unions: Vec<_> = (0..names.len())
        .map(|index| format!("Union{index}"))
        .collect();
    let unions: Vec<_> = unions.iter().map(String::as_str).collect();
    types_in_endpoint(&rows(names, union), &unions)
}

/// Returns the keys of an endpoint with every kind of generated function.
fn endpoint(path: &str, poll: &str) -> String {
    format!(
        "doc = \"Lists items.\"\nhttp = \"POST /{path}\"\nretry = \"never\"\njson = {{ token = \"string?\" }}\n\
         response = {{ items = \"[State]\", next = \"string?\", name = \"string\" }}\n\
         response_headers = {{ X-Count = \"int?\" }}\n\
         pages = {{ items = \"items\", next = \"next\", into = \"token\" }}\n\
         wait = {{ poll = \"{poll}\", bind = {{}}, field = \"state\", until = [\"done\"], pending = [\"running\"] }}\n"
    )
}

fn functions(names: &[&str]) -> String {
    let function = |index, name: &str| {
        format!(
            "[endpoints.group.{name}]\n{}",
            endpoint(&format!("{index}"), "group.poll")
        )
    };
    // Two tables of one name are an error of TOML.
    let names: Vec<_> = names
        .iter()
        .copied()
        .filter(|name| !["list", "poll"].contains(name))
        .collect();
    format!("{API}{STATE}{LIST}{}", rows(&names, function))
}

fn renamed_functions(names: &[&str]) -> String {
    let function = |index, name: &str| {
        format!(
            "[endpoints.group.e{index}]\nrust = \"{name}\"\n{}",
            endpoint(&format!("{index}"), "group.poll")
        )
    };
    format!("{API}{STATE}{LIST}{}", rows(names, function))
}

fn groups(names: &[&str]) -> String {
    let group = |index, name: &str| {
        format!(
            "[endpoints.{name}.list]\n{}[endpoints.{name}.poll]\ndoc = \"Returns the state.\"\n\
             http = \"GET /poll\"\nresponse = {{ state = \"State\" }}\n\
             [endpoints.other.e{index}]\n{}",
            endpoint(&format!("{index}"), &format!("{name}.poll")),
            endpoint(&format!("e{index}"), &format!("{name}.poll")),
        )
    };
    format!("{API}{STATE}{}", rows(names, group))
}

fn ids(names: &[&str]) -> String {
    let ids = rows(names, |_, name| format!("{name} = \"An id.\"\n"));
    types_in_endpoint(&format!("[ids]\n{ids}"), names)
}

fn enums(names: &[&str]) -> String {
    let item = |_, name: &str| format!("[enums.{name}.values]\none = \"\"\ntwo = \"\"\n");
    types_in_endpoint(&rows(names, item), names)
}

fn structs(names: &[&str]) -> String {
    let item = |_, name: &str| {
        format!(
            "[structs.{name}.fields]\na = \"string?\"\nb = \"int\"\nc = {{ type = \"float\", default = 1 }}\n"
        )
    };
    types_in_endpoint(&rows(names, item), names)
}

fn unions(names: &[&str]) -> String {
    let mut types = String::new();
    for (index, name) in names.iter().enumerate() {
        let tag = if index % 2 == 0 { "tag = \"kind\"" } else { "" };
        let _ = writeln!(
            types,
            "[unions.{name}]\n{tag}\nvariants.one.fields = {{ a = \"int\" }}\nvariants.two.fields = {{ b = \"int\" }}"
        );
    }
    types_in_endpoint(&types, names)
}
