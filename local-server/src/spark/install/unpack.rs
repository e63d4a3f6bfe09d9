//! Unpacks the archive.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use flate2::read::GzDecoder;

use super::archive::Archive;
use super::error::InstallError;
use super::progress::{OnProgress, Progress, Step};

/// Unpacks an archive into a new folder.
pub(super) fn unpack(
    file: File,
    folder: &Path,
    archive: &Archive,
    on_progress: OnProgress<'_>,
) -> Result<(), InstallError> {
    fs::create_dir(folder).map_err(|error| InstallError::write(folder, &error))?;
    let reader = Counted {
        file,
        bytes: 0,
        on_bytes: &mut |bytes| {
            on_progress(Progress {
                step: Step::Unpack,
                bytes,
                total: archive.bytes,
            });
        },
    };
    let failed = |error: &io::Error| InstallError::Archive(with_source(error));
    let mut entries = tar::Archive::new(GzDecoder::new(reader));
    // Permissions are those of the archive within the umask, owners those of this process.
    for entry in entries.entries().map_err(|error| failed(&error))? {
        let mut entry = entry.map_err(|error| failed(&error))?;
        // `false`: the entry would be outside of the folder, for example `../x`.
        if !entry.unpack_in(folder).map_err(|error| failed(&error))? {
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            return Err(InstallError::Archive(format!(
                "`{}` is outside of its folder",
                path.escape_debug()
            )));
        }
    }
    Ok(())
}

/// Formats an error of `tar`, whose cause is a source, for example a full disk.
fn with_source(error: &io::Error) -> String {
    let source = error.get_ref().and_then(|error| error.source());
    match source {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Counts the bytes that are read from a file.
struct Counted<'a> {
    file: File,
    bytes: u64,
    on_bytes: &'a mut dyn FnMut(u64),
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.bytes += length as u64;
        (self.on_bytes)(self.bytes);
        Ok(length)
    }
}
