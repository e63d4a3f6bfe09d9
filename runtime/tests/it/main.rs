//! The language from end to end: descriptions, the calls made of them, what goes over the wire.

mod access;
mod bodies;
mod chosen;
mod fixed;
mod keyed;
mod limits;
mod lists_and_headers;
mod outcomes;
mod pages;
mod paths;
mod responses;
mod support;
mod timeouts;
mod types;
mod untagged;
