//! `dbexec cluster stop`.

use std::time::Instant;

use generated_client::Wait;
use generated_client::api_2_0::{Cluster, ClusterState, clusters};

use super::selected::Selected;
use super::suggestion::command_line;
use super::waiting::Waiting;
use crate::cli::ClusterArgs;
use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::progress::Progress;
use crate::{console, interrupt};

/// Terminates a cluster. With `--wait`, waits until it is terminated.
pub(super) fn stop(args: &ClusterArgs) -> Result<(), CliError> {
    let interrupt = interrupt::on_signals(())?;
    let selected = Selected::new(args, &interrupt)?;
    let Selected {
        client, name, id, ..
    } = &selected;
    let state = selected.cluster()?.state;
    if state == ClusterState::Terminated {
        console::eprintln(format_args!("{name} is already Terminated"));
        return Ok(());
    }
    let start = Instant::now();
    let request = clusters::Delete::new(id.as_str());
    if state != ClusterState::Terminating {
        clusters::delete(client, &request)?;
    }
    if !args.wait {
        console::eprintln(format_args!(
            "{name} is Terminating; `{}` waits until it is terminated",
            command_line("status", name, " --wait")
        ));
        return Ok(());
    }
    let progress = Progress::new(args.progress.mode, args.timeout);
    let mut waiting = Waiting::new(name, args.timeout, &progress);
    let wait = Wait::new().no_timeout();
    let wait = wait.on_poll(|cluster: &Cluster| waiting.on_poll(cluster));
    clusters::wait_for_delete(client, &request, wait)
        .map_err(|error| waiting.error(&error, "and continues to terminate"))?;
    drop(progress);
    console::eprintln(format_args!(
        "{name} Terminated after {}",
        Elapsed(start.elapsed())
    ));
    Ok(())
}
