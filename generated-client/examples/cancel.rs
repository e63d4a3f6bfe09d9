//! Runs Python on a cluster, prints its output, and cancels the command when a line is entered. The
//! execution context is then used further.
//!
//! ```text
//! DATABRICKS_HOST=... DATABRICKS_TOKEN=... cargo run -p generated-client --example cancel
//! ```

use std::error::Error;
use std::{io, thread};

use generated_client::{ExecutionContext, Language, RunError};

const CODE: &str = "import time
for n in range(60):
    print(n)
    time.sleep(1)";

fn main() -> Result<(), Box<dyn Error>> {
    let client = generated_client::from_env()?;
    let cluster = std::env::var("DATABRICKS_CLUSTER_ID")?;
    let context = ExecutionContext::create(&client, cluster, Language::Python)?;

    let mut running = context.command(CODE).start()?;
    let cancel = running.cancel_handle();
    thread::spawn(move || {
        println!("press Enter to cancel the command");
        let _ = io::stdin().read_line(&mut String::new());
        cancel.cancel();
    });
    for piece in running.output() {
        print!("{piece}");
    }
    match running.wait() {
        Err(RunError::Cancelled) => println!("canceled"),
        result => println!("{}", result?),
    }

    // The variables of the canceled command still exist.
    println!("{}", context.run("n")?);
    context.close()?;
    Ok(())
}
