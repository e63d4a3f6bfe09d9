//! The generated client and the local server, with real Python.

mod contexts;
mod outcomes;
mod waits;

use generated_client::api_runtime::{Client, Credentials};
use generated_client::{ExecutionContext, Language, Output, RunError};
use local_server::Server;
use tests::secret::{TOKEN, assert_absent_in, assert_not_in_error};

const CLUSTER: &str = "0123-456789-abcde";

/// Creates a client of the server.
fn client(server: &Server) -> Client {
    let credentials = Credentials::bearer(TOKEN).unwrap();
    let client = Client::builder(server.url()).credentials(credentials);
    client.build().unwrap()
}

/// Starts a server and creates a Python context.
fn python() -> (Server, ExecutionContext) {
    let server = tests::serve::start();
    let context = ExecutionContext::create(&client(&server), CLUSTER, Language::Python).unwrap();
    assert_absent_in(&format!("{context:?} {server:?}"));
    (server, context)
}

/// Returns the error of a command, after checking that it does not contain the token.
#[track_caller]
fn failure(result: Result<Output, RunError>) -> RunError {
    let error = result.expect_err("the command should fail");
    assert_not_in_error(&error);
    error
}
