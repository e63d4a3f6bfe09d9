#![doc = include_str!("../README.md")]

pub mod api;
mod client;
mod command;
pub mod config;
mod context;
mod context_builder;
mod failure;
mod image;
mod markup;
mod outcome;
mod output;
mod output_stream;
mod prompt;
mod run_error;
mod session;
mod table;

pub use api_runtime;
#[doc(inline)]
pub use api_runtime::{
    Client, Credentials, Delivery, Error, ErrorKind, Interrupt, Proxy, RetryPolicy, Secret,
    Timeouts, Upload, Wait,
};

#[doc(inline)]
pub use crate::api::{
    ClusterId, CommandId, CommandStatus, ContextId, ContextStatus, ENDPOINTS, Language, Results,
    commands, contexts,
};
pub use crate::client::from_env;
pub use crate::command::Command;
pub use crate::config::{Config, Settings};
pub use crate::context::ExecutionContext;
pub use crate::context_builder::ContextBuilder;
pub use crate::failure::Failure;
pub use crate::image::Image;
pub use crate::output::Output;
pub use crate::run_error::RunError;
pub use crate::table::{ColumnType, RowError, Rows, Table, TableColumn};
