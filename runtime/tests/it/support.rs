//! A client over a script.

use api_runtime::Client;
use api_runtime::transport::{RecordedRequest, Scripted};

/// A client that is answered from this script.
pub(crate) fn client(script: &Scripted) -> Client {
    let builder = Client::builder("http://127.0.0.1:1/base").transport(script.clone());
    builder.build().unwrap()
}

/// A client that is answered `{}`, and its script.
pub(crate) fn answered() -> (Client, Scripted) {
    let script = Scripted::new().respond(200, "{}");
    (client(&script), script)
}

/// The one request that went out.
#[track_caller]
pub(crate) fn sent(script: &Scripted) -> RecordedRequest {
    let requests = script.requests();
    assert_eq!(requests.len(), 1);
    requests.into_iter().next().unwrap()
}
