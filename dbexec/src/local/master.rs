//! An existing Spark cluster.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use local_server::Options;
pub(crate) use local_server::{MemoryLimit, MemorySize};

use crate::cli::MasterArgs;
use crate::error::CliError;

/// Maximum time to connect to an address of a master.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

const STANDALONE: &str = "spark://";

/// Adds the master to the options of a server.
pub(super) fn add_to(mut options: Options, args: &MasterArgs) -> Options {
    if let Some(url) = &args.master {
        options = options.master(url);
    }
    if let Some(cores) = args.cores {
        options = options.cores(cores);
    }
    if let Some(memory) = args.memory {
        options = options.memory(memory);
    }
    for (name, value) in &args.spark_conf {
        options = options.spark_setting(name, value);
    }
    options
}

/// Checks the URL of a master, and connects to a standalone master. Spark itself would report a master
/// that is not reachable after a minute, in the first context.
pub(super) fn check(args: &MasterArgs) -> Result<(), CliError> {
    let Some(url) = &args.master else {
        return Ok(());
    };
    let is_known = ["local", "yarn", "k8s://", STANDALONE]
        .iter()
        .any(|scheme| url.starts_with(scheme));
    if !is_known {
        return Err(
            CliError::usage(format!("`{}` is not a master of Spark", url.escape_debug()))
                .help("use a URL such as `spark://host:7077`"),
        );
    }
    let Some(hosts) = url.strip_prefix(STANDALONE) else {
        return Ok(());
    };
    let mut reason = "there is no address".to_owned();
    for host in hosts.split(',') {
        match connect(host) {
            Ok(()) => return Ok(()),
            Err(error) => reason = error,
        }
    }
    Err(
        CliError::service(format!("cannot connect to the master `{url}`: {reason}"))
            .help("check that the master is running, and its host and port"),
    )
}

fn connect(host: &str) -> Result<(), String> {
    let addresses = host.to_socket_addrs().map_err(|error| error.to_string())?;
    let mut reason = "the host has no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(error) => reason = error.to_string(),
        }
    }
    Err(reason)
}
