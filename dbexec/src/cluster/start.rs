//! `dbexec cluster start`.

use std::time::Instant;

use generated_client::api_2_0::{Cluster, ClusterState, clusters};
use generated_client::{Wait, ensure_running};

use super::readiness;
use super::selected::Selected;
use super::state::{is_running, state_name};
use super::suggestion::command_line;
use super::waiting::Waiting;
use crate::cli::ClusterArgs;
use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::progress::Progress;
use crate::{console, interrupt};

/// Maximum number of test contexts: the first ones may fail on a cluster that has just started.
const ATTEMPTS: u32 = 3;

const CONTINUES: &str = "and continues to start";

/// Starts a cluster. With `--wait`, waits until it is ready.
pub(super) fn start(args: &ClusterArgs) -> Result<(), CliError> {
    let interrupt = interrupt::on_signals(())?;
    let selected = Selected::new(args, &interrupt)?;
    if args.wait {
        wait_until_ready(args, &selected)
    } else {
        request(&selected)
    }
}

/// Sends the request, unless the cluster runs or is being started.
fn request(selected: &Selected) -> Result<(), CliError> {
    let Selected { name, id, .. } = selected;
    let state = selected.cluster()?.state;
    match state {
        ClusterState::Terminating => {
            return Err(
                CliError::service(format!("`{name}` is {}", state_name(&state))).help(format!(
                    "`{}` starts it afterwards",
                    command_line("start", name, " --wait")
                )),
            );
        }
        ClusterState::Pending
        | ClusterState::Restarting
        | ClusterState::Running
        | ClusterState::Resizing => {
            console::eprintln(format_args!("{name} is already {}", state_name(&state)));
            return Ok(());
        }
        _ => {}
    }
    clusters::start(&selected.client, &clusters::Start::new(id.as_str()))?;
    console::eprintln(format_args!(
        "{name} is starting; `{}` waits until it runs",
        command_line("status", name, " --wait")
    ));
    Ok(())
}

/// Starts the cluster if necessary, and waits until it runs, its libraries are installed and it accepts
/// contexts.
fn wait_until_ready(args: &ClusterArgs, selected: &Selected) -> Result<(), CliError> {
    let Selected {
        client, name, id, ..
    } = selected;
    let start = Instant::now();
    let progress = Progress::new(args.progress, args.timeout);
    let mut waiting = Waiting::new(name, args.timeout, &progress);
    let mut was_running = None;
    let wait = Wait::new().no_timeout().on_poll(|cluster: &Cluster| {
        was_running.get_or_insert_with(|| is_running(&cluster.state));
        waiting.on_poll(cluster);
    });
    let running = ensure_running(client, id.as_str(), wait);
    let cluster = running.map_err(|error| waiting.error(&error, CONTINUES))?;
    let state = state_name(&cluster.state);
    let state = match was_running {
        Some(true) => format!("is already {state}"),
        _ => format!("{state} after {}", Elapsed(start.elapsed())),
    };
    let not_ready = |error| waiting.error(&error, "but not ready");
    let libraries = readiness::wait_for_libraries(client, id, &|state| waiting.show(state))
        .map_err(not_ready)?;
    waiting.show("creating a test context");
    readiness::test_context(client, id, selected.workspace.clone(), ATTEMPTS).map_err(not_ready)?;
    drop(progress);
    let facts = [
        Some(state.as_str()),
        libraries,
        Some("test context created"),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    console::eprintln(format_args!("{name} {}", facts.join(", ")));
    Ok(())
}
