//! Keys of `[api]` and of groups.

use super::credentials::API_AUTH;
use super::shared::{BASE_PATH, CONSTANTS, STRINGS, TEXT, TYPE, WIRE_NAME, base_path, doc};
use crate::language::table::{Key, KeyFormat, Kind, Table};

const CONDITIONS: Kind = Kind::Map(KeyFormat::Any, &Kind::Scalar);

pub(crate) static API: Table = Table {
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
            .aliases(&["server", "servers", "host", "base_url", "endpoint"]),
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

pub(super) static ERRORS: Table = Table {
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
        Key::optional("when_present", STRINGS)
            .doc(
                "Keys that mark the body of a successful status code as an error, e.g. `result.error`. \
                 Null, `false`, 0 and empty values do not.",
            )
            .example("when_present = [\"error\"]"),
    ],
};

pub(super) static TRANSIENT: Table = Table {
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

pub(super) static GROUP: Table = Table {
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
