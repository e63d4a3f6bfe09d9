//! Server that responds as fast as it can.

use std::error::Error;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{self, Command, Stdio};
use std::thread;

use test_server::{CONTINUE, Connection, Server, response};

const STATUS: &str = r#"{"id":"3a1f4b52c0de4f5a9b1c0a77e1a5f2d4","status":"Finished","results":{"resultType":"text","data":"45"}}"#;
const EXECUTE: &str = r#"{"id":"3a1f4b52c0de4f5a9b1c0a77e1a5f2d4"}"#;

/// Starts a server in this process.
pub(crate) fn start() -> Server {
    Server::start(serve)
}

/// Starts a server, prints its URL and serves until the process is killed.
pub(crate) fn run() -> ! {
    let server = start();
    println!("{}", server.url());
    loop {
        thread::park();
    }
}

/// A server in a separate process.
pub(crate) struct Child {
    process: process::Child,
    url: String,
}

impl Child {
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        let output = process.stdout.take().ok_or("no output")?;
        BufReader::new(output).read_line(&mut url)?;
        url.truncate(url.trim_end().len());
        Ok(Self { process, url })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve(mut connection: Connection) -> io::Result<()> {
    let headers = &["content-type: application/json"];
    let (status, execute) = (
        response(200, headers, STATUS),
        response(200, headers, EXECUTE),
    );
    let mut block = vec![0; 1 << 18];
    loop {
        // Not parsed into a `Request`, and not recorded: the clients are measured.
        let head = connection.read_head()?;
        if head.contains("expect: 100-continue") {
            connection.send(CONTINUE)?;
        }
        let mut rest = content_length(&head);
        while rest > 0 {
            let most = block.len().min(usize::try_from(rest).unwrap_or(usize::MAX));
            match connection.read(&mut block[..most])? {
                0 => return Ok(()),
                count => rest -= count as u64,
            }
        }
        let is_status = head.starts_with("GET");
        connection.send(if is_status { &status } else { &execute })?;
    }
}

fn content_length(head: &str) -> u64 {
    let rest = head.split_once("content-length: ").map(|(_, rest)| rest);
    let value = rest.and_then(|rest| rest.lines().next()?.parse().ok());
    value.unwrap_or(0)
}
