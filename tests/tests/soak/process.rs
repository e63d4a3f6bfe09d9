//! Resources of this process.

/// Resident memory in bytes and number of open files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Footprint {
    pub(crate) resident: u64,
    pub(crate) files: usize,
}

impl Footprint {
    /// Returns the current values, or zeros on systems without `/proc`.
    pub(crate) fn current() -> Self {
        Self {
            resident: resident().unwrap_or(0),
            files: std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count),
        }
    }
}

fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
