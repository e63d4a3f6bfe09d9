//! Tunnels through HTTP proxies (`CONNECT`, RFC 9110, section 9.3.6).
//!
//! The connector of `ureq` never reads the rest of a response that arrives in parts.

use std::io::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ureq::config::AutoHeaderValue;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, NextTimeout, Transport};
use ureq::{Error, Proxy};

use super::resolve::HostPort;

/// Maximum size of the head of the response to `CONNECT`.
const MAX_HEAD_BYTES: usize = 16 << 10;

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// Connection to the server through a proxy. It is not encrypted, even if that to the proxy is.
#[derive(Debug)]
pub(super) struct Tunnel(Box<dyn Transport>);

/// Requests a tunnel from the proxy that `transport` is connected to.
pub(super) fn open(
    mut transport: Box<dyn Transport>,
    proxy: &Proxy,
    details: &ConnectionDetails,
) -> Result<Tunnel, Error> {
    let request = request(proxy, details)?;
    let mut output = transport.buffers().output();
    output.write_all(&request)?;
    transport.transmit_output(request.len(), details.timeout)?;
    loop {
        let input = transport.buffers().input();
        let end = input
            .windows(END_OF_HEAD.len())
            .position(|bytes| bytes == END_OF_HEAD);
        if let Some(end) = end {
            check_status(&input[..end])?;
            transport.buffers().input_consume(end + END_OF_HEAD.len());
            return Ok(Tunnel(transport));
        }
        if input.len() > MAX_HEAD_BYTES {
            return Err(failed("the head of its response is too large"));
        }
        if !transport.await_input(details.timeout)? {
            return Err(failed("it closed the connection"));
        }
    }
}

fn request(proxy: &Proxy, details: &ConnectionDetails) -> Result<Vec<u8>, Error> {
    let server = HostPort::from_uri(details.uri)?;
    let host = details.uri.host().unwrap_or_default();
    let authority = format!("{host}:{}", server.port());
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    if let AutoHeaderValue::Provided(user_agent) = details.config.user_agent()
        && !user_agent.is_empty()
    {
        request += &["User-Agent: ", user_agent, "\r\n"].concat();
    }
    request += "Proxy-Connection: Keep-Alive\r\n";
    if proxy.username().is_some() || proxy.password().is_some() {
        let user = proxy.username().unwrap_or_default();
        let password = proxy.password().unwrap_or_default();
        let credentials = BASE64_STANDARD.encode(format!("{user}:{password}"));
        request += &["Proxy-Authorization: Basic ", &credentials, "\r\n"].concat();
    }
    request += "\r\n";
    Ok(request.into_bytes())
}

fn check_status(head: &[u8]) -> Result<(), Error> {
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let status = line
        .strip_prefix(b"HTTP/1.")
        .and_then(|rest| std::str::from_utf8(rest.get(2..5)?).ok()?.parse().ok());
    match status {
        Some(200..=299) => Ok(()),
        Some(status @ 100..=999) => Err(failed(&format!("it responded with {status}"))),
        Some(0_u16..) | None => Err(failed("its response is not HTTP")),
    }
}

fn failed(reason: &str) -> Error {
    Error::ConnectProxyFailed(reason.to_owned())
}

impl Transport for Tunnel {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.0.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        false
    }
}
