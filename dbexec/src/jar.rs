//! `dbexec jar`: a JAR on the cluster, for the code that runs afterwards.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use generated_client::api_2_0::{Library, dbfs, libraries};
use generated_client::api_runtime;
use generated_client::files::{FileUpload, TransferProgress};
use generated_client::{Error, ErrorKind, Wait, WaitProgress, wait_until_installed};
use ring::digest::{Context, SHA256};

use crate::cluster;
use crate::console;
use crate::elapsed::clock;
use crate::error::{CliError, TIMEOUT_HELP, with_sources};
use crate::fs::Status;
use crate::progress::Progress;
use crate::target::Target;
use crate::timeout::Timeout;

/// Folder of DBFS for JARs. Their names contain a checksum, so that no JAR is uploaded twice.
const FOLDER: &str = "/dbexec/jars";

/// A JAR of this machine.
#[derive(Debug)]
pub(crate) struct Jar {
    path: PathBuf,
    size: u64,
    /// Path in DBFS, for example `/dbexec/jars/app-0123456789abcdef.jar`.
    uploaded: String,
}

/// Cluster on which a JAR is installed, and the display of the progress.
#[derive(Clone, Copy)]
pub(crate) struct Installation<'a> {
    pub(crate) target: &'a Target,
    pub(crate) timeout: Timeout,
    pub(crate) cleanup_timeout: Timeout,
    pub(crate) progress: &'a Progress,
    /// Set if steps that succeed print nothing.
    pub(crate) is_quiet: bool,
    /// File that remains if the process ends now.
    pub(crate) status: &'a Status,
}

impl Jar {
    /// Reads a JAR to determine its checksum.
    pub(crate) fn open(path: &Path) -> Result<Self, CliError> {
        let unreadable = |error: io::Error| CliError::usage(format!("{}: {error}", path.display()));
        let mut file = File::open(path).map_err(unreadable)?;
        let mut checksum = Context::new(&SHA256);
        let mut block = vec![0; 64 << 10];
        let mut size = 0;
        loop {
            let length = file.read(&mut block).map_err(unreadable)?;
            // The first bytes of all ZIP files.
            if size == 0 && !block[..length].starts_with(b"PK") {
                let message = format!("{} is not a JAR", path.display());
                return Err(CliError::usage(message));
            }
            if length == 0 {
                break;
            }
            checksum.update(&block[..length]);
            size += length as u64;
        }
        let checksum = checksum.finish();
        let checksum = checksum.as_ref().iter().take(8);
        let checksum: Vec<_> = checksum.map(|byte| format!("{byte:02x}")).collect();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let name = name.replace(|c| !is_plain(c), "_");
        Ok(Self {
            path: path.to_owned(),
            size,
            uploaded: format!("{FOLDER}/{name}-{}.jar", checksum.concat()),
        })
    }

    /// Uploads the JAR, unless it exists, installs it on the cluster, and waits until it is installed.
    pub(crate) fn install(&self, installation: &Installation<'_>) -> Result<(), CliError> {
        // Libraries are pending on a terminated cluster.
        cluster::require_running(installation.target)?;
        if self.is_uploaded(installation)? {
            installation.print(format_args!("{} exists", self.uri()));
        } else {
            let start = Instant::now();
            let result = self.upload(installation);
            installation.progress.end();
            installation.status.clear();
            result?;
            let elapsed = clock(start.elapsed());
            installation.print(format_args!("uploaded to {} {elapsed}", self.uri()));
        }
        let start = Instant::now();
        installation.progress.begin(&"library", "Pending");
        let result = self.attach(installation);
        installation.progress.end();
        result.map_err(|error| self.not_installed(&error, installation))?;
        installation.print(format_args!("library Installed {}", clock(start.elapsed())));
        Ok(())
    }

    fn uri(&self) -> String {
        format!("dbfs:{}", self.uploaded)
    }

    /// Returns whether the JAR is on the service. An incomplete one has another size.
    fn is_uploaded(&self, installation: &Installation<'_>) -> Result<bool, CliError> {
        let client = &installation.target.client;
        match dbfs::get_status(client, &dbfs::GetStatus::new(&*self.uploaded)) {
            Ok(info) => Ok(info.file_size == Some(self.size)),
            Err(error) if error.code() == Some("RESOURCE_DOES_NOT_EXIST") => Ok(false),
            Err(error) => Err(installation.error(&error, "the JAR was looked up")),
        }
    }

    fn upload(&self, installation: &Installation<'_>) -> Result<(), CliError> {
        let mut file = File::open(&self.path)
            .map_err(|error| CliError::usage(format!("{}: {error}", self.path.display())))?;
        installation.progress.begin_transfer(&"upload", "Running");
        let set = installation.progress.meter();
        let uri = self.uri();
        let remains = format!("a part of the file may remain at `{uri}`");
        installation.status.set(remains);
        let mut upload = FileUpload::new(&*self.uploaded)
            .overwrite()
            .on_progress(|progress: &TransferProgress| set(progress.bytes, progress.total));
        if let Some(timeout) = installation.cleanup_timeout.duration() {
            upload = upload.cleanup_timeout(timeout);
        }
        let client = &installation.target.client;
        let size = upload.send(client, &mut file);
        let size = size.map_err(|error| installation.error(&error, "the JAR was uploaded"))?;
        if size == self.size {
            Ok(())
        } else {
            let message = format!("{} has changed while it was read", self.path.display());
            Err(CliError::service(message))
        }
    }

    /// Installs the library and waits for it.
    fn attach(&self, installation: &Installation<'_>) -> Result<(), Error> {
        let Target {
            client, cluster, ..
        } = installation.target;
        let library = [Library::new().jar(self.uri())];
        let request = libraries::Install::new(cluster.as_str(), library.to_vec());
        libraries::install(client, &request)?;
        // The client has the deadline of `--timeout`. Without it, the wait has its default timeout.
        let wait = match installation.timeout.duration() {
            Some(_) => Wait::new().no_timeout(),
            None => Wait::new(),
        };
        let set_state = installation.progress.setter();
        let wait = wait.on_progress(|progress: &WaitProgress<'_>| {
            if let api_runtime::Progress::Pending(state) = progress.state {
                set_state(&cluster::state_name(&state));
            }
        });
        wait_until_installed(client, cluster.as_str(), &library, wait)
    }

    fn not_installed(&self, error: &Error, installation: &Installation<'_>) -> CliError {
        let cli_error = installation.error(error, "the library was installed");
        if error.may_have_been_processed() || error.kind() != ErrorKind::Status {
            cli_error.note(format_args!(
                "{} may be installed on the cluster until it restarts",
                self.uri()
            ))
        } else {
            cli_error
        }
    }
}

impl Installation<'_> {
    fn print(&self, line: std::fmt::Arguments<'_>) {
        if !self.is_quiet {
            console::eprintln(line);
        }
    }

    /// Converts the error of a step.
    fn error(&self, error: &Error, step: &str) -> CliError {
        if self.target.has_timed_out(error) {
            let timeout = self.timeout;
            return CliError::timeout(format_args!(
                "timed out after {timeout} (--timeout) while {step}"
            ))
            .note(with_sources(error))
            .help(TIMEOUT_HELP);
        }
        if error.kind() == ErrorKind::Interrupted {
            return CliError::interrupted(format_args!("stopped while {step}"))
                .note(with_sources(error));
        }
        CliError::request(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_has_the_name_and_the_checksum_of_the_jar() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my app.jar");
        std::fs::write(&path, "PK").unwrap();
        let jar = Jar::open(&path).unwrap();
        assert_eq!(jar.uri(), "dbfs:/dbexec/jars/my_app-fcab7fcc2b4cffd9.jar");
        assert_eq!(jar.size, 2);
        for contents in ["", "#!/bin/sh"] {
            std::fs::write(&path, contents).unwrap();
            let error = Jar::open(&path).unwrap_err();
            assert!(error.message().ends_with(" is not a JAR"), "{error}");
        }
    }
}
