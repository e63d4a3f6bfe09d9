//! Transports, which send HTTP requests.
//!
//! [`Http`] sends them over the network. [`Scripted`] responds from memory, for tests without a
//! server. Implement [`Transport`] to send them in another way.

mod body;
mod call;
mod error;
mod http;
mod inspection;
mod scripted;
mod stream;
mod timeouts;
mod variables;

pub use self::body::Body;
pub use self::call::{Call, Limits, Transport};
pub use self::error::{TransportError, TransportErrorKind};
pub use self::http::Http;
pub use self::http::config::HttpBuilder;
pub use self::http::proxy::Proxy;
#[cfg(feature = "_tls")]
pub use self::http::tls::Tls;
pub use self::inspection::{Inspection, TlsInspection};
pub use self::scripted::{RecordedRequest, Scripted};
pub use self::stream::BodyStream;
pub use self::timeouts::Timeouts;
pub use self::variables::NetworkVariables;
