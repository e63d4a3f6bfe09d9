//! SOCKS proxies: versions 4 and 4a, and version 5 (RFC 1928) with user name and password (RFC 1929).
//!
//! The connector of `ureq` supports neither interrupts nor the count of the bytes sent.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr};

use ureq::unversioned::transport::{ConnectionDetails, TransportAdapter};
use ureq::{Error, Proxy, ProxyProtocol};

use super::deadline::Deadline;
use super::dial;
use super::resolve::{DnsLookup, HostPort};
use super::socket::Socket;

/// Destination of the proxied connection.
enum Target {
    Address(SocketAddr),
    /// The proxy resolves the name.
    Name(String, u16),
}

/// Connects to the server of `details` through the proxy.
pub(super) fn connect(
    lookup: &DnsLookup,
    proxy: &Proxy,
    details: &ConnectionDetails,
) -> Result<Socket, Error> {
    let mut deadline = Deadline::new(details.timeout);
    let target = target(lookup, proxy, details, &mut deadline)?;
    let stream = dial::connect(lookup, HostPort::from_uri(proxy.uri())?, &mut deadline)?;
    let mut proxy_stream = TransportAdapter::new(Socket::new(stream), details.current_time.clone());
    proxy_stream.set_timeout(details.timeout);
    match proxy.protocol() {
        ProxyProtocol::Socks4 | ProxyProtocol::Socks4A => socks4(&mut proxy_stream, &target)?,
        _ => socks5(&mut proxy_stream, proxy, &target)?,
    }
    Ok(proxy_stream.into_inner())
}

fn target(
    lookup: &DnsLookup,
    proxy: &Proxy,
    details: &ConnectionDetails,
    deadline: &mut Deadline,
) -> Result<Target, Error> {
    let server = HostPort::from_uri(details.uri)?;
    if proxy.resolve_target() {
        let addresses = dial::resolve(lookup, server, deadline)?;
        let address = addresses.first().ok_or(Error::HostNotFound)?;
        return Ok(Target::Address(*address));
    }
    Ok(match server.ip_address() {
        Some(address) => Target::Address(address),
        None => Target::Name(server.host().to_owned(), server.port()),
    })
}

fn socks4(proxy: &mut (impl Read + Write), target: &Target) -> io::Result<()> {
    const CONNECT: [u8; 2] = [4, 1];
    /// Marks a request that ends with a host name instead of an address (SOCKS 4a).
    const BY_NAME: [u8; 4] = [0, 0, 0, 1];
    const NO_USER: u8 = 0;
    const GRANTED: u8 = 90;

    let mut request = CONNECT.to_vec();
    match target {
        Target::Address(SocketAddr::V6(_)) => {
            return Err(failure(
                ErrorKind::InvalidInput,
                "SOCKS 4 does not support IPv6",
            ));
        }
        Target::Address(SocketAddr::V4(address)) => {
            request.extend(address.port().to_be_bytes());
            request.extend(address.ip().octets());
            request.push(NO_USER);
        }
        Target::Name(name, port) => {
            request.extend(port.to_be_bytes());
            request.extend(BY_NAME);
            request.push(NO_USER);
            request.extend(name.bytes());
            request.push(0);
        }
    }
    proxy.write_all(&request)?;
    // The address at the end is meaningless.
    let [version, code, ..] = read::<8>(proxy)?;
    match (version, code) {
        (0, GRANTED) => Ok(()),
        (0, 91..=93) => Err(failure(ErrorKind::Other, "request rejected or failed")),
        _ => Err(not_socks()),
    }
}

fn socks5(proxy: &mut (impl Read + Write), settings: &Proxy, target: &Target) -> io::Result<()> {
    const CONNECT: [u8; 3] = [5, 1, 0];
    const IPV4: u8 = 1;
    const NAME: u8 = 3;
    const IPV6: u8 = 4;

    negotiate_authentication(proxy, settings)?;
    let mut request = CONNECT.to_vec();
    let port = match target {
        Target::Address(address) => {
            match address.ip() {
                IpAddr::V4(ip) => {
                    request.push(IPV4);
                    request.extend(ip.octets());
                }
                IpAddr::V6(ip) => {
                    request.push(IPV6);
                    request.extend(ip.octets());
                }
            }
            address.port()
        }
        Target::Name(name, port) => {
            request.push(NAME);
            push_text(&mut request, name, "host name")?;
            *port
        }
    };
    request.extend(port.to_be_bytes());
    proxy.write_all(&request)?;
    let [version, code, _, kind] = read(proxy)?;
    if version != 5 {
        return Err(not_socks());
    }
    if code != 0 {
        return Err(failure(ErrorKind::Other, reason(code)));
    }
    // The address that the proxy has bound is meaningless for clients, but part of the response.
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => u64::from(read::<1>(proxy)?[0]),
        _ => return Err(not_socks()),
    };
    skip(proxy, length + 2)
}

fn negotiate_authentication(proxy: &mut (impl Read + Write), settings: &Proxy) -> io::Result<()> {
    const NONE: u8 = 0;
    const PASSWORD: u8 = 2;

    let user = settings.username();
    let greeting: &[u8] = match user {
        Some(_) => &[5, 2, PASSWORD, NONE],
        None => &[5, 1, NONE],
    };
    proxy.write_all(greeting)?;
    match (read(proxy)?, user) {
        ([5, NONE], _) => Ok(()),
        ([5, PASSWORD], Some(user)) => {
            let mut request = vec![1];
            push_text(&mut request, user, "user name")?;
            push_text(&mut request, settings.password().unwrap_or(""), "password")?;
            proxy.write_all(&request)?;
            match read(proxy)? {
                [_, 0] => Ok(()),
                _ => Err(failure(
                    ErrorKind::PermissionDenied,
                    "user name or password rejected",
                )),
            }
        }
        ([5, _], _) => Err(failure(
            ErrorKind::PermissionDenied,
            "no supported authentication method",
        )),
        _ => Err(not_socks()),
    }
}

/// Appends a text after its length, which is from 1 to 255 bytes.
fn push_text(request: &mut Vec<u8>, text: &str, subject: &str) -> io::Result<()> {
    let Ok(length @ 1..) = u8::try_from(text.len()) else {
        let message = format!("the {subject} must have 1 to 255 bytes");
        return Err(failure(ErrorKind::InvalidInput, &message));
    };
    request.push(length);
    request.extend(text.bytes());
    Ok(())
}

fn read<const LENGTH: usize>(proxy: &mut impl Read) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    proxy.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(proxy: &mut impl Read, length: u64) -> io::Result<()> {
    match io::copy(&mut proxy.take(length), &mut io::sink())? {
        read if read == length => Ok(()),
        _ => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// Returns the meaning of a reply code (RFC 1928, section 6).
fn reason(code: u8) -> &'static str {
    match code {
        1 => "general failure",
        2 => "connection not allowed by the rules of the proxy",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "TTL expired",
        7 => "command not supported",
        8 => "address type not supported",
        _ => "unknown error",
    }
}

fn not_socks() -> io::Error {
    failure(ErrorKind::InvalidData, "the response is not SOCKS")
}

fn failure(kind: ErrorKind, reason: &str) -> io::Error {
    io::Error::new(kind, format!("SOCKS proxy: {reason}"))
}
