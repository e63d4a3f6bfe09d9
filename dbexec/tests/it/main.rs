//! End-to-end tests of the `dbexec` binary.

mod call;
mod errors;
mod expiry;
mod formats;
mod interrupt;
mod live_output;
mod network;
mod run;
mod serve;
mod server_text;
mod support;
mod workspace;
mod workspace_choice;
