//! Facts that the jobs of a run share.

use generated_client::Leftovers;

use super::saved::SavedNotebook;
use crate::cli::RunArgs;
use crate::journal::Recorder;
use crate::progress::Progress;
use crate::report::Report;
use crate::target::Target;

/// Target, arguments and records of a run, which its jobs share.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) target: &'a Target,
    pub(super) leftovers: &'a Leftovers,
    pub(super) recorder: &'a Recorder,
    pub(super) args: &'a RunArgs,
    pub(super) report: &'a Report,
    pub(super) saved: &'a SavedNotebook,
}

impl Run<'_> {
    /// Starts the display of the progress.
    pub(super) fn progress(&self) -> Progress {
        let Self { args, target, .. } = self;
        Progress::with_cleanup(
            args.progress.mode,
            args.timeout,
            target.client.interrupt(),
            args.cleanup_timeout,
        )
    }
}
