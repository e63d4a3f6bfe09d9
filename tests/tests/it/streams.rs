//! Streams of two vendors, in the formats that they document.

mod kubernetes;
mod openai;

use std::io;
use std::sync::Mutex;
use std::sync::mpsc::{self, Sender};

use test_server::{Connection, Server};

/// Starts a server that sends each piece as a chunk, after the test has received the items of the last
/// one. The last chunk ends the body.
fn server_in_step(content_type: &str, pieces: &[&str]) -> (Server, Sender<()>) {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let pieces: Vec<String> = pieces
        .iter()
        .map(|piece| format!("{:x}\r\n{piece}\r\n", piece.len()))
        .collect();
    let (sender, receiver) = mpsc::channel();
    let receiver = Mutex::new(receiver);
    let server = Server::start(move |mut connection: Connection| {
        connection.read_request()?;
        connection.send(&head)?;
        for piece in &pieces {
            connection.send(piece)?;
            let receiver = receiver.lock().unwrap();
            receiver.recv().map_err(io::Error::other)?;
        }
        connection.send("0\r\n\r\n")
    });
    (server, sender)
}
