//! The language from end to end: descriptions, the calls made of them, what goes over the wire.

mod bodies;
mod fixed;
mod lists_and_headers;
mod outcomes;
mod paths;
mod responses;
mod support;
mod types;
