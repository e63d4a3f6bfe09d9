//! A context id is not accepted as a command id.

use generated_client::{Error, commands, contexts};

fn main() -> Result<(), Error> {
    let client = generated_client::from_env()?;
    let created = contexts::create(&client, &contexts::Create::new("cluster", "python".into()))?;
    let request = commands::Status::new("cluster", &created.id, &created.id);
    commands::status(&client, &request)?;
    Ok(())
}
