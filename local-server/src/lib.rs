#![doc = include_str!("../README.md")]

mod auth;
mod capture;
mod contexts;
mod error;
mod http;
mod ids;
mod kernel;
mod language;
mod limits;
mod options;
mod results;
mod server;

pub use crate::error::StartError;
pub use crate::options::Options;
pub use crate::server::Server;
