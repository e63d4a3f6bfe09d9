//! Items with errors are used by the program. Only the errors of the spec are reported.

use std::collections::HashMap;
use std::fmt;

use api_runtime::{Client, Error, Wait};

mod client {
    api_runtime::api!("items_with_errors.toml");
}

use client::jobs::{self, CancelResponse, GetResponse, start};
use client::kinds::show;
use client::{Job, Outcome, RowsOutcome, State, Task};

#[derive(Clone, Debug, PartialEq)]
struct Record {
    state: State,
    tasks: Vec<Task>,
}

trait Describe {
    fn describe(&self) -> String;
}

// Two implementations for types with errors do not conflict.
impl Describe for State {
    fn describe(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Describe for Task {
    fn describe(&self) -> String {
        format!("{} {:?} {}", self.name, self.kind, self.state.describe())
    }
}

impl From<State> for Record {
    fn from(state: State) -> Self {
        Self { state, tasks: Vec::new() }
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            State::Queued => f.write_str("queued"),
            State::Unknown(other) => f.write_str(other),
            _ => Ok(()),
        }
    }
}

fn is_final(response: &GetResponse) -> bool {
    let GetResponse { state, outcome, .. } = response;
    if let Some(Outcome::Rows(rows)) = outcome {
        let RowsOutcome { header, .. } = rows;
        println!("{}", header.join(","));
    }
    *state == State::Done
}

fn run(client: &Client, labels: HashMap<String, String>) -> Result<String, Error> {
    let request = jobs::Start::new("nightly").tasks(vec![Task::new("a")]).labels(labels);
    let start = start(client, &request)?;
    let mut names: Vec<String> = Vec::new();
    for job in jobs::list_all(client, &jobs::List::new()) {
        names.push(job?);
    }
    let wait = Wait::new().on_poll(|response: &GetResponse| println!("{}", is_final(response)));
    let response = jobs::wait_for_start(client, &start, &wait)?;
    let progress = jobs::start_progress(&response);
    if let Ok(Some(done)) = progress {
        println!("{done}");
    }
    let counted = jobs::count(client, &jobs::Count::new())?;
    let count = jobs::wait_for_count(client, &counted, &Wait::new())?;
    println!("{}", count.count + 1);
    let mut log = Vec::new();
    jobs::log(client, &jobs::Log::new(&start.id), &mut log)?;
    match jobs::cancel(client, &jobs::Cancel::new(&start.id))? {
        CancelResponse::Ok(body) => println!("{} {:?}", body.state, body.at.elapsed()),
        CancelResponse::NotFound(text) => println!("{text}"),
        _ => {}
    }
    let kind = show(client, &client::kinds::Show::new())?;
    println!("{}", kind.as_str());
    let jobs: Vec<Job> = Vec::new();
    let tasks = jobs.iter().flat_map(|job| &job.tasks);
    Ok(tasks.map(Describe::describe).collect())
}

fn main() -> Result<(), Error> {
    let client = client::builder("token")?.build()?;
    println!("{} {}", client::BASE_URL.len(), run(&client, HashMap::new())?);
    Ok(())
}
