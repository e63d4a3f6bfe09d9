//! Uploads in blocks.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use api_runtime::{Client, Error, ErrorKind};

use super::block::BLOCK_BYTES;
use super::error::{DOES_NOT_EXIST, differs, unreadable};
use super::progress::{OnProgress, TransferProgress};
use super::target::Target;
use super::time::has_time;
use crate::api_2_0::dbfs;
use crate::cleanup::{self, Cleanup};

/// Maximum number of uploads of the whole file.
const MAX_ATTEMPTS: u32 = 4;

/// Pause before the second attempt. It doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// An upload of a file of any size to DBFS.
///
/// The file is sent in blocks of 1 MiB. A block whose response was lost is not sent again, because the
/// service might append it twice: the upload starts over. The upload that was abandoned expires on the
/// service after 10 minutes without a request. At the end, the size of the file on the service is compared.
///
/// After an error, an interrupt or the deadline, the upload is closed and its incomplete file deleted, within
/// [`cleanup_timeout`](Self::cleanup_timeout). If it replaces an existing file, it is abandoned instead: the
/// service would replace the file by the incomplete one. What may remain is part of the error, as text and as
/// [`UploadRemains`](super::UploadRemains).
#[must_use = "an upload does nothing until it is sent"]
pub struct FileUpload<'a> {
    path: String,
    overwrite: bool,
    cleanup_timeout: Duration,
    on_progress: OnProgress<'a>,
}

impl<'a> FileUpload<'a> {
    /// Creates an upload to an absolute path, for example `/jars/app.jar`. An existing file is an error.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            overwrite: false,
            cleanup_timeout: cleanup::DEFAULT_TIMEOUT,
            on_progress: Box::new(|_| {}),
        }
    }

    /// Replaces an existing file.
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Calls `on_progress` at the start of each attempt and after each block.
    pub fn on_progress(mut self, on_progress: impl FnMut(&TransferProgress) + 'a) -> Self {
        self.on_progress = Box::new(on_progress);
        self
    }

    /// Sets the time for the clean-up after an error. The default is 5 seconds.
    pub fn cleanup_timeout(mut self, timeout: Duration) -> Self {
        self.cleanup_timeout = timeout;
        self
    }

    /// Sends the bytes from the current position of `source` to its end. Returns their number.
    ///
    /// If the client is interrupted after the file was completed on the service, the upload is successful.
    ///
    /// # Errors
    ///
    /// Errors of the requests. After a transient error, and if the service has lost the upload, the upload
    /// starts over, up to four times in total and until the [deadline](Client::deadline) of the client.
    /// [`ErrorKind::InvalidInput`] if `source` cannot be read, and
    /// [`ErrorKind::InvalidResponse`] if the file on the service has
    /// another size.
    pub fn send(self, client: &Client, source: &mut (impl Read + Seek)) -> Result<u64, Error> {
        let start = source.stream_position().map_err(unreadable)?;
        let end = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
        let mut upload = Upload::new(self, client, Some(end.saturating_sub(start)));
        let mut attempt = 1;
        let mut pause = FIRST_PAUSE;
        loop {
            let rewound = source.seek(SeekFrom::Start(start));
            rewound.map_err(|error| upload.abandon(unreadable(error)))?;
            let failure = match upload.attempt(source, attempt) {
                Ok(size) => return Ok(size),
                Err(failure) => failure,
            };
            let delay = pause.max(failure.error.retry_after().unwrap_or_default());
            if attempt == MAX_ATTEMPTS || !failure.starts_over() || !has_time(client, delay) {
                return Err(upload.abandon(failure.error));
            }
            client.clock().sleep(delay, client.interrupt());
            if client.interrupt().is_raised() {
                return Err(upload.abandon(interrupted(&failure.error)));
            }
            attempt += 1;
            pause *= 2;
        }
    }

    /// Sends all bytes of a source that can be read once, for example a pipe. Returns their number.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send). The upload does not start over.
    pub fn send_once(self, client: &Client, source: &mut impl Read) -> Result<u64, Error> {
        let mut upload = Upload::new(self, client, None);
        let sent = upload.attempt(source, 1);
        sent.map_err(|failure| upload.abandon(failure.error))
    }
}

impl fmt::Debug for FileUpload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileUpload")
            .field("path", &self.path)
            .field("overwrite", &self.overwrite)
            .field("cleanup_timeout", &self.cleanup_timeout)
            .finish_non_exhaustive()
    }
}

/// Error of an attempt.
struct Failure {
    error: Error,
    /// Set if the error is that of the source.
    is_of_source: bool,
}

impl Failure {
    fn of_source(error: io::Error) -> Self {
        Self {
            error: unreadable(error),
            is_of_source: true,
        }
    }

    /// Returns whether a new upload of the whole file may succeed.
    fn starts_over(&self) -> bool {
        // The handle has expired, or the server has been restarted.
        let is_handle_lost = self.error.code() == Some(DOES_NOT_EXIST);
        !self.is_of_source && (self.error.is_transient() || is_handle_lost)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            is_of_source: false,
        }
    }
}

/// Attempts to upload one file.
struct Upload<'u, 'a> {
    client: &'u Client,
    target: Target,
    cleanup: Cleanup,
    total: Option<u64>,
    on_progress: OnProgress<'a>,
}

impl<'u, 'a> Upload<'u, 'a> {
    fn new(settings: FileUpload<'a>, client: &'u Client, total: Option<u64>) -> Self {
        Self {
            client,
            target: Target::new(settings.path, settings.overwrite),
            cleanup: Cleanup::new(settings.cleanup_timeout),
            total,
            on_progress: settings.on_progress,
        }
    }

    fn attempt(&mut self, source: &mut impl Read, attempt: u32) -> Result<u64, Failure> {
        let handle = self.target.create(self.client, &self.cleanup)?;
        let mut progress = TransferProgress {
            bytes: 0,
            total: self.total,
            attempt,
        };
        (self.on_progress)(&progress);
        let mut request = dbfs::AddBlock::new(handle, Vec::new());
        loop {
            read_block(source, &mut request.data.0).map_err(Failure::of_source)?;
            if request.data.0.is_empty() {
                break;
            }
            dbfs::add_block(self.client, &request)?;
            progress.bytes += request.data.0.len() as u64;
            (self.on_progress)(&progress);
        }
        let size = progress.bytes;
        let stored = self
            .target
            .close(self.client, &self.cleanup, handle, size)?;
        if stored == size {
            Ok(size)
        } else {
            Err(differs(size, stored).into())
        }
    }

    /// Cleans up after the last attempt. Returns its error, with what may remain.
    fn abandon(&mut self, error: Error) -> Error {
        match self.target.abandon(self.client, &self.cleanup) {
            Some(remains) => error.attach(remains),
            None => error,
        }
    }
}

/// Reads a full block, or up to the end.
fn read_block(source: &mut impl Read, block: &mut Vec<u8>) -> io::Result<()> {
    block.clear();
    source.take(BLOCK_BYTES as u64).read_to_end(block).map(drop)
}

/// Returns the error of an interrupt between two attempts.
fn interrupted(last: &Error) -> Error {
    let message = format!("interrupted before the upload started over: {last}");
    Error::before_sending(ErrorKind::Interrupted, message).with_delivery(last.delivery())
}
