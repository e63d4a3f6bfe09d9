//! A context that was closed is gone.

use generated_client::{Client, ExecutionContext, Language};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let context = ExecutionContext::create(&client, "cluster", Language::Python)?;
    context.close()?;
    context.run("1")?;
    Ok(())
}
