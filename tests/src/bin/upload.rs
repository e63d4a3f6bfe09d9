//! Uploads a file and tells how much memory that took: a process of its own, so that the memory of
//! other tests does not count.
//!
//! ```text
//! upload URL FILE
//! ```
//!
//! Prints the id that the server answered with, and the peak of the resident memory before and
//! after in KiB; 0 where the system does not tell.

use std::error::Error;
use std::fs;

use generated_client::api_runtime::Client;
use generated_client::{Language, Upload, commands};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("upload URL FILE".into());
    };
    let client = Client::builder(url).build()?;
    // A small call first: what a connection takes is not what the upload takes.
    let cancel = commands::Cancel::new("cluster", "context", "command");
    commands::cancel(&client, &cancel)?;
    let before = peak();
    let file = Upload::path(file);
    let request = commands::ExecuteFile::new("cluster", "context", Language::Python, file);
    let answer = commands::execute_file(&client, &request)?;
    println!("{} {before} {}", answer.id, peak());
    Ok(())
}

fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
