//! Tests across the crates: see README.md beside this package's manifest.

mod by_name;
mod cargo;
mod derive;
mod expansion;
mod hygiene;
mod readme;
mod rebuild;
mod service;
mod wire;
