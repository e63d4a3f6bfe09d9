//! `dbexec serve`: a local server until Ctrl-C.

use std::time::Duration;

use generated_client::api_runtime::{Clock as _, SystemClock};
use generated_client::{Credentials, Interrupt};
use local_server::{Options, Server};

use crate::cli::ServeArgs;
use crate::exit::Failure;
use crate::{console, interrupt, token};

/// Who is let in.
enum Door {
    Open,
    /// By the token the user has chosen, who knows it.
    Given(String),
    /// By a token nobody knows yet.
    MadeUp(String),
}

/// Serves until a signal comes.
pub(crate) fn serve(args: &ServeArgs) -> Result<(), Failure> {
    let door = Door::of(args)?;
    let mut options = Options::new().port(args.port).python(&args.python);
    if let Door::Given(token) | Door::MadeUp(token) = &door {
        options = options.token(token);
    }
    let interrupt = interrupt::on_signals(None)?;
    let server = Server::start(options)?;
    console::say(greeting(&server.url(), &door));
    console::print(&format!("{}\n", server.url()))?;
    wait_for(&interrupt);
    server.stop();
    Ok(())
}

impl Door {
    fn of(args: &ServeArgs) -> Result<Self, Failure> {
        match &args.token {
            _ if args.no_token => Ok(Self::Open),
            // No client could send another one.
            Some(token) => match Credentials::bearer(token.clone()) {
                Ok(_) => Ok(Self::Given(token.expose().to_owned())),
                Err(error) => Err(error.into()),
            },
            None => token::random().map(Self::MadeUp),
        }
    }
}

fn greeting(url: &str, door: &Door) -> String {
    let token = match door {
        Door::Open => "",
        Door::Given(_) => "\n  export DATABRICKS_TOKEN=...      # the token you gave",
        Door::MadeUp(token) => &format!("\n  export DATABRICKS_TOKEN={token}"),
    };
    let warning = match door {
        Door::Open => {
            "\nwarning: every program on this machine can run code as you, without a token"
        }
        Door::Given(_) | Door::MadeUp(_) => "",
    };
    format!(
        "Serving contexts and commands until Ctrl-C. In another shell:

  export DATABRICKS_HOST={url}{token}
  export DATABRICKS_CLUSTER_ID=any     # the name does not matter here
  dbexec run -l python -c 'print(6*7)'
{warning}"
    )
}

fn wait_for(interrupt: &Interrupt) {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    while !interrupt.is_raised() {
        SystemClock.sleep(HOUR, interrupt);
    }
}
