//! A server of the API 1.2 with a state of its own, which is the truth, and with faults where a
//! test puts them.
//!
//! It works on bytes: every cut, reset and stall is placed by the test.

mod connection;
mod http;
mod script;
mod server;
mod workspace;

pub(crate) use self::http::Answer;
pub(crate) use self::script::{Fault, Step};
pub(crate) use self::server::Server;
pub(crate) use self::workspace::Endpoint;

/// The credentials that the server lets in. No text may show any part of it.
pub(crate) const TOKEN: &str = "dapi0Mark1Mark2Mark3";

/// Stands in every command. No text may show it.
pub(crate) const CODE: &str = "hunter2_in_the_code";

/// The cluster of all contexts.
pub(crate) const CLUSTER: &str = "0123-456789-faulty";
