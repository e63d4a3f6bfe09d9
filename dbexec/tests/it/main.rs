//! The real binary, against a real server and a real Python.

mod call;
mod faults;
mod formats;
mod interrupt;
mod live;
mod run;
mod serve;
mod support;
mod workspace;
