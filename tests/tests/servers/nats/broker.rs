//! A broker and client connections to it.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::ops::Deref;
use std::path::Path;
use std::sync::OnceLock;

use crate::running::Running;
use crate::setup::Program;

static NATS: Program = Program {
    name: "nats-server",
    version: "--version",
    versions: &["nats-server: v2."],
    package: "nats-server",
    member: "usr/sbin/nats-server",
    pinned: "n/nats-server/nats-server_2.9.10-1+b3",
    hashes: [
        (
            "x86_64",
            "amd64",
            "9f69ebb6f612e652382fde175622160dcd81fd97f2356f5da80bb5c3f48513dd",
        ),
        (
            "aarch64",
            "arm64",
            "7748c8906ffbaf4f08018c61eeeb5f5e57b4f7bd5307415a802450141b0ee8cd",
        ),
    ],
    found: OnceLock::new(),
};

pub(super) struct Broker(Running);

impl Broker {
    pub(super) fn start() -> Self {
        Self(Running::start(&NATS, "/healthz", arguments))
    }

    /// Connects clients with two subscriptions each, until the connections are dropped.
    pub(super) fn connect(&self, count: usize) -> Vec<TcpStream> {
        (0..count)
            .map(|number| self.client_connection(number))
            .collect()
    }

    fn client_connection(&self, number: usize) -> TcpStream {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.ports[1])).unwrap();
        let hello = format!(
            "CONNECT {{\"verbose\":false,\"name\":\"client-{number}\"}}\r\n\
             SUB a.{number} 1\r\nSUB b.{number} 2\r\nPING\r\n"
        );
        stream.write_all(hello.as_bytes()).unwrap();
        let mut lines = BufReader::new(&stream).lines().map(Result::unwrap);
        // The broker responds after it has processed the subscriptions.
        assert!(lines.any(|line| line == "PONG"));
        stream
    }
}

impl Deref for Broker {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.0
    }
}

fn arguments(_: &Path, [http, port]: [u16; 2]) -> Vec<String> {
    let arguments = format!("--addr 127.0.0.1 --port {port} --http_port {http}");
    arguments.split(' ').map(str::to_owned).collect()
}
