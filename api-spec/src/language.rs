//! The language as data, for tools that help to write it. It is put together from the same tables
//! of keys that the reader goes by.

use crate::model::Retry;
use crate::sections::{self, Section, Takes};

/// A table of the language, and the keys it may have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Table {
    /// What other tables call it: `document` is the whole.
    pub name: &'static str,
    /// Its keys, in the order in which messages list them.
    pub keys: Vec<Key>,
}

/// A key of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// Whether it cannot be left out.
    pub needed: bool,
    /// The key with a value.
    pub example: &'static str,
    /// What stands behind it.
    pub value: Value,
}

/// What stands behind a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A string.
    Text(Text),
    /// A list of strings.
    Texts,
    /// A string, a number or a boolean.
    Scalar,
    /// A number.
    Number,
    /// The [`Table`] of this name.
    Table(&'static str),
    /// A table with free keys, and the same behind each of them.
    Map(Keys, Box<Value>),
    /// A table of whatever shape.
    Open,
    /// One or the other.
    Either(Box<Value>, Box<Value>),
}

/// What a string may say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Text {
    /// Anything.
    Any,
    /// A method and a path.
    Http,
    /// A path before other paths.
    Base,
    /// A type, as in `[string]?`.
    Type,
    /// One of these words.
    Choice(Vec<&'static str>),
}

/// What free keys may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keys {
    /// Anything that is on the wire.
    Wire,
    /// `UpperCamelCase`
    Type,
    /// `snake_case`
    Snake,
}

/// The tables, the whole document first.
///
/// # Example
///
/// ```
/// let tables = api_spec::language::tables();
/// let endpoint = tables.iter().find(|table| table.name == "endpoint").unwrap();
/// let http = endpoint.keys.iter().find(|key| key.name == "http").unwrap();
/// assert!(http.needed);
/// ```
pub fn tables() -> Vec<Table> {
    let sections: [(&str, &'static Section); 16] = [
        ("document", &sections::DOCUMENT),
        ("api", &sections::API),
        ("errors", &sections::ERRORS),
        ("transient", &sections::TRANSIENT),
        ("group", &sections::GROUP),
        ("enum", &sections::ENUM),
        ("value", &sections::VALUE),
        ("struct", &sections::STRUCT),
        ("union", &sections::UNION),
        ("variant", &sections::VARIANT),
        ("field", &sections::FIELD),
        ("endpoint", &sections::ENDPOINT),
        ("auth", &sections::AUTH),
        ("retry", &sections::RETRY),
        ("pages", &sections::PAGES),
        ("wait", &sections::WAIT),
    ];
    sections
        .into_iter()
        .map(|(name, section)| Table {
            name,
            keys: section.keys.iter().map(|key| describe(name, key)).collect(),
        })
        .collect()
}

fn describe(table: &str, key: &'static sections::Key) -> Key {
    Key {
        name: key.name,
        doc: doc(table, key.name),
        needed: key.needed,
        example: key.example,
        value: value(table, key.name).unwrap_or_else(|| plain(key.takes)),
    }
}

/// What is known of a value by its kind alone.
fn plain(takes: Takes) -> Value {
    let text = Value::Text(Text::Any);
    match takes {
        Takes::Text => text,
        Takes::Texts => Value::Texts,
        Takes::Scalar => Value::Scalar,
        Takes::Number => Value::Number,
        Takes::Table => Value::Open,
        Takes::TextOrTable => either(text, Value::Open),
    }
}

/// What stands behind the keys of which there is more to say.
fn value(table: &str, key: &str) -> Option<Value> {
    Some(match (table, key) {
        ("document", "api") => Value::Table("api"),
        ("document", "groups") => map(Keys::Snake, either(any(), Value::Table("group"))),
        ("document", "ids") => map(Keys::Type, any()),
        ("document", "enums") => map(Keys::Type, Value::Table("enum")),
        ("document", "structs") => map(Keys::Type, Value::Table("struct")),
        ("document", "unions") => map(Keys::Type, Value::Table("union")),
        ("document", "endpoints") => map(Keys::Snake, map(Keys::Snake, Value::Table("endpoint"))),
        ("api", "errors") => Value::Table("errors"),
        ("api", "transient") => Value::Table("transient"),
        ("api", "headers" | "query") | ("errors", "when" | "unless") => {
            map(Keys::Wire, Value::Scalar)
        }
        ("enum", "values") => map(Keys::Wire, either(any(), Value::Table("value"))),
        ("union", "variants") => map(Keys::Wire, Value::Table("variant")),
        ("struct" | "variant", "fields")
        | ("endpoint", "path" | "query" | "headers" | "form" | "multipart" | "response_headers") => {
            fields()
        }
        ("endpoint", "json" | "response") => either(Value::Text(Text::Type), fields()),
        ("endpoint", "responses") => map(Keys::Wire, either(Value::Text(Text::Type), fields())),
        ("field", "style") => Value::Text(Text::Choice(vec!["repeat", "comma", "space", "pipe"])),
        ("endpoint", "http") => Value::Text(Text::Http),
        ("api", "auth") => {
            let schemes = Text::Choice(vec!["bearer", "basic"]);
            either(Value::Text(schemes), Value::Table("auth"))
        }
        ("endpoint", "auth") => Value::Text(Text::Choice(vec!["none"])),
        ("endpoint", "retry") => {
            let classes = Text::Choice(Retry::ALL.map(Retry::as_str).into());
            either(Value::Text(classes), Value::Table("retry"))
        }
        ("endpoint", "pages") => Value::Table("pages"),
        ("endpoint", "wait") => Value::Table("wait"),
        ("field" | "errors", "type") | ("endpoint", "error") => Value::Text(Text::Type),
        ("wait", "bind") => map(Keys::Wire, any()),
        (_, "base_path") => Value::Text(Text::Base),
        _ => return None,
    })
}

fn any() -> Value {
    Value::Text(Text::Any)
}

fn fields() -> Value {
    map(Keys::Wire, fields_or_text())
}

fn fields_or_text() -> Value {
    either(Value::Text(Text::Type), Value::Table("field"))
}

fn map(keys: Keys, value: Value) -> Value {
    Value::Map(keys, Box::new(value))
}

fn either(one: Value, other: Value) -> Value {
    Value::Either(Box::new(one), Box::new(other))
}

fn doc(table: &str, key: &str) -> &'static str {
    match (table, key) {
        ("document", "api") => "The API as a whole.",
        ("document", "include") => "Files with more types, groups and endpoints.",
        ("document", "groups") => "Words about groups of endpoints, and paths of their own.",
        ("document", "ids") => "Strings that cannot be mixed up, and what each identifies.",
        ("document", "enums") => "Open enumerations: an unheard-of word is kept as text.",
        ("document", "structs") => "Objects with a name.",
        ("document", "unions") => {
            "Objects told apart by a tag, or by their keys; others are kept as JSON."
        }
        ("document", "endpoints") => "The endpoints, by group: `[endpoints.group.name]`.",
        ("api", "name") => "The name of the API, for people.",
        ("api", "errors") => "Where the body of an error keeps its words.",
        ("api", "url") => "Where it is: the client has it by itself.",
        ("api", "auth") => "How callers say who they are: a token, a user and password, or a key.",
        ("auth", "header") => "The header that holds the key.",
        ("endpoint", "auth") => "`none`, where it is sent without credentials.",
        ("api", "transient") => "Words in the messages of troubles that pass by themselves.",
        ("api", "headers") => "Headers that are the same in all requests.",
        ("api", "query") => "Parameters of the query that are the same in all requests.",
        ("errors", "when") => "Values by which a body is an error although its status is good.",
        ("errors", "unless") => "Values without which a body is an error, whatever its status.",
        ("errors", "message") => {
            "Keys of the message, as in `error.message`; the first that is there counts."
        }
        ("errors", "code") => {
            "Keys of the code, as in `error.code`; the first that is there counts."
        }
        ("transient", "refused") => {
            "The request was not processed: any request is retried. Each text is the start of the \
             message; `*` is one word."
        }
        ("transient", "failed") => "After these one cannot know: safe requests are sent again.",
        ("enum", "values") => "The words on the wire, and what each means.",
        ("value" | "variant", "also") => "Other words for the same: read, never sent.",
        ("struct" | "variant", "fields") => "The fields by their names on the wire.",
        ("union", "tag") => {
            "The key that tells the variants apart. Without it keys that only one variant has do."
        }
        ("union", "variants") => {
            "The variants by their tags on the wire; without a tag by any names."
        }
        ("field", "type") => "The type, as in `[string]?`.",
        ("endpoint", "doc") => "What the call does.",
        ("endpoint", "http") => "The method and the path.",
        ("field", "value") => "The value, where it is always the same: nobody has to give it.",
        ("field", "default") => "What the field is where it is left out.",
        ("field", "min") => "The least that may be sent; of a text or a list, its length.",
        ("field", "max") => "The greatest that may be sent; of a text or a list, its length.",
        ("field", "style") => "What stands between the items of a list that is one text.",
        ("endpoint", "path") => "The parameters of the path.",
        ("endpoint", "headers") => "Headers of the request.",
        ("endpoint", "body") => "The media type of a body that is sent as it is.",
        ("endpoint", "responses") => "What comes back, by status.",
        ("endpoint", "response_headers") => "Headers of the answer that are read.",
        ("errors", "type") | ("endpoint", "error") => "What the bodies of errors are.",
        ("endpoint", "query") => "Parameters in the query string.",
        ("endpoint", "json") => "The body, an object of JSON.",
        ("endpoint", "form") => "The body, a form.",
        ("endpoint", "multipart") => "The body in parts, files among them.",
        ("endpoint", "response") => {
            "What comes back: fields, or a type. Without it nothing is read."
        }
        ("endpoint", "retry") => "When the request may be sent again; else its method says.",
        ("endpoint", "timeout") => "How many seconds the server may take until it answers.",
        ("endpoint", "pages") => "How one page of a list leads to the next.",
        ("endpoint", "wait") => "How one waits for what the call began.",
        ("retry", "idempotent_with") => {
            "The field by which the server knows a request that is sent twice."
        }
        ("pages", "items") => "The field of the answer that is the list.",
        ("pages", "next") => {
            "The field of the answer that leads to the next page, if there is one."
        }
        ("pages", "into") => "The field of the request that takes what leads to the next page.",
        ("pages", "link") => {
            "The header of the answer with links, that to the next page among them."
        }
        ("pages", "offset") => "The field of the request that counts the items before the page.",
        ("pages", "page") => "The field of the request that counts the pages from 1.",
        ("wait", "poll") => "The endpoint to ask, as in `jobs.get`.",
        ("wait", "bind") => "The fields the poll requires: `request.…` or `response.…` each.",
        ("wait", "field") => "The enumeration to watch in the poll's answer.",
        ("wait", "until") => "The values that end the wait well.",
        ("wait", "fail") => "The values that end it with an error.",
        ("wait", "pending") => "The values it goes on with.",
        (_, "doc") => "The words of the documentation.",
        (_, "deprecated") => "What to use instead.",
        (_, "base_path") => "The path before the paths of the endpoints.",
        (_, "rust") => "The name in Rust, where the usual one will not do.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_documented() {
        for table in tables() {
            for key in table.keys {
                assert!(!key.doc.is_empty(), "[{}] {}", table.name, key.name);
            }
        }
    }

    /// A table is not described by its kind alone: `value` says what is in it.
    #[test]
    fn every_table_is_known() {
        let sections = tables();
        let names: Vec<_> = sections.iter().map(|table| table.name).collect();
        for table in &sections {
            for key in &table.keys {
                let held = value(table.name, key.name);
                let text = matches!(
                    key.value,
                    Value::Text(_) | Value::Texts | Value::Scalar | Value::Number
                );
                assert!(held.is_some() || text, "[{}] {}", table.name, key.name);
                if let Some(Value::Table(name)) = held {
                    assert!(names.contains(&name), "{name}");
                }
            }
        }
    }
}
