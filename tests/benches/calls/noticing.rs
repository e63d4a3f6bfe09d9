//! Time from sending a command to noticing its result, against the local server with real Python.

use std::time::{Duration, Instant};

use generated_client::api_runtime::{Client, Credentials};
use generated_client::{CommandStatus, ContextId, ExecutionContext, Language, commands};
use local_server::{Options, Server};

use crate::{Outcome, median};

const TOKEN: &str = "dapi0123456789abcdef0123456789abcdef";
const CLUSTER: &str = "local";

/// Prints the median time that commands take in addition to their own time.
pub(crate) fn run() -> Outcome {
    let server = Server::start(Options::new().token(TOKEN))?;
    let client = Client::builder(server.url())
        .credentials(Credentials::bearer(TOKEN)?)
        .build()?;
    let context = ExecutionContext::create(&client, CLUSTER, Language::Python)?;
    // Opens the connection.
    context.run("import time")?;
    let without_pauses = measure(100, || poll_without_pauses(&client, context.id()))?;
    println!("0 ms, polled without pauses: {without_pauses:.2?}");
    for (own, count) in [(0, 100), (500, 20), (2000, 10)] {
        let own = Duration::from_millis(own);
        let code = if own.is_zero() {
            "print(1)".to_owned()
        } else {
            format!("time.sleep({})", own.as_secs_f64())
        };
        let time = measure(count, || Ok(context.run(&code).map(drop)?))?;
        println!(
            "{} ms: {:.2?} more than its own time",
            own.as_millis(),
            time.saturating_sub(own)
        );
    }
    context.close()?;
    Ok(())
}

/// Returns the median time.
fn measure(count: usize, run: impl Fn() -> Outcome) -> Outcome<Duration> {
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed());
    }
    Ok(median(times))
}

/// Runs a command with the lowest possible latency.
fn poll_without_pauses(client: &Client, context: &ContextId) -> Outcome {
    let request = commands::Execute::new(CLUSTER, context, Language::Python, "print(1)");
    let command = commands::execute(client, &request)?.id;
    let request = commands::Status::new(CLUSTER, context, &command);
    while commands::status(client, &request)?.status != CommandStatus::Finished {}
    Ok(())
}
