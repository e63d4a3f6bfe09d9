//! Syntax errors of TOML, and a pattern without an endpoint: no further errors about the items of the
//! spec.

use api_runtime::{Client, Error};

mod client {
    api_runtime::api!("syntax_errors.toml");
}

mod selected {
    api_runtime::api!("clock.toml", only = ["clock.shwo"]);
}

use client::{JobId, Task, jobs};

fn run(client: &Client) -> Result<i64, Error> {
    let request = jobs::Start::new("nightly").task(Task::new("a"));
    let started = jobs::start(client, &request)?;
    let id: JobId = started.id;
    for job in jobs::list(client, &jobs::List::new())?.jobs {
        println!("{job} {}", job == id);
    }
    Ok(jobs::count(client, &jobs::Count::new())?.count)
}

fn show(client: &Client) -> Result<(), Error> {
    selected::clock::show(client, &selected::clock::Show::new())?;
    Ok(())
}

fn main() -> Result<(), Error> {
    let client = client::builder("token")?.build()?;
    show(&client)?;
    println!("{} {}", client::BASE_URL.len(), run(&client)?);
    Ok(())
}
