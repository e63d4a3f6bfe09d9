//! Uploads a file and prints the memory that this took. A separate process, so that the memory of
//! other tests is not included.
//!
//! ```text
//! upload URL FILE
//! ```
//!
//! Prints the id in the response, and the peak of the resident memory before and after the upload in
//! KiB. The peaks are 0 on systems without `/proc`.

use std::error::Error;
use std::fs;

use generated_client::api_runtime::Client;
use generated_client::{Language, Upload, commands};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: upload URL FILE".into());
    };
    let client = Client::builder(url).build()?;
    // The first call opens the connection, whose memory is not part of the upload.
    let cancel = commands::Cancel::new("cluster", "context", "command");
    commands::cancel(&client, &cancel)?;
    let before = peak();
    let file = Upload::path(file);
    let request = commands::ExecuteFile::new("cluster", "context", Language::Python, file);
    let response = commands::execute_file(&client, &request)?;
    println!("{} {before} {}", response.id, peak());
    Ok(())
}

fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
