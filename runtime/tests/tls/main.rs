//! Each kind of TLS that the features bring, over real sockets: `.ci/run` names the sets of
//! features that this is built with.

mod failures;
mod kinds;
mod platform;
mod server;

use api_runtime::{Client, ClientBuilder, Error, ManualClock, Proxy, Tls};

mod api {
    #![allow(missing_docs)]
    api_runtime::api! { r#"
        [api]
        name = "Clock"
        doc = "Tells the time."

        [endpoints.time.show]
        doc = "Shows the time."
        http = "GET /time"
        response = { now = "string" }
    "# }
}

/// All that there are, the one that is used unless another is chosen first.
const KINDS: &[Tls] = &[
    #[cfg(feature = "rustls")]
    Tls::Rustls,
    #[cfg(feature = "platform-verifier")]
    Tls::Platform,
    #[cfg(feature = "native-tls")]
    Tls::Native,
];

/// A client that waits for nothing between its tries.
fn client(url: &str, tls: Tls, settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let builder = Client::builder(url)
        .tls(tls)
        .proxy(Proxy::None)
        .clock(ManualClock::new());
    settings(builder).build().expect("a client")
}

/// Asks for the time, which is always noon.
fn ask(client: &Client) -> Result<(), Error> {
    let answer = api::time::show(client, &api::time::Show::new())?;
    assert_eq!(answer.now, "12:00");
    Ok(())
}
