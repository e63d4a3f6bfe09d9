//! Standard input, as a source that an interrupt and a deadline end.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use generated_client::{Client, Error, ErrorKind};

const POLL_INTERVAL: Duration = Duration::from_millis(50);

const CHUNK_BYTES: usize = 256 << 10;

/// Reader of standard input on another thread, because a read cannot be interrupted.
pub(super) struct Stdin {
    client: Client,
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: io::Cursor<Vec<u8>>,
}

impl Stdin {
    /// Starts the thread.
    pub(super) fn new(client: &Client) -> io::Result<Self> {
        let (sender, chunks) = sync_channel(1);
        let read = move || {
            loop {
                let chunk = read_chunk();
                // A shorter one is the last, also at a terminal.
                let is_full = chunk.as_ref().is_ok_and(|chunk| chunk.len() == CHUNK_BYTES);
                if sender.send(chunk).is_err() || !is_full {
                    return;
                }
            }
        };
        thread::Builder::new().spawn(read)?;
        Ok(Self {
            client: client.clone(),
            chunks,
            chunk: io::Cursor::default(),
        })
    }

    fn receive(&self) -> io::Result<Vec<u8>> {
        loop {
            match self.chunks.recv_timeout(POLL_INTERVAL) {
                Ok(chunk) => return chunk,
                // The thread ends after the last chunk.
                Err(RecvTimeoutError::Disconnected) => return Ok(Vec::new()),
                Err(RecvTimeoutError::Timeout) => self.check().map_err(io::Error::other)?,
            }
        }
    }

    fn check(&self) -> Result<(), Error> {
        let message = "while standard input was read";
        if self.client.interrupt().is_raised() {
            let message = format!("interrupted {message}");
            return Err(Error::before_sending(ErrorKind::Interrupted, message));
        }
        let deadline = self.client.current_deadline();
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            let message = format!("timed out {message}");
            return Err(Error::before_sending(ErrorKind::Timeout, message));
        }
        Ok(())
    }
}

impl Read for Stdin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.position() == self.chunk.get_ref().len() as u64 {
            self.chunk = io::Cursor::new(self.receive()?);
        }
        self.chunk.read(buffer)
    }
}

fn read_chunk() -> io::Result<Vec<u8>> {
    let mut chunk = Vec::new();
    let mut stdin = io::stdin().lock().take(CHUNK_BYTES as u64);
    stdin.read_to_end(&mut chunk)?;
    Ok(chunk)
}
