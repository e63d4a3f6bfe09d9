//! The catalogue of faults: a stable code, a title and an explanation each.

use std::fmt;

use crate::diagnostic::Level;

/// What `explain` says about a [`Code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// Why it is a fault.
    pub text: &'static str,
    /// A piece of a spec that has it.
    pub wrong: &'static str,
    /// The same piece without it.
    pub right: &'static str,
}

macro_rules! catalogue {
    ($($code:ident $id:literal $title:literal $text:literal $wrong:literal $right:literal)*) => {
        /// The kind of a fault. The numbers are stable: one that is retired is not given again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $id, "`: ", $title, ".")] $code,)*
        }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// The stable code, as in `S101`.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$code => $id,)*
                }
            }

            /// What the fault is, in a few words.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$code => $title,)*
                }
            }

            /// Why it is a fault, with an example of the wrong and of the right.
            pub const fn explanation(self) -> Explanation {
                match self {
                    $(Self::$code => Explanation { text: $text, wrong: $wrong, right: $right },)*
                }
            }
        }
    };
}

impl Code {
    /// The code with this number, in either case.
    ///
    /// # Example
    ///
    /// ```
    /// use api_spec::Code;
    ///
    /// assert_eq!(Code::from_id("s101"), Some(Code::UnknownKey));
    /// assert_eq!(Code::from_id("S999"), None);
    /// ```
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.id().eq_ignore_ascii_case(id))
    }

    /// How grave the faults of this code are.
    pub const fn level(self) -> Level {
        match self {
            Self::UnusedType | Self::RetryUnsaid => Level::Warning,
            _ => Level::Error,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

// S0: the text is not TOML. S1: the shape of the document. S2: names. S3: types. S4: endpoints.
// S5: waiters and pages.
catalogue! {
InvalidToml "S001" "the file is not valid TOML"
"A spec is a TOML document. Where its syntax is broken nothing can be said about the rest, so only \
faults of syntax are shown until they are mended."
r#"[endpoints.files.list
doc = "Lists files."
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#

DuplicateKey "S002" "a key or a table is defined twice"
"A key may be given once in its table, and a table may be opened once. The second definition does \
not replace the first: one of them has to go."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
doc = "Lists files again."
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#

UnquotedText "S003" "text without quotes"
"In TOML every text stands in quotes. Bare words are for keys, `true` and `false`."
r#"[endpoints.files.list]
doc = "Lists files."
http = GET /files/list
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#

MissingValue "S004" "a key without a value"
"Every key is followed by `=` and a value on the same line. A key that is not needed is left out \
altogether."
r#"[endpoints.files.list]
doc =
http = "GET /files/list"
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#

UnknownKey "S101" "an unknown key"
"The language is strict: a key it does not know is refused, since it would otherwise be a wish \
that nobody fulfils."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
qeury = { path = "string" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { path = "string" }
"#

MissingKey "S102" "a missing key"
"Some keys cannot be left out: an API needs a name, an endpoint a method and a path, and both \
need words for those who will read their documentation."
r#"[endpoints.files.list]
http = "GET /files/list"
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#

WrongKind "S103" "a value of the wrong kind"
"A key takes one kind of value: a string, a list of strings or a table. Some take either of two, \
as a field does: a type, or a table where there is more to say."
r#"[endpoints.files.list]
doc = "Lists files."
http = ["GET", "/files/list"]
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#

Empty "S104" "nothing where something is needed"
"A name has at least one character, an enumeration at least one value and a union at least one \
variant: the code made of less could not be used."
r#"[enums.Colour]
values = {}

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#
r#"[enums.Colour]
values = { red = "As a rose.", blue = "As the sky." }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#

UnusedGroup "S105" "a listed group without endpoints"
"`[groups]` holds the documentation of groups of endpoints. A group in it that no endpoint \
belongs to is a slip of the pen, or left over."
r#"[groups]
flies = "Files in a workspace."

[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#
r#"[groups]
files = "Files in a workspace."

[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#

Unprintable "S106" "a name with characters that cannot be seen"
"Keys and words on the wire may hold any printable characters. Control characters in them, a \
line break or a NUL for instance, are always an accident."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { "path\t" = "string" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { path = "string" }
"#

UnusedType "S107" "a type that nothing uses"
"No endpoint mentions this type, not even by way of other types. The client gets it all the same; \
it may be left over, or an endpoint may have meant it. This is a warning."
r#"[ids]
FileId = "A file."
"#
r#"[ids]
FileId = "A file."

[endpoints.files.delete]
doc = "Deletes a file."
http = "POST /files/delete"
retry = "never"
json = { id = "FileId" }
"#

Include "S108" "a file that cannot be included"
"`include` names the files that belong to a spec, each once and by its path from the file that \
includes it. They hold types, groups and endpoints; `[api]` and `include` itself stand in the one \
file alone."
r#"include = ["tpyes.toml"]
"#
r#"include = ["types.toml"]
"#

Url "S109" "a URL that is not where an API can be"
"`url` says where the API is: scheme, host, perhaps a port and a path. Everything that differs from \
request to request is described elsewhere."
r#"include = []

[api]
name = "Example"
doc = "An example."
url = "api.example.com"
"#
r#"include = []

[api]
name = "Example"
doc = "An example."
url = "https://api.example.com"
"#

Auth "S110" "an unknown scheme of authentication"
"`auth` says how callers tell who they are: by a `bearer` token, by a user and a password (`basic`), \
or by a key in a header. Endpoints that want none of it, a login for instance, say `none`."
r#"[endpoints.session.open]
doc = "Opens a session."
http = "GET /session"
auth = "nothing"
"#
r#"[endpoints.session.open]
doc = "Opens a session."
http = "GET /session"
auth = "none"
"#

TypeName "S201" "a type name that is not UpperCamelCase"
"Ids, enumerations, structs and unions are written as they will be called in Rust: in \
UpperCamelCase, with letters and digits of ASCII."
r#"[ids]
file_id = "A file."

[endpoints.files.delete]
doc = "Deletes a file."
http = "POST /files/delete"
retry = "never"
json = { id = "file_id" }
"#
r#"[ids]
FileId = "A file."

[endpoints.files.delete]
doc = "Deletes a file."
http = "POST /files/delete"
retry = "never"
json = { id = "FileId" }
"#

SnakeName "S202" "a group or endpoint name that is not snake_case"
"A group becomes a module and an endpoint a function, so both are written as they will be called \
in Rust: in snake_case, with letters and digits of ASCII."
r#"[endpoints.files.listAll]
doc = "Lists files."
http = "GET /files/list"
"#
r#"[endpoints.files.list_all]
doc = "Lists files."
http = "GET /files/list"
"#

NoRustName "S203" "a wire name that no Rust name follows from"
"Rust names are derived from wire names by their letters and digits of ASCII. Where there are \
none, or others beside them, say the Rust name with `rust = \"…\"`."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { "größe" = "int" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { "größe" = { type = "int", rust = "size" } }
"#

RustName "S204" "a `rust` name that is not one"
"What stands after `rust =` becomes an identifier: letters and digits of ASCII and `_`, no digit \
in front; in snake_case for fields and functions, in UpperCamelCase for values and variants. \
Keywords are fine, they become `r#type`; but `self`, `Self`, `super`, `crate` and `_` are kept by \
Rust for itself."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { q = { type = "string", rust = "search-text" } }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { q = { type = "string", rust = "search_text" } }
"#

TypeClash "S205" "two types of one name"
"Declared types and the structs of union variants share one Rust module; the request and response \
structs of a group's endpoints share another. Names differ within each. The request struct of \
`create` is `Create`, its response struct `CreateResponse`; variant `text` of union `Results` \
holds `TextResults`."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { names = "[string]" }

[endpoints.files.list_response]
doc = "Shows the answer of the last listing."
http = "GET /files/list-response"
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { names = "[string]" }

[endpoints.files.list_response]
doc = "Shows the answer of the last listing."
http = "GET /files/list-response"
rust = "last_listing"
"#

FunctionClash "S206" "two functions of one name"
"Every endpoint becomes a function of its group's module. A waiter adds two functions: `start` has \
`wait_for_start` and `start_progress` beside it."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"

[endpoints.files.find]
doc = "Finds files."
http = "GET /files/find"
rust = "list"
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"

[endpoints.files.find]
doc = "Finds files."
http = "GET /files/find"
"#

FieldClash "S207" "two fields of one Rust name"
"Fields that differ on the wire can become one name in Rust, as `fileId` and `file_id` do. The \
fields of query and body end in one request struct."
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
query = { fileId = "int", file_id = "string" }
"#
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
query = { fileId = "int", file_id = { type = "string", rust = "old_id" } }
"#

VariantClash "S208" "two variants of one Rust name"
"Values of an enumeration, or tags of a union, that differ on the wire can become one name in \
Rust."
r#"[enums.Colour]
values = { dark-red = "", dark_red = "" }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#
r#"[enums.Colour]
values = { dark-red = "", dark_red = { rust = "OldDarkRed" } }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#

SetterClash "S209" "an optional request field named `new`"
"A request struct has a function `new` that takes the required fields, and a setter for each \
optional one. A setter named `new` would be a second function of that name."
r#"[endpoints.files.rename]
doc = "Renames a file."
http = "POST /files/rename"
retry = "never"
json = { old = "string", new = "string?" }
"#
r#"[endpoints.files.rename]
doc = "Renames a file."
http = "POST /files/rename"
retry = "never"
json = { old = "string", new = { type = "string?", rust = "new_name" } }
"#

WordClash "S210" "one word for two values"
"Words are read without regard to case, those under `also` included. So a word may stand for one \
value only, whichever its case."
r#"[enums.Colour]
values = { red = "", blue = { also = ["RED"] } }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#
r#"[enums.Colour]
values = { red = { also = ["RED"] }, blue = "" }

[endpoints.files.paint]
doc = "Paints a file."
http = "POST /files/paint"
retry = "never"
json = { colour = "Colour" }
"#

TypeSyntax "S301" "a type that cannot be read"
"A type is a word such as `string`, `bool`, `int` or `json`, or a declared name; `T?` where it may \
be absent, `[T]` for a list, `{T}` for an object with any keys. They nest: `[[json]]?`."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { names = "string[]" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { names = "[string]" }
"#

UnknownType "S302" "an unknown type"
"A name in a type is one of the words of the language, or declared under `[ids]`, \
`[enums.…]`, `[structs.…]` or `[unions.…]`."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = "integer" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = "int" }
"#

DoubleOptional "S303" "a question mark too many"
"`T?` is absent, null, or a `T`. In a field of a JSON object a second `?` keeps absent and null \
apart, as where null takes a value away. Elsewhere there is nothing it could add."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = "int??" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = "int?" }
"#

TypeTooDeep "S304" "a type that nests too deep"
"Lists and maps nest at most sixteen deep. No answer that a person can read goes further; where \
the depth has no bound, `json` takes anything."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { deep = "[[[[[[[[[[[[[[[[[int]]]]]]]]]]]]]]]]]" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { deep = "json" }
"#

FilePlace "S305" "a file outside of a multipart body"
"A `file` is streamed as a part of a `multipart` body, a `[file]` as several parts. It cannot be \
in JSON, in a query or in an answer."
r#"[endpoints.files.put]
doc = "Uploads a file."
http = "POST /files/put"
retry = "never"
json = { path = "string", contents = "file" }
"#
r#"[endpoints.files.put]
doc = "Uploads a file."
http = "POST /files/put"
retry = "never"
multipart = { path = "string", contents = "file" }
"#

NotScalar "S306" "a path, query, header, form or multipart field that is not a scalar"
"Paths, queries, headers, forms and the parts of a multipart body are plain text. They can carry \
`string`, `bool`, `int`, `float`, ids, enumerations, and, but for paths, lists and optionals of \
these. In a query or a form the items of a list are repeated, unless `style` says otherwise."
r#"[endpoints.files.list]
doc = "Lists files."
http = "POST /files/list"
retry = "never"
form = { labels = "{string}" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "POST /files/list"
retry = "never"
json = { labels = "{string}" }
"#

InfiniteType "S307" "a type that contains itself"
"A struct that has itself for a field, directly or by way of others, has no end: neither has its \
size in Rust. `T?` does not help, since room is kept for the value. A list or a map does: it \
holds its items elsewhere."
r#"[structs.Folder]
fields = { name = "string", parent = "Folder?" }

[endpoints.files.show]
doc = "Shows a folder."
http = "GET /files/show"
response = "Folder"
"#
r#"[structs.Folder]
fields = { name = "string", children = "[Folder]" }

[endpoints.files.show]
doc = "Shows a folder."
http = "GET /files/show"
response = "Folder"
"#

TagField "S308" "a variant with a field named like the tag"
"The tag of a union tells its variants apart and is read and written by the union itself. A field \
of the same name in a variant would be there twice."
r#"[unions.Entry]
tag = "kind"
variants.file.fields = { kind = "string", size = "int" }

[endpoints.files.show]
doc = "Shows an entry."
http = "GET /files/show"
response = "Entry"
"#
r#"[unions.Entry]
tag = "kind"
variants.file.fields = { size = "int" }

[endpoints.files.show]
doc = "Shows an entry."
http = "GET /files/show"
response = "Entry"
"#

FixedValue "S309" "a fixed value that does not fit"
"A field of a request with a `value` is sent by itself, with that value. It is a text, a whole \
number or a boolean, as its type says, and stands in the query, the headers or the body."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { version = { type = "int", value = "two" } }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { version = { type = "int", value = 2 } }
"#

DefaultValue "S310" "a default that does not fit"
"A field with a `default` is never absent: in requests it has this value until another is set, in \
answers it has it where the server leaves the field out. The value is of the field's own type."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = { type = "int?", default = 20 } }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = { type = "int", default = 20 } }
"#

Bounds "S311" "bounds that nothing can keep"
"`min` and `max` bound a number, the length of a text in characters, or the items of a list or a \
map. They are checked before a request is sent."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = { type = "int?", min = 100, max = 1 } }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = { type = "int?", min = 1, max = 100 } }
"#

OwnKey "S312" "a variant that no key tells"
"A union with a `tag` is told by it. Without one its variants are told apart by keys, and an answer \
is the first variant of which it has one: so each variant has a required field that no other has. \
`also` lists other tags, and has no place there."
r#"[unions.Entry]
variants.file.fields = { name = "string" }
variants.folder.fields = { name = "string", entries = "[string]" }

[endpoints.files.show]
doc = "Shows an entry."
http = "GET /files/show"
response = "Entry"
"#
r#"[unions.Entry]
variants.file.fields = { name = "string", size = "int" }
variants.folder.fields = { name = "string", entries = "[string]" }

[endpoints.files.show]
doc = "Shows an entry."
http = "GET /files/show"
response = "Entry"
"#

HttpSyntax "S401" "`http` without a method and a path"
"`http` is the first line of the request as the documentation of an API gives it: the method, a \
space, the path."
r#"[endpoints.files.list]
doc = "Lists files."
http = "/files/list"
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#

UnknownMethod "S402" "an unknown HTTP method"
"The methods are `GET`, `POST`, `PUT`, `PATCH`, `DELETE` and `HEAD`, in capitals."
r#"[endpoints.files.list]
doc = "Lists files."
http = "FETCH /files/list"
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
"#

InvalidPath "S403" "a path that cannot be sent as it is"
"A path begins with `/` and has no query, no fragment, no spaces, no empty and no dot segments. \
Other characters are percent-encoded, as in `/a%20b`. A `base_path` does not end with `/`, since \
the path that follows begins with one."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list?all=true"
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { all = "bool" }
"#

PathParameter "S404" "a path parameter that cannot be read"
"A parameter stands in braces by its name, as in `/files/{id}`, and once in a path. Its value is \
sent as one segment, or as a part of one; in `/files/{+path}` the value may hold `/`, which is kept."
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id"
path = { id = "string" }
"#
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
path = { id = "string" }
"#

SeveralBodies "S405" "a request with two bodies"
"A request has one body, encoded in one way: `json`, `form`, `multipart` or `body`."
r#"[endpoints.files.put]
doc = "Uploads a file."
http = "POST /files/put"
retry = "never"
json = { path = "string" }
multipart = { contents = "file" }
"#
r#"[endpoints.files.put]
doc = "Uploads a file."
http = "POST /files/put"
retry = "never"
multipart = { path = "string", contents = "file" }
"#

NoBody "S406" "a body where the method has none"
"A `GET` or `HEAD` request carries its parameters in the query; servers and proxies drop or \
refuse a body. The answer to `HEAD` has no body either."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
json = { path = "string" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { path = "string" }
"#

UnknownRetry "S407" "an unknown retry class"
"`retry` says when a request may be sent again although the first may have been processed: `safe` \
for one that changes nothing, `idempotent` for one that does twice what it does once, `never` for \
all others. Without it the method decides: `never` for `POST` and `PATCH`."
r#"[endpoints.jobs.stop]
doc = "Stops a job."
http = "POST /jobs/stop"
json = { id = "JobId" }
retry = "always"
"#
r#"[endpoints.jobs.stop]
doc = "Stops a job."
http = "POST /jobs/stop"
json = { id = "JobId" }
retry = "idempotent"
"#

UndescribedParameter "S408" "a path parameter without a description"
"Every parameter in the braces of a path, the one of `base_path` included, has its type under \
`path`."
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
"#
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
path = { id = "string" }
"#

StrayParameter "S409" "a path parameter that is not in the path"
"What is described under `path` stands in the path in braces. A parameter that is sent otherwise \
belongs into `query` or the body."
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
path = { id = "string" }
"#
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
query = { id = "string" }
"#

OptionalParameter "S410" "a path parameter that may be absent"
"Without its parameter a path is another path, and mostly another endpoint."
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
path = { id = "string?" }
"#
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/{id}"
path = { id = "string" }
"#

ListStyle "S411" "a list style that does not fit"
"A list in a query or a form is sent item by item, as in `id=1&id=2`: the style `repeat`. `comma`, \
`space` and `pipe` put all items into one text, as in `id=1,2`. Elsewhere there is one way to send \
a list, and nothing to say."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { ids = { type = "[int]", style = "commas" } }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { ids = { type = "[int]", style = "comma" } }
"#

HeaderName "S412" "a header that cannot be there"
"The name of a header has letters and digits of ASCII and `-`. Headers about the connection, the \
body and the credentials are written by the client itself."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
headers = { "X Request Id" = "string" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
headers = { "X-Request-Id" = "string" }
"#

StatusCode "S413" "a response for something that is no status"
"The keys of `responses` are the status codes of HTTP that an answer can have: three digits, from \
200 to 599."
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
responses = { ok = { size = "int" }, 404 = "text" }
"#
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
responses = { 200 = { size = "int" }, 404 = "text" }
"#

SeveralResponses "S414" "one response and several"
"An endpoint has one `response`, perhaps with `response_headers`, or it has `responses` by their \
status; those are read whole, so none of them is a `\"stream\"`."
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
response = { size = "int" }
responses = { 404 = "text" }
"#
r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
responses = { 200 = { size = "int" }, 404 = "text" }
"#

MediaType "S415" "a body whose media type cannot be read"
"`body` says what the bytes of the whole body are, by a media type such as `text/csv` or \
`application/json; charset=utf-8`. The caller hands them over as a file or from memory."
r#"[endpoints.files.put]
doc = "Puts a file."
http = "PUT /files"
body = "bytes"
"#
r#"[endpoints.files.put]
doc = "Puts a file."
http = "PUT /files"
body = "application/octet-stream"
"#

RetryUnsaid "S416" "a POST of which nobody says whether it may be sent twice"
"When an answer is lost nobody knows whether the request was processed. The methods but `POST` and \
`PATCH` say by themselves whether it may be sent once more; of a `POST` only the author of the spec \
can know. Without a word it is never sent again. This is a warning."
r#"[endpoints.files.copy]
doc = "Copies a file."
http = "POST /files/copy"
json = { from = "string", to = "string" }
"#
r#"[endpoints.files.copy]
doc = "Copies a file."
http = "POST /files/copy"
json = { from = "string", to = "string" }
retry = "idempotent"
"#

KeyField "S417" "a field that cannot tell requests apart"
"`idempotent_with` names a field of the request by which the server knows a request that it has \
seen already. It is a text in the query, in a header or in the body; where a caller leaves it out, \
the client fills it with a text of its own, the same in each try."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
json = { name = "string", token = "int?" }
retry = { idempotent_with = "token" }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
json = { name = "string", token = "string?" }
retry = { idempotent_with = "token" }
"#

Timeout "S418" "a timeout that is no span of time"
"`timeout` is a number of seconds: how long the server may take from the end of the request until \
its answer begins. Without it that is a minute, or what the client is told."
r#"[endpoints.reports.make]
doc = "Makes a report."
http = "GET /reports/make"
timeout = 0
"#
r#"[endpoints.reports.make]
doc = "Makes a report."
http = "GET /reports/make"
timeout = 600
"#

UnknownPoll "S501" "a waiter with nothing to poll"
"`poll` names the endpoint that tells how far things are, with its group: `jobs.get`. The \
`response` of that endpoint is a table of fields, or a struct of `[structs.…]`."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "job.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

MissingBinding "S502" "a waiter that leaves a field of its poll unbound"
"Each required field of the request that polls gets its value under `bind`: from the request or \
the response of the call that is waited for."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = {}, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

UnknownBinding "S503" "a waiter that binds a field its poll does not require"
"The keys of `bind` are the required fields of the request that polls, by their wire names. \
Optional fields are left out when polling."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id", job = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

BindingSource "S504" "a waiter that binds something that is not there"
"A value under `bind` is `request.` or `response.` and the wire name of a field of the call that \
is waited for."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.jobId" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

BindingType "S505" "a waiter that binds a field of another type"
"A value taken over into the request that polls has the very type of the field it fills. One that \
may be absent cannot fill a required field."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId?" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

StatusField "S506" "a waiter without a status to watch"
"`field` names a field of the poll's answer whose type is an enumeration, or an optional one."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "status", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

UnknownStatus "S507" "a waiter that waits for an unknown value"
"`until`, `fail` and `pending` list values of the enumeration by their wire names, as its \
declaration spells them."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done", "ended"], fail = ["failed"], pending = ["queued", "running"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

StatusTwice "S508" "a waiter that classes a value twice"
"A value ends the wait well (`until`), ends it with an error (`fail`) or lets it go on \
(`pending`): one of the three."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done", "failed"], fail = ["failed"], pending = ["queued", "running"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

StatusMissing "S509" "a waiter that does not class every value"
"Every value of the enumeration is in `until`, in `fail` or in `pending`. A value that was \
forgotten would be waited on until time runs out, so it has to be said."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

EmptyUntil "S510" "a waiter that waits for nothing"
"`until` lists the values that end the wait well. Without any the wait could only fail."
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = [], fail = ["failed"], pending = ["queued", "running", "done"] }
"#
r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#

Pages "S511" "pages that cannot be followed"
"`pages` names the list of the answer with `items`, and how the next page is asked for: a field of \
the answer (`next`) that goes into one of the request (`into`), or a number of the request that \
counts items (`offset`) or pages (`page`)."
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files"
query = { token = "string?" }
response = { names = "[string]", next = "string?" }
pages = { items = "names", next = "next" }
"#
r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files"
query = { token = "string?" }
response = { names = "[string]", next = "string?" }
pages = { items = "names", next = "next", into = "token" }
"#
}
