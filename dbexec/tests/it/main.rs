//! The real binary, against a real server and a real Python.

mod call;
mod faults;
mod interrupt;
mod run;
mod serve;
mod support;
mod workspace;
