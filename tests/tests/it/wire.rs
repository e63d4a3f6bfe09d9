//! Requests and responses of the generated client, byte by byte.

mod connections;
mod disconnects;
mod error_responses;
mod escapes;
mod form;
mod page_urls;
mod proxy;
mod requests;
mod responses;
mod settings;
mod upload;

use api_runtime::ClientBuilder;
use generated_client::config::Environment;
use generated_client::{Config, Credentials, Error, Language, commands, contexts};
use test_server::Server;
use tests::secret::{TOKEN, assert_absent_in, assert_not_in_error, assert_not_shown};

type Client = api_runtime::Client;

const CLUSTER: &str = "0123-456789-abcde";
/// Larger than 2^53, like ids of Databricks.
const CONTEXT: &str = "1793653964133248955";
const COMMAND: &str = "1234ab56-7890-1cde-234f-5abcdef67890";

/// Creates a client with default settings and [`TOKEN`] as bearer token.
fn client(server: &Server) -> Client {
    let client = builder(&server.url()).build().unwrap();
    assert_no_token(&client);
    client
}

/// Returns the builder of such a client.
fn builder(host: &str) -> ClientBuilder {
    let config = Config::new().host(host).token(TOKEN);
    // Independent of the environment of this process.
    let environment = Environment::from_pairs(None, Vec::<(String, String)>::new());
    let settings = config.resolve(&environment).unwrap();
    assert_absent_in(&format!("{config:?} {settings:?}"));
    settings.client_builder()
}

/// Creates a client with these credentials and no Databricks settings.
fn client_with(server: &Server, credentials: Credentials) -> Client {
    let client = Client::builder(server.url())
        .credentials(credentials)
        .build()
        .unwrap();
    assert_no_token(&client);
    client
}

/// Checks that the output of a client and of its credentials does not contain the token.
fn assert_no_token(client: &Client) {
    assert_absent_in(&format!("{client:?} {client:#?}"));
    assert_not_shown(client.credentials());
}

/// Returns the error of a call, after checking that it does not contain the token.
#[track_caller]
fn failure<T>(result: Result<T, Error>) -> Error {
    let error = result.err().expect("the call should fail");
    assert_not_in_error(&error);
    error
}

fn create() -> contexts::Create {
    contexts::Create::new(CLUSTER, Language::Python)
}

fn command_status(client: &Client) -> Result<commands::StatusResponse, Error> {
    commands::status(client, &commands::Status::new(CLUSTER, CONTEXT, COMMAND))
}
