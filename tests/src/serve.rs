//! The local server, for tests that run code for real.

use local_server::{Options, Server};

use crate::secret::TOKEN;

/// A server on a free port that lets in who sends [`TOKEN`].
///
/// # Panics
///
/// If it cannot listen.
pub fn start() -> Server {
    start_with(Options::new())
}

/// A server set up in another way, that lets in who sends [`TOKEN`].
///
/// # Panics
///
/// If it cannot listen.
pub fn start_with(options: Options) -> Server {
    Server::start(options.token(TOKEN)).expect("a free port")
}
