//! Progress of an installation.

use local_server::spark::{Progress as InstallProgress, Step};

use crate::progress::{Mode, Progress};
use crate::timeout::Timeout;

/// Display of the progress on standard error.
pub(super) struct Display {
    progress: Progress,
    /// Name of the package, for example `pyspark 4.3.0`.
    name: String,
    step: Option<Step>,
}

impl Display {
    pub(super) fn new(version: &str) -> Self {
        Self {
            progress: Progress::new(Mode::Auto, Timeout::NONE),
            name: format!("pyspark {version}"),
            step: None,
        }
    }

    /// Shows the progress. Cheap enough to be called for every block.
    pub(super) fn update(&mut self, progress: InstallProgress) {
        let name = &self.name;
        if self.step != Some(progress.step) {
            self.step = Some(progress.step);
            match progress.step {
                Step::Wait => self
                    .progress
                    .begin(name, "waiting for another installation"),
                Step::Download => self.progress.begin_transfer(name, "Downloading"),
                Step::Verify => {
                    let name = format!("{name} checksum");
                    self.progress.begin_transfer(&name, "Verifying");
                }
                _ => {
                    let name = format!("{name} files");
                    self.progress.begin_transfer(&name, "Unpacking");
                }
            }
        }
        if progress.step != Step::Wait {
            self.progress
                .set_bytes(progress.bytes, Some(progress.total));
        }
    }
}
