//! One TCP connection.

use std::fmt;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::buffers::Store;
use super::call::{self, Call};
use super::idle::Idle;
use super::patience::Patience;

/// The bottom of every connection but those through SOCKS.
///
/// - It holds bytes back until they must go out: before it listens, when the buffer is full, or
///   when the call says so. A small request thus leaves in one piece.
/// - It counts what it gave to the operating system.
/// - It waits in steps, so that deadlines and interrupts end it without a thread.
/// - It hears what a server said before it stopped listening.
pub(super) struct Socket {
    stream: TcpStream,
    store: Store,
    idle: Idle,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
    /// Why nothing can be sent any more, although an answer is there.
    refusal: Option<io::Error>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            store: Store::default(),
            idle: Idle::default(),
            read_timeout: None,
            write_timeout: None,
            refusal: None,
        }
    }

    fn flush(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        match self.send(timeout) {
            Err(Error::Io(error)) if is_gone(&error) && self.has_answer() => {
                self.refusal = Some(error);
                call::with(|call| call.refused = true);
                Ok(())
            }
            other => other,
        }
    }

    fn send(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        let mut left = self.store.take_output();
        let mut patience = Patience::new(timeout);
        while !left.is_empty() {
            let step = patience.step()?;
            if step != self.write_timeout {
                self.stream.set_write_timeout(step)?;
                self.write_timeout = step;
            }
            match (&self.stream).write(left) {
                Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Ok(sent) => {
                    call::with(|call| call.count(sent));
                    left = &left[sent..];
                    if !left.is_empty() {
                        patience = Patience::new(timeout);
                    }
                }
                Err(error) if is_pause(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn receive(&mut self, timeout: NextTimeout) -> Result<usize, Error> {
        let mut patience = Patience::new(timeout);
        loop {
            let step = patience.step()?;
            if step != self.read_timeout {
                self.stream.set_read_timeout(step)?;
                self.read_timeout = step;
            }
            match (&self.stream).read(self.store.input_append_buf()) {
                Ok(read) => {
                    self.store.input_appended(read);
                    if read == 0 {
                        call::with(Call::closed);
                    }
                    return Ok(read);
                }
                Err(error) if is_pause(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether the server said something before it went away.
    fn has_answer(&mut self) -> bool {
        let read = self.without_waiting(|stream, store| {
            let mut stream = stream;
            let read = stream.read(store.input_append_buf())?;
            store.input_appended(read);
            Ok(read)
        });
        !self.store.input().is_empty() || read.is_ok_and(|read| read > 0)
    }

    /// Whether the server neither closed the connection nor said what nobody asked for.
    fn is_quiet(&mut self) -> bool {
        let peeked = self.without_waiting(|stream, _| stream.peek(&mut [0]));
        peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    fn without_waiting<T>(
        &mut self,
        work: impl FnOnce(&TcpStream, &mut Store) -> io::Result<T>,
    ) -> io::Result<T> {
        self.stream.set_nonblocking(true)?;
        let outcome = work(&self.stream, &mut self.store);
        self.stream.set_nonblocking(false)?;
        outcome
    }
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.store
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.idle.used();
        self.store.hold(amount);
        if self.refusal.is_some() {
            // Nobody listens, and the answer must be reached.
            self.store.take_output();
            return Ok(());
        }
        if call::with(|call| call.pushes()) || self.store.is_crowded() {
            self.flush(timeout)?;
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.idle.used();
        if self.store.holds_output() {
            self.flush(timeout)?;
            if self.store.can_use_input() {
                return Ok(true);
            }
        }
        let received = self.receive(timeout);
        match (received, self.refusal.take()) {
            (Ok(0) | Err(Error::Io(_)), Some(refusal)) => Err(refusal.into()),
            (received, refusal) => {
                self.refusal = refusal;
                Ok(received? > 0)
            }
        }
    }

    fn is_open(&mut self) -> bool {
        if self.store.holds_output() || !self.store.input().is_empty() || self.refusal.is_some() {
            return false;
        }
        self.idle.may_be_open() && (self.idle.returns() || self.is_quiet())
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Socket").field(&self.stream).finish()
    }
}

/// Whether a step of waiting ended. Elsewhere than on Windows `TimedOut` is the word of a system
/// that gave the connection up.
fn is_pause(error: &io::Error) -> bool {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => true,
        ErrorKind::TimedOut => cfg!(windows),
        _ => false,
    }
}

fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    )
}
