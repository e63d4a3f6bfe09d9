//! Establishing TCP connections.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use ureq::Error;

use super::deadline::Deadline;
use super::resolve::{DnsLookup, HostPort};

/// Time after which a connection to this machine is continued in a thread, so that an interrupt is
/// noticed.
const LOOPBACK_TIMEOUT: Duration = Duration::from_millis(50);

/// Resolves the host and connects to it.
pub(super) fn connect(
    lookup: &DnsLookup,
    host: HostPort,
    deadline: &mut Deadline,
) -> Result<TcpStream, Error> {
    let end = deadline.time_left().map(|left| Instant::now() + left);
    if let Some(address) = host.ip_address()
        && address.ip().is_loopback()
    {
        // A connection to this machine succeeds or fails immediately and needs no thread, unless the
        // queue of the server is full.
        let soon = Instant::now() + LOOPBACK_TIMEOUT;
        let result = connect_to_any(&[address], Some(end.map_or(soon, |end| end.min(soon))));
        if !matches!(&result, Err(error) if error.kind() == io::ErrorKind::TimedOut) {
            return result.map_err(|error| connect_error(error, deadline));
        }
    }
    let lookup = lookup.clone();
    let connect = move || match host.ip_address() {
        Some(address) => connect_to_any(&[address], end),
        None => connect_to_any(&lookup.look_up(&host)?, end),
    };
    run_bounded(deadline, connect)
}

/// Resolves the host.
pub(super) fn resolve(
    lookup: &DnsLookup,
    host: HostPort,
    deadline: &mut Deadline,
) -> Result<Vec<SocketAddr>, Error> {
    if let Some(address) = host.ip_address() {
        return Ok(vec![address]);
    }
    let lookup = lookup.clone();
    run_bounded(deadline, move || lookup.look_up(&host))
}

/// Runs blocking work that has no timeout in a thread, and waits for it until the deadline. The
/// thread is then left running, and its result is ignored.
fn run_bounded<T: Send + 'static>(
    deadline: &mut Deadline,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    if !deadline.is_bounded() {
        return Ok(work()?);
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("connect".into())
        .spawn(move || sender.send(work()))?;
    let result = loop {
        let Some(step) = deadline.next_step()? else {
            break receiver.recv().map_err(|_| RecvTimeoutError::Disconnected);
        };
        match receiver.recv_timeout(step) {
            Err(RecvTimeoutError::Timeout) => {}
            result => break result,
        }
    };
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(connect_error(error, deadline)),
        Err(_) => Err(io::Error::other("the DNS lookup panicked").into()),
    }
}

/// Connects to the first address that accepts a connection. Each attempt but the last gets half of
/// the remaining time.
fn connect_to_any(addresses: &[SocketAddr], end: Option<Instant>) -> io::Result<TcpStream> {
    let mut last_error = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for (index, address) in addresses.iter().enumerate() {
        let is_last = index + 1 == addresses.len();
        let result = match end {
            None => TcpStream::connect(address),
            Some(end) => TcpStream::connect_timeout(address, time_share(end, is_last)),
        };
        match result {
            Ok(stream) => {
                // Writes are complete messages: delaying them (Nagle's algorithm) gains nothing.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last_error = error,
        }
    }
    Err(last_error)
}

fn time_share(end: Instant, is_last: bool) -> Duration {
    let left = end.saturating_duration_since(Instant::now());
    let share = if is_last { left } else { left / 2 };
    // A timeout of zero is an error.
    share.max(Duration::from_millis(1))
}

/// Returns the same error whether the deadline passes in the operating system or in this process.
fn connect_error(error: io::Error, deadline: &mut Deadline) -> Error {
    if error.kind() == io::ErrorKind::TimedOut && deadline.has_passed() {
        return deadline.timeout_error();
    }
    error.into()
}
