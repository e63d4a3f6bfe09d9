//! `dbexec fs cat`.

use generated_client::files::FileDownload;
use generated_client::{Client, ErrorKind};

use super::error;
use super::path::DbfsPath;
use crate::cli::FsCatArgs;
use crate::error::CliError;
use crate::transfer::{Output, Transfer};
use crate::{console, target};

/// Writes files to standard output.
pub(super) fn cat(args: &FsCatArgs) -> Result<(), CliError> {
    let client = target::connect(&args.workspace)?;
    let mut output = Output::new(Transfer::on_terminal());
    for path in &args.paths {
        let written = write(&client, path, &mut output);
        if written.is_err() {
            let _ = output.end();
        }
        written?;
    }
    console::check(output.end())
}

/// Writes a file to standard output.
pub(super) fn write(client: &Client, path: &DbfsPath, output: &mut Output) -> Result<(), CliError> {
    match FileDownload::new(path.as_str()).write_to(client, output) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::Output => match output.take_error() {
            Some(error) => console::check(Err(error)),
            None => Err(error::of_path(&error, path)),
        },
        Err(error) => Err(error::of_path(&error, path)),
    }
}
