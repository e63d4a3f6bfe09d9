//! Where calls go: a workspace, or a server of this process.

use generated_client::config::Environment;
use generated_client::{Client, Config, Error, Interrupt, Settings};
use local_server::{Options, Server};

use crate::cli::{RunArgs, WorkspaceArgs};
use crate::exit::Failure;
use crate::token;

/// The local server takes any cluster.
const LOCAL_CLUSTER: &str = "local";

/// A cluster, and the way to it.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) client: Client,
    pub(crate) cluster: String,
    /// Stops, and ends what still runs in it, when it goes.
    server: Option<Server>,
}

impl Target {
    /// The place that `run` was told of. `interrupt` ends its waits.
    pub(crate) fn of(args: &RunArgs, interrupt: &Interrupt) -> Result<Self, Failure> {
        if args.local {
            Self::here(args, interrupt)
        } else {
            Self::there(args, interrupt)
        }
    }

    fn here(args: &RunArgs, interrupt: &Interrupt) -> Result<Self, Failure> {
        let token = token::random()?;
        let server = Server::start(Options::new().token(&token).python(&args.python))?;
        let config = Config::new().host(server.url()).token(token);
        // Everything is said: the surroundings have no part in it.
        let settings = config.resolve(&Environment::default())?;
        Ok(Self {
            client: client(&settings, interrupt, false)?,
            cluster: args
                .cluster_id
                .clone()
                .unwrap_or_else(|| LOCAL_CLUSTER.to_owned()),
            server: Some(server),
        })
    }

    fn there(args: &RunArgs, interrupt: &Interrupt) -> Result<Self, Failure> {
        let mut config = config(&args.workspace);
        if let Some(id) = &args.cluster_id {
            config = config.cluster_id(id);
        }
        let settings = config
            .resolve(&Environment::from_process())
            .map_err(|error| not_configured(error, &args.workspace))?;
        let client = client(&settings, interrupt, args.workspace.allow_plain_http)?;
        let cluster = settings.cluster_id.ok_or_else(no_cluster)?;
        Ok(Self {
            client,
            cluster,
            server: None,
        })
    }

    /// Whether it is this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.server.is_some()
    }
}

/// A client of the workspace that was told, or that the surroundings tell.
pub(crate) fn connect(args: &WorkspaceArgs) -> Result<Client, Failure> {
    let settings = config(args).resolve(&Environment::from_process())?;
    client(&settings, &Interrupt::new(), args.allow_plain_http)
}

fn config(args: &WorkspaceArgs) -> Config {
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
    config
}

fn client(settings: &Settings, interrupt: &Interrupt, plain_http: bool) -> Result<Client, Failure> {
    let builder = settings
        .client_builder()
        .user_agent(concat!("dbexec/", env!("CARGO_PKG_VERSION")))
        .interrupt(interrupt.clone());
    let builder = if plain_http {
        builder.allow_plain_http()
    } else {
        builder
    };
    Ok(builder.build()?)
}

/// Who has configured nothing may want to know that nothing is needed.
fn not_configured(error: Error, args: &WorkspaceArgs) -> Failure {
    let failure = Failure::from(error);
    if args.host.is_none() && args.profile.is_none() {
        failure.note("`--host URL` names a workspace; `--local` runs the code on this machine")
    } else {
        failure
    }
}

fn no_cluster() -> Failure {
    Failure::usage("no cluster is known").note(
        "say --cluster-id ID, set the variable DATABRICKS_CLUSTER_ID, write `cluster_id` into the \
         profile, or run it on this machine with --local",
    )
}
