//! Responses of events and lines over real connections.

mod ends;
mod errors;
mod limits;
mod resume;

use std::io;
use std::sync::{Arc, Mutex, mpsc};

use api_runtime::Client;
use api_runtime::transport::Scripted;
use api_runtime::types::RawJson;
use test_server::{Connection, Server};

use crate::support;

mod api {
    #![deny(warnings)]
    api_runtime::api!(
        "tests/specs/event_streams.toml",
        derive = [PartialEq, Serialize]
    );
}

use api::chat::{self, CompleteEvent};
use api::{Delta, Mood};

/// Head of a stream that ends with the connection.
const EVENTS: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\r\n";

/// Head of a stream in chunks.
const CHUNKS: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                      Transfer-Encoding: chunked\r\n\r\n";

const LINES: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";

fn client(server: &Server) -> Client {
    Client::builder(server.url()).build().unwrap()
}

/// Starts a server whose connections send these bytes and close.
fn server(response: impl Into<Vec<u8>>) -> Server {
    let response = response.into();
    Server::start(move |mut connection| {
        connection.read_request()?;
        connection.send(&response)
    })
}

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

fn complete() -> chat::Complete {
    chat::Complete::new("Hello")
}

fn texts(server: &Server) -> Vec<Result<String, api_runtime::Error>> {
    let events = chat::complete(&client(server), &complete()).unwrap();
    events.map(|event| event.map(|event| event.text)).collect()
}

#[test]
fn events_are_decoded_until_the_end() {
    let server = server(format!(
        "{EVENTS}: hello\n\ndata: {{\"text\": \"a\", \"mood\": \"GOOD\"}}\n\n\
         event: x\r\nid: 7\r\ndata: {{\"text\":\r\ndata: \"b\", \"mood\": \"new\"}}\r\n\r\n\
         data: [DONE]\n\ndata: {{\"text\": \"after the end\"}}\n\n"
    ));
    let mut events = chat::complete(&client(&server), &complete()).unwrap();
    assert_eq!(events.status(), 200);
    assert_eq!(
        events.headers()["content-type"],
        "text/event-stream; charset=utf-8"
    );
    let first = events.next_event().unwrap().unwrap();
    assert_eq!((&*first.name, &*first.id), ("", ""));
    assert_eq!(
        (&*first.data.text, first.data.mood),
        ("a", Some(Mood::Good))
    );
    let second = events.next_event().unwrap().unwrap();
    assert_eq!((&*second.name, &*second.id), ("x", "7"));
    let CompleteEvent { text, mood, .. } = second.data;
    assert_eq!((&*text, mood), ("b", Some(Mood::Unknown("new".into()))));
    assert!(events.next().is_none() && events.next().is_none());

    let request = server.request();
    assert_eq!(request.line, "POST /chat HTTP/1.1");
    assert_eq!(request.header("accept"), Some("text/event-stream"));
    assert_eq!(request.header("last-event-id"), None);
    assert_eq!(request.text(), r#"{"stream":true,"prompt":"Hello"}"#);
}

#[test]
fn items_are_unions_text_lines_and_raw_json() {
    let stream = server(format!(
        "{EVENTS}event: text\ndata: {{\"type\": \"text\", \"text\": \"a\"}}\n\n\
         data: {{\"type\": \"stop\"}}\n\ndata: {{\"type\": \"later\", \"x\": 1.50}}\n\n"
    ));
    let deltas = chat::deltas(&client(&stream), &chat::Deltas::new()).unwrap();
    let deltas: Vec<_> = deltas.map(Result::unwrap).collect();
    assert!(matches!(&deltas[0], Delta::Text(delta) if delta.text == "a"));
    assert!(matches!(&deltas[1], Delta::Stop(_)));
    assert!(matches!(&deltas[2], Delta::Unknown(it) if it.as_str().ends_with("1.50}")));
    assert_eq!(deltas.len(), 3);

    let stream = server(format!(
        "{EVENTS}data: [a]\ndata: b\n\ndata\n\nevent: e\n\n"
    ));
    let texts = chat::texts(&client(&stream), &chat::Texts::new()).unwrap();
    assert_eq!(
        texts.map(Result::unwrap).collect::<Vec<_>>(),
        ["[a]\nb", ""]
    );

    let stream = server(format!("{LINES}a\r\n\nb"));
    let log = chat::log(&client(&stream), &chat::Log::new()).unwrap();
    assert_eq!(log.map(Result::unwrap).collect::<Vec<_>>(), ["a", "", "b"]);
    assert_eq!(stream.request().header("accept"), Some("*/*"));

    let stream = server(format!("{LINES}1.0\n[ ]\n\n null\n2\n"));
    let numbers = chat::numbers(&client(&stream), &chat::Numbers::new()).unwrap();
    let numbers: Vec<String> = numbers.map(|it| it.unwrap().to_string()).collect();
    assert_eq!(numbers, ["1.0", "[ ]"]);
    let accept = "application/x-ndjson, application/json";
    assert_eq!(stream.request().header("accept"), Some(accept));
}

/// Starts a server that sends the next piece after the test has received the items of the last one.
fn server_in_step(pieces: Vec<Vec<u8>>) -> (Server, mpsc::Sender<()>) {
    let (sender, receiver) = mpsc::channel();
    let receiver = Mutex::new(receiver);
    let server = Server::start(move |mut connection: Connection| {
        connection.read_request()?;
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
fn each_item_is_returned_before_the_next_one_is_sent() {
    let pieces = [
        EVENTS.to_owned() + "data: 1\n\n",
        "data: 2\r".to_owned() + "\n\r",
        "\ndata: 3\n\n".to_owned(),
    ];
    let (server, step) = server_in_step(pieces.map(String::into_bytes).to_vec());
    let mut numbers = chat::texts(&client(&server), &chat::Texts::new()).unwrap();
    for expected in ["1", "2", "3"] {
        assert_eq!(numbers.next().unwrap().unwrap(), expected);
        step.send(()).unwrap();
    }
    assert!(numbers.next().is_none());
}

#[test]
fn stream_that_drips_byte_by_byte_is_read_to_its_end() {
    let stream = format!(
        "{CHUNKS}{}{}0\r\n\r\n",
        chunk("data: {\"text\": \"a\u{20ac}\"}\r\n\r\nda"),
        chunk("ta: {\"text\": \"b\"}\r\n\r\ndata: [DONE]\r\n\r\n"),
    );
    let server = Server::start(move |mut connection| {
        connection.read_request()?;
        for byte in stream.as_bytes().chunks(1) {
            connection.send(byte)?;
        }
        Ok(())
    });
    let texts: Result<Vec<_>, _> = texts(&server).into_iter().collect();
    assert_eq!(texts.unwrap(), ["a\u{20ac}", "b"]);
}

/// Returns the bytes of a gzip member whose data is stored in one block for each piece.
#[cfg(feature = "gzip")]
fn gzip(pieces: &[&str]) -> Vec<Vec<u8>> {
    let mut blocks = vec![b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec()];
    for piece in pieces {
        let length = u16::try_from(piece.len()).unwrap();
        let mut block = vec![0];
        block.extend(length.to_le_bytes());
        block.extend((!length).to_le_bytes());
        block.extend(piece.as_bytes());
        blocks.push(block);
    }
    let all = pieces.concat();
    let mut end = b"\x01\0\0\xff\xff".to_vec();
    end.extend(crc32(all.as_bytes()).to_le_bytes());
    end.extend(u32::try_from(all.len()).unwrap().to_le_bytes());
    blocks.push(end);
    blocks
}

#[cfg(feature = "gzip")]
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[cfg(feature = "gzip")]
#[test]
fn compressed_events_are_returned_as_they_arrive() {
    let head = EVENTS.replace("\r\n\r\n", "\r\ncontent-encoding: gzip\r\n\r\n");
    let blocks = gzip(&["data: 1\n\n", "data: 2\n\n"]);
    let first = [head.as_bytes(), &blocks[0], &blocks[1]].concat();
    let last = [&blocks[2][..], &blocks[3]].concat();
    let (server, step) = server_in_step(vec![first, last]);
    let mut numbers = chat::texts(&client(&server), &chat::Texts::new()).unwrap();
    assert_eq!(numbers.next().unwrap().unwrap(), "1");
    step.send(()).unwrap();
    assert_eq!(numbers.next().unwrap().unwrap(), "2");
    step.send(()).unwrap();
    assert!(numbers.next().is_none());
}

#[test]
fn stream_can_be_read_on_another_thread() {
    let server = server(format!("{EVENTS}data: 1\n\ndata: 2\n\n"));
    let mut numbers = chat::texts(&client(&server), &chat::Texts::new()).unwrap();
    assert_eq!(numbers.next().unwrap().unwrap(), "1");
    let thread = std::thread::spawn(move || numbers.map(Result::unwrap).collect::<Vec<_>>());
    assert_eq!(thread.join().unwrap(), ["2"]);
}

#[test]
fn transports_without_streams_are_supported() {
    let script = Scripted::new().respond(200, "data: 1\n\ndata: 2\n\n");
    let numbers = chat::texts(&support::client(&script), &chat::Texts::new()).unwrap();
    assert_eq!(numbers.map(Result::unwrap).collect::<Vec<_>>(), ["1", "2"]);
}

#[test]
fn calls_by_name_return_json() {
    let endpoint = |name| {
        api::ENDPOINTS
            .iter()
            .find(|it| it.operation.name == name)
            .unwrap()
    };
    let script = Scripted::new()
        .respond(200, "data: [1, 2.50]\n\n")
        .respond(200, "a\nb\n")
        .respond(200, "1\n2\nnull\n");
    let client = support::client(&script);
    let items = client.call_by_name(endpoint("chat.texts"), &[]).unwrap();
    assert_eq!(items.as_str(), r#"["[1, 2.50]"]"#);
    let items = client.call_by_name(endpoint("chat.log"), &[]).unwrap();
    assert_eq!(items.as_str(), r#"["a","b"]"#);
    let items = client
        .events_by_name(endpoint("chat.numbers"), &[])
        .unwrap();
    let items: Vec<RawJson> = items.map(Result::unwrap).collect();
    assert_eq!(items, ["1".parse().unwrap(), "2".parse().unwrap()]);
}

/// Requests that a server has received, with the value of a header.
#[derive(Clone, Default)]
struct Received(Arc<Mutex<Vec<Option<String>>>>);

impl Received {
    fn add(&self, value: Option<&str>) -> usize {
        let mut all = self.0.lock().unwrap();
        all.push(value.map(str::to_owned));
        all.len()
    }

    fn all(&self) -> Vec<Option<String>> {
        self.0.lock().unwrap().clone()
    }
}
