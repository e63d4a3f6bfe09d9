//! Contexts and commands: against a script, and against a real server with a real Python.

mod creation;
mod live;
mod script;
mod watching;
