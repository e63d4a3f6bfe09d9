//! Transfer of whole files to and from DBFS.
//!
//! # Examples
//!
//! ```no_run
//! use std::fs::File;
//! use generated_client::files::{self, FileUpload};
//!
//! let client = generated_client::from_env()?;
//! let mut jar = File::open("app.jar").unwrap();
//! FileUpload::new("/jars/app.jar").overwrite().send(&client, &mut jar)?;
//! files::download(&client, "/jars/app.jar", &mut Vec::new())?;
//! # Ok::<(), generated_client::Error>(())
//! ```

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::time::Duration;

use api_runtime::{Client, Error, ErrorKind};

use crate::api_2_0::dbfs;

/// Size of a block before it is encoded in base64. The service accepts no larger ones.
const BLOCK_BYTES: usize = 1 << 20;

/// Maximum number of uploads of the whole file.
const MAX_ATTEMPTS: u32 = 4;

/// Pause before the second attempt. It doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// An upload of a file of any size to DBFS.
///
/// The file is sent in blocks of 1 MiB. A block whose response was lost is not sent again, because the
/// service might append it twice: the upload starts over. The upload that was abandoned expires on the
/// service after 10 minutes, and its blocks never become visible. At the end, the size of the file on the
/// service is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct FileUpload {
    path: String,
    overwrite: bool,
}

impl FileUpload {
    /// Creates an upload to an absolute path, for example `/jars/app.jar`. An existing file is an error.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            overwrite: false,
        }
    }

    /// Replaces an existing file.
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Sends the bytes from the current position of `source` to its end. Returns their number.
    ///
    /// # Errors
    ///
    /// Errors of the requests. After a transient error, and if the service has lost the upload, the upload
    /// starts over, up to four times in total and until the [deadline](Client::deadline) of the client.
    /// [`ErrorKind::InvalidInput`] if `source` cannot be read, and [`ErrorKind::InvalidResponse`] if the
    /// file on the service has another size.
    pub fn send(&self, client: &Client, source: &mut (impl Read + Seek)) -> Result<u64, Error> {
        let start = source.stream_position().map_err(unreadable)?;
        let mut pause = FIRST_PAUSE;
        for _ in 1..MAX_ATTEMPTS {
            source.seek(SeekFrom::Start(start)).map_err(unreadable)?;
            let error = match self.attempt(client, source) {
                Err(error) if starts_over(&error) && has_time(client, pause) => error,
                outcome => return outcome,
            };
            client.clock().sleep(pause, client.interrupt());
            if client.interrupt().is_raised() {
                return Err(error);
            }
            pause *= 2;
        }
        source.seek(SeekFrom::Start(start)).map_err(unreadable)?;
        self.attempt(client, source)
    }

    fn attempt(&self, client: &Client, source: &mut impl Read) -> Result<u64, Error> {
        let mut create = dbfs::Create::new(&*self.path);
        create.overwrite = self.overwrite.then_some(true);
        let handle = dbfs::create(client, &create)?.handle;
        let mut size = 0;
        loop {
            let block = read_block(source).map_err(unreadable)?;
            if block.is_empty() {
                break;
            }
            size += block.len() as u64;
            dbfs::add_block(client, &dbfs::AddBlock::new(handle, block))?;
        }
        if let Err(error) = dbfs::close(client, &dbfs::Close::new(handle)) {
            // If only the response was lost, the file is complete.
            let is_complete = error.may_have_been_processed()
                && error.is_transient()
                && stored_size(client, &self.path).is_ok_and(|stored| stored == size);
            return if is_complete { Ok(size) } else { Err(error) };
        }
        match stored_size(client, &self.path)? {
            stored if stored == size => Ok(size),
            stored => Err(differs(size, stored)),
        }
    }
}

/// Writes a file of DBFS to `target`. Returns its size.
///
/// # Errors
///
/// Errors of the requests. [`ErrorKind::Output`] if `target` cannot be written, and
/// [`ErrorKind::InvalidResponse`] if the file became shorter while it was read. `target` then contains the
/// beginning of the file.
pub fn download(client: &Client, path: &str, target: &mut impl Write) -> Result<u64, Error> {
    let size = stored_size(client, path)?;
    let mut offset = 0;
    while offset < size {
        let length = (size - offset).min(BLOCK_BYTES as u64);
        let read = dbfs::Read::new(path).offset(offset).length(length);
        let data = dbfs::read(client, &read)?.data;
        let block = data.map(|data| data.0).unwrap_or_default();
        if block.is_empty() || block.len() as u64 > length {
            return Err(differs(size, offset + block.len() as u64));
        }
        target.write_all(&block).map_err(|error| {
            let message = format!("cannot write the file: {error}");
            Error::after_sending(ErrorKind::Output, message)
        })?;
        offset += block.len() as u64;
    }
    Ok(size)
}

fn stored_size(client: &Client, path: &str) -> Result<u64, Error> {
    let status = dbfs::get_status(client, &dbfs::GetStatus::new(path))?;
    if status.is_dir == Some(true) {
        let message = format!("`{path}` is a folder");
        return Err(Error::before_sending(ErrorKind::InvalidInput, message));
    }
    Ok(status.file_size.unwrap_or(0))
}

/// Reads a full block, or up to the end.
fn read_block(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut block = Vec::new();
    source.take(BLOCK_BYTES as u64).read_to_end(&mut block)?;
    Ok(block)
}

/// Returns whether a new upload of the whole file may succeed.
fn starts_over(error: &Error) -> bool {
    // The handle has expired, or the server has been restarted.
    error.is_transient() || error.code() == Some("RESOURCE_DOES_NOT_EXIST")
}

fn has_time(client: &Client, pause: Duration) -> bool {
    let deadline = client.current_deadline();
    deadline.is_none_or(|deadline| client.clock().now() + pause < deadline)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of `map_err`")]
fn unreadable(error: io::Error) -> Error {
    let message = format!("cannot read the file: {error}");
    Error::before_sending(ErrorKind::InvalidInput, message)
}

fn differs(expected: u64, found: u64) -> Error {
    let message = format!("expected a file of {expected} bytes, found {found} bytes");
    Error::after_sending(ErrorKind::InvalidResponse, message)
}
