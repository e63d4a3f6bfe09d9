//! The real binary, in folders of its own.

mod check;
mod compile;
mod diff;
mod expand;
mod explain;
mod new;
mod schema;
mod support;
