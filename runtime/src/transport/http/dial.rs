//! Makes TCP connections.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use ureq::Error;

use super::lookup::{Lookup, Place};
use super::patience::Patience;

/// Looks up and connects.
pub(super) fn open(
    lookup: &Lookup,
    place: Place,
    patience: &mut Patience,
) -> Result<TcpStream, Error> {
    let by = patience.left().map(|left| Instant::now() + left);
    if let Some(address) = place.literal()
        && address.ip().is_loopback()
    {
        // This machine answers at once, if only with a refusal.
        return connect(&[address], by).map_err(|error| told(error, patience));
    }
    let lookup = lookup.clone();
    let work = move || match place.literal() {
        Some(address) => connect(&[address], by),
        None => connect(&lookup.find(&place)?, by),
    };
    within(patience, work)
}

/// Looks up.
pub(super) fn find(
    lookup: &Lookup,
    place: Place,
    patience: &mut Patience,
) -> Result<Vec<SocketAddr>, Error> {
    if let Some(address) = place.literal() {
        return Ok(vec![address]);
    }
    let lookup = lookup.clone();
    within(patience, move || lookup.find(&place))
}

/// Does what can be neither bounded nor woken in a thread, and waits for it no longer than
/// `patience` has it. What is then not done ends by itself, unheard.
fn within<T: Send + 'static>(
    patience: &mut Patience,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    if !patience.is_bounded() {
        return Ok(work()?);
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("connect".into())
        .spawn(move || sender.send(work()))?;
    let done = loop {
        let Some(step) = patience.step()? else {
            break receiver.recv().map_err(|_| RecvTimeoutError::Disconnected);
        };
        match receiver.recv_timeout(step) {
            Err(RecvTimeoutError::Timeout) => {}
            done => break done,
        }
    };
    match done {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(told(error, patience)),
        Err(_) => Err(io::Error::other("the look-up panicked").into()),
    }
}

/// Tries one address after the other. Each but the last has half of the time that is left.
fn connect(addresses: &[SocketAddr], by: Option<Instant>) -> io::Result<TcpStream> {
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for (tried, address) in addresses.iter().enumerate() {
        let is_last = tried + 1 == addresses.len();
        let attempt = match by {
            None => TcpStream::connect(address),
            Some(by) => TcpStream::connect_timeout(address, share(by, is_last)),
        };
        match attempt {
            Ok(stream) => {
                // What is sent is complete; there is nothing to wait for.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn share(by: Instant, is_last: bool) -> Duration {
    let left = by.saturating_duration_since(Instant::now());
    let share = if is_last { left } else { left / 2 };
    share.max(Duration::from_millis(1))
}

/// The time of a connection ends in the operating system, or while it is waited for: the same.
fn told(error: io::Error, patience: &mut Patience) -> Error {
    if error.kind() == io::ErrorKind::TimedOut && patience.is_over() {
        return patience.verdict();
    }
    error.into()
}
