//! `dbexec cluster list`.

use std::path::Path;

use generated_client::api_2_0::{Cluster, ClusterState, clusters};
use generated_client::api_runtime::codec::{Decode as _, Reader};
use generated_client::{Output, Results};
use serde_json::json;

use super::properties;
use crate::cli::ClusterListArgs;
use crate::error::CliError;
use crate::out::Out;
use crate::render::{ImageName, Options, Printer, TextEnd};
use crate::source::Origin;
use crate::target;

/// Prints the clusters of the workspace: those that are not terminated first, by name.
pub(super) fn list(args: &ClusterListArgs) -> Result<(), CliError> {
    let client = target::connect(&args.workspace)?;
    let listed = clusters::list_all(&client, clusters::List::new()).collect::<Result<Vec<_>, _>>();
    let mut listed = listed.map_err(|error| CliError::workspace_request(&error))?;
    listed.sort_by_cached_key(|cluster| {
        let is_terminated = cluster.state == ClusterState::Terminated;
        (is_terminated, cluster.cluster_name.clone())
    });
    let output = table(&listed)?;
    let options = Options {
        whole_columns: &["id"],
        ..args.results.options(Path::new(""))
    };
    let mut printer = Printer::new(Out::Streams, options, 1);
    let live = printer.live_output();
    let name = ImageName::new(&Origin::Argument, 1);
    printer.print(&output, live, &name, TextEnd::NewlineRemoved)?;
    printer.finish()
}

/// Creates a table in the format of results.
fn table(clusters: &[Cluster]) -> Result<Output, CliError> {
    let columns = properties::NAMES.map(|name| json!({ "name": name, "type": "\"string\"" }));
    let results = json!({
        "resultType": "table",
        "schema": columns,
        "data": clusters.iter().map(properties::values).collect::<Vec<_>>(),
        "isJsonSchema": true,
    });
    let results = Results::decode(&mut Reader::new(results.to_string().as_bytes()))
        .map_err(CliError::service)?;
    Output::new(Some(results)).map_err(|error| CliError::workspace_request(&error))
}
