//! Messages about contexts and commands that would remain on a cluster.

use generated_client::{Leftover, Leftovers};

use crate::console;
use crate::handle::Handle;

/// Prints that a signal has arrived, and what is done before the process ends. `raise` raises the
/// interrupt, after which the command may end.
pub(crate) fn print_interrupted(leftovers: &Leftovers, is_local: bool, raise: &dyn Fn()) {
    // Canceling may take a while. A signal may also arrive before a command exists, for example while the
    // cluster starts or a JAR is uploaded. Commands on this machine are not recorded.
    let has_command = is_local || leftovers.list().iter().any(Leftover::is_command);
    let action = if has_command {
        "canceling the command"
    } else {
        "cleaning up"
    };
    raise();
    console::eprintln(format_args!(
        "interrupted: {action}; press Ctrl-C again to exit immediately"
    ));
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
    let mut handles: Vec<Handle> = Vec::new();
    for leftover in &list {
        if let Some(context) = leftover.context_id() {
            let handle = Handle::context(leftover.cluster_id().as_str(), context.as_str());
            if handle.is_printable() && !handles.contains(&handle) {
                console::eprintln(format_args!("help: dbexec destroy {handle}"));
                handles.push(handle);
            }
        }
    }
}
