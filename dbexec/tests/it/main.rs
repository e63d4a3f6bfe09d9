//! End-to-end tests of the `dbexec` binary. They send signals and run the local server.

#![cfg(unix)]

mod call;
mod call_curl;
mod call_events;
mod call_paths;
mod call_spec;
mod cleanup;
mod cluster;
mod cluster_states;
mod config;
mod doctor;
mod errors;
mod examples;
mod expiry;
mod formats;
mod fs;
mod fs_faults;
mod fs_service;
mod handles;
mod inputs;
mod inputs_on_spark;
mod interrupt;
mod jar;
mod journal;
mod live_output;
mod logging;
mod memory;
mod network;
mod pager;
mod parallel;
mod phases;
mod progress;
mod ps_on_terminals;
mod pty;
mod recording;
mod repl;
mod repl_on_spark;
mod report;
mod run;
mod screen;
mod scripts;
mod serve;
mod server_text;
mod service;
mod signals;
#[cfg(feature = "sixel")]
mod sixel;
mod sources;
mod spark;
mod support;
mod tables;
mod threads;
mod workspace;
mod workspace_choice;
