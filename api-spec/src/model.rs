//! Checked model of a spec.
//!
//! Only [`parse`](crate::parse) creates these values. Every reference in them resolves, every Rust
//! name is a valid identifier and unique in its scope, and every waiter lists all values of the status
//! it polls for. Lists keep the order of the file.

mod api;
mod auth;
mod declared;
mod endpoint;
mod field;
mod field_path;
mod field_table;
mod humps;
mod literal;
mod method;
pub mod names;
mod pages;
mod response;
mod select;
mod stub;
mod types;
mod waiter;

pub use api::{Api, Condition, ErrorShape, Group, Test, Transient};
pub use auth::{Auth, Credential, CredentialLocation};
pub use declared::{Enum, Id, KindVariant, SharedFields, Struct, Union, Value, Variant};
pub use endpoint::{Body, Endpoint, FieldLocation, Fixed, IdempotencyKey};
pub use field::{Bounds, Direction, Field, FieldStyle, Only, Presence};
pub use field_path::{FieldPath, Step};
pub use literal::{Float, Literal};
pub use method::{Method, MethodName, Retry};
pub use pages::{PageFlag, Pages, Pagination};
pub use response::{Case, Cases, EventFormat, EventStream, Response, ResponseHeaders};
pub use stub::{Stub, StubKind};
pub use types::{Builtin, JsonKind, Type};
pub use waiter::{Binding, Status, StatusType, Waiter};
