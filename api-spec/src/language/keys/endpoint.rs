//! Keys of endpoints.

use super::credentials::ENDPOINT_AUTH;
use super::pages::PAGES;
use super::shared::{TEXT, TYPE, WIRE_NAME, base_path, deprecated, rust};
use super::types::{FIELDS, TYPE_OR_FIELDS};
use super::wait::WAIT;
use crate::language::table::{Format, Key, KeyFormat, Kind, Table};
use crate::model::Retry;

const EVENT_STREAM: Kind = Kind::StringOr(Format::Type, &Kind::Table(&EVENTS));

/// Values of `retry`.
pub(crate) const RETRY_CLASSES: &[&str] = &[
    Retry::Safe.as_str(),
    Retry::Idempotent.as_str(),
    Retry::Never.as_str(),
];

pub(super) static ENDPOINT: Table = Table {
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
            .doc("Multipart body: `multipart/form-data` with files, or `multipart/related`.")
            .example("multipart = { contents = \"file\" }")
            .aliases(&["files", "upload"]),
        Key::optional("content_type", TEXT)
            .doc("Media type of the body, if it is not the usual one.")
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

pub(super) static EVENTS: Table = Table {
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

pub(super) static RETRY: Table = Table {
    name: "retry",
    title: "`retry`",
    keys: &[Key::required("idempotent_with", TEXT)
        .doc("Request field that identifies a repeated request.")
        .example("idempotent_with = \"request_token\"")
        .aliases(&["key", "field", "idempotency_key"])],
};
