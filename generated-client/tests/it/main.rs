//! Contexts and commands with a scripted transport, and with the local server and its Python.

mod command;
mod context_builder;
mod local_server;
mod scripted;
