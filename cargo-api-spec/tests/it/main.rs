//! The real binary, in folders of its own.

mod check;
mod compile;
mod expand;
mod explain;
mod new;
mod schema;
mod support;
