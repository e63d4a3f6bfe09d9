//! Runs Python on a cluster, twice: call by call, and as one object.
//!
//! ```text
//! DATABRICKS_HOST=... DATABRICKS_TOKEN=... cargo run -p generated-client --example hello
//! ```

use std::error::Error;

use generated_client::{ExecutionContext, Language, Wait, commands, contexts};

fn main() -> Result<(), Box<dyn Error>> {
    let client = generated_client::from_env()?;
    let cluster = std::env::var("DATABRICKS_CLUSTER_ID")?;

    // One struct and one function per endpoint.
    let create = contexts::Create::new(&*cluster, Language::Python);
    let created = contexts::create(&client, &create)?;
    contexts::wait_for_create(&client, &create, &created, Wait::new())?;
    let execute = commands::Execute::new(&*cluster, &created.id, Language::Python, "print(6 * 7)");
    let command = commands::execute(&client, &execute)?;
    let ended = commands::wait_for_execute(&client, &execute, &command, Wait::new())?;
    println!("{:?}", ended.results);
    contexts::destroy(&client, &contexts::Destroy::new(&*cluster, &created.id))?;

    // Or the whole job; the context is destroyed when `context` goes.
    let context = ExecutionContext::create(&client, &*cluster, Language::Python)?;
    let output = context.run("print('hello'); sum(range(10))")?;
    println!("{output}");

    // What is printed can be seen as it comes.
    let counting = "import time\nfor n in range(3): print(n); time.sleep(1)";
    let command = context.command(counting);
    command.on_output(|text| print!("{text}")).run()?;
    Ok(())
}
