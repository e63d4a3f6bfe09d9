//! Writes to standard output that do not delay the end of an interrupted process.
//!
//! A pipe whose reader has stopped, e.g. a pager, blocks writes for as long as it exists. They
//! therefore take place on a separate thread, which is abandoned after an interrupt.

use std::io::{self, ErrorKind, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use generated_client::Interrupt;

/// Time for a write in progress after the interrupt, so that a slow reader loses nothing.
const MAX_TIME_AFTER_INTERRUPT: Duration = Duration::from_secs(1);

const INTERRUPT_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Size of the parts that are copied for the other thread.
pub(crate) const MAX_CHUNK_BYTES: usize = 64 << 10;

static INTERRUPT: OnceLock<Interrupt> = OnceLock::new();
static WRITER: Mutex<Option<Writer>> = Mutex::new(None);

/// Lets this interrupt end all writes from now on.
pub(crate) fn stop_after(interrupt: &Interrupt) {
    // There is one interrupt per process.
    let _ = INTERRUPT.set(interrupt.clone());
}

/// Writes all bytes.
///
/// # Errors
///
/// Returns the errors of standard output, and [`ErrorKind::TimedOut`] if the write was abandoned after
/// an interrupt.
pub(crate) fn write(bytes: &[u8]) -> io::Result<()> {
    let Some(interrupt) = INTERRUPT.get() else {
        return write_all(bytes);
    };
    let mut writer = WRITER.lock().unwrap_or_else(PoisonError::into_inner);
    let writer = match &mut *writer {
        Some(writer) => writer,
        writer => match Writer::start(thread::Builder::new()) {
            Ok(started) => writer.insert(started),
            // Without a thread, a reader that has stopped delays the end.
            Err(_) => return write_all(bytes),
        },
    };
    bytes
        .chunks(MAX_CHUNK_BYTES)
        .try_for_each(|chunk| writer.write(chunk, interrupt))
}

/// Writer by [`write()`].
pub(crate) struct Stdout;

impl io::Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_all(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Thread that writes to standard output.
struct Writer {
    chunks: SyncSender<Vec<u8>>,
    results: Receiver<io::Result<()>>,
    is_abandoned: bool,
}

impl Writer {
    fn start(thread: thread::Builder) -> io::Result<Self> {
        let (chunks, received) = sync_channel::<Vec<u8>>(1);
        let (sender, results) = sync_channel(1);
        thread.spawn(move || {
            for chunk in received {
                if sender.send(write_all(&chunk)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self {
            chunks,
            results,
            is_abandoned: false,
        })
    }

    fn write(&mut self, chunk: &[u8], interrupt: &Interrupt) -> io::Result<()> {
        let start = Instant::now();
        if self.is_abandoned || self.chunks.send(chunk.to_vec()).is_err() {
            return Err(abandoned());
        }
        loop {
            match self.results.recv_timeout(INTERRUPT_POLL_INTERVAL) {
                Ok(result) => return result,
                Err(RecvTimeoutError::Timeout) if !has_expired(interrupt, start) => {}
                Err(_) => {
                    self.is_abandoned = true;
                    return Err(abandoned());
                }
            }
        }
    }
}

/// Returns whether a write has lasted long enough after the interrupt.
fn has_expired(interrupt: &Interrupt, start: Instant) -> bool {
    let since = |raised_at: Instant| raised_at.max(start).elapsed();
    interrupt
        .raised_at()
        .is_some_and(|raised_at| since(raised_at) >= MAX_TIME_AFTER_INTERRUPT)
}

fn abandoned() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "the output was not read in time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_thread_is_an_error() {
        // No system has that much memory for a stack.
        let thread = thread::Builder::new().stack_size(1 << 50);
        assert!(Writer::start(thread).is_err());
    }
}
