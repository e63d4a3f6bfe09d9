//! Contexts and commands with a scripted transport, and with the local server and its Python.

mod cleanup;
mod cluster_lookup;
mod cluster_start;
mod command;
mod context_builder;
mod dbfs;
mod events;
mod files;
mod files_faults;
mod line;
mod local_server;
mod running;
mod script;
mod scripted;
mod workspace;
