//! Path and handle of an upload.

use api_runtime::{Client, Error};

use super::error::{ALREADY_EXISTS, DOES_NOT_EXIST};
use super::remains::UploadRemains;
use crate::api_2_0::{FileInfo, dbfs};
use crate::cleanup::{Cleanup, canceled_at};

/// Path of an upload, and what is known about it.
pub(super) struct Target {
    path: String,
    overwrite: bool,
    previous: Previous,
    /// Handle of the last attempt, unless it is closed.
    handle: Option<i64>,
    /// Set if a request to create the file may have been processed, without a handle.
    is_create_lost: bool,
    /// Set if an attempt has been closed, so that a file of the upload exists.
    is_closed: bool,
}

/// File at the path before the upload.
#[derive(PartialEq)]
enum Previous {
    Unknown,
    None,
    /// Replaced by the upload. Its properties are not known if the path was looked up without success.
    File(Option<FileInfo>),
}

impl Target {
    pub(super) fn new(path: String, overwrite: bool) -> Self {
        Self {
            path,
            overwrite,
            previous: Previous::Unknown,
            handle: None,
            is_create_lost: false,
            is_closed: false,
        }
    }

    /// Begins an upload and returns its handle.
    ///
    /// The first request does not replace a file. If it succeeds, the file is that of the upload, which may be
    /// replaced in further attempts and deleted at the end.
    pub(super) fn create(&mut self, client: &Client, cleanup: &Cleanup) -> Result<i64, Error> {
        if self.previous == Previous::Unknown {
            match self.request_handle(client, cleanup, false) {
                Err(error) if self.overwrite && error.code() == Some(ALREADY_EXISTS) => {
                    let info = dbfs::get_status(client, &dbfs::GetStatus::new(&*self.path));
                    self.previous = Previous::File(info.ok());
                }
                created => {
                    let handle = created?;
                    self.previous = Previous::None;
                    return Ok(handle);
                }
            }
        }
        self.request_handle(client, cleanup, true)
    }

    fn request_handle(
        &mut self,
        client: &Client,
        cleanup: &Cleanup,
        overwrite: bool,
    ) -> Result<i64, Error> {
        let mut request = dbfs::Create::new(&*self.path);
        request.overwrite = overwrite.then_some(true);
        // After an interrupt, the handle in the response is needed to clean up.
        let created = dbfs::create(&cleanup.creating(client), &request);
        let created =
            created.inspect_err(|error| self.is_create_lost |= error.may_have_been_processed());
        let handle = created?.handle;
        self.handle = Some(handle);
        Ok(handle)
    }

    /// Ends an upload of this size, and returns the size of the file on the service.
    ///
    /// # Errors
    ///
    /// Errors of the requests, except if the response of the first one was lost and the file is complete.
    pub(super) fn close(
        &mut self,
        client: &Client,
        cleanup: &Cleanup,
        handle: i64,
        size: u64,
    ) -> Result<u64, Error> {
        let closed = dbfs::close(&cleanup.creating(client), &dbfs::Close::new(handle));
        if let Err(error) = closed {
            let is_complete =
                error.may_have_been_processed() && self.is_complete(client, cleanup, size);
            return if is_complete { Ok(size) } else { Err(error) };
        }
        self.handle = None;
        self.is_closed = true;
        Ok(self.status(client, cleanup)?.file_size.unwrap_or(0))
    }

    /// Returns whether a file of this size has been written.
    fn is_complete(&self, client: &Client, cleanup: &Cleanup, size: u64) -> bool {
        let stored = self.status(client, cleanup);
        stored.is_ok_and(|info| info.file_size.unwrap_or(0) == size && !self.is_previous(&info))
    }

    /// Returns whether the file may be the one before the upload.
    fn is_previous(&self, info: &FileInfo) -> bool {
        let properties = |info: &FileInfo| (info.file_size, info.modification_time);
        match &self.previous {
            Previous::Unknown | Previous::None => false,
            Previous::File(None) => true,
            Previous::File(Some(previous)) => {
                previous.modification_time.is_none() || properties(previous) == properties(info)
            }
        }
    }

    /// Looks up the path, also if the client is interrupted before or in the meantime.
    fn status(&self, client: &Client, cleanup: &Cleanup) -> Result<FileInfo, Error> {
        let request = dbfs::GetStatus::new(&*self.path);
        match dbfs::get_status(client, &request) {
            Err(_) if canceled_at(client).is_some() => {
                dbfs::get_status(&cleanup.canceling(client), &request)
            }
            result => result,
        }
    }

    /// Removes the incomplete file of the upload. Returns what may remain.
    pub(super) fn abandon(&mut self, client: &Client, cleanup: &Cleanup) -> Option<UploadRemains> {
        cleanup.begin(client);
        let replaces = matches!(self.previous, Previous::File(_));
        let is_as_before = match self.handle.take() {
            None => !self.is_create_lost && !self.is_closed,
            Some(_) if replaces => self.is_unchanged(client, cleanup),
            Some(handle) => self.remove(client, cleanup, handle) && !self.is_create_lost,
        };
        (!is_as_before).then(|| UploadRemains::new(client, &self.path, replaces))
    }

    /// Returns whether the file before the upload still exists.
    fn is_unchanged(&self, client: &Client, cleanup: &Cleanup) -> bool {
        let Previous::File(Some(previous)) = &self.previous else {
            return false;
        };
        let info = dbfs::get_status(
            &cleanup.destroying(client),
            &dbfs::GetStatus::new(&*self.path),
        );
        info.is_ok_and(|info| info.modification_time.is_some() && info == *previous)
    }

    /// Closes the upload, deletes its file, and returns whether that is certain.
    fn remove(&self, client: &Client, cleanup: &Cleanup, handle: i64) -> bool {
        let closed = dbfs::close(&cleanup.canceling(client), &dbfs::Close::new(handle));
        let client = cleanup.destroying(client);
        match closed {
            Ok(()) => dbfs::delete(&client, &dbfs::Delete::new(&*self.path)).is_ok(),
            // Deleted as well, but the request to close the upload may be processed later.
            Err(error) if error.may_have_been_processed() => {
                let _ = dbfs::delete(&client, &dbfs::Delete::new(&*self.path));
                false
            }
            // Another writer has created the path. The upload is discarded.
            Err(error) if error.code() == Some(ALREADY_EXISTS) => true,
            Err(_) => {
                let info = dbfs::get_status(&client, &dbfs::GetStatus::new(&*self.path));
                info.is_err_and(|error| error.code() == Some(DOES_NOT_EXIST))
            }
        }
    }
}
