//! Runs of the binary in temporary folders, and snapshots of their output.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Spec without errors.
pub(crate) const CLOCK: &str = r#"[api]
name = "Clock"
doc  = "Returns the time."

[enums.Precision]
doc    = "Precision of a time."
values = { second = "Full seconds.", minute = "Full minutes." }

[endpoints.time.show]
doc      = "Returns the time in a zone."
http     = "GET /time"
query    = { zone = "string?", precision = "Precision" }
response = { now = "string" }
"#;

/// A temporary folder.
pub(crate) struct Sandbox(TempDir);

/// Exit code and output of a command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Creates a folder with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let sandbox = Self::new();
        for (name, text) in files {
            sandbox.write(name, text);
        }
        sandbox
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn read(&self, name: impl AsRef<Path>) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `cargo-api-spec` with these arguments.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl AsRef<[S]>) -> Done {
        self.run_with("", arguments)
    }

    /// Runs `cargo-api-spec` with this standard input.
    pub(crate) fn run_with<S: AsRef<OsStr>>(
        &self,
        stdin: &str,
        arguments: impl AsRef<[S]>,
    ) -> Done {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-api-spec"));
        command.args(arguments.as_ref());
        self.finish(stdin, command)
    }

    pub(crate) fn finish(&self, stdin: &str, mut command: Command) -> Done {
        let mut child = command
            .current_dir(self.0.path())
            .env_remove("CLICOLOR_FORCE")
            .env_remove("NO_COLOR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read standard input may have exited already.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| {
            let here = self.0.path().display().to_string();
            String::from_utf8(bytes).unwrap().replace(&here, "[HERE]")
        };
        Done {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Runs several command lines. Returns them with their output, like a terminal.
    pub(crate) fn session(&self, lines: &[&str]) -> String {
        let mut seen = String::new();
        for line in lines {
            let arguments: Vec<&str> = line.split_whitespace().collect();
            let done = self.run(arguments);
            write!(seen, "$ cargo api-spec {line}\n{done}\n").unwrap();
        }
        seen.trim_end().to_owned()
    }
}

impl Done {
    /// Asserts success without messages on standard error, and returns standard output.
    #[track_caller]
    pub(crate) fn stdout(self) -> String {
        assert!(self.code == Some(0) && self.stderr.is_empty(), "{self}");
        self.stdout
    }

    #[track_caller]
    pub(crate) fn assert(&self, code: i32, stdout: &str, stderr: &str) {
        let same = self.code == Some(code) && self.stdout == stdout && self.stderr == stderr;
        assert!(same, "{self}");
    }
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.stdout)?;
        for line in self.stderr.lines() {
            writeln!(f, "! {line}")?;
        }
        match self.code {
            Some(0) => Ok(()),
            Some(code) => writeln!(f, "[exit {code}]"),
            None => writeln!(f, "[killed]"),
        }
    }
}

/// Compares a text with a snapshot.
pub(crate) fn snapshot(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}
