//! Progress in the taskbar or the tab of a terminal (OSC 9;4).
//!
//! Only variables are read to find out whether the terminal supports it: others may print the sequence.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{LazyLock, Mutex, PoisonError};

/// Displayed state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    None,
    /// The end is not known.
    Running,
    Percent(u8),
}

static IS_SUPPORTED: LazyLock<bool> = LazyLock::new(|| {
    io::stderr().is_terminal() && is_supported(|name| env::var(name).unwrap_or_default())
});

static DISPLAYED: Mutex<State> = Mutex::new(State::None);

/// Displays a state.
pub(crate) fn show(state: State) {
    let mut displayed = DISPLAYED.lock().unwrap_or_else(PoisonError::into_inner);
    if *displayed != state && *IS_SUPPORTED {
        *displayed = state;
        let _ = io::stderr().lock().write_all(state.sequence().as_bytes());
    }
}

/// Displays no progress any more.
pub(crate) fn clear() {
    show(State::None);
}

impl State {
    fn sequence(self) -> String {
        match self {
            Self::None => "\x1b]9;4;0;\x1b\\".to_owned(),
            Self::Running => "\x1b]9;4;3;\x1b\\".to_owned(),
            Self::Percent(percent) => format!("\x1b]9;4;1;{percent}\x1b\\"),
        }
    }
}

fn is_supported(variable: impl Fn(&str) -> String) -> bool {
    // Multiplexers print the sequence or ignore it.
    if ["TMUX", "STY"]
        .iter()
        .any(|name| !variable(name).is_empty())
    {
        return false;
    }
    let program = variable("TERM_PROGRAM");
    !variable("WT_SESSION").is_empty()
        || variable("ConEmuANSI") == "ON"
        || ["WezTerm", "ghostty"].contains(&program.as_str())
        // The letter of this feature in the list that iTerm2 defines.
        || (program == "iTerm.app" && variable("TERM_FEATURES").contains('P'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_detected_by_their_variables() {
        let with = |set: &[(&str, &str)]| {
            is_supported(|name| {
                let found = set.iter().find(|(other, _)| *other == name);
                found
                    .map(|(_, value)| (*value).to_owned())
                    .unwrap_or_default()
            })
        };
        for set in [
            &[("WT_SESSION", "1")][..],
            &[("ConEmuANSI", "ON")],
            &[("TERM_PROGRAM", "ghostty")],
            &[("TERM_PROGRAM", "iTerm.app"), ("TERM_FEATURES", "T3P")],
        ] {
            assert!(with(set), "{set:?}");
        }
        for set in [
            &[][..],
            &[("TERM", "xterm-256color")],
            &[("TERM_PROGRAM", "iTerm.app")],
            &[("TERM_PROGRAM", "Apple_Terminal")],
            &[("TERM_PROGRAM", "WezTerm"), ("TMUX", "1")],
        ] {
            assert!(!with(set), "{set:?}");
        }
    }
}
