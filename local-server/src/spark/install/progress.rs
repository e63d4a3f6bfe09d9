//! Progress of an installation.

/// Step of an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Another process installs Spark at the moment.
    Wait,
    /// The archive is downloaded.
    Download,
    /// The checksum of the archive is computed.
    Verify,
    /// The archive is unpacked.
    Unpack,
}

/// Progress of an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Current step.
    pub step: Step,
    /// Bytes of the archive that this step has processed.
    pub bytes: u64,
    /// Size of the archive in bytes.
    pub total: u64,
}

/// Receives the progress of an installation, several times per second.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress);
