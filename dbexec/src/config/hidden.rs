//! Input from the terminal that is not displayed.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Prompts for a line on the terminal of the process.
pub(super) fn read_line(prompt: &str) -> io::Result<String> {
    let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let echoing = tcgetattr(&terminal)?;
    let mut hidden = echoing.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    restore_on_signals(&terminal, &echoing, &hidden, prompt)?;
    // Before the prompt: input that follows it is not displayed.
    tcsetattr(&terminal, OptionalActions::Flush, &hidden)?;
    let line = write!(terminal, "{prompt}").and_then(|()| {
        let mut line = String::new();
        BufReader::new(&terminal).read_line(&mut line)?;
        Ok(line)
    });
    tcsetattr(&terminal, OptionalActions::Now, &echoing)?;
    writeln!(terminal)?;
    line
}

/// Restores the terminal when a signal ends the process, and while Ctrl-Z stops it.
fn restore_on_signals(
    terminal: &File,
    echoing: &Termios,
    hidden: &Termios,
    prompt: &str,
) -> io::Result<()> {
    let mut terminal = terminal.try_clone()?;
    let (echoing, hidden, prompt) = (echoing.clone(), hidden.clone(), prompt.to_owned());
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP])?;
    thread::Builder::new().spawn(move || {
        for signal in signals.forever() {
            // The process ends or stops in any case.
            let _ = tcsetattr(&terminal, OptionalActions::Now, &echoing);
            let _ = writeln!(terminal);
            let _ = emulate_default_handler(signal);
            // Only a stopped process continues.
            let _ = tcsetattr(&terminal, OptionalActions::Now, &hidden);
            let _ = write!(terminal, "{prompt}");
        }
    })?;
    Ok(())
}
