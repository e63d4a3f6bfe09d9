//! Files below a folder.

use api_runtime::{Client, Error};

use crate::api_2_0::{FileInfo, dbfs};

/// Lists a folder and all folders below it. For a file, the iterator returns the file.
///
/// A folder precedes its contents. There is one request per folder, which is sent when its contents are
/// reached.
///
/// # Errors
///
/// Errors of the first request. Those of further ones are items.
///
/// # Examples
///
/// ```no_run
/// let client = generated_client::from_env()?;
/// for file in generated_client::files::walk(&client, "/logs")? {
///     let file = file?;
///     println!("{} {}", file.path, file.file_size.unwrap_or(0));
/// }
/// # Ok::<(), generated_client::Error>(())
/// ```
pub fn walk(client: &Client, path: impl Into<String>) -> Result<Walk, Error> {
    let mut walk = Walk {
        client: client.clone(),
        entries: Vec::new(),
        folder: None,
    };
    walk.list(path.into())?;
    Ok(walk)
}

/// Iterator over files and folders, returned by [`walk`].
#[derive(Clone, Debug)]
pub struct Walk {
    client: Client,
    /// Entries that were listed, in reverse order.
    entries: Vec<FileInfo>,
    /// Folder whose contents are next.
    folder: Option<String>,
}

impl Walk {
    fn list(&mut self, path: String) -> Result<(), Error> {
        let listed = dbfs::list(&self.client, &dbfs::List::new(path))?;
        let entries = listed.files.unwrap_or_default();
        self.entries.extend(entries.into_iter().rev());
        Ok(())
    }
}

impl Iterator for Walk {
    type Item = Result<FileInfo, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(folder) = self.folder.take()
            && let Err(error) = self.list(folder)
        {
            return Some(Err(error));
        }
        let entry = self.entries.pop()?;
        if entry.is_dir == Some(true) {
            self.folder = Some(entry.path.clone());
        }
        Some(Ok(entry))
    }
}
