//! Ends the interpreters when the server's process is killed and can't do so itself.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::Pid;

/// Keeps a list of process groups while its input is open, then kills those that are left.
///
/// An interpreter notices the end of the server too, unless C code holds its lock. Linux can signal
/// the death of a parent, but would end the interpreter alone and leave the processes it started.
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

/// A shell that outlives the server by a moment. It is started with the first interpreter.
#[derive(Debug, Default)]
pub(crate) struct Watchdog {
    shell: Mutex<Option<Child>>,
}

impl Watchdog {
    /// From now on the group ends with the server.
    pub(crate) fn watch(&self, group: Pid) -> io::Result<()> {
        let mut shell = self.lock();
        if shell.is_none() {
            *shell = Some(start()?);
        }
        tell(shell.as_mut(), '+', group)
    }

    /// The number may be given to another group. Without effect for one that is not watched.
    pub(crate) fn forget(&self, group: Pid) {
        // If the shell is gone, so is its list.
        let _ = tell(self.lock().as_mut(), '-', group);
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
        .process_group(0) // what ends the server's group is not for it
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

fn tell(shell: Option<&mut Child>, change: char, group: Pid) -> io::Result<()> {
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
    fn groups_that_are_left_are_killed_and_others_are_not() {
        let guard = Watchdog::default();
        let mut sleepers: Vec<_> = (0..4).map(|_| sleeper()).collect();
        for (_, group) in &sleepers {
            guard.watch(*group).unwrap();
        }
        guard.forget(sleepers[0].1);
        guard.forget(sleepers[2].1);
        drop(guard);
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
