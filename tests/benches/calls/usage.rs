//! Memory and CPU time of this process, from `/proc`. Linux only.

use std::error::Error;
use std::fs;
use std::time::Duration;

/// Returns the peak of the resident memory in KiB.
pub(crate) fn peak() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no `VmHWM` in /proc/self/status")?.parse()?)
}

/// Returns the CPU time of all threads.
pub(crate) fn cpu_time() -> Result<Duration, Box<dyn Error>> {
    let mut total = Duration::ZERO;
    for thread in fs::read_dir("/proc/self/task")? {
        let schedstat = fs::read_to_string(thread?.path().join("schedstat"))?;
        let nanoseconds = schedstat
            .split_whitespace()
            .next()
            .ok_or("empty schedstat")?;
        total += Duration::from_nanos(nanoseconds.parse()?);
    }
    Ok(total)
}
