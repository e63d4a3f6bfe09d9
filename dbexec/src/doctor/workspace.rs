//! Requests to the workspace: cluster and context.

use std::time::Duration;

use generated_client::api_2_0::{SparkVersion, clusters};
use generated_client::{Client, Error, ErrorKind, FoundCluster, RetryPolicy, Settings};

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
pub(super) fn authenticate(client: &Client) -> Result<Vec<SparkVersion>, Error> {
    let client = client.timeout(Some(TIMEOUT)).retries(RetryPolicy::none());
    let response = clusters::spark_versions(&client, &clusters::SparkVersions::new())?;
    Ok(response.versions)
}

/// Reports the step `cluster`. Returns the id of the cluster if a context can be created.
pub(super) fn report_cluster(
    report: &mut Report,
    client: &Client,
    name: &str,
    versions: &[SparkVersion],
) -> Result<Option<String>, CliError> {
    let client = client.timeout(Some(TIMEOUT)).retries(RetryPolicy::none());
    let (step, id) = match cluster::find(&client, name) {
        Ok(found) => (
            cluster_step(&client, name, &found, versions),
            found.id.to_string(),
        ),
        Err(error) => (Step::failed("cluster", &error), String::new()),
    };
    Ok(report.add(step)?.then_some(id))
}

fn cluster_step(
    client: &Client,
    name: &str,
    found: &FoundCluster,
    versions: &[SparkVersion],
) -> Step {
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
    if cluster::does_not_run(&cluster.state) {
        return Step::failed_with("cluster", Exit::ServiceError, &text)
            .help(cluster::command_line("start", name, " --wait"));
    }
    match cluster::spark_version_key(&cluster) {
        Some(key) => Step::ok(
            "cluster",
            format!("{text}, {}", cluster::spark_version(key, versions)),
        ),
        None => Step::ok("cluster", text),
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
    let deadline = client.clock().now().checked_add(CONTEXT_TIMEOUT);
    let recorder = Recorder::default();
    recorder.set_workspace(Workspace::new(settings, args));
    let client = client.deadline(deadline);
    let step = match cluster::test_context(&client, cluster, &recorder.leftovers(), 1) {
        Ok(elapsed) => {
            let seconds = elapsed.as_secs_f64();
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
