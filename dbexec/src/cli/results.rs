//! Arguments for the format of results.

use std::path::Path;

use clap::Args;

use crate::render::{Format, Images, Options};

#[derive(Debug, Args)]
pub(crate) struct ResultArgs {
    /// Format of the results
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: Format,

    /// Print tables with one line per value
    #[arg(short = 'x', long)]
    vertical: bool,

    /// Accept results that the server truncated. By default, the exit code is 5 for the formats `csv`,
    /// `json` and `ndjson`
    #[arg(long)]
    allow_truncated: bool,

    /// Images on terminals. They are saved in any case
    #[arg(
        long,
        env = "DBEXEC_IMAGES",
        value_enum,
        value_name = "HOW",
        default_value = "auto"
    )]
    images: Images,
}

impl ResultArgs {
    /// Returns the options of a printer that writes images to a directory.
    pub(crate) fn options<'a>(&self, image_dir: &'a Path) -> Options<'a> {
        Options {
            format: self.output,
            is_vertical: self.vertical,
            allow_truncated: self.allow_truncated,
            images: self.images,
            image_dir,
            whole_columns: &[],
        }
    }
}
