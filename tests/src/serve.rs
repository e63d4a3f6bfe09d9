//! Local server for tests that run Python.

use std::time::Duration;

use local_server::{Options, Server};

use crate::secret::TOKEN;

/// Starts a server on a free port that requires [`TOKEN`].
///
/// # Panics
///
/// If the server does not start.
pub fn start() -> Server {
    // On a busy machine, a canceled command can take longer to end than the default.
    start_with(Options::new().cancel_grace(Duration::from_secs(600)))
}

/// Starts a server with these options that requires [`TOKEN`].
///
/// # Panics
///
/// If the server does not start.
pub fn start_with(options: Options) -> Server {
    Server::start(options.token(TOKEN)).expect("the server should start")
}
