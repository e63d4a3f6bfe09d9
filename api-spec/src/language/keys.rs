//! The keys of the language, one row each.
//!
//! The reader, the suggestions for unknown keys, the JSON Schema and the reference in `KEYS.md` are
//! all derived from these tables.

use super::table::{Format, Key, KeyFormat, Kind, Table};
use crate::model::Retry;

/// All tables, starting with the document.
pub(super) static TABLES: &[&Table] = &[
    &DOCUMENT,
    &API,
    &ERRORS,
    &TRANSIENT,
    &GROUP,
    &ENUM,
    &VALUE,
    &STRUCT,
    &UNION,
    &VARIANT,
    &KIND,
    &FIELD,
    &ENDPOINT,
    &EVENTS,
    &AUTH,
    &CREDENTIAL,
    &RETRY,
    &PAGES,
    &WAIT,
];

/// Values of `auth` in `[api]`, and in a list of credentials that are sent together.
pub(crate) const AUTH_SCHEMES: &[&str] = &["bearer", "basic"];

/// Values of `auth` in an endpoint, and in a list of alternatives.
pub(crate) const OPTIONAL_AUTH_SCHEMES: &[&str] = &["bearer", "basic", "none"];

/// Values of `retry`.
pub(crate) const RETRY_CLASSES: &[&str] = &[
    Retry::Safe.as_str(),
    Retry::Idempotent.as_str(),
    Retry::Never.as_str(),
];

/// Values of `style`.
pub(crate) const STYLES: &[&str] = &[
    "repeat", "comma", "space", "pipe", "brackets", "indices", "dots", "json",
];

const TEXT: Kind = Kind::String(Format::Any);
const WIRE_NAME: Kind = Kind::String(Format::Wire);
const STRINGS: Kind = Kind::StringList(Format::Any);
const TYPE: Kind = Kind::String(Format::Type);
const BASE_PATH: Kind = Kind::String(Format::BasePath);
const ALIASES: Kind = Kind::StringList(Format::Wire);
const FIELDS: Kind = Kind::Map(
    KeyFormat::Wire,
    &Kind::StringOr(Format::Type, &Kind::Table(&FIELD)),
);
const TYPE_OR_FIELDS: Kind = Kind::StringOr(Format::Type, &FIELDS);
const EVENT_STREAM: Kind = Kind::StringOr(Format::Type, &Kind::Table(&EVENTS));
const CONSTANTS: Kind = Kind::Map(KeyFormat::Wire, &Kind::Scalar);
const CONDITIONS: Kind = Kind::Map(KeyFormat::Any, &Kind::Scalar);
const BINDINGS: Kind = Kind::Map(KeyFormat::Any, &TEXT);

const fn declarations(kind: &'static Kind) -> Kind {
    Kind::Map(KeyFormat::UpperCamelCase, kind)
}

/// Key for documentation in a table of types or fields.
const fn doc(example: &'static str) -> Key {
    Key::optional("doc", TEXT)
        .doc("Documentation.")
        .example(example)
        .aliases(&["description", "summary", "comment", "help"])
}

const fn rust(example: &'static str) -> Key {
    Key::optional("rust", TEXT)
        .doc("Name in Rust, instead of the one derived from the wire name.")
        .example(example)
        .aliases(&["name", "rename"])
}

const fn also(example: &'static str) -> Key {
    Key::optional("also", ALIASES)
        .doc("Other spellings, accepted in responses and never sent.")
        .example(example)
        .aliases(&["alias", "aliases"])
}

const fn with() -> Key {
    Key::optional("with", STRINGS)
        .doc("Structs whose fields come first, as if they were declared here.")
        .example("with = [\"Audit\"]")
        .aliases(&["allof", "extends", "flatten", "includes"])
}

const fn base_path() -> Key {
    Key::optional("base_path", BASE_PATH)
        .doc("Prefix of the paths of the endpoints.")
        .example("base_path = \"/api/2.0\"")
        .aliases(&["base", "prefix"])
}

const fn deprecated() -> Key {
    Key::optional("deprecated", TEXT)
        .doc("Deprecation note, with the replacement.")
        .example("deprecated = \"Use `other`.\"")
}

pub(crate) static DOCUMENT: Table = Table {
    name: "document",
    title: "the document",
    keys: &[
        Key::required("api", Kind::Table(&API))
            .doc("The API as a whole.")
            .example("[api]"),
        Key::optional("include", STRINGS)
            .doc("Files with further types, groups and endpoints.")
            .example("include = [\"types.toml\"]")
            .aliases(&["imports", "files"]),
        Key::optional(
            "groups",
            Kind::Map(
                KeyFormat::SnakeCase,
                &Kind::StringOr(Format::Any, &Kind::Table(&GROUP)),
            ),
        )
        .doc("Documentation and base paths of groups of endpoints.")
        .example("[groups]")
        .aliases(&["tags", "modules"]),
        Key::optional("ids", declarations(&TEXT))
            .doc("Newtypes over strings, with their documentation.")
            .example("[ids]")
            .aliases(&["newtypes"]),
        Key::optional("enums", declarations(&Kind::Table(&ENUM)))
            .doc("Open enums of strings. Unknown values are kept as strings.")
            .example("[enums.Name]"),
        Key::optional("structs", declarations(&Kind::Table(&STRUCT)))
            .doc("Named structs.")
            .example("[structs.Name]")
            .aliases(&["types", "objects", "schemas"]),
        Key::optional("unions", declarations(&Kind::Table(&UNION)))
            .doc(
                "Values of several shapes, distinguished by a tag, by their keys or by their JSON \
                 kinds. Unknown shapes are kept as JSON.",
            )
            .example("[unions.Name]")
            .aliases(&["oneof"]),
        Key::optional(
            "endpoints",
            Kind::Map(
                KeyFormat::SnakeCase,
                &Kind::Map(KeyFormat::SnakeCase, &Kind::Table(&ENDPOINT)),
            ),
        )
        .doc("Endpoints by group: `[endpoints.group.name]`.")
        .example("[endpoints.group.name]")
        .aliases(&["paths", "operations", "methods", "calls"]),
    ],
};

/// A file included by another one: a document without `api` and `include`.
pub(crate) static INCLUDED: Table = Table {
    name: "included",
    title: "an included file",
    keys: DOCUMENT.keys.split_at(2).1,
};

static API: Table = Table {
    name: "api",
    title: "`[api]`",
    keys: &[
        Key::required("name", WIRE_NAME)
            .doc("Display name of the API.")
            .example("name = \"Example\"")
            .aliases(&["title"]),
        Key::required("doc", TEXT)
            .doc("Documentation.")
            .example("doc = \"Manages files.\"")
            .aliases(&["description", "summary", "comment", "help"]),
        Key::optional("url", TEXT)
            .doc("Base URL, used by the generated client by default.")
            .example("url = \"https://api.example.com\"")
            .aliases(&["server", "host"]),
        Key::optional("auth", API_AUTH)
        .doc(
            "Credentials: `\"bearer\"`, `\"basic\"`, a key in a header or in the query, or a list of \
             them that are sent together.",
        )
        .example("auth = \"bearer\"")
        .aliases(&["authentication", "authorization", "security"]),
        base_path(),
        Key::optional("headers", CONSTANTS)
            .doc("Headers with the same value in every request.")
            .example("headers = { X-Api-Version = \"2024-05-01\" }"),
        Key::optional("query", CONSTANTS)
            .doc("Query parameters with the same value in every request.")
            .example("query = { api-version = \"2024-05-01\" }"),
        Key::optional("errors", Kind::Table(&ERRORS))
            .doc("Layout of error bodies.")
            .example("errors = { message = [\"message\"], code = [\"code\"] }"),
        Key::optional("transient", Kind::Table(&TRANSIENT))
            .doc("Messages of transient errors.")
            .example("transient = { refused = [\"not ready\"], failed = [\"try again\"] }")
            .aliases(&["retryable", "retry_on"]),
    ],
};

static ERRORS: Table = Table {
    name: "errors",
    title: "`errors`",
    keys: &[
        Key::optional("message", STRINGS)
            .doc("Keys of the message, e.g. `error.message`. The first one present is used.")
            .example("message = [\"message\"]"),
        Key::optional("code", STRINGS)
            .doc("Keys of the error code, e.g. `error.code`. The first one present is used.")
            .example("code = [\"code\"]"),
        Key::optional("expired", STRINGS)
            .doc(
                "Messages of a 400 or 403 for expired credentials, by the start of the message in any \
                 case; `*` matches one word. As after a 401, the credentials are refreshed once and \
                 the request is sent again.",
            )
            .example("expired = [\"token has expired\"]"),
        Key::optional("type", TYPE)
            .doc("Type of error bodies.")
            .example("type = \"Problem\"")
            .aliases(&["body", "schema", "ty"]),
        Key::optional("when", CONDITIONS)
            .doc("Values that mark the body of a successful status code as an error.")
            .example("when = { success = false }")
            .aliases(&["if"]),
        Key::optional("unless", CONDITIONS)
            .doc("Values without which the body of a successful status code is an error.")
            .example("unless = { code = 0 }"),
    ],
};

static TRANSIENT: Table = Table {
    name: "transient",
    title: "`transient`",
    keys: &[
        Key::optional("refused", STRINGS)
            .doc(
                "Messages for requests that were not processed, by the start of the message; `*` \
                 matches one word. Every request is retried after them.",
            )
            .example("refused = [\"not ready\"]"),
        Key::optional("failed", STRINGS)
            .doc(
                "Messages for requests that may have been processed, by a part of the message. Safe \
                 and idempotent requests are retried after them.",
            )
            .example("failed = [\"try again\"]"),
    ],
};

static GROUP: Table = Table {
    name: "group",
    title: "group `{}`",
    keys: &[
        doc("doc = \"Manages files.\""),
        Key::optional("base_path", BASE_PATH)
            .doc("Prefix of the paths of the endpoints.")
            .example("base_path = \"/api/2.0\"")
            .aliases(&["base", "prefix", "url"]),
    ],
};

static ENUM: Table = Table {
    name: "enum",
    title: "`[enums.{}]`",
    keys: &[
        doc("doc = \"State of a switch.\""),
        Key::required(
            "values",
            Kind::Map(
                KeyFormat::Wire,
                &Kind::StringOr(Format::Any, &Kind::Table(&VALUE)),
            ),
        )
        .doc("Values on the wire, with their documentation.")
        .example("values = { on = \"Switched on.\", off = \"Switched off.\" }")
        .aliases(&["variants", "members", "enum"])
        .non_empty(),
    ],
};

static VALUE: Table = Table {
    name: "value",
    title: "value `{}`",
    keys: &[
        doc("doc = \"Switched on.\""),
        also("also = [\"ON\"]"),
        rust("rust = \"Name\""),
    ],
};

static STRUCT: Table = Table {
    name: "struct",
    title: "`[structs.{}]`",
    keys: &[
        doc("doc = \"A file.\""),
        with(),
        Key::required("fields", FIELDS)
            .doc("Fields by their names on the wire.")
            .example("fields = { name = \"string\" }")
            .aliases(&["properties", "members"]),
    ],
};

static UNION: Table = Table {
    name: "union",
    title: "`[unions.{}]`",
    keys: &[
        doc("doc = \"A file or a folder.\""),
        Key::optional("tag", WIRE_NAME)
            .doc(
                "Key that selects the variant. Without it, a variant is selected by a required field \
                 that no other variant has.",
            )
            .example("tag = \"type\"")
            .aliases(&["discriminator"]),
        Key::optional(
            "variants",
            Kind::Map(KeyFormat::Wire, &Kind::Table(&VARIANT)),
        )
        .doc("Variants by their tags on the wire, or by any names in a union without a tag.")
        .example("variants.text.fields = { data = \"string\" }")
        .aliases(&["values"])
        .non_empty(),
        Key::optional(
            "kinds",
            Kind::Map(
                KeyFormat::Wire,
                &Kind::StringOr(Format::Type, &Kind::Table(&KIND)),
            ),
        )
        .doc("Types of different JSON kinds by any names, instead of `variants`.")
        .example("kinds = { text = \"string\", number = \"float\" }")
        .aliases(&["types", "anyof"])
        .non_empty(),
    ],
};

static KIND: Table = Table {
    name: "kind",
    title: "kind `{}`",
    keys: &[
        Key::required("type", TYPE)
            .doc("Type of the values.")
            .example("type = \"string\"")
            .aliases(&["ty", "schema"]),
        doc("doc = \"Name of the file.\""),
        rust("rust = \"Name\""),
    ],
};

static VARIANT: Table = Table {
    name: "variant",
    title: "variant `{}`",
    keys: &[
        doc("doc = \"Plain text.\""),
        also("also = [\"TEXT\"]"),
        rust("rust = \"Name\""),
        with(),
        Key::optional("fields", FIELDS)
            .doc("Fields by their names on the wire.")
            .example("fields = { data = \"string\" }")
            .aliases(&["properties", "members"]),
    ],
};

static FIELD: Table = Table {
    name: "field",
    title: "field `{}`",
    keys: &[
        Key::required("type", TYPE)
            .doc("Type, e.g. `[string]?`.")
            .example("type = \"string\"")
            .aliases(&["ty", "schema"]),
        doc("doc = \"Name of the file.\""),
        rust("rust = \"name\""),
        Key::optional("value", Kind::Scalar)
            .doc("Value that is the same in every request. The caller does not set it.")
            .example("value = \"json\"")
            .aliases(&["const", "constant", "fixed"]),
        Key::optional("default", Kind::Scalar)
            .doc("Value of the field if it is absent.")
            .example("default = 20"),
        Key::optional("min", Kind::Number)
            .doc("Minimum of a number, or minimum length of a string, list or map.")
            .example("min = 1")
            .aliases(&["minimum", "min_length", "least"]),
        Key::optional("max", Kind::Number)
            .doc("Maximum of a number, or maximum length of a string, list or map.")
            .example("max = 100")
            .aliases(&["maximum", "max_length", "limit"]),
        deprecated(),
        Key::optional("style", Kind::String(Format::OneOf(STYLES)))
            .doc(
                "Encoding of a list, map or struct in a query or a form. `repeat` sends one parameter \
                 per item; `comma`, `space` and `pipe` one string; `brackets`, `indices` and `dots` one \
                 parameter per value, e.g. `a[b]=1`; `json` sends JSON.",
            )
            .example("style = \"brackets\"")
            .aliases(&["explode", "separator", "join", "encoding"]),
        Key::optional("content_type", TEXT)
            .doc("Media type of a part of a multipart body. With a JSON type, the value is JSON.")
            .example("content_type = \"application/json\"")
            .aliases(&["part", "media_type", "mime_type"]),
    ],
};

static ENDPOINT: Table = Table {
    name: "endpoint",
    title: "`[endpoints.{}]`",
    keys: &[
        Key::required("doc", TEXT)
            .doc("Documentation of the function.")
            .example("doc = \"Lists files.\"")
            .aliases(&["description", "summary", "comment", "help"]),
        Key::required("http", Kind::String(Format::Http))
            .doc("Method and path.")
            .example("http = \"GET /path\"")
            .aliases(&["method", "url", "route", "endpoint"]),
        Key::optional("path", FIELDS)
            .doc("Parameters of the path.")
            .example("path = { id = \"string\" }")
            .aliases(&["path_params", "captures"]),
        Key::optional("query", FIELDS)
            .doc("Parameters in the query string.")
            .example("query = { id = \"string\" }")
            .aliases(&["params", "parameters", "args"]),
        Key::optional("headers", FIELDS)
            .doc("Request headers.")
            .example("headers = { \"X-Request-Id\" = \"string\" }")
            .aliases(&["header"]),
        Key::optional("json", TYPE_OR_FIELDS)
            .doc("JSON body: the fields of an object, or a type.")
            .example("json = { id = \"string\" }")
            .aliases(&["request", "request_body", "payload"]),
        Key::optional("body", TEXT)
            .doc("Media type of a body that is sent unchanged.")
            .example("body = \"application/octet-stream\"")
            .aliases(&["raw", "binary"]),
        Key::optional("form", FIELDS)
            .doc("Form body: `application/x-www-form-urlencoded`.")
            .example("form = { id = \"string\" }")
            .aliases(&["urlencoded"]),
        Key::optional("multipart", FIELDS)
            .doc("Multipart body: `multipart/form-data`, with files.")
            .example("multipart = { contents = \"file\" }")
            .aliases(&["files", "upload"]),
        Key::optional("content_type", TEXT)
            .doc("Media type of the JSON body or of the form, if it is not the usual one.")
            .example("content_type = \"application/merge-patch+json\"")
            .aliases(&["media_type", "mime_type", "consumes"]),
        Key::optional("body_with_get", Kind::Bool)
            .doc("Allows a body with `GET`, which proxies may drop.")
            .example("body_with_get = true"),
        Key::optional("response", TYPE_OR_FIELDS)
            .doc(
                "Response body: fields, a type, `\"text\"`, `\"bytes\"` or `\"stream\"`. Without it, \
                 the body is not read.",
            )
            .example("response = { id = \"string\" }")
            .aliases(&["returns", "output", "result", "answer"]),
        Key::optional("responses", Kind::Map(KeyFormat::Any, &TYPE_OR_FIELDS))
            .doc("Response bodies by status code.")
            .example("responses.200 = \"json\"")
            .non_empty(),
        Key::optional("events", EVENT_STREAM)
            .doc("Response of server-sent events: the type of their data, or a table.")
            .example("events = { item = \"json\", end = \"[DONE]\" }")
            .aliases(&["sse", "event_stream"]),
        Key::optional("lines", EVENT_STREAM)
            .doc("Response of JSON values, one per line: their type, or a table.")
            .example("lines = \"json\"")
            .aliases(&["ndjson", "jsonl", "json_lines"]),
        Key::optional("error", TYPE)
            .doc("Type of error bodies.")
            .example("error = \"Problem\"")
            .aliases(&["errors"]),
        Key::optional("response_headers", FIELDS)
            .doc("Response headers that are read.")
            .example("response_headers = { ETag = \"string?\" }"),
        Key::optional("headers_by_status", Kind::Map(KeyFormat::Any, &FIELDS))
            .doc("Response headers that are read, by status code.")
            .example("headers_by_status.201 = { Location = \"string\" }")
            .non_empty(),
        base_path(),
        rust("rust = \"name\""),
        deprecated(),
        Key::optional(
            "retry",
            Kind::StringOr(Format::OneOf(RETRY_CLASSES), &Kind::Table(&RETRY)),
        )
        .doc("Retry class. The default depends on the method.")
        .example("retry = \"idempotent\"")
        .aliases(&["retries", "idempotent"]),
        Key::optional("auth", ENDPOINT_AUTH)
            .doc("Credentials of this endpoint, from those of `[api]`; `\"none\"` for requests without any.")
            .example("auth = \"none\"")
            .aliases(&["authentication", "security"]),
        Key::optional("timeout", Kind::Number)
            .doc("Timeout of the response in seconds.")
            .example("timeout = 300")
            .aliases(&["timeout_seconds", "deadline"]),
        Key::optional("pages", Kind::Table(&PAGES))
            .doc("Pagination of the response.")
            .example("pages = { items = \"items\", next = \"next\", into = \"token\" }")
            .aliases(&["pagination", "paginate", "pager"]),
        Key::optional("wait", Kind::Table(&WAIT))
            .doc("Waiter: polls another endpoint until a status is final.")
            .example("wait = { poll = \"group.endpoint\", … }")
            .aliases(&["waiter"]),
    ],
};

static EVENTS: Table = Table {
    name: "events",
    title: "`{}`",
    keys: &[
        Key::required("item", TYPE_OR_FIELDS)
            .doc("Data of an event, or a line: fields, a type, or `\"text\"`.")
            .example("item = \"json\"")
            .aliases(&["type", "data", "items"]),
        Key::optional("end", WIRE_NAME)
            .doc("Text of the event or line that ends the stream. It is not an item.")
            .example("end = \"[DONE]\"")
            .aliases(&["done", "last"]),
        Key::optional("error", WIRE_NAME)
            .doc("Key that marks an item as an error.")
            .example("error = \"error\"")
            .aliases(&["errors"]),
        Key::optional("resume", Kind::Bool)
            .doc("`true` if the server continues a stream of events after the id in `Last-Event-ID`.")
            .example("resume = true")
            .aliases(&["reconnect", "last_event_id"]),
        Key::optional("named", Kind::Bool)
            .doc(
                "`true` if an item is an object with the name (`event`) and the data (`data`) of an event, \
                 e.g. a union with the tag `event`.",
            )
            .example("named = true")
            .aliases(&["event", "name", "names"]),
    ],
};

static AUTH: Table = Table {
    name: "auth",
    title: "`auth`",
    keys: &[
        AUTH_HEADER,
        AUTH_PREFIX,
        AUTH_QUERY,
        Key::optional("any", Kind::List(&ALTERNATIVE))
            .doc(
                "Alternatives, one of which is sent: the first one that the client has. A list is sent \
                 together.",
            )
            .example("any = [\"bearer\", { query = \"key\" }]")
            .aliases(&["any_of", "one_of", "either", "or"]),
    ],
};

static CREDENTIAL: Table = Table {
    name: "credential",
    title: "`auth`",
    keys: &[AUTH_HEADER, AUTH_PREFIX, AUTH_QUERY],
};

const AUTH_HEADER: Key = Key::optional("header", TEXT)
    .doc("Header that contains the key.")
    .example("header = \"X-Api-Key\"")
    .aliases(&["name", "key"]);

const AUTH_PREFIX: Key = Key::optional("prefix", TEXT)
    .doc("Start of the header, in front of the key.")
    .example("prefix = \"Bot \"")
    .aliases(&["scheme"]);

const AUTH_QUERY: Key = Key::optional("query", WIRE_NAME)
    .doc("Query parameter that contains the key.")
    .example("query = \"key\"")
    .aliases(&["parameter", "param"]);

/// A credential of a set.
const CREDENTIAL_KIND: Kind =
    Kind::StringOr(Format::OneOf(AUTH_SCHEMES), &Kind::Table(&CREDENTIAL));

/// A credential, none, or a set.
const ALTERNATIVE: Kind = Kind::OrList(
    &Kind::StringOr(
        Format::OneOf(OPTIONAL_AUTH_SCHEMES),
        &Kind::Table(&CREDENTIAL),
    ),
    &CREDENTIAL_KIND,
);

const API_AUTH: Kind = Kind::OrList(
    &Kind::StringOr(Format::OneOf(AUTH_SCHEMES), &Kind::Table(&AUTH)),
    &CREDENTIAL_KIND,
);

const ENDPOINT_AUTH: Kind = Kind::OrList(
    &Kind::StringOr(Format::OneOf(OPTIONAL_AUTH_SCHEMES), &Kind::Table(&AUTH)),
    &CREDENTIAL_KIND,
);

static RETRY: Table = Table {
    name: "retry",
    title: "`retry`",
    keys: &[Key::required("idempotent_with", TEXT)
        .doc("Request field that identifies a repeated request.")
        .example("idempotent_with = \"request_token\"")
        .aliases(&["key", "field", "idempotency_key"])],
};

static PAGES: Table = Table {
    name: "pages",
    title: "`pages`",
    keys: &[
        Key::required("items", TEXT)
            .doc("Response field with the list, e.g. `data.items`, or `body` for a response that is a list.")
            .example("items = \"items\"")
            .aliases(&["data", "list", "results"]),
        Key::optional("next", TEXT)
            .doc("Response field with the token of the next page.")
            .example("next = \"next_page_token\"")
            .aliases(&["token", "cursor"]),
        Key::optional("into", TEXT)
            .doc("Request field for the token, the id of the last item, or the parameter of the link.")
            .example("into = \"page_token\"")
            .aliases(&["param", "parameter"]),
        Key::optional("last", TEXT)
            .doc("Field of the last item that selects the next page.")
            .example("last = \"id\"")
            .aliases(&["id", "after", "last_id"]),
        Key::optional("link", TEXT)
            .doc("Response header with a link to the next page.")
            .example("link = \"Link\"")
            .aliases(&["header", "links"]),
        Key::optional("url", TEXT)
            .doc("Response field with the URL of the next page.")
            .example("url = \"next\"")
            .aliases(&["next_url", "href"]),
        Key::optional("offset", TEXT)
            .doc("Request field with the number of items to skip.")
            .example("offset = \"offset\"")
            .aliases(&["skip", "start"]),
        Key::optional("page", TEXT)
            .doc("Request field with the page number, starting at 1.")
            .example("page = \"page\"")
            .aliases(&["number"]),
        Key::optional("more", TEXT)
            .doc("Response field that is `false` on the last page.")
            .example("more = \"has_more\"")
            .aliases(&["has_more", "has_next"]),
        Key::optional("last_page", TEXT)
            .doc("Response field that is `true` on the last page.")
            .example("last_page = \"is_last\"")
            .aliases(&["is_last", "is_last_page", "end"]),
    ],
};

static WAIT: Table = Table {
    name: "wait",
    title: "`wait`",
    keys: &[
        Key::required("poll", TEXT)
            .doc("Endpoint to poll, e.g. `jobs.get`.")
            .example("poll = \"group.endpoint\"")
            .aliases(&["endpoint", "call"]),
        Key::required("bind", BINDINGS)
            .doc("Sources of the required fields of the poll request, e.g. `request.id` or `response.run.id`.")
            .example("bind = { id = \"response.id\" }")
            .aliases(&["args", "params", "with"]),
        Key::required("field", TEXT)
            .doc("Field of the poll response with the status, an enum or `bool`, e.g. `state.phase`.")
            .example("field = \"status\"")
            .aliases(&["status", "state"]),
        Key::required("until", Kind::StatusList)
            .doc("Values that end the wait successfully.")
            .example("until = [\"done\"]")
            .aliases(&["success", "done"]),
        Key::optional("fail", Kind::StatusList)
            .doc("Values that end the wait with an error.")
            .example("fail = [\"failed\"]")
            .aliases(&["failure", "error", "errors"]),
        Key::optional("pending", Kind::StatusList)
            .doc("Values that continue the wait.")
            .example("pending = [\"running\"]")
            .aliases(&["while", "running"]),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_documentation_and_an_example() {
        for table in TABLES {
            for key in table.keys {
                assert!(!key.doc.is_empty(), "{} {}", table.name, key.name);
                let names_key = key.example.starts_with(key.name) || key.example.starts_with('[');
                assert!(names_key, "{} {}", table.name, key.name);
            }
        }
    }

    #[test]
    fn no_alias_is_a_key_of_its_table_or_alias_of_two_keys() {
        for table in TABLES {
            let mut seen: Vec<&str> = table.keys.iter().map(|key| key.name).collect();
            for alias in table.keys.iter().flat_map(|key| key.aliases) {
                assert!(!seen.contains(alias), "{} {alias}", table.name);
                seen.push(alias);
            }
        }
    }

    #[test]
    fn included_file_has_all_keys_but_api_and_include() {
        let names = |table: &Table| table.keys.iter().map(|key| key.name).collect::<Vec<_>>();
        let mut expected = names(&DOCUMENT);
        expected.retain(|name| !["api", "include"].contains(name));
        assert_eq!(names(&INCLUDED), expected);
    }
}
