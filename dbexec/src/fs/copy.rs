//! `dbexec fs cp`.

use std::fs::{self, File};
#[cfg(unix)]
use std::io;
#[cfg(unix)]
use std::os::fd::AsFd as _;
use std::path::Path;

use generated_client::api_2_0::dbfs;
use generated_client::files::{FileDownload, FileReader, FileUpload, TransferProgress};
use generated_client::{Client, Error, ErrorKind};

use super::cat;
use super::error;
use super::location::Location;
use super::path::DbfsPath;
use super::plan::{Copy, Paths, Plan};
use super::status::Status;
use super::stdin::Stdin;
use crate::cli::FsCpArgs;
use crate::error::{CliError, TIMEOUT_HELP, with_sources};
use crate::progress::Progress;
use crate::transfer::{Output, Transfer};
use crate::{console, interrupt, target};

/// Copies files.
pub(super) fn copy(args: &FsCpArgs) -> Result<(), CliError> {
    let paths = Paths::parse(&args.sources, &args.target)?;
    let client = target::connect(&args.workspace)?;
    let status = Status::default();
    let interrupt = interrupt::on_signals(status.clone())?;
    let client = client
        .with_interrupt(interrupt)
        .deadline(args.timeout.deadline());
    let plan = Plan::new(&client, &paths, args.recursive)?;
    check_targets(&plan, args.overwrite)?;
    let copies = Copies {
        args,
        client: &client,
        status: &status,
        progress: Progress::new(args.progress.mode, args.timeout),
        count: plan.files.len(),
    };
    for folder in &plan.folders {
        copies.create_folder(folder)?;
    }
    for (index, copy) in plan.files.iter().enumerate() {
        let result = copies.copy(index, copy);
        copies.progress.end();
        result.map_err(|error| with_count(error, index, copies.count))?;
        if client.interrupt().is_raised() {
            let message = "the file was copied as a whole";
            return Err(with_count(
                CliError::interrupted(message),
                index + 1,
                copies.count,
            ));
        }
    }
    Ok(())
}

/// Checks that no file of this machine would be replaced, before anything is copied.
fn check_targets(plan: &Plan, overwrite: bool) -> Result<(), CliError> {
    let targets = plan.files.iter().map(|copy| &copy.target);
    for target in targets {
        if let Location::Local(path) = target
            && !overwrite
            && path.is_file()
        {
            return Err(exists(CliError::usage(format!("`{target}` exists"))));
        }
    }
    Ok(())
}

fn exists(error: CliError) -> CliError {
    error.help("use `--overwrite` to replace it")
}

fn with_count(error: CliError, copied: usize, count: usize) -> CliError {
    match count {
        0 | 1 => error,
        _ => error.note(format_args!("{copied} of {count} files were copied")),
    }
}

/// Copies of several files.
struct Copies<'a> {
    args: &'a FsCpArgs,
    client: &'a Client,
    status: &'a Status,
    progress: Progress,
    count: usize,
}

impl Copies<'_> {
    fn create_folder(&self, folder: &Location) -> Result<(), CliError> {
        match folder {
            Location::Dbfs(path) => {
                dbfs::mkdirs(self.client, &dbfs::Mkdirs::new(path.as_str()))
                    .map_err(|error| error::of_path(&error, path))?;
            }
            Location::Local(path) => fs::create_dir_all(path)
                .map_err(|error| CliError::service(format!("{}: {error}", path.display())))?,
            Location::Stream => {}
        }
        Ok(())
    }

    fn copy(&self, index: usize, copy: &Copy) -> Result<(), CliError> {
        let name = self.name(index, copy);
        match (&copy.source, &copy.target) {
            (Location::Dbfs(source), Location::Dbfs(target)) => {
                self.progress.begin_transfer(&name, "Copying");
                let copied =
                    FileReader::open(self.client, source.as_str()).and_then(|mut source| {
                        self.send(target, |it| it.send(self.client, &mut source))
                    });
                copied.map_err(|error| self.failed(&error, copy))
            }
            (source, Location::Dbfs(target)) => {
                self.progress.begin_transfer(&name, "Uploading");
                self.upload(source, target, copy)
            }
            (Location::Dbfs(source), Location::Local(target)) => {
                self.progress.begin_transfer(&name, "Downloading");
                self.download(source, target)
                    .map_err(|error| self.failed(&error, copy))
            }
            (Location::Dbfs(source), Location::Stream) => {
                let mut output = Output::new(Transfer::hidden());
                let written = cat::write(self.client, source, &mut output);
                written.and(console::check(output.end()))
            }
            // Excluded by `Paths::parse`.
            _ => Ok(()),
        }
    }

    /// Names a file in the progress, for example `big.csv (2/5)`.
    fn name(&self, index: usize, copy: &Copy) -> String {
        let name = match (&copy.source, &copy.target) {
            (Location::Dbfs(path), _) | (Location::Stream, Location::Dbfs(path)) => {
                path.name().unwrap_or_default().to_owned()
            }
            (Location::Local(path), _) => {
                let name = path.file_name().unwrap_or_default();
                name.to_string_lossy().into_owned()
            }
            (Location::Stream, _) => String::new(),
        };
        match self.count {
            1 => name,
            count => format!("{name} ({}/{count})", index + 1),
        }
    }

    fn upload(&self, source: &Location, target: &DbfsPath, copy: &Copy) -> Result<(), CliError> {
        let file = match source {
            Location::Local(path) => {
                let opened = File::open(path);
                Some(
                    opened
                        .map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?,
                )
            }
            _ => regular_stdin(),
        };
        let result = if let Some(mut file) = file {
            self.send(target, |upload| upload.send(self.client, &mut file))
        } else {
            let mut stdin = Stdin::new(self.client).map_err(|error| {
                CliError::service(format!("cannot read standard input: {error}"))
            })?;
            self.send(target, |upload| upload.send_once(self.client, &mut stdin))
        };
        result.map_err(|error| {
            let cli_error = self.failed(&error, copy);
            if error.is_transient() && *source == Location::Stream {
                cli_error.help("copy a file instead of a pipe, which can be read once")
            } else {
                cli_error
            }
        })
    }

    fn send(
        &self,
        target: &DbfsPath,
        run: impl FnOnce(FileUpload<'_>) -> Result<u64, Error>,
    ) -> Result<(), Error> {
        self.status
            .set(format!("a part of the file may remain at `{target}`"));
        let set = self.progress.meter();
        let upload = FileUpload::new(target.as_str()).on_progress(|progress: &TransferProgress| {
            if progress.attempt > 1 && progress.bytes == 0 {
                console::note(format_args!(
                    "the upload to `{target}` starts over after a failed request"
                ));
            }
            set(progress.bytes, progress.total);
        });
        let upload = if self.args.overwrite {
            upload.overwrite()
        } else {
            upload
        };
        let result = run(upload);
        self.status.clear();
        result.map(drop)
    }

    fn download(&self, source: &DbfsPath, target: &Path) -> Result<(), Error> {
        self.status.set(format!(
            "a temporary file `{}.part` may remain",
            target.with_file_name(".*").display()
        ));
        let set = self.progress.meter();
        let download = FileDownload::new(source.as_str())
            .on_progress(|progress: &TransferProgress| set(progress.bytes, progress.total));
        let download = if self.args.overwrite {
            download.overwrite()
        } else {
            download
        };
        let saved = download.save(self.client, target);
        self.status.clear();
        saved.map(drop)
    }

    /// Converts the error of a copy.
    fn failed(&self, error: &Error, copy: &Copy) -> CliError {
        let Copy { source, target } = copy;
        // With `--overwrite`, something else than a file exists.
        if error.code() == Some("RESOURCE_ALREADY_EXISTS") && !self.args.overwrite {
            return exists(CliError::service(format!("`{target}` exists")));
        }
        let subject = format!("cannot copy `{source}` to `{target}`");
        let has_timed_out = error.is_timeout()
            && self
                .client
                .current_deadline()
                .is_some_and(|deadline| deadline <= self.client.clock().now());
        if has_timed_out {
            let timeout = self.args.timeout;
            return CliError::timeout(format_args!("timed out after {timeout} (--timeout)"))
                .note(format_args!("{subject}: {}", with_sources(error)))
                .help(TIMEOUT_HELP);
        }
        if error.kind() == ErrorKind::Interrupted {
            return CliError::interrupted(with_sources(error))
                .note(format_args!("`{source}` was not copied to `{target}`"));
        }
        CliError::request(error).context(subject)
    }
}

/// Returns standard input if it is a regular file, which can be read again.
fn regular_stdin() -> Option<File> {
    #[cfg(unix)]
    {
        let file = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
        file.metadata()
            .is_ok_and(|metadata| metadata.is_file())
            .then_some(file)
    }
    #[cfg(not(unix))]
    None
}
