//! What the tests across the crates share.
//!
//! - [`wire`] is a server of raw bytes: it keeps what a client really sent, and answers with what
//!   the test wrote.
//! - [`pretty`] prints generated tokens as a person would read them.
//! - [`serve`] starts the local server.
//! - [`secret`] tells whether a token got into a text that people read.

pub mod pretty;
pub mod secret;
pub mod serve;
pub mod wire;
