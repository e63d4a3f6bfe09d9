//! Files to upload.

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file to upload, as a part of a multipart body or as the whole body.
///
/// A file on disk is streamed and not read into memory.
///
/// # Examples
///
/// ```
/// use api_runtime::Upload;
///
/// let from_disk = Upload::path("jobs/nightly.py");
/// let from_memory = Upload::bytes("hello.py", "print('hello')");
/// # let _ = (from_disk, from_memory);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    name: String,
    content: Content,
    observer: Option<Observer>,
}

/// Function that is called with the number of bytes that were read, and that of all bytes.
#[derive(Clone)]
struct Observer(Arc<dyn Fn(u64, u64) + Send + Sync>);

impl PartialEq for Observer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Observer {}

#[derive(Clone, PartialEq, Eq)]
enum Content {
    Path(PathBuf),
    Bytes(Arc<[u8]>),
}

impl Upload {
    /// Creates an upload of a regular file on disk, which is sent with its file name.
    ///
    /// The file is opened each time the request is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Self {
            name: name.unwrap_or_default(),
            content: Content::Path(path),
            observer: None,
        }
    }

    /// Creates an upload of bytes in memory with a file name.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            content: Content::Bytes(bytes.into().into()),
            observer: None,
        }
    }

    /// Calls a function each time a part of the content was read, e.g. to display the progress. Its
    /// parameters are the numbers of bytes that were read and that there are. A retry begins at the
    /// start again.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_runtime::Upload;
    ///
    /// let upload = Upload::path("app.jar").on_read(|read, length| eprint!("\r{read} of {length}"));
    /// # let _ = upload;
    /// ```
    #[must_use]
    pub fn on_read(mut self, function: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer(Arc::new(function)));
        self
    }

    /// Returns the file name that is sent.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the path of the file for display: the file name of bytes in memory, or `-`, which is
    /// standard input for many programs, if they have no name.
    pub(crate) fn display_path(&self) -> String {
        match &self.content {
            Content::Path(path) => path.display().to_string(),
            Content::Bytes(_) if self.name.is_empty() => "-".to_owned(),
            Content::Bytes(_) => self.name.clone(),
        }
    }

    /// Opens the content and determines its length, which the `content-length` header needs.
    pub(crate) fn open(&self) -> Result<Opened, String> {
        let opened = self.open_content()?;
        let Some(observer) = self.observer.clone() else {
            return Ok(opened);
        };
        let length = opened.length;
        let reader = Box::new(ObservedReader {
            reader: opened.reader,
            position: 0,
            length,
            observer,
        });
        Ok(Opened { length, reader })
    }

    fn open_content(&self) -> Result<Opened, String> {
        match &self.content {
            Content::Bytes(bytes) => Ok(Opened {
                length: bytes.len() as u64,
                reader: Box::new(Cursor::new(Arc::clone(bytes))),
            }),
            Content::Path(path) => {
                open(path).map_err(|error| format!("{}: {error}", path.display()))
            }
        }
    }
}

impl From<&Path> for Upload {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl From<Vec<u8>> for Upload {
    /// Creates an upload without a file name, as the whole body of a request.
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes("", bytes)
    }
}

impl From<&[u8]> for Upload {
    /// Creates an upload without a file name, as the whole body of a request.
    fn from(bytes: &[u8]) -> Self {
        Self::bytes("", bytes)
    }
}

impl From<PathBuf> for Upload {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Path(path) => f.debug_tuple("Upload").field(path).finish(),
            Content::Bytes(bytes) => f
                .debug_tuple("Upload")
                .field(&self.name)
                .field(&bytes.len())
                .finish(),
        }
    }
}

/// An open file and its length in bytes.
pub(crate) struct Opened {
    pub(crate) length: u64,
    pub(crate) reader: Box<dyn Read>,
}

/// Reader that reports its progress.
struct ObservedReader {
    reader: Box<dyn Read>,
    position: u64,
    length: u64,
    observer: Observer,
}

impl Read for ObservedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.position += read as u64;
        (self.observer.0)(self.position, self.length);
        Ok(read)
    }
}

fn open(path: &Path) -> io::Result<Opened> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        let text = "not a regular file, so that its length is unknown";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let length = metadata.len();
    Ok(Opened {
        length,
        reader: Box::new(FixedLength {
            path: path.to_owned(),
            position: 0,
            remaining: length,
            file,
        }),
    })
}

/// Reader of as many bytes as the file had when it was opened.
struct FixedLength {
    path: PathBuf,
    position: u64,
    remaining: u64,
    file: File,
}

impl Read for FixedLength {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let limit = usize::try_from(self.remaining)
            .unwrap_or(usize::MAX)
            .min(fast_read_length(buffer, self.position));
        let read = self.file.read(&mut buffer[..limit])?;
        if read == 0 && limit > 0 {
            // Without this error, ureq would wait for the missing bytes forever.
            return Err(io::Error::other(TruncatedFile(self.path.clone())));
        }
        self.remaining -= read as u64;
        self.position += read as u64;
        Ok(read)
    }
}

/// Size of a page, in which the operating system holds files in memory.
const PAGE_BYTES: usize = 4096;

/// Distances between the offset of the source in its page and that of the destination at which the
/// copy is slow, with a margin: 8 to 16 bytes were measured.
const SLOW_DISTANCES: Range<usize> = 1..64;

/// Returns the number of bytes to read into `buffer` from this position of a file.
///
/// Some CPUs (AMD with `fsrm`) copy three to four times slower to a destination that is a few bytes
/// behind the source in terms of offsets in a page, which holds for the first bytes of a large
/// allocation and of a file. Reading a few bytes less changes the distance of all following reads.
fn fast_read_length(buffer: &[u8], position: u64) -> usize {
    let source = usize::try_from(position % PAGE_BYTES as u64).unwrap_or(0);
    let distance = (buffer.as_ptr().addr() + PAGE_BYTES - source) % PAGE_BYTES;
    if SLOW_DISTANCES.contains(&distance) && buffer.len() > PAGE_BYTES {
        buffer.len() - SLOW_DISTANCES.end
    } else {
        buffer.len()
    }
}

/// Error of a file that was truncated while it was sent.
#[derive(Debug)]
pub(crate) struct TruncatedFile(PathBuf);

impl fmt::Display for TruncatedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was truncated while it was sent", self.0.display())
    }
}

impl std::error::Error for TruncatedFile {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_one_read_of_a_file_has_a_slow_distance() {
        const BUFFER_BYTES: usize = 128 << 10;
        let mut memory = vec![0; BUFFER_BYTES + PAGE_BYTES];
        for offset in 0..PAGE_BYTES {
            let buffer = &mut memory[offset..][..BUFFER_BYTES];
            let (mut position, mut slow) = (0, 0);
            for _ in 0..8 {
                let source = usize::try_from(position).unwrap();
                let distance = (buffer.as_ptr().addr() - source % PAGE_BYTES) % PAGE_BYTES;
                slow += u32::from((8..=16).contains(&distance));
                position += fast_read_length(buffer, position) as u64;
            }
            assert!(slow <= 1, "{slow} slow reads at the offset {offset}");
        }
    }

    #[test]
    fn short_buffers_are_filled() {
        let mut memory = vec![0; 2 * PAGE_BYTES];
        for offset in 0..PAGE_BYTES {
            let buffer = &mut memory[offset..][..PAGE_BYTES];
            assert_eq!(fast_read_length(buffer, 0), PAGE_BYTES);
        }
    }
}
