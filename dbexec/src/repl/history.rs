//! File with the history of inputs.
//!
//! Each line is an input, in which `\n` is a line end. Several processes append to the file under a lock.
//! Errors prevent nothing: the first one is printed as a warning.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::console;
use crate::state_dir::state_dir;

/// Maximum number of inputs that a session begins with. The file has up to twice as many.
pub(super) const MAX_ENTRIES: usize = 1000;

/// Maximum size of an input in the file.
const MAX_ENTRY_BYTES: usize = 64 << 10;

/// Maximum size of the part of the file that is read.
const MAX_READ_BYTES: u64 = 16 << 20;

/// File with the history.
#[derive(Debug)]
pub(super) struct History {
    path: Option<PathBuf>,
    has_warned: bool,
}

impl History {
    /// Opens the file in the state folder. Returns its last inputs as well.
    pub(super) fn open() -> (Self, Vec<String>) {
        Self::open_in(state_dir().as_deref())
    }

    fn open_in(folder: Option<&Path>) -> (Self, Vec<String>) {
        let mut history = Self {
            path: folder.map(|folder| folder.join("history")),
            has_warned: false,
        };
        let entries = history.read().unwrap_or_else(|error| {
            history.warn(&error);
            Vec::new()
        });
        (history, entries)
    }

    /// Reads the last entries, and removes the other ones if there are many.
    fn read(&self) -> io::Result<Vec<String>> {
        let Some(path) = &self.path else {
            return Ok(Vec::new());
        };
        let mut file = match options().open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            file => file?,
        };
        system::lock(&file)?;
        let start = file.metadata()?.len().saturating_sub(MAX_READ_BYTES);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        // The first line is not complete if the file is longer.
        let lines: Vec<&str> = text.lines().skip(usize::from(start > 0)).collect();
        let last = &lines[lines.len().saturating_sub(MAX_ENTRIES)..];
        if start > 0 || lines.len() > 2 * MAX_ENTRIES {
            // In place: another process may wait for the lock of this file.
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(format!("{}\n", last.join("\n")).as_bytes())?;
        }
        Ok(last.iter().map(|line| unescape(line)).collect())
    }

    /// Appends an input, without the secrets of the client.
    pub(super) fn add(&mut self, input: &str) {
        if let Err(error) = self.append(&console::redact(input)) {
            self.warn(&error);
        }
    }

    fn append(&self, input: &str) -> io::Result<()> {
        let Some(path) = self
            .path
            .as_ref()
            .filter(|_| input.len() <= MAX_ENTRY_BYTES)
        else {
            return Ok(());
        };
        if let Some(folder) = path.parent() {
            system::create_folder(folder)?;
        }
        let file = options().create(true).append(true).open(path)?;
        system::lock(&file)?;
        // One write: the lock may not be supported.
        (&file).write_all(format!("{}\n", escape(input)).as_bytes())
    }

    fn warn(&mut self, error: &io::Error) {
        if !std::mem::replace(&mut self.has_warned, true) {
            let path = self.path.as_deref().unwrap_or(Path::new(""));
            console::warn(format_args!(
                "cannot use the history {}: {error}",
                path.display()
            ));
        }
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    system::restrict(&mut options);
    options
}

fn escape(input: &str) -> String {
    input
        .replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "")
}

fn unescape(line: &str) -> String {
    let mut input = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => input.push('\n'),
                Some(other) => input.push(other),
                None => {}
            },
            c => input.push(c),
        }
    }
    input
}

#[cfg(unix)]
mod system {
    use std::fs::{DirBuilder, File, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    use std::path::Path;

    use rustix::fs::{FlockOperation, flock};

    pub(super) fn restrict(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub(super) fn create_folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    pub(super) fn lock(file: &File) -> io::Result<()> {
        Ok(flock(file, FlockOperation::LockExclusive)?)
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs::{DirBuilder, File, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(super) fn restrict(_: &mut OpenOptions) {}

    pub(super) fn create_folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).create(path)
    }

    #[expect(clippy::unnecessary_wraps, reason = "fallible on Unix")]
    pub(super) fn lock(_: &File) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_read_as_they_were_added() {
        let folder = tempfile::tempdir().unwrap();
        let (mut history, entries) = History::open_in(Some(folder.path()));
        assert!(entries.is_empty());
        let inputs = ["1 + 1", "def f():\n    return '\\n'\n", "\\", "é"];
        for input in inputs {
            history.add(input);
        }
        // Too long for the file.
        history.add(&"x".repeat(MAX_ENTRY_BYTES + 1));
        assert_eq!(History::open_in(Some(folder.path())).1, inputs);
    }

    #[cfg(unix)]
    #[test]
    fn file_is_private() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("dbexec");
        History::open_in(Some(&inner)).0.add("1");
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&inner), mode(&inner.join("history"))), (0o700, 0o600));
    }

    #[test]
    fn old_inputs_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history");
        let lines: Vec<String> = (0..=2 * MAX_ENTRIES).map(|n| n.to_string()).collect();
        let text = lines.join("\n") + "\n";
        std::fs::write(&path, text).unwrap();
        let (mut history, entries) = History::open_in(Some(folder.path()));
        assert_eq!(entries.len(), MAX_ENTRIES);
        assert_eq!((&*entries[0], &*entries[MAX_ENTRIES - 1]), ("1001", "2000"));
        history.add("last");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("1001\n") && text.ends_with("2000\nlast\n"));
    }

    #[test]
    fn processes_can_add_inputs_at_the_same_time() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for name in 'a'..='d' {
                let folder = folder.path();
                scope.spawn(move || {
                    let (mut history, _) = History::open_in(Some(folder));
                    (0..50).for_each(|number| history.add(&format!("{name}{number}\n")));
                });
            }
        });
        let (_, entries) = History::open_in(Some(folder.path()));
        assert_eq!(entries.len(), 200);
        let of_a: Vec<_> = entries
            .iter()
            .filter(|entry| entry.starts_with('a'))
            .collect();
        assert_eq!((of_a[0].as_str(), of_a[49].as_str()), ("a0\n", "a49\n"));
    }
}
