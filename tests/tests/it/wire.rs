//! What goes over the wire, to the byte, against a server of raw bytes.

mod answers;
mod connections;
mod escapes;
mod faults;
mod form;
mod proxy;
mod refusals;
mod requests;
mod settings;
mod upload;

use api_runtime::ClientBuilder;
use generated_client::config::Environment;
use generated_client::{Config, Credentials, Error, Language, commands, contexts};
use test_server::Server;
use tests::secret::{TOKEN, assert_absent_in, assert_not_in_error, assert_not_shown};

type Client = api_runtime::Client;

const CLUSTER: &str = "0123-456789-abcde";
/// Beyond 2^53, as real ones.
const CONTEXT: &str = "1793653964133248955";
const COMMAND: &str = "1234ab56-7890-1cde-234f-5abcdef67890";

/// A client as a user makes it, with [`TOKEN`] as its bearer token.
fn client(server: &Server) -> Client {
    let client = builder(&server.url()).build().unwrap();
    assert_silent(&client);
    client
}

/// The settings of such a client.
fn builder(host: &str) -> ClientBuilder {
    let config = Config::new().host(host).token(TOKEN);
    // Nothing of this machine's surroundings.
    let nowhere = Environment::from_pairs(None, Vec::<(String, String)>::new());
    let settings = config.resolve(&nowhere).unwrap();
    assert_absent_in(&format!("{config:?} {settings:?}"));
    settings.client_builder()
}

/// A client without the ways of Databricks.
fn client_with(server: &Server, credentials: Credentials) -> Client {
    let client = Client::builder(server.url())
        .credentials(credentials)
        .build()
        .unwrap();
    assert_silent(&client);
    client
}

/// Neither a client nor its credentials show the token.
fn assert_silent(client: &Client) {
    assert_absent_in(&format!("{client:?} {client:#?}"));
    assert_not_shown(client.credentials());
}

/// The error of a call that must fail; it shows no token.
#[track_caller]
fn failure<T>(outcome: Result<T, Error>) -> Error {
    let error = outcome.err().expect("an error");
    assert_not_in_error(&error);
    error
}

fn create() -> contexts::Create {
    contexts::Create::new(CLUSTER, Language::Python)
}

fn command_status(client: &Client) -> Result<commands::StatusResponse, Error> {
    commands::status(client, &commands::Status::new(CLUSTER, CONTEXT, COMMAND))
}
