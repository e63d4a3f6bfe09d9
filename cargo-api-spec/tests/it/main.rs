//! The real binary, in folders of its own.

mod check;
mod explain;
mod support;
