//! Kills the interpreters if the server process is killed.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::Pid;

/// Maintains a list of process groups from `+ GROUP` and `- GROUP` lines, and kills those groups at
/// the end of the input.
///
/// An interpreter detects the end of the server too, but only while no C code holds its global
/// lock. `PR_SET_PDEATHSIG` of Linux would kill the interpreter without its child processes.
const SCRIPT: &str = r#"
groups=" "
while read -r change group; do
    case $change in
        +) groups="$groups$group " ;;
        -) groups="${groups%% $group *} ${groups#* $group }" ;;
    esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
"#;

/// A shell process that kills process groups after the server has exited. It is started with the
/// first interpreter.
#[derive(Debug, Default)]
pub(crate) struct Watchdog {
    shell: Mutex<Option<Child>>,
}

impl Watchdog {
    /// Adds a process group to kill when the server exits.
    pub(crate) fn watch(&self, group: Pid) -> io::Result<()> {
        let mut shell = self.lock();
        if shell.is_none() {
            *shell = Some(start()?);
        }
        send(shell.as_mut(), '+', group)
    }

    /// Removes a process group, whose id may then be reused. Does nothing if it is not watched.
    pub(crate) fn unwatch(&self, group: Pid) {
        // An error means that the shell has exited, and then there is no list to update.
        let _ = send(self.lock().as_mut(), '-', group);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Child>> {
        self.shell.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(mut shell) = self.lock().take() {
            drop(shell.stdin.take());
            let _ = shell.wait();
        }
    }
}

fn start() -> io::Result<Child> {
    Command::new("/bin/sh")
        .args(["-c", SCRIPT])
        // A signal for the process group of the server must not kill the watchdog.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

fn send(shell: Option<&mut Child>, change: char, group: Pid) -> io::Result<()> {
    let Some(input) = shell.and_then(|shell| shell.stdin.as_mut()) else {
        return Ok(());
    };
    let line = format!("{change} {}\n", group.as_raw_nonzero());
    input.write_all(line.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::process::{Child, Command};

    use rustix::process::{Pid, Signal};

    use super::Watchdog;

    fn sleeper() -> (Child, Pid) {
        let sleeper = Command::new("sleep").arg("1000").process_group(0).spawn();
        let sleeper = sleeper.unwrap();
        let group = Pid::from_child(&sleeper);
        (sleeper, group)
    }

    #[test]
    fn watched_groups_are_killed_and_unwatched_ones_are_not() {
        let watchdog = Watchdog::default();
        let mut sleepers: Vec<_> = (0..4).map(|_| sleeper()).collect();
        for (_, group) in &sleepers {
            watchdog.watch(*group).unwrap();
        }
        watchdog.unwatch(sleepers[0].1);
        watchdog.unwatch(sleepers[2].1);
        drop(watchdog);
        for (index, (sleeper, _)) in sleepers.iter_mut().enumerate() {
            if index % 2 == 0 {
                assert_eq!(sleeper.try_wait().unwrap(), None);
                sleeper.kill().unwrap();
            }
            let status = sleeper.wait().unwrap();
            assert_eq!(status.signal(), Some(Signal::KILL.as_raw()));
        }
    }
}
