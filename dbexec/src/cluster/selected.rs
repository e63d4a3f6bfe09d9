//! Cluster of the arguments, and a client for it.

use generated_client::api_2_0::{Cluster, clusters};
use generated_client::{Client, Interrupt};

use super::find::find;
use crate::cli::ClusterArgs;
use crate::error::CliError;
use crate::journal::Workspace;
use crate::target;

const NO_CLUSTER_HELP: &str = "add its id or name to the command, set `DATABRICKS_CLUSTER_ID`, or add `cluster_id` to the profile";

/// A cluster, and a client for it.
pub(super) struct Selected {
    pub(super) client: Client,
    /// Workspace for the journal.
    pub(super) workspace: Workspace,
    /// Id or name, as the user has specified it.
    pub(super) name: String,
    pub(super) id: String,
    /// State and properties, if the cluster was looked up.
    found: Option<Cluster>,
}

impl Selected {
    /// Finds the cluster. `interrupt` and the timeout of the arguments, counted from now, end the calls of
    /// the client.
    pub(super) fn new(args: &ClusterArgs, interrupt: &Interrupt) -> Result<Self, CliError> {
        let deadline = args.timeout.deadline();
        let workspace = &args.workspace;
        let settings = target::resolve(&target::config(workspace), workspace, "")?;
        let client = target::client(&settings, interrupt, workspace.allow_plain_http)?;
        let client = client.deadline(deadline);
        let (name, id, found) = match (&args.cluster, &settings.cluster_id) {
            (Some(name), _) => {
                let found = find(&client, name)?;
                (name, found.id.to_string(), found.cluster)
            }
            (None, Some(id)) => (id, id.clone(), None),
            (None, None) => return Err(target::no_cluster(&settings, NO_CLUSTER_HELP)),
        };
        Ok(Self {
            client,
            workspace: Workspace::new(&settings, workspace),
            name: name.clone(),
            id,
            found: found.map(|cluster| *cluster),
        })
    }

    /// Returns the cluster with its state, which is requested if it is not known yet.
    pub(super) fn cluster(&self) -> Result<Cluster, CliError> {
        match &self.found {
            Some(cluster) => Ok(cluster.clone()),
            None => self.request(),
        }
    }

    /// Requests the cluster with its state.
    pub(super) fn request(&self) -> Result<Cluster, CliError> {
        let request = clusters::Get::new(self.id.as_str());
        clusters::get(&self.client, &request).map_err(|error| CliError::workspace_request(&error))
    }
}
