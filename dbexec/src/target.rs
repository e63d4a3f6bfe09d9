//! Target of code: a cluster of a workspace, or a server in this process.

use std::fmt::Display;
use std::sync::{Arc, Weak};
use std::time::Instant;

use generated_client::api_2_0::ClusterState;
use generated_client::api_runtime::ClientBuilder;
use generated_client::config::Environment;
use generated_client::{Client, Config, Error, Interrupt, Settings};

use crate::cli::{InterpreterArgs, WorkspaceArgs};
use crate::cluster::find as find_cluster;
use crate::error::CliError;
use crate::handle::Handle;
use crate::journal::Workspace;
use crate::timeout::Timeout;
use crate::{console, local, logging, setting_origin};

/// Cluster id for local servers, which accept any id.
const LOCAL_CLUSTER: &str = "local";

const NO_CLUSTER_HELP: &str = "\
    use `--cluster CLUSTER`, set `DATABRICKS_CLUSTER_ID`, add `cluster_id` to the profile, or use `--local` to \
    run on this machine";

/// Arguments that select a target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selection<'a> {
    /// Runs code on this machine.
    pub(crate) local: bool,
    pub(crate) interpreters: &'a InterpreterArgs,
    pub(crate) workspace: &'a WorkspaceArgs,
    /// Id or name.
    pub(crate) cluster: Option<&'a str>,
    /// Existing context, whose cluster takes precedence.
    pub(crate) context: Option<&'a Handle>,
    /// Time limit of the calls of the client, counted from the creation of the target.
    pub(crate) timeout: Timeout,
}

/// A cluster, and a client for it.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) client: Client,
    /// Id of the cluster.
    pub(crate) cluster: String,
    /// Id or name of the cluster, as the user has specified it.
    pub(crate) cluster_name: String,
    /// State of the cluster, if it was looked up.
    pub(crate) state: Option<ClusterState>,
    /// Workspace for the journal.
    pub(crate) workspace: Workspace,
    /// Local server. Stopped on drop, together with its interpreters.
    server: Option<Arc<local::Server>>,
}

impl Target {
    /// Creates the target that the arguments select. `interrupt` ends the calls of its client.
    pub(crate) fn new(selection: &Selection<'_>, interrupt: &Interrupt) -> Result<Self, CliError> {
        let deadline = selection.timeout.deadline();
        if selection.local {
            Self::local(selection, interrupt, deadline)
        } else {
            Self::remote(selection, interrupt, deadline)
        }
    }

    fn local(
        selection: &Selection<'_>,
        interrupt: &Interrupt,
        deadline: Option<Instant>,
    ) -> Result<Self, CliError> {
        let (server, token) = local::start(selection.interpreters)?;
        let config = Config::new().host(server.url()).token(token);
        // An empty environment: variables and profiles for a workspace must have no effect.
        let settings = config.resolve(&Environment::default())?;
        let cluster = selection.cluster.unwrap_or(LOCAL_CLUSTER);
        Ok(Self {
            client: client(&settings, interrupt, false)?.deadline(deadline),
            cluster: cluster.to_owned(),
            cluster_name: cluster.to_owned(),
            state: None,
            workspace: Workspace::default(),
            server: Some(Arc::new(server)),
        })
    }

    fn remote(
        selection: &Selection<'_>,
        interrupt: &Interrupt,
        deadline: Option<Instant>,
    ) -> Result<Self, CliError> {
        let workspace = selection.workspace;
        let settings = resolve(
            &config(workspace),
            workspace,
            ", or `--local` to run on this machine",
        )?;
        let client = client(&settings, interrupt, workspace.allow_plain_http)?.deadline(deadline);
        let of_context = selection.context.map(|handle| handle.cluster.as_str());
        let id = of_context.or(settings.cluster_id.as_deref());
        let (cluster, cluster_name, state) = match (selection.cluster, id) {
            (Some(name), _) => {
                let found = find_cluster(&client, name)?;
                let state = found.cluster.map(|cluster| cluster.state);
                (found.id.to_string(), name, state)
            }
            (None, Some(id)) => (id.to_owned(), id, None),
            (None, None) => return Err(no_cluster(&settings, NO_CLUSTER_HELP)),
        };
        Ok(Self {
            client,
            cluster,
            cluster_name: cluster_name.to_owned(),
            state,
            workspace: Workspace::new(&settings, selection.workspace),
            server: None,
        })
    }

    /// Returns whether the deadline of the client has ended a call with this error.
    pub(crate) fn has_timed_out(&self, error: &Error) -> bool {
        let now = self.client.clock().now();
        error.is_timeout()
            && self
                .client
                .current_deadline()
                .is_some_and(|deadline| deadline <= now)
    }

    /// Returns a function that describes the state of a context or command for the progress. On this machine,
    /// the start of Spark is a state.
    pub(crate) fn states(&self) -> impl Fn(&dyn Display) -> String + Send + Sync + use<> {
        let server = self.server.as_ref().map(Arc::downgrade);
        move |state| match server.as_ref().and_then(Weak::upgrade) {
            Some(server) if server.is_starting_spark() => "starting Spark".to_owned(),
            _ => state.to_string(),
        }
    }

    /// Returns whether code runs on this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.server.is_some()
    }
}

/// Creates a client for the workspace from the arguments, the environment, or a profile.
pub(crate) fn connect(args: &WorkspaceArgs) -> Result<Client, CliError> {
    connect_recorded(args).map(|(client, _)| client)
}

/// Creates a client as [`connect`] does, and returns its workspace for the journal.
pub(crate) fn connect_recorded(args: &WorkspaceArgs) -> Result<(Client, Workspace), CliError> {
    let settings = resolve(&config(args), args, "")?;
    let client = client(&settings, &Interrupt::new(), args.allow_plain_http)?;
    Ok((client, Workspace::new(&settings, args)))
}

/// Returns the configuration from the arguments.
pub(crate) fn config(args: &WorkspaceArgs) -> Config {
    let mut config = Config::new();
    if let Some(host) = &args.host {
        config = config.host(host);
    }
    if let Some(token) = &args.token {
        config = config.token(token.clone());
    }
    if let Some(profile) = &args.profile {
        config = config.profile(profile);
    }
    if let Some(id) = &args.workspace_id {
        config = config.workspace_id(id);
    }
    if let Some(path) = &args.ca_file {
        config = config.ca_file(path);
    }
    config
}

/// Creates a client for resolved settings.
pub(crate) fn client(
    settings: &Settings,
    interrupt: &Interrupt,
    plain_http: bool,
) -> Result<Client, CliError> {
    build(client_builder(settings, plain_http).interrupt(interrupt.clone()))
}

/// Returns a builder of a client for resolved settings.
pub(crate) fn client_builder(settings: &Settings, plain_http: bool) -> ClientBuilder {
    let builder = settings
        .client_builder()
        .user_agent(concat!("dbexec/", env!("CARGO_PKG_VERSION")));
    if plain_http {
        builder.allow_plain_http()
    } else {
        builder
    }
}

/// Builds a client whose secrets are redacted in all diagnostics.
pub(crate) fn build(builder: ClientBuilder) -> Result<Client, CliError> {
    let client = builder.build().map_err(|error| {
        let error = CliError::from(error);
        if error.message().contains("plain http to another machine") {
            error.help("use `--allow-plain-http` if others cannot read the connection")
        } else {
            error
        }
    })?;
    console::redact_secrets_of(&client);
    Ok(client)
}

/// Resolves the settings, and prints notes about them. `alternative` ends the help if no workspace is
/// selected.
pub(crate) fn resolve(
    config: &Config,
    args: &WorkspaceArgs,
    alternative: &str,
) -> Result<Settings, CliError> {
    let settings = config
        .resolve(&Environment::from_process())
        .map_err(|error| {
            let error = CliError::from(error);
            if args.host.is_none() && args.profile.is_none() {
                let help = "use `dbexec config init` to write a profile, `--profile NAME` or `--host URL` to \
                            select a workspace";
                error.help(format!("{help}{alternative}"))
            } else if error.message().starts_with("no credentials configured") {
                error.help(
                    "set `DATABRICKS_TOKEN`, or use `dbexec config init` to write a profile for this host",
                )
            } else {
                error
            }
        })?;
    for note in settings.notes() {
        console::eprintln(format_args!("note: {note}"));
    }
    log_origins(&settings);
    Ok(settings)
}

/// Logs the source of each setting.
pub(crate) fn log_origins(settings: &Settings) {
    for entry in settings.entries() {
        let (name, origin) = (entry.name, setting_origin::short(entry));
        match (&entry.ignored, &entry.value) {
            (Some(reason), _) => {
                let name = setting_origin::ignored_name(entry);
                log::info!(target: logging::TARGET, "ignored {name}: {reason}");
            }
            (None, Some(value)) => log::info!(target: logging::TARGET, "{name} {value} ({origin})"),
            (None, None) => log::info!(target: logging::TARGET, "{name} *** ({origin})"),
        }
    }
}

/// Error of a command that needs a cluster. The note names a setting that is not used.
pub(crate) fn no_cluster(settings: &Settings, help: &str) -> CliError {
    let error = CliError::usage("no cluster specified").help(help);
    let mut clusters = settings
        .entries()
        .iter()
        .filter(|entry| entry.name == "cluster_id");
    match clusters.find_map(|entry| Some((entry, entry.ignored.as_ref()?))) {
        Some((entry, reason)) => {
            let name = setting_origin::ignored_name(entry);
            error.note(format_args!("`{name}` is ignored: {reason}"))
        }
        None => error,
    }
}
