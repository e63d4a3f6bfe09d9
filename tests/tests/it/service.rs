//! The client against the local server: a real socket, real Python.

mod contexts;
mod outcomes;
mod waits;

use generated_client::api_runtime::{Client, Credentials};
use generated_client::{ExecutionContext, Language, Output, RunError};
use local_server::Server;
use tests::secret::{TOKEN, assert_absent_in, assert_not_in_error};

const CLUSTER: &str = "0123-456789-abcde";

/// A client of the server.
fn client(server: &Server) -> Client {
    let credentials = Credentials::bearer(TOKEN).unwrap();
    let client = Client::builder(server.url()).credentials(credentials);
    client.build().unwrap()
}

/// A server with one Python context.
fn python() -> (Server, ExecutionContext) {
    let server = tests::serve::start();
    let context = ExecutionContext::create(&client(&server), CLUSTER, Language::Python).unwrap();
    assert_absent_in(&format!("{context:?} {server:?}"));
    (server, context)
}

/// The error of a command that must give no output; it shows no token.
#[track_caller]
fn failure(outcome: Result<Output, RunError>) -> RunError {
    let error = outcome.expect_err("an error");
    assert_not_in_error(&error);
    error
}
