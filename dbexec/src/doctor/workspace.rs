//! Credentials, cluster and context.

use std::time::{Duration, Instant};

use generated_client::api_2_0::{ClusterState, clusters};
use generated_client::{
    Client, ContextBuilder, Error, ErrorKind, FoundCluster, Language, RetryPolicy, Settings, Wait,
};

use super::report::Report;
use super::step::Step;
use crate::cli::WorkspaceArgs;
use crate::cluster;
use crate::error::{CliError, Exit};
use crate::journal::{Recorder, Workspace};

/// Maximum time for a request.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Maximum time for creating a context.
const CONTEXT_TIMEOUT: Duration = Duration::from_secs(3 * 60);

/// Sends an authenticated request that needs no rights.
pub(super) fn authenticate(client: &Client) -> Result<(), Error> {
    let client = client.timeout(Some(TIMEOUT)).retries(RetryPolicy::none());
    clusters::spark_versions(&client, &clusters::SparkVersions::new()).map(drop)
}

pub(super) fn report_credentials(
    report: &mut Report,
    settings: &Settings,
    response: Result<(), Error>,
) -> Result<bool, CliError> {
    let credentials = settings.credentials.to_string();
    let Err(error) = response else {
        return report.add(Step::ok("credentials", format!("{credentials}: accepted")));
    };
    match error.status() {
        Some(401 | 403) => report.add(
            Step::failed("credentials", &CliError::request(&error))
                .detail(format!("sent: {credentials}"))
                .help("a new token of this workspace: `dbexec config init --force`")
                .help("`dbexec config show` prints all sources of credentials"),
        ),
        // Servers without the API of clusters.
        Some(404) => report.add(Step::skipped(
            "credentials",
            format!("{credentials}: not checked, the server has no API for clusters"),
        )),
        _ => report.add(Step::failed("credentials", &CliError::request(&error))),
    }
}

/// Reports the step `cluster`. Returns the id of the cluster if a context can be created.
pub(super) fn report_cluster(
    report: &mut Report,
    client: &Client,
    name: &str,
) -> Result<Option<String>, CliError> {
    let client = client.timeout(Some(TIMEOUT)).retries(RetryPolicy::none());
    let (step, id) = match cluster::find(&client, name) {
        Ok(found) => (cluster_step(&client, name, &found), found.id.to_string()),
        Err(error) => (Step::failed("cluster", &error), String::new()),
    };
    Ok(report.add(step)?.then_some(id))
}

fn cluster_step(client: &Client, name: &str, found: &FoundCluster) -> Step {
    let cluster = match &found.cluster {
        Some(cluster) => Ok((**cluster).clone()),
        None => clusters::get(client, &clusters::Get::new(found.id.as_str())),
    };
    let cluster = match cluster {
        Ok(cluster) => cluster,
        // The context decides.
        Err(error) if matches!(error.status(), Some(403 | 404)) => {
            return Step::skipped("cluster", CliError::request(&error).message());
        }
        Err(error) => return Step::failed("cluster", &CliError::request(&error)),
    };
    let text = format!("{name} {}", cluster::state_name(&cluster.state));
    match cluster.state {
        ClusterState::Terminated | ClusterState::Terminating | ClusterState::Error => {
            Step::failed_with("cluster", Exit::ServiceError, &text).help(format!(
                "dbexec call clusters.start cluster_id={}",
                found.id
            ))
        }
        _ => Step::ok("cluster", text),
    }
}

/// Creates a context and destroys it.
pub(super) fn report_context(
    report: &mut Report,
    client: &Client,
    settings: &Settings,
    args: &WorkspaceArgs,
    cluster: &str,
) -> Result<(), CliError> {
    let recorder = Recorder::default();
    recorder.set_workspace(Workspace::new(settings, args));
    let start = Instant::now();
    let deadline = client.clock().now().checked_add(CONTEXT_TIMEOUT);
    let created = ContextBuilder::new(cluster, Language::Python)
        .attempts(1)
        .wait(Wait::new().no_timeout())
        .leftovers(&recorder.leftovers())
        .create(&client.deadline(deadline));
    let step = match created.and_then(generated_client::ExecutionContext::close) {
        Ok(()) => {
            let seconds = start.elapsed().as_secs_f64();
            Step::ok("context", format!("created and destroyed, {seconds:.1} s"))
        }
        Err(error) => {
            let step = Step::failed("context", &CliError::request(&error));
            match error.status() {
                Some(401 | 403) => step.help("the permission `Can Attach To` for this cluster"),
                _ if error.kind() == ErrorKind::WaitFailed => {
                    step.help("the driver log of the cluster: the interpreter did not start")
                }
                _ => step,
            }
        }
    };
    report.add(step).map(drop)
}
