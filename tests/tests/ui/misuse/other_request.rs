//! Requests of one endpoint are not accepted by another.

use generated_client::{Error, Wait, commands, contexts};

fn main() -> Result<(), Error> {
    let client = generated_client::from_env()?;
    let status = contexts::Status::new("cluster", "context");
    contexts::destroy(&client, &status)?;
    let execute = commands::Execute::new("cluster", "context", "python".into(), "1");
    let command = commands::execute(&client, &execute)?;
    contexts::wait_for_create(&client, &execute, &command, Wait::new())?;
    Ok(())
}
