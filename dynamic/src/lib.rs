#![doc = include_str!("../README.md")]

mod describe;
mod endpoint;
mod field_path;
mod headers;
mod mismatch;
mod names;
mod pages;
mod response;
mod scalar;
mod sent_fields;
mod wait;

pub use crate::endpoint::Endpoint;
pub use crate::pages::Pages;
pub use crate::response::Response;
pub use crate::wait::{Polled, Waiter};
