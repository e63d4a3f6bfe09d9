//! End-to-end tests of the `dbexec` binary. They send signals and run the local server.

#![cfg(unix)]

mod call;
mod cleanup;
mod errors;
mod expiry;
mod formats;
mod interrupt;
mod journal;
mod live_output;
mod memory;
mod network;
mod phases;
mod run;
mod serve;
mod server_text;
mod service;
mod spark;
mod support;
mod workspace;
mod workspace_choice;
