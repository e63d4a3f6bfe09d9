//! Tests of all enabled TLS libraries, over real sockets. `.ci/run` builds them with several sets of
//! features.

mod ca_files;
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
        doc = "Returns the time."

        [endpoints.time.show]
        doc = "Returns the time."
        http = "GET /time"
        response = { now = "string" }
    "# }
}

/// All enabled TLS libraries, beginning with the default.
const ALL: &[Tls] = &[
    #[cfg(feature = "rustls")]
    Tls::Rustls,
    #[cfg(feature = "platform-verifier")]
    Tls::Platform,
    #[cfg(feature = "native-tls")]
    Tls::Native,
];

/// Creates a client without delays between attempts.
fn client(url: &str, tls: Tls, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let builder = Client::builder(url)
        .tls(tls)
        .proxy(Proxy::None)
        .clock(ManualClock::new());
    configure(builder).build().expect("a client")
}

/// Sends a request and checks the response.
fn show_time(client: &Client) -> Result<(), Error> {
    let response = api::time::show(client, &api::time::Show::new())?;
    assert_eq!(response.now, "12:00");
    Ok(())
}
