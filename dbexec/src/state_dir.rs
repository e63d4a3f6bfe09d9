//! Folder for the state of `dbexec`: the journal, and the history of `dbexec repl`.

use std::env;
use std::path::{Path, PathBuf};

/// Returns the folder, or `None` if there is neither `XDG_STATE_HOME` nor a home folder.
pub(crate) fn state_dir() -> Option<PathBuf> {
    let variable = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    in_state_home(variable.as_deref(), env::home_dir().as_deref())
}

fn in_state_home(variable: Option<&Path>, home: Option<&Path>) -> Option<PathBuf> {
    // The XDG specification: relative paths are ignored.
    let state = match variable.filter(|path| path.is_absolute()) {
        Some(path) => path.to_owned(),
        None => home.filter(|path| path.is_absolute())?.join(".local/state"),
    };
    Some(state.join("dbexec"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_folders_are_ignored() {
        let dir = |variable: Option<&str>, home: Option<&str>| {
            in_state_home(variable.map(Path::new), home.map(Path::new))
        };
        let default = PathBuf::from("/home/me/.local/state/dbexec");
        assert_eq!(dir(None, Some("/home/me")), Some(default.clone()));
        assert_eq!(dir(Some(""), Some("/home/me")), Some(default.clone()));
        assert_eq!(dir(Some("state"), Some("/home/me")), Some(default));
        let other = PathBuf::from("/state/dbexec");
        assert_eq!(dir(Some("/state"), None), Some(other));
        assert_eq!(dir(None, None), None);
        assert_eq!(dir(None, Some("")), None);
    }
}
