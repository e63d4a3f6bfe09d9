//! `dbexec cluster start`.

use std::time::Instant;

use generated_client::api_2_0::{Cluster, ClusterState, clusters};
use generated_client::{Leftovers, Wait, ensure_running};

use super::readiness;
use super::selected::Selected;
use super::state::{is_running, state_name};
use super::suggestion::command_line;
use super::waiting::Waiting;
use crate::cli::ClusterArgs;
use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::journal::Recorder;
use crate::progress::Progress;
use crate::{console, interrupt, remains};

/// Maximum number of test contexts: the first ones may fail on a cluster that has just started.
const ATTEMPTS: u32 = 3;

const CONTINUES: &str = "and continues to start";

/// Messages about the test context after signals.
#[derive(Clone)]
struct Messages(Leftovers);

impl interrupt::Messages for Messages {
    fn print_first(&self, raise: &dyn Fn()) {
        // Other requests end at once.
        if self.0.is_empty() {
            raise();
        } else {
            remains::print_interrupted(&self.0, raise);
        }
    }

    fn print_last(&self) {
        remains::print(&self.0, "");
    }
}

/// Starts a cluster. With `--wait`, waits until it is ready.
pub(super) fn start(args: &ClusterArgs) -> Result<(), CliError> {
    let recorder = Recorder::default();
    let leftovers = recorder.leftovers();
    let interrupt = interrupt::on_signals(Messages(leftovers.clone()))?;
    let selected = Selected::new(args, &interrupt)?;
    if args.wait {
        recorder.set_workspace(selected.workspace.clone());
        let result = wait_until_ready(args, &selected, &leftovers);
        let message = result.as_ref().err().map(ToString::to_string);
        remains::print(&leftovers, &message.unwrap_or_default());
        result
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
fn wait_until_ready(
    args: &ClusterArgs,
    selected: &Selected,
    leftovers: &Leftovers,
) -> Result<(), CliError> {
    let Selected {
        client, name, id, ..
    } = selected;
    let start = Instant::now();
    let progress = Progress::new(args.progress.mode, args.timeout);
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
    readiness::test_context(client, id, leftovers, ATTEMPTS).map_err(not_ready)?;
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
