//! Display of long tables by another program, page by page.
//!
//! The program is that of the variable `PAGER`, or `less -FRSX`. Keys and signals of the terminal are its
//! own while it runs: Ctrl-C does not interrupt the run.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, Write};
use std::process::{Command, Stdio};

use crate::{console, pager_process};

/// Number of rows up to which a table is displayed without a pager.
pub(crate) const MAX_ROWS_WITHOUT_PAGER: usize = 50;

/// Exit codes of a shell that cannot start a program.
const NOT_STARTED: [i32; 2] = [126, 127];

/// Displays text with the pager of the user, until it exits. Returns `false` if the text was not displayed:
/// there is no terminal or no pager.
pub(crate) fn show(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> bool {
    if !console::is_stdout_terminal() || env::var_os("TERM").is_none_or(|term| term == "dumb") {
        return false;
    }
    let program = env::var_os("PAGER");
    let Some(mut command) = command(program.as_deref()) else {
        return false;
    };
    let Ok(mut child) = command.stdin(Stdio::piped()).spawn() else {
        return false;
    };
    let input = child.stdin.take();
    pager_process::set(child);
    if let Some(input) = input {
        let mut input = BufWriter::new(input);
        // A pager that is quit early has not read everything, which is no error.
        let _ = write(&mut input).and_then(|()| input.flush());
    }
    let code = pager_process::wait().and_then(|status| status.code());
    let is_started = code.is_none_or(|code| !NOT_STARTED.contains(&code));
    if !is_started {
        let program = program.unwrap_or_default();
        console::warn(format_args!(
            "cannot start the pager `{}`",
            program.display()
        ));
    }
    is_started
}

/// Returns the command of the pager, or `None` if the user wants none.
fn command(program: Option<&OsStr>) -> Option<Command> {
    let mut command = match program {
        None => {
            let mut command = Command::new("less");
            command.arg("-FRSX");
            command
        }
        Some(program) if program.is_empty() || program == "cat" => return None,
        Some(program) => {
            let mut command = Command::new("sh");
            command.arg("-c").arg(program);
            set_default(&mut command, "LESS", "FRSX");
            command
        }
    };
    // Results are UTF-8 in every locale.
    set_default(&mut command, "LESSCHARSET", "utf-8");
    Some(command)
}

fn set_default(command: &mut Command, name: &str, value: &str) {
    let value = env::var_os(name).unwrap_or_else(|| OsString::from(value));
    command.env(name, value);
}
