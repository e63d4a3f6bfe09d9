//! Endpoints as data: how to send the request and how to interpret the response.
//!
//! Generated code defines one constant [`Operation`] per endpoint and passes it to
//! [`Client::send`](crate::Client::send) together with a [`Request`](crate::codec::Request). It also
//! lists all endpoints of an API as [`Endpoint`]s, which
//! [`Client::call_by_name`](crate::Client::call_by_name) takes.

mod bounds;
mod credential_location;
mod definition;
mod endpoint;
mod error_shape;
mod event_stream;
mod field;
mod method;
mod style;

pub use self::bounds::{Bounds, Size, Unit, Violation};
pub use self::credential_location::CredentialLocation;
pub use self::definition::{BodyFormat, Operation, ResponseBody, Retry};
pub use self::endpoint::Endpoint;
pub use self::error_shape::{Condition, ErrorShape, Literal, Test};
pub use self::event_stream::{EventFormat, EventStream};
pub use self::field::{Field, FieldKind, FieldLocation};
pub use self::method::Method;
pub use self::style::FieldStyle;
pub(crate) use self::style::is_json;
