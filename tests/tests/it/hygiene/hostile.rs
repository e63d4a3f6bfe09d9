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
query = { client = "string?", index = "int?" }
json = { to = "Result?", wait = "Reader?", poll = "Option?", key = "Decode?", raw = "[raw]?", errors = "ERRORS?", operation = "OPERATION?", end = "Endpoint?" }
response = "Result"

[endpoints.match.self]
doc = "Starts an operation."
http = "POST /match/self"
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
multipart = { file = "file", name = "String" }

[endpoints.api_runtime.list]
doc = "In a group named like the runtime."
http = "GET /api_runtime/list"
response = "[Reader]"
"## }
