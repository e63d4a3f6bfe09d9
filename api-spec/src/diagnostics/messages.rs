//! Messages: for each code, its explanation and the constructors of its diagnostics.

pub(crate) mod auth;
pub(crate) mod bodies;
pub(crate) mod document;
pub(crate) mod field_paths;
pub(crate) mod fields;
pub(crate) mod kinds;
pub(crate) mod names;
pub(crate) mod pages;
pub(crate) mod paths;
mod quote;
pub(crate) mod responses;
pub(crate) mod retry;
pub(crate) mod structure;
pub(crate) mod styles;
pub(crate) mod toml;
pub(crate) mod types;
pub(crate) mod wait_bindings;
pub(crate) mod wait_statuses;
pub(crate) mod waiters;
pub(crate) mod with;
