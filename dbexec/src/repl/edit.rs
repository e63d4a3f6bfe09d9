//! An input in the editor of the user.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::SystemTime;

use crate::language::Language;

/// Opens a text in an editor, and returns it after the editor has ended. Errors have one line.
pub(super) fn edit(text: &str, language: Language) -> Result<String, String> {
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()))
        .unwrap_or_else(|| "vi".to_owned());
    let path = temporary_path(language);
    let edited = create(&path, text)
        .map_err(|error| format!("{}: {error}", path.display()))
        .and_then(|()| run(&editor, &path))
        .and_then(|()| {
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        });
    let _ = fs::remove_file(&path);
    edited.map(|text| text.trim_end_matches(['\n', '\r']).to_owned())
}

fn temporary_path(language: Language) -> PathBuf {
    let extension = match language {
        Language::Python => "py",
        Language::Scala => "scala",
        Language::Sql => "sql",
        Language::R => "r",
    };
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let nanos = time.unwrap_or_default().as_nanos();
    let name = format!("dbexec-{}-{nanos:x}.{extension}", process::id());
    env::temp_dir().join(name)
}

/// Creates a file that only the user can read, and that does not exist.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;

        options.mode(0o600);
    }
    let end = if text.ends_with('\n') { "" } else { "\n" };
    options
        .open(path)?
        .write_all(format!("{text}{end}").as_bytes())
}

/// Runs the editor, whose variable may contain arguments.
fn run(editor: &str, path: &Path) -> Result<(), String> {
    let mut command = if cfg!(unix) {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{editor} \"$1\""), "sh"]);
        command
    } else {
        Command::new(editor)
    };
    match command.arg(path).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the editor `{editor}` has failed: {status}")),
        Err(error) => Err(format!("the editor `{editor}` cannot be started: {error}")),
    }
}
