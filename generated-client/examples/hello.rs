//! Runs Python on a cluster: first with one function per endpoint, then with `ExecutionContext`.
//!
//! ```text
//! DATABRICKS_HOST=... DATABRICKS_TOKEN=... cargo run -p generated-client --example hello
//! ```

use std::error::Error;

use generated_client::{ExecutionContext, Language, Wait, commands, contexts};

fn main() -> Result<(), Box<dyn Error>> {
    let client = generated_client::from_env()?;
    let cluster = std::env::var("DATABRICKS_CLUSTER_ID")?;

    // One request struct and one function per endpoint, and generated waiters.
    let create = contexts::Create::new(&*cluster, Language::Python);
    let created = contexts::create(&client, &create)?;
    contexts::wait_for_create(&client, &create, &created, Wait::new())?;
    let execute = commands::Execute::new(&*cluster, &created.id, Language::Python, "print(6 * 7)");
    let command = commands::execute(&client, &execute)?;
    let finished = commands::wait_for_execute(&client, &execute, &command, Wait::new())?;
    println!("{:?}", finished.results);
    contexts::destroy(&client, &contexts::Destroy::new(&*cluster, &created.id))?;

    // The same with a context that is destroyed on drop.
    let context = ExecutionContext::create(&client, &*cluster, Language::Python)?;
    let output = context.run("print('hello'); sum(range(10))")?;
    println!("{output}");

    // Output is received while the code is running.
    let counting = "import time\nfor n in range(3): print(n); time.sleep(1)";
    let command = context.command(counting);
    command.on_output(|text| print!("{text}")).run()?;
    Ok(())
}
