#![doc = include_str!("../README.md")]
//!
//! # Overview
//!
//! - [`api!`] generates the client of an API from its spec. The [`language`] of specs has a page of
//!   its own.
//! - [`Client`] sends requests. [`Client::builder`] configures the base URL, the [`Credentials`],
//!   the [`RetryPolicy`], the [`Timeouts`] and the [`transport`].
//! - [`Error`] is the only error type. [`Error::kind`] distinguishes, for example, a failed
//!   connection from an error status code, and [`Error::may_have_been_processed`] returns whether
//!   the server may have processed the request.
//! - A request is retried after transient errors. A request that is not idempotent is retried only
//!   if the server cannot have processed it.
//! - [`Wait`] limits how long a waiter polls, and [`Interrupt`] cancels calls and waiters.
//! - [`Items`] is the iterator over the items of all pages of a list, and [`Events`] the one over the
//!   events or lines of a response, which reads them while they arrive.
//! - [`auth`] has credentials that expire: OAuth client credentials, tokens that a command prints,
//!   and custom ones.
//! - [`types`] has the types of fields that JSON has no type for, and [`Secret`] and [`Upload`] are
//!   those of secrets and files.
//! - [`operation`] and [`codec`] are the interface between generated code and the client. Programs
//!   use them to call endpoints by name and to implement custom types.
//!
//! # Time limits
//!
//! Several limits apply at the same time, and the earliest one counts: that of a wait bounds its calls,
//! that of a call bounds its attempts and their phases. It does so whatever the server does, e.g. if it
//! sends single bytes from time to time.
//!
//! | limit | bounds | default | set with |
//! |---|---|---|---|
//! | connect | DNS lookup, TCP connection, handshake with the proxy (SOCKS or `CONNECT`) and TLS handshake | 10 s | [`Timeouts::connect`] |
//! | response | from the end of the request to the complete head of the response, with all 1xx responses | 60 s | [`Timeouts::response`], `timeout` of the endpoint in the spec |
//! | idle | each write of the request, each KiB of the response body, and each read of a body that is written to a `Write` or consists of events or lines | 60 s | [`Timeouts::idle`], `timeout` of the endpoint in the spec |
//! | retries | from the start of the call to the start of the last attempt | 60 s, 5 attempts | [`RetryPolicy::budget`] |
//! | token request | the phases of a request for a token, as above | as above | as above |
//! | token command | the command and the reading of its output | 60 s | [`TokenCommand::timeout`](auth::TokenCommand::timeout) |
//! | call | a call with its token requests, attempts and delays, and with all events of its response | none | [`Client::timeout`], [`Client::deadline`] |
//! | wait | the polls of a waiter and the pauses between them | 20 min | [`Wait::timeout`], [`Client::deadline`] |
//! | interrupt | everything above, from the moment of the interrupt | 50 ms | [`Interrupt::raise`] |
//! | grace | the response to a request in flight that changes state, after the deadline or the interrupt | 0 s | [`Client::grace`] |
//!
//! A call without a limit ends as well, because each of its phases does: a server has to send
//! at least one KiB of a body per idle timeout. Only [`Events`] have no end of their own: one byte per
//! idle timeout, e.g. a comment, continues them. Time that is spent in readers, writers and callbacks of
//! the caller is not bounded. Limits of calls and waits are measured by the [`Clock`] of the client.
//!
//! # Limitations
//!
//! - At level *trace*, `ureq` logs URLs, headers and responses as they are, including credentials, with
//!   the targets `ureq` and `ureq_proto`. Loggers that record this level should limit them to *debug*,
//!   e.g. `RUST_LOG=trace,ureq=debug`. No other record contains a secret.
//! - Redirects are not followed, and cookies are not stored.
//! - Responses are read completely before they are decoded, except for [`Events`]. Endpoints whose
//!   response is a stream write it to a `std::io::Write` instead.
//! - The crate starts a thread for each DNS lookup, and one that reads the output of a token command.
//!   All other work takes place on the calling thread.
//!
//! # Features
//!
//! | feature | effect |
//! |---|---|
//! | `gzip` (default) | Requests compressed responses and decodes them. |
//! | `rustls` (default) | `https` with rustls and Mozilla's root certificates. |
//! | `platform-verifier` | `https` with rustls and the root certificates of the platform. |
//! | `native-tls` | `https` with the TLS library of the platform and its root certificates. On Linux this is OpenSSL: building requires `libssl-dev` and `pkg-config`. |
//! | `jiff`, `chrono`, `rust_decimal` | Conversions between the [types](mod@types) of fields and those of these packages. |
//!
//! If several TLS features are enabled, the first one in this order is the default.
//! [`ClientBuilder::tls`] selects another one. Without a TLS feature, only `http` is supported.

pub mod auth;
mod base_url;
mod client;
mod clock;
pub mod codec;
mod delivery;
mod error;
mod error_response;
pub mod language;
pub mod operation;
mod redact;
#[doc(hidden)]
pub mod rt;
mod time_limit;
pub mod transport;
pub mod types;

pub use api_runtime_macros::api;
pub use ureq::http;

#[doc(inline)]
pub use crate::auth::Credentials;
pub use crate::client::Client;
pub use crate::client::builder::ClientBuilder;
pub use crate::client::by_name::{Argument, RequestByName};
pub use crate::client::curl::CurlVariables;
pub use crate::client::events::{Event, Events};
pub use crate::client::observe::AttemptEvent;
pub use crate::client::pages::Items;
pub use crate::client::polls::Polls;
pub use crate::client::preview::RequestPreview;
pub use crate::client::progress::{Progress, WaitProgress};
pub use crate::client::response::Response;
pub use crate::client::retry::RetryPolicy;
pub use crate::client::wait::{OnPoll, OnProgress, Wait, wait};
pub use crate::clock::{Clock, Interrupt, ManualClock, SystemClock};
pub use crate::codec::secret::Secret;
pub use crate::codec::upload::Upload;
pub use crate::delivery::Delivery;
pub use crate::error::{Error, ErrorKind};
pub use crate::redact::ServerText;
#[cfg(feature = "_tls")]
#[doc(inline)]
pub use crate::transport::Tls;
#[doc(inline)]
pub use crate::transport::{NetworkVariables, Proxy, Timeouts};
