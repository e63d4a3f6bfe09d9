//! What the tests across the crates share.
//!
//! - [`pretty`] prints generated tokens as a person would read them.
//! - [`serve`] starts the local server.
//! - [`secret`] tells whether a token got into a text that people read.

pub mod pretty;
pub mod secret;
pub mod serve;
