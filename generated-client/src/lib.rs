#![doc = include_str!("../README.md")]

api_runtime::api!("databricks-1.2.toml");

mod client;
pub mod config;
mod context;
mod outcome;
mod text;

pub use api_runtime;
pub use api_runtime::{Credentials, Error, ErrorKind, Interrupt, Secret, Timeouts, Upload, Wait};

pub use crate::client::Client;
pub use crate::config::{Config, Settings};
pub use crate::context::ExecutionContext;
pub use crate::outcome::{Failure, Output, RunError};
