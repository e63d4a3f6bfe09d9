//! Files that uploads may leave.

use std::fmt;

use api_runtime::{Client, Error, ServerText};

/// File that an upload, which was not completed, may have left on the service.
///
/// It is attached to the [`Error`] of a [`FileUpload`](super::FileUpload) whose clean-up was not possible.
/// Without it, the path is as before the upload.
///
/// # Examples
///
/// ```no_run
/// use std::fs::File;
/// use generated_client::files::{FileUpload, UploadRemains};
///
/// let client = generated_client::from_env()?;
/// let mut file = File::open("big.csv").unwrap();
/// if let Err(error) = FileUpload::new("/in/big.csv").send(&client, &mut file) {
///     match UploadRemains::of(&error) {
///         Some(remains) => eprintln!("delete {}", remains.path()),
///         None => eprintln!("nothing was written: {error}"),
///     }
/// }
/// # Ok::<(), generated_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRemains {
    path: String,
    /// Path in messages.
    text: String,
    replaces: bool,
}

impl UploadRemains {
    pub(super) fn new(client: &Client, path: &str, replaces: bool) -> Self {
        Self {
            path: path.to_owned(),
            text: client.show(ServerText::new(path)),
            replaces,
        }
    }

    /// Returns what the failed upload may have left on the service.
    pub fn of(error: &Error) -> Option<&Self> {
        error.attachment()
    }

    /// Returns the absolute path of the file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns whether a file existed at the path before the upload.
    pub fn replaces_file(&self) -> bool {
        self.replaces
    }
}

impl fmt::Display for UploadRemains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.text;
        if self.replaces {
            write!(f, "the existing file `{path}` may be incomplete")
        } else {
            write!(f, "a part of the file may remain at `{path}`")
        }
    }
}
