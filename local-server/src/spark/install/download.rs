//! Download of the archive in parts.
//!
//! A part is a range request whose response is kept in memory until it is complete. The file therefore
//! contains nothing but the beginning of the archive, however often the connection fails.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use api_runtime::Error;
use api_runtime::http::{Request, Response, StatusCode, header};
use api_runtime::transport::{Body, Call, Http, Transport as _, TransportErrorKind};

use super::archive::Archive;
use super::error::InstallError;
use super::progress::{OnProgress, Progress, Step};
use super::url::Url;

/// Number by which the maximum size of a part is divided at most. After an error, parts are smaller.
const MAX_PART_DIVISOR: u64 = 64;

/// Maximum number of consecutive errors without progress.
const MAX_FAILURES: u32 = 5;

const MAX_REDIRECTS: u32 = 10;

/// Download of an archive to a file.
pub(super) struct Download<'a> {
    pub(super) http: &'a Http,
    pub(super) archive: &'a Archive,
    /// Path of the file, for errors.
    pub(super) path: &'a Path,
    /// Maximum size of a part.
    pub(super) part_bytes: u64,
    /// Delay before the first retry. Doubled for each further one.
    pub(super) retry_delay: Duration,
}

/// Outcome of one request.
enum Outcome {
    Part(Vec<u8>),
    /// The server ignores ranges and sends the whole archive.
    NoRanges,
    Redirect(Url),
    /// A retry may succeed.
    Transient(String),
}

impl Download<'_> {
    /// Downloads the part of the archive that the file does not contain.
    pub(super) fn run(
        &self,
        mut url: Url,
        file: &mut File,
        on_progress: OnProgress<'_>,
    ) -> Result<(), InstallError> {
        let mut present = file.metadata().map_err(|error| self.write(&error))?.len();
        if present > self.archive.bytes {
            present = 0;
        }
        file.set_len(present).map_err(|error| self.write(&error))?;
        // The first response may take long.
        on_progress(self.progress(present));
        let mut part_bytes = self.part_bytes;
        let (mut failures, mut redirects) = (0, 0);
        let mut has_ranges = true;
        while present < self.archive.bytes {
            let outcome = if has_ranges {
                self.part(&url, present, part_bytes, on_progress)?
            } else {
                present = 0;
                self.whole(&url, file, on_progress)?
            };
            match outcome {
                Outcome::Part(bytes) => {
                    file.write_all(&bytes).map_err(|error| self.write(&error))?;
                    present = file.metadata().map_err(|error| self.write(&error))?.len();
                    part_bytes = (part_bytes * 2).min(self.part_bytes);
                    failures = 0;
                }
                Outcome::NoRanges => has_ranges = false,
                Outcome::Redirect(target) => {
                    redirects += 1;
                    if redirects > MAX_REDIRECTS {
                        return Err(InstallError::Download("too many redirects".to_owned()));
                    }
                    url = target;
                }
                Outcome::Transient(reason) => {
                    failures += 1;
                    if failures == MAX_FAILURES {
                        return Err(InstallError::Download(reason));
                    }
                    part_bytes = (part_bytes / 2).max(self.part_bytes / MAX_PART_DIVISOR);
                    thread::sleep(self.retry_delay * 2_u32.pow(failures - 1));
                }
            }
        }
        Ok(())
    }

    /// Requests a part of the archive.
    fn part(
        &self,
        url: &Url,
        start: u64,
        length: u64,
        on_progress: OnProgress<'_>,
    ) -> Result<Outcome, InstallError> {
        let end = (start + length).min(self.archive.bytes);
        let expected = end - start;
        let mut part = Part {
            bytes: Vec::new(),
            limit: expected,
            is_exceeded: false,
            on_bytes: &mut |bytes| on_progress(self.progress(start + bytes)),
        };
        let range = format!("bytes={start}-{}", end - 1);
        let result = self.send(url, Some(&range), &mut part)?;
        if part.is_exceeded {
            return Ok(Outcome::NoRanges);
        }
        let bytes = part.bytes;
        let response = match result {
            Ok(response) => response,
            Err(outcome) => return Ok(outcome),
        };
        match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                self.check_range(&response, start)?;
                Ok(if bytes.len() as u64 == expected {
                    Outcome::Part(bytes)
                } else {
                    Outcome::Transient("the server has sent another range".to_owned())
                })
            }
            StatusCode::OK => Ok(Outcome::NoRanges),
            status => self.unexpected(url, status, &response),
        }
    }

    /// Requests the whole archive, and writes it to the file.
    fn whole(
        &self,
        url: &Url,
        file: &mut File,
        on_progress: OnProgress<'_>,
    ) -> Result<Outcome, InstallError> {
        file.set_len(0).map_err(|error| self.write(&error))?;
        let mut sink = Whole {
            file,
            written: 0,
            limit: self.archive.bytes,
            on_bytes: &mut |bytes| on_progress(self.progress(bytes)),
        };
        let response = match self.send(url, None, &mut sink)? {
            Ok(response) => response,
            Err(outcome) => return Ok(outcome),
        };
        match response.status() {
            StatusCode::OK if sink.written == self.archive.bytes => Ok(Outcome::Part(Vec::new())),
            StatusCode::OK => Err(self.length(url, sink.written)),
            status => self.unexpected(url, status, &response),
        }
    }

    /// Sends a request. The inner error is that of an attempt that can be repeated.
    fn send(
        &self,
        url: &Url,
        range: Option<&str>,
        sink: &mut dyn Write,
    ) -> Result<Result<Response<Vec<u8>>, Outcome>, InstallError> {
        let mut request = Request::get(url.uri().clone())
            .header(header::ACCEPT, "*/*")
            // A compressed response would be another sequence of bytes.
            .header(header::ACCEPT_ENCODING, "identity");
        if let Some(range) = range {
            request = request.header(header::RANGE, range);
        }
        let request = request
            .body(Body::Empty)
            .map_err(|error| InstallError::Download(error.to_string()))?;
        let mut call = Call::new(request);
        call.sink = Some(sink);
        match self.http.send(call) {
            Ok(response) => Ok(Ok(response)),
            Err(error) if error.kind == TransportErrorKind::Output && range.is_none() => {
                Err(InstallError::Write {
                    path: self.path.to_owned(),
                    reason: error.message,
                })
            }
            // A part that is longer than requested. The caller checks this.
            Err(error) if error.transient || error.kind == TransportErrorKind::Output => {
                Ok(Err(Outcome::Transient(Error::from(error).to_string())))
            }
            Err(error) => Err(InstallError::Download(Error::from(error).to_string())),
        }
    }

    /// Checks the header `content-range`, for example `bytes 0-99/1234`.
    fn check_range(&self, response: &Response<Vec<u8>>, start: u64) -> Result<(), InstallError> {
        let invalid = |text: &str| {
            InstallError::Download(format!(
                "the server has sent the range `{}`, expected one from byte {start}",
                text.escape_debug()
            ))
        };
        let value = response.headers().get(header::CONTENT_RANGE);
        let text = value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let range = text
            .strip_prefix("bytes ")
            .and_then(|range| range.split_once('/'));
        let (range, total) = range.ok_or_else(|| invalid(text))?;
        if total != "*" && total != self.archive.bytes.to_string() {
            return Err(InstallError::Download(format!(
                "the file has {} bytes, expected {}",
                total.escape_debug(),
                self.archive.bytes
            )));
        }
        let first = range.split('-').next().unwrap_or_default();
        (first == start.to_string())
            .then_some(())
            .ok_or_else(|| invalid(text))
    }

    fn unexpected(
        &self,
        url: &Url,
        status: StatusCode,
        response: &Response<Vec<u8>>,
    ) -> Result<Outcome, InstallError> {
        let text = format!("`{url}` has returned status code {}", status.as_u16());
        if status.is_redirection()
            && let Some(location) = response.headers().get(header::LOCATION)
        {
            let location = location.to_str().unwrap_or_default();
            return url.redirect(location).map(Outcome::Redirect);
        }
        let is_transient = status.is_server_error()
            || matches!(
                status,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
            );
        if is_transient {
            return Ok(Outcome::Transient(text));
        }
        if status == StatusCode::RANGE_NOT_SATISFIABLE {
            return Err(InstallError::Download(format!(
                "{text}: the file is shorter than {} bytes",
                self.archive.bytes
            )));
        }
        Err(InstallError::Download(text))
    }

    fn length(&self, url: &Url, actual: u64) -> InstallError {
        InstallError::Length {
            name: url.to_string(),
            expected: self.archive.bytes,
            actual,
        }
    }

    fn write(&self, error: &io::Error) -> InstallError {
        InstallError::write(self.path, error)
    }

    fn progress(&self, bytes: u64) -> Progress {
        Progress {
            step: Step::Download,
            bytes,
            total: self.archive.bytes,
        }
    }
}

/// A part in memory. Fails if it exceeds its limit.
struct Part<'a> {
    bytes: Vec<u8>,
    limit: u64,
    is_exceeded: bool,
    on_bytes: &'a mut dyn FnMut(u64),
}

impl Write for Part<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() as u64 + bytes.len() as u64 > self.limit {
            self.is_exceeded = true;
            return Err(io::Error::other("more bytes than requested"));
        }
        self.bytes.extend_from_slice(bytes);
        (self.on_bytes)(self.bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The whole archive in a file. Fails if it exceeds its limit.
struct Whole<'a> {
    file: &'a mut File,
    written: u64,
    limit: u64,
    on_bytes: &'a mut dyn FnMut(u64),
}

impl Write for Whole<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written + bytes.len() as u64 > self.limit {
            return Err(io::Error::other(format!(
                "it has more than {} bytes",
                self.limit
            )));
        }
        let length = self.file.write(bytes)?;
        self.written += length as u64;
        (self.on_bytes)(self.written);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
