//! The tables a spec is made of and the keys each of them may have.
//!
//! Reading a file, naming the near miss of an unknown key and listing what is allowed all draw on
//! these; so could a JSON Schema for editors.

/// A table of the language.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    pub(crate) needed: bool,
    /// The key with a value, as help shows it.
    pub(crate) example: &'static str,
    /// Words that people who know other formats try first.
    pub(crate) aka: &'static [&'static str],
}

/// What kind of value a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Text,
    Texts,
    Table,
    TextOrTable,
    Scalar,
    Number,
}

impl Takes {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Texts => "a list of strings",
            Self::Table => "a table",
            Self::TextOrTable => "a string or a table",
            Self::Scalar => "a string, a number or a boolean",
            Self::Number => "a number",
        }
    }
}

impl Section {
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The key that people mean by a word of another format.
    pub(crate) fn known_as(&self, word: &str) -> Option<&'static str> {
        let known = |key: &&Key| key.aka.iter().any(|aka| aka.eq_ignore_ascii_case(word));
        self.keys.iter().find(known).map(|key| key.name)
    }
}

const fn needs(name: &'static str, takes: Takes, example: &'static str) -> Key {
    Key {
        name,
        takes,
        needed: true,
        example,
        aka: &[],
    }
}

const fn may(name: &'static str, takes: Takes, example: &'static str) -> Key {
    Key {
        name,
        takes,
        needed: false,
        example,
        aka: &[],
    }
}

impl Key {
    const fn aka(self, aka: &'static [&'static str]) -> Self {
        Self { aka, ..self }
    }
}

const DOC_WORDS: &[&str] = &["description", "summary", "comment", "help"];

pub(crate) const DOCUMENT: Section = Section {
    keys: &[
        needs("api", Takes::Table, "[api]"),
        may("include", Takes::Texts, "include = [\"types.toml\"]").aka(&["imports", "files"]),
        may("groups", Takes::Table, "[groups]").aka(&["tags", "modules"]),
        may("ids", Takes::Table, "[ids]").aka(&["newtypes"]),
        may("enums", Takes::Table, "[enums.Name]"),
        may("structs", Takes::Table, "[structs.Name]").aka(&["types", "objects", "schemas"]),
        may("unions", Takes::Table, "[unions.Name]").aka(&["oneof"]),
        may("endpoints", Takes::Table, "[endpoints.group.name]").aka(&[
            "paths",
            "operations",
            "methods",
            "calls",
        ]),
    ],
};

/// A file that another includes.
pub(crate) const INCLUDED: Section = Section {
    // All but `api` and `include`.
    keys: DOCUMENT.keys.split_at(2).1,
};

pub(crate) const API: Section = Section {
    keys: &[
        needs("name", Takes::Text, "name = \"Example\"").aka(&["title"]),
        needs("doc", Takes::Text, "doc = \"What the API is for.\"").aka(DOC_WORDS),
        may("url", Takes::Text, "url = \"https://api.example.com\"").aka(&["server", "host"]),
        may("auth", Takes::TextOrTable, "auth = \"bearer\"").aka(&[
            "authentication",
            "authorization",
            "security",
        ]),
        may("base_path", Takes::Text, "base_path = \"/api/2.0\"").aka(&["base", "prefix"]),
        may(
            "headers",
            Takes::Table,
            "headers = { X-Api-Version = \"2024-05-01\" }",
        ),
        may(
            "query",
            Takes::Table,
            "query = { api-version = \"2024-05-01\" }",
        ),
        may(
            "errors",
            Takes::Table,
            "errors = { message = [\"message\"], code = [\"code\"] }",
        ),
        may(
            "transient",
            Takes::Table,
            "transient = { refused = [\"not ready\"], failed = [\"try again\"] }",
        )
        .aka(&["retryable", "retry_on"]),
    ],
};

pub(crate) const ERRORS: Section = Section {
    keys: &[
        may("message", Takes::Texts, "message = [\"message\"]"),
        may("code", Takes::Texts, "code = [\"code\"]"),
        may("type", Takes::Text, "type = \"Problem\"").aka(&["body", "schema", "ty"]),
        may("when", Takes::Table, "when = { success = false }").aka(&["if"]),
        may("unless", Takes::Table, "unless = { code = 0 }"),
    ],
};

pub(crate) const TRANSIENT: Section = Section {
    keys: &[
        may("refused", Takes::Texts, "refused = [\"not ready\"]"),
        may("failed", Takes::Texts, "failed = [\"try again\"]"),
    ],
};

pub(crate) const GROUP: Section = Section {
    keys: &[
        may("doc", Takes::Text, "doc = \"What its endpoints are for.\"").aka(DOC_WORDS),
        may("base_path", Takes::Text, "base_path = \"/api/2.0\"").aka(&["base", "prefix", "url"]),
    ],
};

pub(crate) const ENUM: Section = Section {
    keys: &[
        may("doc", Takes::Text, "doc = \"What it enumerates.\"").aka(DOC_WORDS),
        needs(
            "values",
            Takes::Table,
            "values = { on = \"Switched on.\", off = \"Switched off.\" }",
        )
        .aka(&["variants", "members", "enum"]),
    ],
};

pub(crate) const VALUE: Section = Section {
    keys: &[
        may("doc", Takes::Text, "doc = \"What it means.\"").aka(DOC_WORDS),
        may("also", Takes::Texts, "also = [\"ON\"]").aka(&["alias", "aliases"]),
        may("rust", Takes::Text, "rust = \"Name\"").aka(&["name", "rename"]),
    ],
};

pub(crate) const STRUCT: Section = Section {
    keys: &[
        may("doc", Takes::Text, "doc = \"What it is.\"").aka(DOC_WORDS),
        needs("fields", Takes::Table, "fields = { name = \"string\" }")
            .aka(&["properties", "members"]),
    ],
};

pub(crate) const UNION: Section = Section {
    keys: &[
        may("doc", Takes::Text, "doc = \"What it is.\"").aka(DOC_WORDS),
        may("tag", Takes::Text, "tag = \"type\"").aka(&["discriminator"]),
        needs(
            "variants",
            Takes::Table,
            "variants.text.fields = { data = \"string\" }",
        )
        .aka(&["values"]),
    ],
};

pub(crate) const VARIANT: Section = Section {
    keys: &[
        may("doc", Takes::Text, "doc = \"What it is.\"").aka(DOC_WORDS),
        may("also", Takes::Texts, "also = [\"TEXT\"]").aka(&["alias", "aliases"]),
        may("rust", Takes::Text, "rust = \"Name\"").aka(&["name", "rename"]),
        may("fields", Takes::Table, "fields = { data = \"string\" }")
            .aka(&["properties", "members"]),
    ],
};

pub(crate) const FIELD: Section = Section {
    keys: &[
        needs("type", Takes::Text, "type = \"string\"").aka(&["ty", "schema"]),
        may("doc", Takes::Text, "doc = \"What it means.\"").aka(DOC_WORDS),
        may("rust", Takes::Text, "rust = \"name\"").aka(&["name", "rename"]),
        may("value", Takes::Scalar, "value = \"json\"").aka(&["const", "constant", "fixed"]),
        may("default", Takes::Scalar, "default = 20"),
        may("min", Takes::Number, "min = 1").aka(&["minimum", "min_length", "least"]),
        may("max", Takes::Number, "max = 100").aka(&["maximum", "max_length", "limit"]),
        may("deprecated", Takes::Text, "deprecated = \"Use `other`.\""),
        may("style", Takes::Text, "style = \"comma\"").aka(&["explode", "separator", "join"]),
    ],
};

pub(crate) const ENDPOINT: Section = Section {
    keys: &[
        needs("doc", Takes::Text, "doc = \"What the call does.\"").aka(DOC_WORDS),
        needs("http", Takes::Text, "http = \"GET /path\"")
            .aka(&["method", "url", "route", "endpoint"]),
        may("path", Takes::Table, "path = { id = \"string\" }").aka(&["path_params", "captures"]),
        may("query", Takes::Table, "query = { id = \"string\" }").aka(&[
            "params",
            "parameters",
            "args",
        ]),
        may(
            "headers",
            Takes::Table,
            "headers = { \"X-Request-Id\" = \"string\" }",
        )
        .aka(&["header"]),
        may("json", Takes::TextOrTable, "json = { id = \"string\" }").aka(&[
            "request",
            "request_body",
            "payload",
        ]),
        may("body", Takes::Text, "body = \"application/octet-stream\"").aka(&["raw", "binary"]),
        may("form", Takes::Table, "form = { id = \"string\" }").aka(&["urlencoded"]),
        may(
            "multipart",
            Takes::Table,
            "multipart = { contents = \"file\" }",
        )
        .aka(&["files", "upload"]),
        may(
            "response",
            Takes::TextOrTable,
            "response = { id = \"string\" }",
        )
        .aka(&["returns", "output", "result", "answer"]),
        may("responses", Takes::Table, "responses.200 = \"json\""),
        may("error", Takes::Text, "error = \"Problem\"").aka(&["errors"]),
        may(
            "response_headers",
            Takes::Table,
            "response_headers = { ETag = \"string?\" }",
        ),
        may("base_path", Takes::Text, "base_path = \"/api/2.0\"").aka(&["base", "prefix"]),
        may("rust", Takes::Text, "rust = \"name\"").aka(&["name", "rename"]),
        may("deprecated", Takes::Text, "deprecated = \"Use `other`.\""),
        may("retry", Takes::TextOrTable, "retry = \"idempotent\"").aka(&["retries", "idempotent"]),
        may("auth", Takes::Text, "auth = \"none\"").aka(&["authentication", "security"]),
        may("timeout", Takes::Number, "timeout = 300").aka(&["timeout_seconds", "deadline"]),
        may(
            "pages",
            Takes::Table,
            "pages = { items = \"items\", next = \"next\", into = \"token\" }",
        )
        .aka(&["pagination", "paginate", "pager"]),
        may(
            "wait",
            Takes::Table,
            "wait = { poll = \"group.endpoint\", … }",
        )
        .aka(&["waiter"]),
    ],
};

pub(crate) const AUTH: Section = Section {
    keys: &[needs("header", Takes::Text, "header = \"X-Api-Key\"").aka(&["name", "key"])],
};

pub(crate) const RETRY: Section = Section {
    keys: &[needs(
        "idempotent_with",
        Takes::Text,
        "idempotent_with = \"request_token\"",
    )
    .aka(&["key", "field", "idempotency_key"])],
};

pub(crate) const PAGES: Section = Section {
    keys: &[
        needs("items", Takes::Text, "items = \"items\"").aka(&["data", "list", "results"]),
        may("next", Takes::Text, "next = \"next_page_token\"").aka(&["token", "cursor"]),
        may("into", Takes::Text, "into = \"page_token\"").aka(&["param", "parameter"]),
        may("link", Takes::Text, "link = \"Link\"").aka(&["header", "links"]),
        may("offset", Takes::Text, "offset = \"offset\"").aka(&["skip", "start"]),
        may("page", Takes::Text, "page = \"page\"").aka(&["number"]),
    ],
};

pub(crate) const WAIT: Section = Section {
    keys: &[
        needs("poll", Takes::Text, "poll = \"group.endpoint\"").aka(&["endpoint", "call"]),
        needs("bind", Takes::Table, "bind = { id = \"response.id\" }")
            .aka(&["args", "params", "with"]),
        needs("field", Takes::Text, "field = \"status\"").aka(&["status", "state"]),
        needs("until", Takes::Texts, "until = [\"done\"]").aka(&["success", "done"]),
        may("fail", Takes::Texts, "fail = [\"failed\"]").aka(&["failure", "error", "errors"]),
        may("pending", Takes::Texts, "pending = [\"running\"]").aka(&["while", "running"]),
    ],
};
