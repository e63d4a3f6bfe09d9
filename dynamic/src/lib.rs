#![doc = include_str!("../README.md")]

mod describe;
mod endpoint;
mod field_path;
mod pages;
mod wait;

pub use crate::endpoint::Endpoint;
pub use crate::pages::Pages;
pub use crate::wait::{Polled, Waiter};
