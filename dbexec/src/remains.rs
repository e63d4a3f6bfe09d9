//! Messages about contexts and commands that would remain on a cluster.

use generated_client::{Leftover, Leftovers};

use crate::console;
use crate::handle::Handle;

/// Prints that a signal has arrived, and what is done before the process ends. `raise` raises the
/// interrupt, after which the command may end.
pub(crate) fn print_interrupted(leftovers: &Leftovers, raise: &dyn Fn()) {
    // Canceling may take a while. A signal may also arrive before a command exists, for example while the
    // cluster starts or a JAR is uploaded.
    let has_command = leftovers.list().iter().any(Leftover::is_command);
    let action = if has_command {
        "cancelling"
    } else {
        "cleaning up"
    };
    raise();
    console::eprintln(format_args!("{action}; Ctrl-C again leaves at once"));
}

/// Prints what remains on the cluster, except what the message of the error contains, and the commands that
/// end it.
pub(crate) fn print(leftovers: &Leftovers, message: &str) {
    let list = leftovers.list();
    for leftover in &list {
        let text = leftover.to_string();
        if !message.contains(&text) {
            console::warn(text);
        }
    }
    let contexts: Vec<Handle> = list
        .iter()
        .filter(|leftover| !leftover.is_command())
        .filter_map(Handle::of_context)
        .collect();
    let mut printed: Vec<String> = Vec::new();
    for leftover in &list {
        if let Some(help) = next_step(leftover, &contexts)
            && !message.contains(&help)
            && !printed.contains(&help)
        {
            console::eprintln(format_args!("help: {help}"));
            printed.push(help);
        }
    }
}

/// Returns the command of `dbexec` that ends a context or a command. A command ends with its context, if that
/// is one of `contexts`.
fn next_step(leftover: &Leftover, contexts: &[Handle]) -> Option<String> {
    let context = Handle::of_context(leftover)?;
    let (action, handle) = match Handle::of_command(leftover) {
        Some(command) if !contexts.contains(&context) => ("cancel", command),
        _ => ("destroy", context),
    };
    handle
        .is_printable()
        .then(|| format!("dbexec {action} {handle}"))
}
