//! A client among names that shadow the prelude and the crates of the standard library.
//!
//! Compiled twice: as a module of the tests, which call the generated code, and as a crate, for the
//! lints that do not apply to tests.
#![no_implicit_prelude]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    rust_2018_idioms,
    clippy::all,
    clippy::pedantic
)]
// The items of a test are not reachable from outside.
#![cfg_attr(test, allow(dead_code, unused_imports, unreachable_pub))]

/// Types of the user that are named like items of the prelude.
pub mod shadows {
    macro_rules! shadow {
        ($($name:ident)*) => {
            $(
                #[doc = "A name of the prelude."]
                #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
                pub struct $name;
            )*
        };
    }

    shadow!(Vec Box Clone Default Send Sync Into From ToOwned ToString Iterator Debug PartialEq);
    shadow!(Some None Ok Err Client Error Wait Operation Upload Value RawJson);
}

pub use self::shadows::{
    Box, Clone, Debug, Default, Err, From, Into, Iterator, None, Ok, PartialEq, Send, Some, Sync,
    ToOwned, ToString, Vec,
};

/// Types named like crates of the standard library. `core` and `api_runtime` are modules below.
#[allow(non_camel_case_types)]
pub mod primitives {
    /// Not the crate `alloc`.
    #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
    pub struct alloc;
    /// Not the crate `std`.
    #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
    pub struct std;
}

pub use self::primitives::{alloc, std};

::api_runtime::api! { r##"
[api]
name = "Hostile"
doc = "Names that could conflict with generated code."

[ids]
String = "An id named like `String`."
ERRORS = "An id named like `ERRORS`."
OPERATION = "An id named like `OPERATION`."
Endpoint = "An id named like `Endpoint`."

[enums.Option]
doc = "An enum named like `Option`."

[enums.Option.values]
Some = ""
None = ""
Ok = ""
Err = ""
Unknown = ""
self = ""
type = ""

[structs.Result]
doc = "A struct named like `Result`."

[structs.Result.fields]
option = "Option"
string = "String"
reader = "string"
index = "int"
to = "bool"
client = "float?"
request = "json?"
response = "string?"
f = "[Option]"
wait = "{Result}?"
poll = "string?"
type = "string?"
self = "string?"
match = "string?"
super = "string?"
word = "string?"
body = "string?"
value = "string?"
default = "string?"
clone = "string?"
found_reader = "string?"
answer = "string?"
status = "string?"

[unions.Reader]
doc = "A union named like `Reader`."
tag = "Self"

[unions.Reader.variants.Unknown]
fields = { reader = "string", words = "int?" }

[unions.Reader.variants.Decode]
fields = {}

[unions.Decode.variants.None]
fields = { self = "string", find_key = "string" }

[unions.Decode.variants.Unknown]
fields = { reader = "raw" }

[endpoints.match.default]
doc = "Sends and returns a `Result`. No field is required."
http = "POST /match/default"
retry = "never"
query = { client = "string?", index = "int?" }
json = { to = "Result?", wait = "Reader?", poll = "Option?", key = "Decode?", raw = "[raw]?", errors = "ERRORS?", operation = "OPERATION?", end = "Endpoint?" }
response = "Result"

[endpoints.match.self]
doc = "Starts an operation."
http = "POST /match/self"
retry = "never"
json = { request = "string", response = "string", client = "string", wait = "int" }
response = { client = "string", request = "string", reader = "Reader?", index = "Option", key = "Decode?" }
wait = { poll = "rt.super", bind = { wait = "request.request", poll = "response.client", client = "request.wait", answer = "response.request" }, field = "answer", until = ["Ok", "self"], fail = ["Err"], pending = ["Some", "None", "Unknown", "type"] }

[endpoints.rt.super]
doc = "Returns the status of an operation."
http = "GET /rt/super"
query = { wait = "string", poll = "string", client = "int", answer = "string", f = "bool?" }
response = { answer = "Option?", status = "Option" }

[endpoints.core.std]
doc = "In a group named like a crate."
http = "POST /core/std"
retry = "never"
multipart = { file = "file", name = "String" }

[endpoints.api_runtime.list]
doc = "In a group named like the runtime."
http = "GET /api_runtime/list"
response = "[Reader]"
"## }

/// A client with every key of the language.
pub mod features {
    pub use super::{
        Box, Clone, Debug, Default, Err, From, Into, Iterator, None, Ok, PartialEq, Send, Some,
        Sync, ToOwned, ToString, Vec, alloc, std,
    };

    ::api_runtime::api! { r##"
[api]
name = "Features"
doc = "Every key of the language."
url = "https://example.com"
auth = { any = [{ header = "X-Api-Key" }, [{ header = "self", prefix = "Token " }, { query = "type" }], "basic", "none"] }
base_path = "/base"
headers = { X-Client = "request" }
query = { version = 2.5 }

[api.errors]
message = ["error.message"]
code = ["code"]
expired = ["expired"]
type = "Fault"
when = { failed = true }
unless = { code = 0 }
when_present = ["fault"]

[api.transient]
refused = ["not ready"]
failed = ["try again"]

[groups.client]
doc = "A group named like a parameter."
base_path = "/client"

[ids]
Token = "A token of a page."

[enums.Status]
doc = "A status."

[enums.Status.values]
running = ""
done = { doc = "Finished.", also = ["finished"], rust = "Ok" }
failed = { rust = "Err" }

[structs.Fault]
doc = "An error."
fields = { message = "string", code = "int" }

[structs.Common]
fields = { common = "string?" }

[structs.Every]
doc = "Every type, with the keys of fields."
with = ["Common"]

[structs.Every.fields]
text = { type = "string", doc = "Text.", rust = "string", min = 1, max = 10, default = "text" }
flag = { type = "bool", default = true }
count = { type = "int", default = 5, min = 1, max = 10 }
size = { type = "uint", default = 5 }
rate = { type = "float", default = 0.5, min = 0.25, max = 1 }
state = { type = "Status", default = "done" }
token = { type = "Token", default = "first" }
long = { type = "int_text", default = 5 }
large = { type = "uint_text", default = 5 }
exact = { type = "decimal", default = 5, min = 0.5, max = 9 }
price = { type = "decimal_text", default = 5 }
due = "date?"
old = { type = "string?", deprecated = "Use `text`." }
oldest = { type = "int", deprecated = "Use `count`." }
any = "json?"
raw = "raw?"
base64 = "base64?"
timestamp = "timestamp?"
unix_seconds = "unix_seconds?"
unix_millis = "unix_millis?"
seconds = "seconds?"
millis = "millis?"
duration = "duration?"
seconds_text = "seconds_text?"
nullable = "float??"
nested = "{[Every]}?"
tagged = "Tagged?"
keyed = "[Keyed]?"
itself = "Every?"
replaced = "Every??"
kinds = "Kinds?"

[unions.Kinds.kinds]
text = "string"
flag = "bool"
value = { type = "Every", doc = "A value in a box.", rust = "None" }
encoder = "[float]"

[unions.Tagged]
doc = "A union with a tag."
tag = "kind"

[unions.Tagged.variants.one]
doc = "One."
also = ["ONE"]
rust = "Some"
with = ["Common"]
fields = { value = "float", encoder = { type = "int", default = 1 }, reader = { type = "int", only = "response" }, client = { type = "float?", only = "request" } }

[unions.Keyed.variants]
text = { fields = { text = "string" } }
none = { fields = { number = "float", from = "int?" } }

[endpoints.client.request]
doc = "Returns pages by a token. The function is named like a parameter."
http = "GET /request/{id}"
path = { id = "Token" }
query = { token = "Token?", size = { type = "int", default = 20 } }
headers = { X-Trace = "string?" }
response = { request = "[Every]?", next = "Token?" }
pages = { items = "request", next = "next", into = "token" }

[endpoints.client.client]
doc = "Returns pages by an offset. The function is named like a parameter."
http = "GET /client"
query = { offset = "uint?", items = "[string]?" }
response = { items = "[Status]" }
pages = { items = "items", offset = "offset" }

[endpoints.client.response]
doc = "Returns pages by a link."
http = "GET /response"
query = { page = "int?" }
response = "[Every]"
response_headers = { Link = "string?", X-Rate = "float?", X-Old = { type = "int?", deprecated = "Not sent any more." } }
pages = { items = "body", link = "Link", into = "page" }

[endpoints.client.items]
doc = "Returns pages by their number."
http = "GET /items"
query = { page = "int" }
response = { items = "[json]" }
pages = { items = "items", page = "page" }

[endpoints.client.next]
doc = "Returns pages by their number. The number is optional."
http = "GET /next"
query = { page = "uint?" }
response = { items = "[raw]?" }
pages = { items = "items", page = "page" }

[structs.Cursor]
fields = { items = "[Keys]?", next = "Token?", more = "bool?", value = "bool??", status = "Status?" }

[structs.Keys]
fields = { item = "Token", it = "int?" }

[structs.Selection]
fields = { request = "Token?", value = "int?" }

[endpoints.pages.item]
doc = "Returns pages by a token. All fields are fields of other ones."
http = "POST /pages/item"
retry = "safe"
json = { response = "Selection?" }
response = { next = "Cursor?" }
pages = { items = "next.items", next = "next.next", into = "response.request", more = "next.more" }

[endpoints.pages.it]
doc = "Returns pages by the last item."
http = "GET /pages/it"
query = { after = "Token?" }
response = "[Keys]"
pages = { items = "body", last = "item", into = "after" }

[endpoints.pages.value]
doc = "Returns pages by a number of the last item."
http = "POST /pages/value"
retry = "safe"
json = "Selection"
response = { items = "[Keys]", more = "bool" }
pages = { items = "items", last = "it", into = "body.value", more = "more" }

[endpoints.pages.url]
doc = "Returns pages by a URL."
http = "GET /pages/url"
response = { items = "[Keys]", url = "string?" }
pages = { items = "items", url = "url" }

[endpoints.pages.more]
doc = "Returns pages by their number."
http = "GET /pages/more"
query = { page = "int?" }
response = { items = "[Keys]", more = "bool" }
pages = { items = "items", page = "page", more = "more" }

[endpoints.pages.last_page]
doc = "Returns pages by their number. The flag is set on the last page."
http = "GET /pages/last"
query = { page = "int?" }
response = { items = "[Keys]", last_page = "bool?" }
pages = { items = "items", page = "page", last_page = "last_page" }

[endpoints.pages.status]
doc = "Returns a status."
http = "GET /pages/status"
response = { it = "Cursor?" }

[endpoints.pages.start]
doc = "Waits for a nested status."
http = "PUT /pages/start"
wait = { poll = "pages.status", bind = {}, field = "it.status", until = ["done"], fail = ["failed"], pending = ["running"] }

[endpoints.pages.stop]
doc = "Waits for a nested flag."
http = "PUT /pages/stop"
wait = { poll = "pages.status", bind = {}, field = "it.value", until = [true], fail = [false] }

[endpoints.client.wait]
doc = "Starts an operation."
http = "POST /wait"
json = { key = "string?", every = "Every", list = "[float]", secret = "secret?" }
retry = { idempotent_with = "key" }
timeout = 1.5
rust = "poll"
deprecated = "Use `request`."
response = { id = "Token", started = "timestamp?" }
wait = { poll = "client.status", bind = { id = "response.id" }, field = "status", until = ["done"], fail = ["failed"], pending = ["running"] }

[endpoints.client.status]
doc = "Returns the status of an operation."
http = "GET /status/{id}"
base_path = "/other"
path = { id = "Token" }
auth = "none"
response = { status = "Status" }

[endpoints.client.find]
doc = "Finds."
http = "GET /find"
json = { text = "string" }
body_with_get = true
auth = { header = "self", prefix = "Token " }

[endpoints.client.impl]
doc = "Lists."
http = "LIST /list"
retry = "safe"
auth = [{ header = "self", prefix = "Token " }, { query = "type" }]

[endpoints.client.upload]
doc = "Sends a file and writes the response."
http = "PUT /upload"
body = "application/octet-stream"
response = "stream"
response_headers = { ETag = "string?" }

[endpoints.client.form]
doc = "Sends a form."
http = "POST /form"
retry = "idempotent"
form = { fixed = { type = "string", value = "json" }, comma = { type = "[string]?", style = "comma" }, space = { type = "[int]?", style = "space" }, pipe = { type = "[float]?", style = "pipe" }, repeat = { type = "[Status]", style = "repeat" }, brackets = { type = "[int]?", style = "brackets" }, indices = { type = "[Every]?", style = "indices" }, dots = { type = "Every?", style = "dots" }, json = { type = "{Status}??", style = "json" } }
response = "text"

[endpoints.client.multipart]
doc = "Sends files."
http = "POST /multipart"
retry = "never"
multipart = { file = "file", more = "[file]?", rate = "float?", part = { type = "Every?", content_type = "application/json" } }
response = "bytes"

[endpoints.client.by_status]
doc = "Responses by status code."
http = "DELETE /by-status"
content_type = "application/merge-patch+json"
auth = { query = "type" }
json = "[Tagged]"
error = "Fault"
responses = { 200 = { name = "string" }, 201 = "Every", 202 = "text", 203 = "bytes", 204 = "nothing", 299 = "Keyed" }

[endpoints.client.with_headers]
doc = "Responses by status code with headers."
http = "GET /with-headers"
responses = { 200 = { name = "string" }, 202 = "text", 203 = "bytes", 204 = "nothing", 299 = "Keyed" }
response_headers = { Link = "string?" }
headers_by_status = { 200 = { response = "int?", X-Old = { type = "int?", deprecated = "Not sent any more." } }, 204 = { decoded = "string" } }

[endpoints.client.events]
doc = "Returns events."
http = "GET /events"
query = { request = "string?" }
events = { item = { event = "string", request = "Every?" }, end = "{end}", error = "error", resume = true }

[endpoints.client.named]
doc = "Returns events with their names."
http = "GET /events/named"
events = { item = "Named", named = true }

[unions.Named]
tag = "event"
variants = { event.fields = { data = "Keys" }, data.fields = { data = "string?" } }

[endpoints.client.lines]
doc = "Returns lines."
http = "POST /lines"
retry = "never"
json = "[Tagged]"
lines = { item = "text", end = "." }

[endpoints.client.values]
doc = "Returns values."
http = "GET /values"
lines = "Keyed?"
"## }
}

/// A client with a token.
pub mod bearer {
    pub use super::{Err, From, Into, Ok, Some, std};

    ::api_runtime::api! { r##"
[api]
name = "Bearer"
doc = "Requests with a token, without endpoints."
auth = "bearer"
"## }
}

/// A client with a password.
pub mod basic {
    pub use super::{Err, From, Into, Ok, Some, std};

    ::api_runtime::api! { r##"
[api]
name = "Basic"
doc = "Requests with a password."
auth = "basic"

[groups]
builder = "A group named like a function."

[endpoints.builder.builder]
doc = "A function named like its group."
http = "GET /builder"
"## }
}
