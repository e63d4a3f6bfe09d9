//! Facts that the jobs of a run share.

use generated_client::Leftovers;

use super::saved::SavedNotebook;
use crate::cli::RunArgs;
use crate::report::Report;
use crate::target::Target;

/// Target, arguments and records of a run, which its jobs share.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) target: &'a Target,
    pub(super) leftovers: &'a Leftovers,
    pub(super) args: &'a RunArgs,
    pub(super) report: &'a Report,
    pub(super) saved: &'a SavedNotebook,
}
