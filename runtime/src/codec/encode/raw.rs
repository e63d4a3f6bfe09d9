//! A file as the whole body.

use crate::codec::upload::{Opened, Upload};

/// The file that is the body, once its field is written.
#[derive(Default)]
pub(super) struct RawBody(Option<Result<Opened, String>>);

impl RawBody {
    /// Opens the file. An error is returned by [`finish`](Self::finish).
    pub(super) fn open(&mut self, upload: &Upload) {
        self.0 = Some(upload.open());
    }

    /// Returns the file, or `None` if the field is absent.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened.
    pub(super) fn finish(self) -> Result<Option<Opened>, String> {
        self.0.transpose()
    }
}
