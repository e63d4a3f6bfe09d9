//! Each time limit of the table in the documentation of the crate, against servers that never finish.

use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use api_runtime::auth::{CachedToken, ClientCredentials};
use api_runtime::{
    Client, ClientBuilder, Credentials, Error, ErrorKind, Interrupt, Progress, Proxy, RetryPolicy,
    Timeouts, Wait,
};
use test_server::{Connection, Server};

mod api {
    #![allow(missing_docs)]
    api_runtime::api! { r#"
        [api]
        name = "Jobs"
        doc = "Runs jobs."

        [endpoints.jobs.show]
        doc = "Shows a job."
        http = "GET /job"
        response = { state = "string" }

        [endpoints.jobs.start]
        doc = "Starts a job."
        http = "POST /job"
        retry = "never"
        json = { code = "string" }
        response = { id = "string" }
    "# }
}

use api::jobs;

/// Time limit of the tests.
const SHORT: Duration = Duration::from_millis(200);

/// Only a call that ignores its limits takes this long.
const TOO_LONG: Duration = Duration::from_secs(60);

/// Point at which a server stops, or sends the same bytes forever.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    #[cfg(feature = "_tls")]
    TlsHandshake,
    HttpProxy,
    SocksGreeting,
    SocksReply,
    Silence,
    StatusLine,
    Head,
    Informational,
    Body,
    BodyWithoutLength,
    ChunkExtension,
    Chunks,
    Trailers,
    #[cfg(feature = "gzip")]
    Gzip,
    ErrorBody,
    Upload,
}

impl Stage {
    const ALL: &[Self] = &[
        #[cfg(feature = "_tls")]
        Self::TlsHandshake,
        Self::HttpProxy,
        Self::SocksGreeting,
        Self::SocksReply,
        Self::Silence,
        Self::StatusLine,
        Self::Head,
        Self::Informational,
        Self::Body,
        Self::BodyWithoutLength,
        Self::ChunkExtension,
        Self::Chunks,
        Self::Trailers,
        #[cfg(feature = "gzip")]
        Self::Gzip,
        Self::ErrorBody,
        Self::Upload,
    ];

    /// Returns whether the request is not sent before this point.
    fn is_connecting(self) -> bool {
        match self {
            #[cfg(feature = "_tls")]
            Self::TlsHandshake => true,
            Self::HttpProxy | Self::SocksGreeting | Self::SocksReply => true,
            _ => false,
        }
    }

    /// Returns the bytes that the server sends first, and those that it repeats.
    fn script(self) -> (&'static [u8], &'static [u8]) {
        match self {
            // A TLS record with a handshake message that is never complete.
            #[cfg(feature = "_tls")]
            Self::TlsHandshake => (b"\x16\x03\x03\x40\0", b"\0"),
            Self::SocksGreeting | Self::Silence => (b"", b""),
            Self::SocksReply => (b"\x05\0\x05\0\0\x03\xff", b"a"),
            Self::HttpProxy | Self::StatusLine => (b"HTTP/1.1 200 ", b"a"),
            Self::Head => (b"HTTP/1.1 200 OK\r\nname: ", b"a"),
            Self::Informational => (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
            Self::Body => (b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n", b" "),
            Self::BodyWithoutLength => (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
            Self::ChunkExtension => (
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;",
                b"a",
            ),
            Self::Chunks => (
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                b"1\r\n \r\n",
            ),
            Self::Trailers => (
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nname: ",
                b"a",
            ),
            // A stored block (RFC 1951, section 3.2.4).
            #[cfg(feature = "gzip")]
            Self::Gzip => (
                b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 99999\r\n\r\n\
                  \x1f\x8b\x08\0\0\0\0\0\0\xff\x01\0\x40\xff\xbf",
                b" ",
            ),
            Self::ErrorBody => (b"HTTP/1.1 503 Any\r\ncontent-length: 99999\r\n\r\n", b"a"),
            Self::Upload => (test_server::CONTINUE, b""),
        }
    }

    /// Serves a connection until the client closes it. Calls `on_start` before the point.
    fn serve(self, mut connection: Connection, on_start: &dyn Fn()) -> io::Result<()> {
        connection.has_data()?;
        match self {
            #[cfg(feature = "_tls")]
            Self::TlsHandshake => {}
            Self::SocksGreeting | Self::SocksReply => {}
            _ => drop(connection.read_head()?),
        }
        let (start, repeated) = self.script();
        connection.send(start)?;
        on_start();
        if self == Self::Upload {
            connection.hang();
            return Ok(());
        }
        if repeated.is_empty() {
            return connection.wait_for_close();
        }
        loop {
            connection.send(repeated)?;
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Starts a server, and returns a builder of clients that reach it.
fn start(stage: Stage, on_start: impl Fn() + Send + Sync + 'static) -> (Server, ClientBuilder) {
    let server = Server::start(move |connection| stage.serve(connection, &on_start));
    let through = |scheme: &str| {
        let proxy = Proxy::Url(format!("{scheme}://{}", server.address()));
        let builder = Client::builder("http://server.test").allow_plain_http();
        builder.proxy(proxy)
    };
    let builder = match stage {
        #[cfg(feature = "_tls")]
        Stage::TlsHandshake => Client::builder(server.https_url()),
        Stage::HttpProxy => through("http"),
        Stage::SocksGreeting | Stage::SocksReply => through("socks5h"),
        _ => Client::builder(server.url()),
    };
    (server, builder)
}

/// Sends a request that a server in this stage never completes.
fn call(client: &Client, stage: Stage) -> Result<(), Error> {
    if stage == Stage::Upload {
        // More than the buffers of both sockets.
        let code = "x".repeat(16 << 20);
        return jobs::start(client, &jobs::Start::new(code)).map(drop);
    }
    jobs::show(client, &jobs::Show::new()).map(drop)
}

/// Runs a check for each stage, in parallel.
fn for_each_stage(check: fn(Stage)) {
    thread::scope(|scope| {
        for stage in Stage::ALL {
            scope.spawn(move || check(*stage));
        }
    });
}

/// Runs `work` and panics if it takes too long.
fn in_time<T: Send + 'static>(stage: Stage, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    let result = receiver.recv_timeout(TOO_LONG);
    result.unwrap_or_else(|_| panic!("{stage:?}: no result after {TOO_LONG:?}"))
}

/// Checks the error of a call that ended at a limit.
fn check_timeout(stage: Stage, error: &Error) {
    assert!(error.is_timeout(), "{stage:?}: {error}");
    if stage.is_connecting() {
        assert_eq!(error.kind(), ErrorKind::Connect, "{stage:?}: {error}");
        assert!(!error.may_have_been_processed(), "{stage:?}: {error}");
    }
}

#[test]
fn call_ends_at_its_timeout() {
    for_each_stage(|stage| {
        let (_server, builder) = start(stage, || {});
        let client = builder.timeout(SHORT).build().unwrap();
        let error = in_time(stage, move || call(&client, stage).unwrap_err());
        check_timeout(stage, &error);
        assert_eq!(error.attempts(), 1, "{stage:?}: {error}");
    });
}

#[test]
fn call_ends_at_its_deadline() {
    for_each_stage(|stage| {
        let (_server, builder) = start(stage, || {});
        let client = builder.build().unwrap();
        let client = client.deadline(Some(client.clock().now() + SHORT));
        let error = in_time(stage, move || call(&client, stage).unwrap_err());
        check_timeout(stage, &error);
    });
}

#[test]
fn each_phase_ends_at_its_timeout_without_a_limit_of_the_call() {
    for_each_stage(|stage| {
        let mut timeouts = Timeouts::default();
        timeouts.connect = Some(SHORT);
        timeouts.response = Some(SHORT);
        timeouts.idle = Some(SHORT);
        let (_server, builder) = start(stage, || {});
        let builder = builder.timeouts(timeouts).retries(RetryPolicy::none());
        let client = builder.build().unwrap();
        let error = in_time(stage, move || call(&client, stage).unwrap_err());
        check_timeout(stage, &error);
    });
}

#[test]
fn interrupt_ends_a_call() {
    for_each_stage(|stage| {
        let interrupt = Interrupt::new();
        let handle = interrupt.clone();
        let (_server, builder) = start(stage, move || handle.raise());
        let client = builder.interrupt(interrupt.clone()).build().unwrap();
        let error = in_time(stage, move || call(&client, stage).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{stage:?}: {error}");
    });
}

#[test]
fn wait_ends_at_its_timeout() {
    for_each_stage(|stage| {
        let (_server, builder) = start(stage, || {});
        let client = builder.build().unwrap();
        let error = in_time(stage, move || {
            let mut poll = |client: &Client| call(client, stage);
            let options = Wait::new().timeout(SHORT);
            let progress = |(): &()| Progress::Done;
            api_runtime::wait(&client, options, "jobs.start", &mut poll, progress).unwrap_err()
        });
        assert_eq!(error.kind(), ErrorKind::WaitTimeout, "{stage:?}: {error}");
        assert!(
            error.message().ends_with(" s; there was no response"),
            "{stage:?}: {error}"
        );
    });
}

fn pending(job: &jobs::ShowResponse) -> Progress<'_> {
    Progress::Pending(&job.state)
}

#[test]
fn wait_ends_at_its_timeout_during_a_later_poll() {
    let server = Server::start(|mut connection| {
        connection.read_request()?;
        connection.respond(200, &[], r#"{"state": "running"}"#)?;
        Stage::Body.serve(connection, &|| {})
    });
    let client = Client::builder(server.url()).build().unwrap();
    let error = in_time(Stage::Body, move || {
        let mut poll = |client: &Client| jobs::show(client, &jobs::Show::new());
        let options = Wait::new().timeout(Duration::from_secs(1));
        api_runtime::wait(&client, options, "jobs.start", &mut poll, pending).unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::WaitTimeout, "{error}");
    assert!(
        error.message().ends_with("; the last status was `running`"),
        "{error}"
    );
}

#[test]
fn body_for_a_sink_may_arrive_slowly() {
    let server = Server::start(|mut connection| {
        connection.read_request()?;
        connection.send("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n")?;
        connection.send_slowly(b"12345678", Duration::from_millis(500))
    });
    let mut timeouts = Timeouts::default();
    // Shorter than the response takes, and much longer than the pauses.
    timeouts.idle = Some(Duration::from_secs(3));
    let builder = Client::builder(server.url()).timeouts(timeouts);
    let client = builder.build().unwrap();
    let mut written = Vec::new();
    let request = jobs::Show::new();
    let operation = jobs::Show::OPERATION;
    client.send_into(operation, &request, &mut written).unwrap();
    assert_eq!(written, b"12345678");
}

#[test]
fn token_request_ends_at_the_deadline_of_its_call() {
    for_each_stage(|stage| {
        let (server, builder) = start(stage, || {});
        if matches!(stage, Stage::Upload) || stage.is_connecting() {
            return;
        }
        let source = ClientCredentials::new(&format!("{}/token", server.url()), "id", "secret");
        let credentials = Credentials::custom(CachedToken::new(source.unwrap()));
        let client = builder.credentials(credentials).timeout(SHORT).build();
        let client = client.unwrap();
        let error = in_time(stage, move || call(&client, stage).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::Timeout, "{stage:?}: {error}");
        // The request of the call was not sent.
        assert!(!error.may_have_been_processed(), "{stage:?}: {error}");
        assert!(server.requests().is_empty());
    });
}
