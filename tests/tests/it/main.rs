//! Tests across crates. See README.md of this package.

mod agreement;
mod by_name;
mod cargo;
mod code_size;
mod conformance;
mod databricks_jobs;
mod derive;
mod documented_credentials;
mod documented_forms;
mod dynamic;
mod expansion;
mod hygiene;
mod import_cycles;
mod imported;
mod names;
mod readme;
mod rebuild;
mod service;
mod streams;
mod stripe;
mod threads;
mod wire;
