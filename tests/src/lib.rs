//! Helpers shared by the tests across crates.
//!
//! - [`pretty`] formats generated code.
//! - [`sdk`] runs programs with the official SDK.
//! - [`serve`] starts the local server.
//! - [`secret`] checks that no token is part of a message.

pub mod pretty;
pub mod sdk;
pub mod secret;
pub mod serve;
