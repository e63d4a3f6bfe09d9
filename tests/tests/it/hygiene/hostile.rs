//! A client in a module whose items have the names of the prelude and of crates.
//!
//! It is compiled twice: as a module of these tests, which call the client, and as a crate, in which
//! lints on public items apply.
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
// The items of a test are not public.
#![cfg_attr(test, allow(dead_code, unused_imports, unreachable_pub))]

/// Types and traits that are unrelated to those of the prelude.
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
    shadow!(Some None Ok Err Client Error Wait Operation Upload Value);
}

pub use self::shadows::{
    Box, Clone, Debug, Default, Err, From, Into, Iterator, None, Ok, PartialEq, Send, Some, Sync,
    ToOwned, ToString, Vec,
};

/// Types with the names of crates. `core` and `api_runtime` are modules below.
#[allow(non_camel_case_types)]
pub mod primitives {
    /// Unrelated to the crate `alloc`.
    #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
    pub struct alloc;
    /// Unrelated to the crate `std`.
    #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
    pub struct std;
}

pub use self::primitives::{alloc, std};

::api_runtime::api! { r##"
[api]
name = "Hostile"
doc = "Names that could collide with those in generated code."

[ids]
String = "Unrelated to `std::string::String`."
ERRORS = "Named like a constant."
OPERATION = "Named like an associated constant."
Endpoint = "Named like a type of the runtime."

[enums.Option]
doc = "Unrelated to `core::option::Option`."

[enums.Option.values]
Some = ""
None = ""
Ok = ""
Err = ""
Unknown = ""
self = ""
type = ""

[structs.Result]
doc = "Unrelated to `core::result::Result`."

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
doc = "Named like a type of the runtime."
tag = "Self"

[unions.Reader.variants.Unknown]
fields = { reader = "string", words = "int?" }

[unions.Reader.variants.Decode]
fields = {}

[unions.Decode.variants.None]
fields = { self = "string", find_key = "string" }

[unions.Decode.variants.Unknown]
fields = { reader = "json" }

[endpoints.match.default]
doc = "Returns its argument. All fields are optional."
http = "POST /match/default"
query = { client = "string?", index = "int?" }
json = { to = "Result?", wait = "Reader?", poll = "Option?", key = "Decode?", errors = "ERRORS?", operation = "OPERATION?", end = "Endpoint?" }
response = "Result"

[endpoints.match.self]
doc = "Starts an operation."
http = "POST /match/self"
json = { request = "string", response = "string", client = "string", wait = "int" }
response = { client = "string", request = "string", reader = "Reader?", index = "Option", key = "Decode?" }
wait = { poll = "rt.super", bind = { wait = "request.request", poll = "response.client", client = "request.wait", answer = "response.request" }, field = "answer", until = ["Ok", "self"], fail = ["Err"], pending = ["Some", "None", "Unknown", "type"] }

[endpoints.rt.super]
doc = "Returns the status of the operation."
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
