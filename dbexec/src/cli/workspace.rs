//! Arguments that select the workspace and its credentials.

use std::convert::Infallible;
use std::path::PathBuf;

use clap::Args;
use generated_client::Secret;

pub(super) const WORKSPACE: &str = "\
Workspace configuration:
  The options take precedence over these environment variables, then over a
  profile in ~/.databrickscfg, and then (credentials only) over ~/.netrc. A
  profile from --profile takes precedence over the variables. Sources that name
  another host than the selected one are ignored: credentials are never sent to
  another host. With a host only, the profile with this host is used. --verbose
  prints the source of each setting.

  DATABRICKS_HOST            URL of the workspace
  DATABRICKS_TOKEN           personal access token. Unlike --token, it is not
                             visible to other users in the list of processes
  DATABRICKS_USERNAME, DATABRICKS_PASSWORD
                             user name and password, instead of a token
  DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET
                             OAuth client of a service principal
  ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, DATABRICKS_AZURE_RESOURCE_ID
                             service principal of Azure, and its workspace
  DATABRICKS_TOKEN_COMMAND   command that prints a token
  DATABRICKS_AUTH_TYPE       type of credentials to use if several are set: pat,
                             basic, oauth-m2m, azure-client-secret or command
  DATABRICKS_CONFIG_PROFILE  name of the profile
  DATABRICKS_CONFIG_FILE     path of the profile file
  DATABRICKS_WORKSPACE_ID    workspace of a host that serves several
  DATABRICKS_CLUSTER_ID      cluster for `dbexec run`

Network configuration:
  HTTPS_PROXY, ALL_PROXY, NO_PROXY
                             proxy, and hosts that are contacted directly, by
                             the rules of curl. Lower case takes precedence; for
                             http, only `http_proxy` is read
  SSL_CERT_FILE, SSL_CERT_DIR, CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE
                             certificates to trust instead of Mozilla's: all
                             that are set";

/// Workspace and credentials.
#[derive(Debug, Args)]
#[command(next_help_heading = "Workspace")]
pub(crate) struct WorkspaceArgs {
    /// URL of the workspace, or of any of its pages. A workspace id in it (`?o=123`) is used, too
    #[arg(long, value_name = "URL")]
    pub(crate) host: Option<String>,

    /// Personal access token
    #[arg(long, value_parser = secret)]
    pub(crate) token: Option<Secret>,

    /// Profile in ~/.databrickscfg
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Id of the workspace, for hosts that serve several
    #[arg(long, value_name = "ID")]
    pub(crate) workspace_id: Option<String>,

    /// Certificates to trust instead of Mozilla's, in PEM format. Use it if the network inspects TLS
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,

    /// Allow http:// to other machines. The token is then sent unencrypted
    #[arg(long)]
    pub(crate) allow_plain_http: bool,
}

/// Parses a secret, which `Debug` and error messages redact.
#[expect(clippy::unnecessary_wraps, reason = "clap requires a fallible parser")]
pub(super) fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::from(text))
}
