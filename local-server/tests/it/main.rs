//! Tests of the server over TCP, with real interpreters.

mod bodies;
mod cancel;
mod clusters;
mod credentials;
mod dbfs;
mod dbutils;
mod display;
mod endpoints;
mod faults;
mod forks;
mod harness;
mod libraries;
mod lifecycle;
mod memory;
mod partial;
mod processes;
mod python;
mod quirks;
mod r;
mod signals;
mod tls;
mod without_spark;
