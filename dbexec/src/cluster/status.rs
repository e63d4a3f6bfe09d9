//! `dbexec cluster status`.

use generated_client::Wait;
use generated_client::api_2_0::{Cluster, ClusterState, clusters};
use generated_client::api_runtime::{self, Progress as State};

use super::properties;
use super::selected::Selected;
use super::state::state_name;
use super::waiting::Waiting;
use crate::cli::{ClusterArgs, ClusterStatusArgs, StatusFormat};
use crate::error::CliError;
use crate::progress::Progress;
use crate::{console, interrupt};

/// Prints the state of a cluster, and its message to standard error.
pub(super) fn status(args: &ClusterStatusArgs) -> Result<(), CliError> {
    let interrupt = interrupt::on_signals(())?;
    let selected = Selected::new(&args.cluster, &interrupt)?;
    let cluster = if args.cluster.wait {
        wait(&args.cluster, &selected)?
    } else {
        selected.cluster()?
    };
    if args.output == StatusFormat::Json {
        return console::print_json(&format!("{:#}\n", properties::json(&cluster)));
    }
    if let Some(message) = cluster
        .state_message
        .as_deref()
        .filter(|text| !text.is_empty())
    {
        console::note(message);
    }
    console::print(&format!("{}\n", state_name(&cluster.state)))
}

/// Waits until the cluster is neither being started nor terminated.
fn wait(args: &ClusterArgs, selected: &Selected) -> Result<Cluster, CliError> {
    let progress = Progress::new(args.progress.mode, args.timeout);
    let mut waiting = Waiting::new(&selected.name, args.timeout, &progress);
    let request = clusters::Get::new(selected.id.as_str());
    let mut poll = |client: &_| clusters::get(client, &request);
    let wait = Wait::new().no_timeout();
    let wait = wait.on_poll(|cluster: &Cluster| waiting.on_poll(cluster));
    let result = api_runtime::wait(&selected.client, wait, "clusters.get", &mut poll, state);
    result.map_err(|error| waiting.error(&error, "and continues"))
}

fn state(cluster: &Cluster) -> State<'_> {
    match &cluster.state {
        ClusterState::Pending => State::Pending("PENDING"),
        ClusterState::Restarting => State::Pending("RESTARTING"),
        ClusterState::Terminating => State::Pending("TERMINATING"),
        ClusterState::Unknown => State::Pending("UNKNOWN"),
        ClusterState::Error => State::Failed("ERROR"),
        _ => State::Done,
    }
}
