//! Reading of files.

use std::fmt;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use api_runtime::{Client, Error, ErrorKind};

use super::block::BLOCK_BYTES;
use super::error::differs;
use crate::api_2_0::{FileInfo, dbfs};

/// Reader of a file of DBFS, from any position.
///
/// The file is read in blocks of 1 MiB, of which one is in memory. Blocks are requested again after transient
/// errors. At the end, size and time of the file are compared with those at the beginning: a file that has
/// changed in the meantime is an error, as its blocks may belong to different versions.
///
/// Errors of requests are [`io::Error`]s that contain an [`Error`]: [`io::Error::downcast`] returns it.
///
/// # Examples
///
/// ```no_run
/// use std::io::{BufRead, Seek, SeekFrom};
/// use generated_client::files::FileReader;
///
/// let client = generated_client::from_env()?;
/// let mut log = FileReader::open(&client, "/logs/app.log")?;
/// log.seek(SeekFrom::Start(log.size().saturating_sub(1000)))?;
/// for line in log.lines() {
///     println!("{}", line?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FileReader {
    client: Client,
    path: String,
    info: FileInfo,
    /// Offset in the file of the next byte.
    offset: u64,
    block: Vec<u8>,
    /// Number of bytes of the block that were read.
    consumed: usize,
}

impl FileReader {
    /// Looks up a file by its absolute path, for example `/jars/app.jar`.
    ///
    /// # Errors
    ///
    /// Errors of the request, and [`ErrorKind::InvalidInput`] for a folder.
    pub fn open(client: &Client, path: impl Into<String>) -> Result<Self, Error> {
        let path = path.into();
        let info = dbfs::get_status(client, &dbfs::GetStatus::new(&*path))?;
        if info.is_dir == Some(true) {
            let message = format!("`{path}` is a folder");
            return Err(Error::before_sending(ErrorKind::InvalidInput, message));
        }
        Ok(Self {
            client: client.clone(),
            path,
            info,
            offset: 0,
            block: Vec::new(),
            consumed: 0,
        })
    }

    /// Returns the size of the file in bytes.
    pub fn size(&self) -> u64 {
        self.info.file_size.unwrap_or(0)
    }

    /// Returns the properties of the file.
    pub fn info(&self) -> &FileInfo {
        &self.info
    }

    /// Requests the block at the current offset.
    fn read_block(&mut self) -> Result<(), Error> {
        let size = self.size();
        let length = size.saturating_sub(self.offset).min(BLOCK_BYTES as u64);
        if length == 0 {
            return self.check_unchanged();
        }
        let read = dbfs::Read::new(&*self.path)
            .offset(self.offset)
            .length(length);
        let data = dbfs::read(&self.client, &read)?.data;
        self.block = data.map(|data| data.0).unwrap_or_default();
        self.consumed = 0;
        let received = self.block.len() as u64;
        if received == 0 || received > length {
            self.block.clear();
            return Err(differs(size, self.offset + received));
        }
        Ok(())
    }

    fn check_unchanged(&self) -> Result<(), Error> {
        let info = dbfs::get_status(&self.client, &dbfs::GetStatus::new(&*self.path))?;
        let properties = |info: &FileInfo| (info.file_size, info.modification_time);
        if properties(&info) == properties(&self.info) {
            return Ok(());
        }
        let message = format!("`{}` has changed while it was read", self.path);
        Err(Error::after_sending(ErrorKind::InvalidResponse, message))
    }
}

impl BufRead for FileReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.consumed == self.block.len() {
            self.block.clear();
            self.consumed = 0;
            self.read_block().map_err(io::Error::other)?;
        }
        Ok(&self.block[self.consumed..])
    }

    fn consume(&mut self, amount: usize) {
        let amount = amount.min(self.block.len() - self.consumed);
        self.consumed += amount;
        self.offset += amount as u64;
    }
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl Seek for FileReader {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let offset = match position {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(distance) => self.offset.checked_add_signed(distance),
            SeekFrom::End(distance) => self.size().checked_add_signed(distance),
        };
        let offset = offset.ok_or(io::ErrorKind::InvalidInput)?;
        if offset != self.offset {
            self.offset = offset;
            self.block.clear();
            self.consumed = 0;
        }
        Ok(offset)
    }
}

impl fmt::Debug for FileReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileReader")
            .field("path", &self.path)
            .field("size", &self.size())
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
