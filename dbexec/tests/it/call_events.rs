//! `dbexec call --spec`: events and lines, which are printed as they arrive.

use std::io::{self, BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Sender};

use test_server::{Connection, Server};

use crate::support::{Running, Sandbox};

const SPEC: &str = r#"
[api]
name = "Chat"
doc = "Chats."
errors = { message = ["error.message"] }

[endpoints.chat.complete]
doc = "Completes a chat."
http = "POST /chat"
retry = "never"
json = { prompt = "string" }
events = { item = { text = "string" }, end = "[DONE]", error = "error" }

[endpoints.chat.log]
doc = "Returns a log."
http = "GET /log"
lines = "text"
"#;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("chat.toml", SPEC);
    sandbox
}

fn command(sandbox: &Sandbox, server: &Server, arguments: &[&str]) -> Command {
    let url = server.url();
    let options = ["call", "--spec", "chat.toml", "--host", &url];
    sandbox.command([&options[..], arguments].concat())
}

/// Starts a server that sends each piece after a signal of the test.
fn server_in_step(pieces: &[&str]) -> (Server, Sender<()>) {
    let pieces: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
    let (sender, receiver) = mpsc::channel();
    let receiver = Mutex::new(receiver);
    let server = Server::start(move |mut connection: Connection| {
        connection.read_request()?;
        connection.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")?;
        for piece in &pieces {
            connection.send(piece)?;
            let receiver = receiver.lock().unwrap();
            receiver.recv().map_err(io::Error::other)?;
        }
        Ok(())
    });
    (server, sender)
}

#[test]
fn each_event_is_printed_before_the_next_one_is_sent() {
    let (server, step) = server_in_step(&[
        "data: {\"text\":\ndata: \"a\"}\n\n",
        "data: {\"text\": \"b\", \"n\": 1.50}\n\n",
        "data: [DONE]\n\n",
    ]);
    let sandbox = sandbox();
    let mut command = command(&sandbox, &server, &["chat.complete", "prompt=hi"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for expected in [r#"{"text": "a"}"#, r#"{"text": "b", "n": 1.50}"#] {
        assert_eq!(lines.next().unwrap().unwrap(), expected);
        step.send(()).unwrap();
    }
    assert!(lines.next().is_none());
    assert!(child.wait().unwrap().success());
}

#[test]
fn parts_of_events_and_text_are_printed_as_they_are() {
    let events = "data: {\"text\": \"a\"}\n\ndata: {\"text\": \"b\"}\n\ndata: [DONE]\n\n";
    let (server, step) = server_in_step(&[events]);
    step.send(()).unwrap();
    let sandbox = sandbox();
    let get = ["chat.complete", "prompt=hi", "--get", "text"];
    Running::start(command(&sandbox, &server, &get))
        .finish()
        .assert(0, "a\nb\n", "");

    let (server, step) = server_in_step(&["first\n\n\"third\"\n"]);
    step.send(()).unwrap();
    let log = Running::start(command(&sandbox, &server, &["chat.log"]));
    log.finish().assert(0, "first\n\n\"third\"\n", "");
    let get = ["chat.log", "--get", "text"];
    let message = "error: `--get` requires JSON, and the response of chat.log is not JSON\n";
    Running::start(command(&sandbox, &server, &get))
        .finish()
        .assert(2, "", message);
}

#[test]
fn error_in_the_stream_follows_the_events_before_it() {
    let events = "data: {\"text\": \"a\"}\n\ndata: {\"error\": {\"message\": \"overloaded\"}}\n\n";
    let (server, step) = server_in_step(&[events]);
    step.send(()).unwrap();
    let sandbox = sandbox();
    let call = Running::start(command(&sandbox, &server, &["chat.complete", "prompt=hi"]));
    let outcome = call.finish();
    assert_eq!(outcome.stdout, "{\"text\": \"a\"}\n", "{outcome}");
    let message = "error: chat.complete: the response contains an error: overloaded";
    assert!(outcome.stderr.contains(message), "{outcome}");
    assert_ne!(outcome.code, Some(0), "{outcome}");
}
