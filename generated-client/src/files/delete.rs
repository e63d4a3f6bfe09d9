//! Deletion of files and folders.

use std::time::Duration;

use api_runtime::{Client, Error};

use super::time::has_time;
use crate::api_2_0::dbfs;

/// Error code after a part of a large folder was deleted.
const PARTIAL_DELETE: &str = "PARTIAL_DELETE";

/// Pause before the next request for a large folder.
const PAUSE: Duration = Duration::from_secs(1);

/// Deletes a file or, if `recursive` is set, a folder with its contents.
///
/// The service deletes a part of a large folder per request. The request is repeated until the folder does
/// not exist. It is no error if nothing exists at the path.
///
/// # Errors
///
/// Errors of the requests. A part of the folder may have been deleted.
///
/// # Examples
///
/// ```no_run
/// let client = generated_client::from_env()?;
/// generated_client::files::delete(&client, "/tmp/job-17", true)?;
/// # Ok::<(), generated_client::Error>(())
/// ```
pub fn delete(client: &Client, path: impl Into<String>, recursive: bool) -> Result<(), Error> {
    let mut request = dbfs::Delete::new(path);
    request.recursive = recursive.then_some(true);
    loop {
        match dbfs::delete(client, &request) {
            Err(error) if error.code() == Some(PARTIAL_DELETE) && has_time(client, PAUSE) => {
                client.clock().sleep(PAUSE, client.interrupt());
            }
            result => return result,
        }
    }
}
