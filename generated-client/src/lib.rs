//! Typed, blocking client for the Databricks REST API 1.2, and for the clusters, files and libraries of the
//! APIs 2.0 and 2.1.
//!
//! | item | purpose |
//! |---|---|
//! | [`from_env`] | Builds a [`Client`] from environment variables, a profile or netrc. |
//! | [`Config`] | Sets host and credentials in the program, and documents all settings. |
//! | [`ExecutionContext`] | Creates an execution context on a cluster, or attaches to one, and runs code in it. |
//! | [`ContextBuilder`] | Sets timeouts for the creation of a context, and for clean-up. |
//! | [`Command`] | Sets language and timeout of a command, and receives its output while it runs. |
//! | [`Running`], [`CancelHandle`] | Waits for a running command, receives its output piece by piece, cancels it, or detaches from it. |
//! | [`Script`] | Runs a Python file with arguments as an interpreter does, and keeps its output and the line of an error. |
//! | [`CommandProgress`], [`ContextProgress`], [`WaitProgress`] | State and elapsed time, for progress displays. |
//! | [`Event`] | Contexts and commands created, ended and left, for metrics and logs. |
//! | [`sql::Parameters`] | Binds the parameters of SQL queries as typed literals. |
//! | [`Output`] | Returns text, a [`Table`] or [`Image`]s. |
//! | [`RunError`] | Distinguishes a [`Failure`] of the code from timeouts, lost contexts and failed requests. |
//! | [`Leftover`], [`Leftovers`] | Contexts and commands that an error has left on a cluster, and those that exist now, with an observer of changes. |
//! | [`api_2_0`] | Calls the endpoints for clusters, files and libraries. |
//! | [`files`] | Uploads, downloads, lists and deletes files of DBFS. |
//! | [`find_cluster`] | Finds a cluster by its id or name. |
//! | [`ensure_running`] | Starts a cluster and waits until it runs. |
//! | [`wait_until_installed`] | Waits for libraries of a cluster. |
//! | [`contexts`], [`commands`] | Call the endpoints directly: one request struct and one function per endpoint, and waiters. |
//!
#![doc = include_str!("../README.md")]
//!
//! # Calling endpoints directly
//!
//! ```no_run
//! use generated_client::{Language, Wait, commands, contexts};
//!
//! let client = generated_client::from_env()?;
//! let create = contexts::Create::new("0123-456789-abcde", Language::Sql);
//! let context = contexts::create(&client, &create)?;
//! contexts::wait_for_create(&client, &create, &context, Wait::new())?;
//!
//! let execute = commands::Execute::new("0123-456789-abcde", &context.id, Language::Sql, "SELECT 1");
//! let command = commands::execute(&client, &execute)?;
//! let finished = commands::wait_for_execute(&client, &execute, &command, Wait::new())?;
//! println!("{:?}", finished.results);
//! contexts::destroy(&client, &contexts::Destroy::new("0123-456789-abcde", &context.id))?;
//! # Ok::<(), generated_client::Error>(())
//! ```
//!
//! Each id has a distinct type: passing a [`ContextId`] as a [`CommandId`] does not compile. Unknown
//! statuses and result types are kept as text or JSON.

pub mod api;
pub mod api_2_0;
mod cancel_handle;
mod cleanup;
mod client;
mod cluster_id;
mod cluster_lookup;
mod cluster_start;
mod code;
mod command;
mod command_run;
pub mod config;
mod context;
mod context_builder;
mod context_progress;
mod event;
mod failure;
pub mod files;
mod image;
mod leftover;
mod leftovers;
mod library_wait;
mod magic;
mod markup;
mod outcome;
mod output;
mod output_stream;
mod prompt;
mod run_error;
mod running;
mod script;
mod server_id;
mod session;
pub mod sql;
mod table;
mod watch;

pub use api_runtime;
#[doc(inline)]
pub use api_runtime::{
    Client, Credentials, Delivery, Error, ErrorKind, Interrupt, NetworkVariables, Proxy,
    RetryPolicy, Secret, Timeouts, Upload, Wait, WaitProgress,
};

#[doc(inline)]
pub use crate::api::{
    ClusterId, CommandId, CommandStatus, ContextId, ContextStatus, ENDPOINTS, Language, Results,
    TableResults, TextResults, commands, contexts,
};
pub use crate::cancel_handle::CancelHandle;
pub use crate::client::from_env;
pub use crate::cluster_lookup::{FindClusterError, FoundCluster, find_cluster};
pub use crate::cluster_start::ensure_running;
pub use crate::command::Command;
#[doc(inline)]
pub use crate::config::{Config, Settings};
pub use crate::context::ExecutionContext;
pub use crate::context_builder::ContextBuilder;
pub use crate::context_progress::ContextProgress;
pub use crate::event::{CommandResult, Event, EventKind};
pub use crate::failure::{Failure, Location};
pub use crate::image::Image;
pub use crate::leftover::Leftover;
pub use crate::leftovers::{LeftoverChange, LeftoverEvent, Leftovers};
pub use crate::library_wait::wait_until_installed;
pub use crate::magic::check_code;
pub use crate::output::Output;
pub use crate::run_error::RunError;
pub use crate::running::{OutputPieces, Running};
pub use crate::script::Script;
pub use crate::table::{ColumnType, RowError, Rows, Table, TableColumn};
pub use crate::watch::CommandProgress;
