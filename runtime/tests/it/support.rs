//! Clients with scripted responses.

use api_runtime::Client;
use api_runtime::transport::{RecordedRequest, Scripted};

/// Returns a client that receives the responses of a script.
pub(crate) fn client(script: &Scripted) -> Client {
    let builder = Client::builder("http://127.0.0.1:1/base").transport(script.clone());
    builder.build().unwrap()
}

/// Returns a client that receives the response `{}` once, and its script.
pub(crate) fn answered() -> (Client, Scripted) {
    let script = Scripted::new().respond(200, "{}");
    (client(&script), script)
}

/// Returns the only request that was sent.
#[track_caller]
pub(crate) fn sent(script: &Scripted) -> RecordedRequest {
    let requests = script.requests();
    assert_eq!(requests.len(), 1);
    requests.into_iter().next().unwrap()
}
