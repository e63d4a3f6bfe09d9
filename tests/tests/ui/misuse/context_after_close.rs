//! A closed context cannot be used.

use generated_client::{ExecutionContext, Language};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = generated_client::from_env()?;
    let context = ExecutionContext::create(&client, "cluster", Language::Python)?;
    context.close()?;
    context.run("1")?;
    Ok(())
}
