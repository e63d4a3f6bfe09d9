//! Mock of the Databricks REST API 1.2 that injects faults.
//!
//! The mock has its own state, which is the ground truth of the tests: they compare a result of the
//! client with what the server has executed. Faults are sequences of steps, so that a test controls
//! the position of each truncation, reset and delay.

mod parameters;
mod response;
mod script;
mod server;
mod workspace;

pub(crate) use self::response::Response;
pub(crate) use self::script::{Fault, Step};
pub(crate) use self::server::MockServer;
pub(crate) use self::workspace::Endpoint;

/// Accepted bearer token. No message may contain any part of it.
pub(crate) const TOKEN: &str = "dapi0Mark1Mark2Mark3";

/// Returns the token that is accepted after this number of expired ones.
pub(crate) fn token(expired: usize) -> String {
    match expired {
        0 => TOKEN.to_owned(),
        _ => format!("{TOKEN}{expired}"),
    }
}

/// Part of every command. No message may contain it.
pub(crate) const CODE: &str = "hunter2_in_the_code";

/// Cluster of all contexts.
pub(crate) const CLUSTER: &str = "0123-456789-faulty";
