//! Ctrl-C and its relatives: SIGINT, SIGTERM and SIGHUP.

use std::{fs, process, thread};

use generated_client::Interrupt;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::console;
use crate::exit::{Exit, Failure};

/// A handle that the first signal raises; the second one ends the program at once. `notice` is
/// what the user is told at the first.
///
/// Under `nohup` a hangup stays ignored.
pub(crate) fn on_signals(notice: Option<&'static str>) -> Result<Interrupt, Failure> {
    let mut meant = vec![SIGINT, SIGTERM];
    if !is_hangup_ignored() {
        meant.push(SIGHUP);
    }
    let mut signals = Signals::new(meant)
        .map_err(|error| Failure::unserved(format!("signals cannot be handled: {error}")))?;
    let interrupt = Interrupt::new();
    let raised = interrupt.clone();
    thread::spawn(move || {
        for _ in signals.forever() {
            if raised.is_raised() {
                process::exit(i32::from(Exit::Interrupted as u8));
            }
            raised.raise();
            if let Some(notice) = notice {
                console::say(notice);
            }
        }
    });
    Ok(interrupt)
}

/// Whether this process was started to outlive its terminal. Only Linux tells without `unsafe`.
fn is_hangup_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignores_hangup(&status)
}

fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Signal n is bit n - 1, and SIGHUP is 1.
    mask.is_some_and(|mask| mask & 1 != 0)
}

#[cfg(test)]
mod tests {
    use super::ignores_hangup;

    #[test]
    fn the_mask_of_ignored_signals() {
        assert!(ignores_hangup(
            "Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0\n"
        ));
        assert!(!ignores_hangup(
            "SigBlk:\t0000000000000001\nSigIgn:\t0000000000001002\n"
        ));
        assert!(!ignores_hangup("SigIgn:\tno number\n"));
        assert!(!ignores_hangup(""));
    }
}
