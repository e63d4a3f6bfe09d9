//! Words of other formats, e.g. of JSON Schema and serde, that are no keys and values of the language, and
//! how their meaning is expressed.
//!
//! A word that is another name of a key is an alias in the table of keys.

use super::table::is_same_word;

/// A word of another format.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foreign {
    words: &'static [&'static str],
    pub(crate) help: &'static str,
    /// `true` if the word replaces the type of a field.
    pub(crate) replaces_type: bool,
}

const fn word(words: &'static [&'static str], help: &'static str) -> Foreign {
    Foreign {
        words,
        help,
        replaces_type: false,
    }
}

const fn schema(words: &'static [&'static str], help: &'static str) -> Foreign {
    Foreign {
        replaces_type: true,
        ..word(words, help)
    }
}

/// Returns the meaning of an unknown key of a table of the language.
pub(crate) fn foreign_key(table: &str, key: &str) -> Option<&'static Foreign> {
    let (_, words) = KEYS.iter().find(|(name, _)| *name == table)?;
    find(words, key)
}

/// Returns the help for a type that is none.
pub(crate) fn foreign_type(name: &str) -> Option<&'static str> {
    find(TYPES, name).map(|it| it.help)
}

/// Returns the help for the type of a whole response body that is none. Declared types start with an
/// upper case letter.
pub(crate) fn foreign_response(name: &str) -> Option<&'static str> {
    let is_declared = name.starts_with(char::is_uppercase);
    find(RESPONSES, name)
        .filter(|_| !is_declared)
        .map(|it| it.help)
}

/// Returns the help for an authentication scheme that is none.
pub(crate) fn foreign_scheme(name: &str) -> Option<&'static str> {
    find(SCHEMES, name).map(|it| it.help)
}

fn find(list: &'static [Foreign], key: &str) -> Option<&'static Foreign> {
    let has_word = |it: &&Foreign| it.words.iter().any(|word| is_same_word(word, key));
    list.iter().find(has_word)
}

/// The words by the names of tables.
const KEYS: &[(&str, &[Foreign])] = &[
    ("api", API),
    ("auth", CREDENTIAL),
    ("credential", CREDENTIAL),
    ("enum", ENUM),
    ("struct", STRUCT),
    ("union", UNION),
    ("field", FIELD),
    ("endpoint", ENDPOINT),
    ("retry", RETRY),
    ("pages", PAGES),
    ("wait", WAIT),
];

const API: &[Foreign] = &[
    word(
        &["version", "api_version"],
        "a version is a part of `base_path`, or a fixed value: `headers = { X-Api-Version = \"1\" }` or \
         `query = { version = \"1\" }`",
    ),
    word(
        &["timeout", "retry", "retries", "user_agent", "proxy"],
        "it is a setting of the client, not of the API; an endpoint has `timeout` and `retry`",
    ),
    word(
        &["token", "api_key", "password", "token_env"],
        "a spec contains no secrets: `auth` declares the kind of the credentials, which the caller passes",
    ),
];

const COOKIE: &str =
    "a cookie is a part of a header: `{ header = \"Cookie\", prefix = \"session=\" }`";
const OAUTH: &str = "an OAuth token is sent as `auth = \"bearer\"`; the client obtains it, e.g. with client \
                     credentials";

const CREDENTIAL: &[Foreign] = &[
    word(&["cookie", "cookies"], COOKIE),
    word(
        &["bearer", "basic", "http"],
        "write `auth = \"bearer\"` or `auth = \"basic\"`",
    ),
    word(
        &["oauth", "oauth2", "flows", "token_url", "open_id_connect"],
        OAUTH,
    ),
    word(
        &["type", "in", "name", "key", "scheme", "kind", "api_key"],
        "a token is `auth = \"bearer\"`, a user with a password `auth = \"basic\"`, a key `auth = { header = \
         \"X-Api-Key\" }` or `auth = { query = \"key\" }`",
    ),
    word(
        &["value", "token", "secret", "env", "format"],
        "the caller passes the value; `prefix` is the text in front of it, e.g. `prefix = \"Bot \"`",
    ),
];

const ENUM: &[Foreign] = &[word(
    &["type", "repr"],
    "the values of an enum are strings; for numbers, use `int`",
)];

const STRUCT: &[Foreign] = &[
    word(
        &["required", "optional", "nullable"],
        "a field is required unless its type ends with `?`",
    ),
    word(
        &["additional_properties", "deny_unknown_fields"],
        "fields that are not declared are ignored in responses; `{T}` is an object with arbitrary keys",
    ),
    word(&["type"], "a struct is a JSON object: declare its `fields`"),
];

const UNION: &[Foreign] = &[
    word(
        &["one_of", "mapping"],
        "objects are `variants`, e.g. with the fields of the struct `A`: `variants.a.with = [\"A\"]`; values \
         of different JSON kinds are `kinds`",
    ),
    word(&["untagged"], "a union without `tag` is untagged"),
    word(
        &["content"],
        "declare it as a field of each variant: `variants.a.fields = { content = \"A\" }`",
    ),
];

const FIELD: &[Foreign] = &[
    word(
        &["required", "optional", "nullable"],
        "a field is required unless its type ends with `?`, e.g. `type = \"string?\"`",
    ),
    schema(
        &["enum", "choices"],
        "declare the values as `[enums.Name]`, and write the name as the type",
    ),
    schema(
        &["items", "list", "array"],
        "a list is written `[T]`, e.g. `type = \"[string]\"`",
    ),
    schema(
        &[
            "properties",
            "additional_properties",
            "fields",
            "$ref",
            "ref",
            "all_of",
        ],
        "declare the object as `[structs.Name]`, and write the name as the type; `{T}` is an object with \
         arbitrary keys",
    ),
    schema(
        &["one_of", "any_of", "variants"],
        "declare the alternatives as `[unions.Name]`, and write the name as the type",
    ),
    word(
        &["format"],
        "formats are types, e.g. `date`, `timestamp`, `base64` or `secret`",
    ),
    word(
        &[
            "pattern",
            "regex",
            "example",
            "examples",
            "title",
            "unique_items",
        ],
        "remove it, or describe it in `doc`",
    ),
    word(
        &["in", "location"],
        "the table with the field is its place: `path`, `query`, `headers`, `json`, `form` or `multipart`",
    ),
    word(
        &[
            "skip",
            "skip_serializing",
            "skip_serializing_if",
            "skip_deserializing",
        ],
        "an optional field that is not set is not sent; a field with `only` exists in one direction",
    ),
    word(
        &["flatten"],
        "a struct has the fields of others if it lists them: `with = [\"Name\"]`",
    ),
    word(
        &["explode"],
        "`style = \"repeat\"` sends one parameter per item, and `style = \"comma\"` one for all",
    ),
];

const ENDPOINT: &[Foreign] = &[
    word(
        &["operation_id", "id", "function"],
        "the function has the name of the table, `[endpoints.group.name]`, or the one in `rust`",
    ),
    word(
        &["tags", "tag", "group"],
        "the group is the first name in `[endpoints.group.name]`",
    ),
    word(
        &["produces", "accept"],
        "it follows from `response`: fields or a type are JSON, and `\"text\"`, `\"bytes\"` and `\"stream\"` any \
         other media type",
    ),
    word(
        &["status", "status_code", "success", "expect"],
        "`response` is that of every successful status code; `responses.201 = …` is that of one",
    ),
    word(
        &["cookies", "cookie"],
        "cookies are a header: `headers = { Cookie = \"string?\" }`",
    ),
    word(
        &["base_url", "server", "servers"],
        "the base URL is `url` in `[api]`",
    ),
];

const RETRY: &[Foreign] = &[word(
    &[
        "count",
        "max",
        "attempts",
        "max_attempts",
        "backoff",
        "on",
        "delay",
    ],
    "how often a request is retried is a setting of the client; `retry` is \"safe\", \"idempotent\" or \"never\"",
)];

const PAGES: &[Foreign] = &[word(
    &["limit", "size", "page_size", "per_page", "total", "count"],
    "it has no effect on the order of the pages: declare it as a field of the request or the response",
)];

const WAIT: &[Foreign] = &[word(
    &["interval", "timeout", "delay", "every", "max"],
    "the caller sets the interval and the timeout of a wait, with `Wait::new()`",
)];

const TYPES: &[Foreign] = &[
    word(
        &["null", "nil", "none", "undefined"],
        "null is a value of `T?`; a union is optional where it is used, e.g. `\"Name?\"`",
    ),
    word(
        &["array", "list", "vec", "set", "sequence"],
        "a list is written `[T]`, e.g. `[string]`",
    ),
    word(
        &["tuple"],
        "a list of values of different types is `[json]`, or `[Name]` of a union with `kinds`",
    ),
    word(
        &["object", "map", "dict", "hash", "record"],
        "an object is a struct, `[structs.Name]`; with arbitrary keys, it is `{T}`, e.g. `{string}`, or `json`",
    ),
    word(
        &["enum"],
        "declare the values as `[enums.Name]`, and write the name as the type",
    ),
    word(
        &["void", "unit", "empty", "nothing"],
        "a field that has no value is omitted",
    ),
];

const RESPONSES: &[Foreign] = &[
    word(
        &[
            "events",
            "event",
            "sse",
            "event_stream",
            "text/event-stream",
        ],
        "server-sent events are declared as `events = \"json\"`, with the type of their data",
    ),
    word(
        &[
            "lines",
            "ndjson",
            "jsonl",
            "json_lines",
            "application/x-ndjson",
            "application/jsonl",
        ],
        "lines of JSON are declared as `lines = \"json\"`, with the type of a line",
    ),
    word(
        &["none", "empty", "void", "unit", "()", "null", "no_content"],
        "without `response`, the body is not read; one of several `responses` is `\"nothing\"`",
    ),
    word(
        &[
            "xml",
            "html",
            "csv",
            "yaml",
            "plain",
            "text/plain",
            "text/html",
            "text/csv",
            "text/xml",
            "application/xml",
            "application/yaml",
        ],
        "write `\"text\"` for a body that is text and not JSON",
    ),
    word(
        &[
            "file",
            "binary",
            "blob",
            "buffer",
            "download",
            "application/octet-stream",
            "application/pdf",
            "application/zip",
        ],
        "write `\"stream\"` for a body that is copied to a writer, or `\"bytes\"` for one in memory",
    ),
    word(
        &["application/json"],
        "write the fields of the object, a type, or `\"json\"`",
    ),
];

const SCHEMES: &[Foreign] = &[
    word(&["cookie", "session"], COOKIE),
    word(
        &["oauth", "oauth2", "openid", "open_id_connect", "jwt"],
        OAUTH,
    ),
    word(
        &[
            "digest",
            "hmac",
            "aws",
            "sigv4",
            "mtls",
            "ntlm",
            "negotiate",
            "custom",
        ],
        "remove `auth`, and pass an implementation of `Authenticate` to the builder of the client",
    ),
    word(
        &["none", "anonymous", "public"],
        "remove `auth`: without it, the client has no credentials",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::tables;

    #[test]
    fn no_foreign_word_is_a_key_or_an_alias_of_its_table() {
        for (name, words) in KEYS {
            let table = tables().iter().find(|table| table.name == *name).unwrap();
            for word in words.iter().flat_map(|it| it.words) {
                let key = table.key(word).or(table.key_with_alias(word));
                assert!(key.is_none(), "{name} {word}");
            }
        }
    }

    #[test]
    fn each_word_has_one_meaning() {
        let lists = KEYS.iter().map(|(_, words)| *words);
        for list in lists.chain([TYPES, RESPONSES, SCHEMES]) {
            for foreign in list {
                for word in foreign.words {
                    assert_eq!(find(list, word).unwrap().help, foreign.help, "{word}");
                }
            }
        }
    }
}
