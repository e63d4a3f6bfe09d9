//! TCP connections.

use std::fmt;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::buffers::SocketBuffers;
use super::call_state::{self, CallState};
use super::deadline::Deadline;
use super::idle::IdleTimer;

/// The lowest layer of every connection.
///
/// - Writes are held back until a read, until the buffer is half full, or until the state of the
///   call requires a flush. A small request is thus sent in one packet.
/// - The bytes passed to the operating system are counted.
/// - Reads and writes wait in steps, so that deadlines and interrupts need no thread.
/// - If the server responds and closes the connection before it has read the whole request, the
///   response is read.
pub(super) struct Socket {
    stream: TcpStream,
    buffers: SocketBuffers,
    idle: IdleTimer,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
    /// Error of a failed write, kept while the response that the server has sent is read.
    write_error: Option<io::Error>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            buffers: SocketBuffers::default(),
            idle: IdleTimer::default(),
            read_timeout: None,
            write_timeout: None,
            write_error: None,
        }
    }

    fn flush(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        match self.write_pending(timeout) {
            Err(Error::Io(error)) if is_disconnect(&error) && self.has_response() => {
                self.write_error = Some(error);
                call_state::with(CallState::set_write_failed);
                Ok(())
            }
            result => result,
        }
    }

    fn write_pending(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        let mut left = self.buffers.take_pending();
        let mut deadline = Deadline::new(timeout);
        while !left.is_empty() {
            let step = deadline.next_step()?;
            if step != self.write_timeout {
                self.stream.set_write_timeout(step)?;
                self.write_timeout = step;
            }
            match (&self.stream).write(left) {
                Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Ok(sent) => {
                    call_state::with(|call| call.add_sent(sent));
                    left = &left[sent..];
                    if !left.is_empty() {
                        deadline = Deadline::new(timeout);
                    }
                }
                Err(error) if is_step_over(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn read_some(&mut self, timeout: NextTimeout) -> Result<usize, Error> {
        let mut deadline = Deadline::new(timeout);
        loop {
            let step = deadline.next_step()?;
            if step != self.read_timeout {
                self.stream.set_read_timeout(step)?;
                self.read_timeout = step;
            }
            match (&self.stream).read(self.buffers.input_append_buf()) {
                Ok(read) => {
                    self.buffers.input_appended(read);
                    if read == 0 {
                        call_state::with(CallState::set_closed);
                    }
                    return Ok(read);
                }
                Err(error) if is_step_over(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Returns whether the server has sent anything before it closed the connection.
    fn has_response(&mut self) -> bool {
        let read = self.with_nonblocking(|stream, buffers| {
            let mut stream = stream;
            let read = stream.read(buffers.input_append_buf())?;
            buffers.input_appended(read);
            Ok(read)
        });
        !self.buffers.input().is_empty() || read.is_ok_and(|read| read > 0)
    }

    /// Returns whether the server has neither closed the connection nor sent anything unrequested.
    fn is_quiet(&mut self) -> bool {
        let peeked = self.with_nonblocking(|stream, _| stream.peek(&mut [0]));
        peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    fn with_nonblocking<T>(
        &mut self,
        work: impl FnOnce(&TcpStream, &mut SocketBuffers) -> io::Result<T>,
    ) -> io::Result<T> {
        self.stream.set_nonblocking(true)?;
        let outcome = work(&self.stream, &mut self.buffers);
        self.stream.set_nonblocking(false)?;
        outcome
    }
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.idle.reset();
        self.buffers.add_pending(amount);
        if self.write_error.is_some() {
            // The rest of the request is dropped, so that `ureq` reads the response.
            self.buffers.take_pending();
            return Ok(());
        }
        if call_state::with(|call| call.must_flush()) || self.buffers.is_nearly_full() {
            self.flush(timeout)?;
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.idle.reset();
        if self.buffers.has_pending() {
            self.flush(timeout)?;
            if self.buffers.can_use_input() {
                return Ok(true);
            }
        }
        let received = self.read_some(timeout);
        match (received, self.write_error.take()) {
            // The response is incomplete: the failed write is the error to report.
            (Ok(0) | Err(Error::Io(_)), Some(write_error)) => Err(write_error.into()),
            (received, write_error) => {
                self.write_error = write_error;
                Ok(received? > 0)
            }
        }
    }

    fn is_open(&mut self) -> bool {
        if self.buffers.has_pending()
            || !self.buffers.input().is_empty()
            || self.write_error.is_some()
        {
            return false;
        }
        self.idle.is_fresh_enough() && (self.idle.start() || self.is_quiet())
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Socket").field(&self.stream).finish()
    }
}

/// Returns whether the timeout of a step has expired.
///
/// `TimedOut` has this meaning on Windows only. On other systems it reports a connection that the
/// operating system has given up.
fn is_step_over(error: &io::Error) -> bool {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => true,
        ErrorKind::TimedOut => cfg!(windows),
        _ => false,
    }
}

fn is_disconnect(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    )
}
