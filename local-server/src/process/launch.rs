//! Commands that start a process below its supervisors.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const BOOTSTRAP: &str = include_str!("bootstrap.py");
const SUPERVISOR: &str = include_str!("supervisor.py");
const EXEC: &str = include_str!("exec.py");

/// Process to be started below its supervisors, which run in a Python interpreter.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(super) command: Command,
    /// Written to standard input before all requests.
    pub(super) input: Vec<u8>,
    /// Removed after the process has exited.
    pub(super) folder: Option<TempDir>,
}

/// Effect of a cancel request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CancelSignal {
    /// The supervisor appends `delivered` or `ignored` to the request, and sends SIGINT to the
    /// process and its child processes.
    Sigint,
    /// The process reads the request. A JVM would exit on SIGINT.
    None,
}

impl Launch {
    /// Runs a kernel that consists of Python programs, which share a namespace. The last one calls
    /// `start_supervisors`.
    pub(crate) fn python(python: &Path, programs: &[&'static str]) -> Self {
        let programs: Vec<_> = [&[SUPERVISOR], programs].concat();
        let sizes: Vec<_> = programs
            .iter()
            .map(|program| program.len().to_string())
            .collect();
        let mut command = Command::new(python);
        command.args(["-c", BOOTSTRAP, &sizes.join(",")]);
        Self {
            command,
            input: programs.concat().into_bytes(),
            folder: None,
        }
    }

    /// Executes a command, which communicates over the file descriptors that `exec.py` documents. Its
    /// memory is limited to a number of bytes.
    ///
    /// The program, the arguments and the environment variables of the command are used. The
    /// supervisors have the same variables.
    pub(crate) fn program(
        python: &Path,
        cancel: CancelSignal,
        memory_limit: Option<u64>,
        command: &Command,
    ) -> Self {
        let mut launch = Self::python(python, &[EXEC]);
        launch.command.arg(match cancel {
            CancelSignal::Sigint => "sigint",
            CancelSignal::None => "requests",
        });
        launch.command.arg(match memory_limit {
            Some(bytes) => bytes.to_string(),
            None => "unlimited".to_owned(),
        });
        launch.command.arg(command.get_program());
        launch.command.args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => launch.command.env(name, value),
                None => launch.command.env_remove(name),
            };
        }
        launch
    }

    /// Appends bytes that are written to the pipe of requests before all requests.
    pub(crate) fn input(mut self, bytes: &[u8]) -> Self {
        self.input.extend_from_slice(bytes);
        self
    }

    /// Removes a folder of the process after it has exited.
    pub(crate) fn folder(mut self, folder: TempDir) -> Self {
        self.folder = Some(folder);
        self
    }

    /// Removes environment variables of the process and its supervisors.
    pub(crate) fn without_variables(mut self, names: &[OsString]) -> Self {
        for name in names {
            self.command.env_remove(name);
        }
        self
    }

    /// Returns the name of the Python interpreter, for errors of its start.
    pub(crate) fn python_name(&self) -> String {
        self.command.get_program().to_string_lossy().into_owned()
    }
}
