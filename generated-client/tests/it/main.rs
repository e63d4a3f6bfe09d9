//! Contexts and commands: against a script, and against a real server with a real Python.

mod command;
mod context_builder;
mod local_server;
mod scripted;
