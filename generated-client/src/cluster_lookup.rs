//! Clusters by id or name.

use std::error::Error as StdError;
use std::fmt;

use api_runtime::{Client, Error, ServerText};

use crate::api::ClusterId;
use crate::api_2_0::{Cluster, clusters};

/// A cluster that [`find_cluster`] has found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FoundCluster {
    /// Id of the cluster.
    pub id: ClusterId,
    /// State and properties of the cluster, or `None` if the text is used as an id without a lookup.
    pub cluster: Option<Box<Cluster>>,
}

/// Error of [`find_cluster`].
#[derive(Debug)]
#[non_exhaustive]
pub enum FindClusterError {
    /// No cluster has this id or name.
    NotFound {
        /// The id or name.
        name: String,
        /// All clusters that the server has listed.
        clusters: Vec<Cluster>,
    },
    /// Several clusters have this name.
    Ambiguous {
        /// The name.
        name: String,
        /// The clusters with this name.
        clusters: Vec<Cluster>,
    },
    /// A request failed.
    Request(Error),
}

/// Finds a cluster by its id or its name.
///
/// - Text in the form of an id, e.g. `0123-456789-abcde`, is used as one, and no request is sent.
/// - Other text is looked up in the list of the clusters, as an id and then as a name.
/// - If no cluster is listed under it, the server is requested for the cluster with this id, because
///   servers may create clusters at their first use.
/// - If the server has no list of clusters or refuses it (status code 403, 404, 405 or 501), the text is
///   used as an id.
///
/// # Errors
///
/// [`FindClusterError::NotFound`], [`FindClusterError::Ambiguous`] if several clusters have this name,
/// and the errors of the requests.
///
/// # Examples
///
/// ```no_run
/// use generated_client::{ExecutionContext, Language, find_cluster};
///
/// let client = generated_client::from_env()?;
/// let cluster = find_cluster(&client, "etl")?;
/// let context = ExecutionContext::create(&client, cluster.id, Language::Python)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn find_cluster(client: &Client, id_or_name: &str) -> Result<FoundCluster, FindClusterError> {
    if is_cluster_id(id_or_name) {
        return Ok(FoundCluster::unchecked(id_or_name));
    }
    let listed = clusters::list_all(client, clusters::List::new()).collect::<Result<Vec<_>, _>>();
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) if matches!(error.status(), Some(403 | 404 | 405 | 501)) => {
            return Ok(FoundCluster::unchecked(id_or_name));
        }
        Err(error) => return Err(error.into()),
    };
    let is_named = |cluster: &&Cluster| cluster.cluster_name.as_deref() == Some(id_or_name);
    let by_id = listed
        .iter()
        .find(|cluster| cluster.cluster_id.as_str() == id_or_name);
    let found = match by_id {
        Some(cluster) => vec![cluster],
        None => listed.iter().filter(is_named).collect(),
    };
    match found[..] {
        [] => match clusters::get(client, &clusters::Get::new(id_or_name)) {
            Ok(cluster) => Ok(FoundCluster::new(cluster)),
            Err(error) if matches!(error.status(), Some(400 | 404)) => {
                Err(FindClusterError::NotFound {
                    name: id_or_name.to_owned(),
                    clusters: listed,
                })
            }
            Err(error) => Err(error.into()),
        },
        [cluster] => Ok(FoundCluster::new(cluster.clone())),
        _ => Err(FindClusterError::Ambiguous {
            name: id_or_name.to_owned(),
            clusters: found.into_iter().cloned().collect(),
        }),
    }
}

/// Returns whether a text has the form of the ids of Databricks: four digits, six digits, and letters or
/// digits.
fn is_cluster_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [date, time, suffix] = parts[..] else {
        return false;
    };
    let is_number =
        |part: &str, len| part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_suffix = !suffix.is_empty() && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_number(date, 4) && is_number(time, 6) && is_suffix
}

impl FoundCluster {
    fn new(cluster: Cluster) -> Self {
        Self {
            id: (&cluster.cluster_id).into(),
            cluster: Some(Box::new(cluster)),
        }
    }

    fn unchecked(id: &str) -> Self {
        Self {
            id: id.into(),
            cluster: None,
        }
    }
}

impl fmt::Display for FindClusterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { name, .. } => {
                write!(f, "no cluster has the id or the name `{}`", line(name))
            }
            Self::Ambiguous { name, clusters } => {
                let count = clusters.len();
                write!(f, "{count} clusters have the name `{}`: ", line(name))?;
                let ids: Vec<_> = clusters
                    .iter()
                    .map(|cluster| line(cluster.cluster_id.as_str()))
                    .collect();
                f.write_str(&ids.join(", "))
            }
            Self::Request(error) => error.fmt(f),
        }
    }
}

fn line(text: &str) -> String {
    ServerText::new(text).line()
}

impl StdError for FindClusterError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Request(error) => Some(error),
            Self::NotFound { .. } | Self::Ambiguous { .. } => None,
        }
    }
}

impl From<Error> for FindClusterError {
    fn from(error: Error) -> Self {
        Self::Request(error)
    }
}

#[cfg(test)]
mod tests {
    use super::is_cluster_id;

    #[test]
    fn ids_of_databricks_are_recognized() {
        for id in ["0123-456789-abcde", "1234-567890-reef123", "0710-120304-a"] {
            assert!(is_cluster_id(id), "{id}");
        }
        for name in [
            "",
            "etl",
            "0123-456789",
            "0123-456789-",
            "0123-456789-a b",
            "0123-456789-a-b",
            "123-456789-abcde",
            "0123-45678x-abcde",
            "०१२३-456789-abcde",
        ] {
            assert!(!is_cluster_id(name), "{name}");
        }
    }
}
