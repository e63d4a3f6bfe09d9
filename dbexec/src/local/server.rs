//! Local server of `dbexec run --local`.

use local_server::{Options, StartError};

pub(crate) use local_server::Server;

use super::{interpreters, token};
use crate::cli::InterpreterArgs;
use crate::error::{CliError, with_sources};

/// Starts a server in this process. Returns it and the token of its clients.
pub(crate) fn start(args: &InterpreterArgs) -> Result<(Server, String), CliError> {
    let token = token::generate()?;
    let options = interpreters::add_to(Options::new().token(&token), args);
    let server = Server::start(options)?;
    Ok((server, token))
}

impl From<StartError> for CliError {
    fn from(error: StartError) -> Self {
        if error.is_port_in_use() {
            return Self::service(&error).help("use `--port 0` to select a free port");
        }
        Self::service(with_sources(&error))
    }
}
