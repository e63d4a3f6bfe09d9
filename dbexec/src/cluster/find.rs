//! Lookup of the cluster of an option.

use generated_client::api_2_0::Cluster;
use generated_client::{Client, FindClusterError, FoundCluster};

use super::state::state_name;
use crate::error::CliError;
use crate::logging;
use crate::suggest::most_similar;

/// Finds a cluster by its id or name.
pub(crate) fn find(client: &Client, id_or_name: &str) -> Result<FoundCluster, CliError> {
    let found = generated_client::find_cluster(client, id_or_name).map_err(error)?;
    if found.id.as_str() != id_or_name {
        log::info!(target: logging::TARGET, "cluster `{id_or_name}` has the id `{}`", found.id);
    }
    Ok(found)
}

fn error(error: FindClusterError) -> CliError {
    match error {
        FindClusterError::Request(error) => CliError::workspace_request(&error),
        FindClusterError::Ambiguous {
            ref name,
            ref clusters,
        } => {
            let list: Vec<_> = clusters
                .iter()
                .map(|cluster| format!("{} ({})", cluster.cluster_id, state_name(&cluster.state)))
                .collect();
            let (count, list) = (list.len(), list.join(", "));
            CliError::service(format!("{count} clusters have the name `{name}`: {list}"))
                .help("use the id of one of them")
        }
        FindClusterError::NotFound {
            ref name,
            ref clusters,
        } => {
            let cli_error = CliError::service(&error);
            match most_similar(name, clusters.iter().flat_map(names)) {
                Some(similar) => cli_error.help(format!("did you mean `{similar}`?")),
                None => cli_error.help("`dbexec cluster list` lists the clusters"),
            }
        }
        error => CliError::service(error),
    }
}

fn names(cluster: &Cluster) -> impl Iterator<Item = &str> {
    let name = cluster.cluster_name.as_deref();
    name.into_iter().chain([cluster.cluster_id.as_str()])
}
