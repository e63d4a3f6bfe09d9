//! Calls REST APIs from synchronous Rust: the runtime under the clients that [`api!`] generates.
//!
//! ```text
//! spec.toml ──api!──▶ request structs, enums, functions, waiters ──▶ this crate ──▶ ureq
//! ```
//!
//! - [`Client`] sends: it knows the base URL, the [`Credentials`] and the connections.
//! - [`Error`] is the one error; its [`kind`](Error::kind) tells an unreachable server from a
//!   refusal, an answer that was not understood, and a wait that failed.
//! - A call is made again after troubles that pass, as its [`RetryPolicy`] says: but one that is
//!   not idempotent only if it provably was not processed.
//! - [`Wait`] says how long one asks until something has happened; an [`Interrupt`] ends it.
//! - [`auth`] holds credentials that change with time: OAuth, a command, one's own.
//! - [`types`] are those of fields that are not plain JSON: times, bytes, values that may be null.
//! - [`transport`] is the way requests go out: over the network, or from a script in tests.
//!
//! # What it does not do
//!
//! It follows no redirects and keeps no cookies. It has no thread of its own but one for the look-up
//! of each new connection, and one to read what a [token command](auth::TokenCommand) prints. It
//! knows no API by itself.
//!
//! # Features
//!
//! - `gzip` (default): asks for compressed answers.
//! - `rustls` (default): `https` through rustls, with Mozilla's list of authorities.
//! - `platform-verifier`: `https` through rustls, with whom the platform trusts.
//! - `native-tls`: `https` through what the platform has for it, with whom it trusts. On Linux that
//!   is OpenSSL, which must be there (`libssl-dev` and `pkg-config`) to build it.
//!
//! Where there are several of the last three, the first of them in this order is used, unless
//! [`ClientBuilder::tls`] is told another. Without any, only `http` is spoken.
//!
//! # Example
//!
//! ```
//! mod api {
//!     #![allow(missing_docs)]
//!     api_runtime::api! { r#"
//!         [api]
//!         name = "Clock"
//!         doc = "Tells the time."
//!
//!         [endpoints.time.show]
//!         doc = "Shows the time."
//!         http = "GET /time"
//!         query = { zone = "string?" }
//!         response = { now = "string" }
//!     "# }
//! }
//! use api::time;
//! use api_runtime::{Client, transport::Scripted};
//!
//! let server = Scripted::new().respond(200, r#"{"now": "12:00"}"#);
//! let client = Client::builder("https://example.com").transport(server).build()?;
//! let answer = time::show(&client, &time::Show::new().zone("Europe/Zurich".to_owned()))?;
//! assert_eq!(answer.now, "12:00");
//! # Ok::<(), api_runtime::Error>(())
//! ```

pub mod auth;
mod base_url;
mod client;
mod clock;
pub mod codec;
mod delivery;
mod error;
mod error_response;
pub mod operation;
mod redact;
#[doc(hidden)]
pub mod rt;
pub mod transport;

pub use api_runtime_macros::api;
pub use ureq::http;

pub use crate::auth::Credentials;
pub use crate::client::Client;
pub use crate::client::builder::ClientBuilder;
pub use crate::client::by_name::Argument;
pub use crate::client::observe::AttemptEvent;
pub use crate::client::pages::Items;
pub use crate::client::response::Response;
pub use crate::client::retry::RetryPolicy;
pub use crate::client::wait::{OnPoll, Progress, Wait, wait};
pub use crate::clock::{Clock, Interrupt, ManualClock, SystemClock};
pub use crate::codec::secret::Secret;
#[doc(inline)]
pub use crate::codec::types;
pub use crate::codec::upload::Upload;
pub use crate::delivery::Delivery;
pub use crate::error::{Error, ErrorKind};
#[cfg(feature = "_tls")]
pub use crate::transport::Tls;
pub use crate::transport::{Proxy, Timeouts};
