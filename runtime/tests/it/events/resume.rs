//! Streams that are requested again with the id of the last event.

use std::time::Duration;

use api_runtime::{Client, Error, ErrorKind, Interrupt, ManualClock, RetryPolicy};
use test_server::Server;

use super::{CHUNKS, EVENTS, Received, chat, chunk, server};

/// Starts a server that sends one of these responses per connection, and then 204.
fn server_of(responses: &[String]) -> (Server, Received) {
    let received = Received::default();
    let (responses, seen) = (responses.to_vec(), received.clone());
    let server = Server::start(move |mut connection| {
        let request = connection.read_request()?;
        let number = seen.add(request.header("last-event-id"));
        match responses.get(number - 1) {
            Some(response) => connection.send(response),
            None => connection.send("HTTP/1.1 204 No Content\r\n\r\n"),
        }
    });
    (server, received)
}

fn client(server: &Server, clock: &ManualClock) -> Client {
    Client::builder(server.url())
        .clock(clock.clone())
        .build()
        .unwrap()
}

fn watch(client: &Client) -> Vec<Result<i64, Error>> {
    let request = chat::Watch::new().from(7_i64);
    chat::watch(client, &request).unwrap().collect()
}

fn ids(ids: &[&str]) -> Vec<Option<String>> {
    let ids = ids.iter().map(|id| Some((*id).to_owned()));
    std::iter::once(None).chain(ids).collect()
}

#[test]
fn stream_continues_after_the_last_event() {
    let clock = ManualClock::new();
    let (server, received) = server_of(&[
        // Cut, and the beginning of an event is lost.
        format!(
            "{CHUNKS}{}",
            chunk("id: a\ndata: 1\n\nid: b\ndata: 2\n\nid: c\ndata: 3\n")
        ),
        // Ended by the server, which requests a delay.
        format!("{EVENTS}retry: 20000\ndata: 3\n\nid: c\n\ndata: 4\n\n"),
    ]);
    let items: Result<Vec<_>, _> = watch(&client(&server, &clock)).into_iter().collect();
    assert_eq!(items.unwrap(), [1, 2, 3, 4]);
    assert_eq!(received.all(), ids(&["b", "c"]));
    assert_eq!(clock.elapsed(), Duration::from_secs(1 + 20));
    assert_eq!(server.requests()[2].line, "GET /watch?from=7 HTTP/1.1");
}

#[test]
fn status_204_of_the_first_request_ends_the_stream() {
    let clock = ManualClock::new();
    let head = "HTTP/1.1 204 No Content\r\ncontent-type: text/plain\r\n\r\n";
    let (server, received) = server_of(&[head.to_owned()]);
    assert!(watch(&client(&server, &clock)).is_empty());
    assert_eq!(received.all().len(), 1);
}

#[test]
fn stream_without_ids_is_not_requested_again() {
    let clock = ManualClock::new();
    let (server, received) = server_of(&[format!("{CHUNKS}{}", chunk("data: 1\n\n"))]);
    let mut items = watch(&client(&server, &clock)).into_iter();
    assert_eq!(items.next().unwrap().unwrap(), 1);
    // A new stream would begin with the same event, or later.
    assert_eq!(
        items.next().unwrap().unwrap_err().kind(),
        ErrorKind::Disconnected
    );
    assert!(items.next().is_none());
    assert_eq!(received.all().len(), 1);
}

#[test]
fn delay_grows_while_no_event_arrives() {
    let clock = ManualClock::new();
    let empty = vec![EVENTS.to_owned(); 7];
    let (server, received) = server_of(&empty);
    assert!(watch(&client(&server, &clock)).is_empty());
    assert_eq!(received.all(), vec![None; 8]);
    assert_eq!(
        clock.elapsed(),
        Duration::from_secs(2 + 4 + 8 + 16 + 30 + 30 + 30)
    );
}

#[test]
fn delay_is_short_again_after_an_event() {
    let clock = ManualClock::new();
    let empty = EVENTS.to_owned();
    let one = format!("{EVENTS}id: 1\ndata: 1\n\n");
    let (server, received) = server_of(&[empty.clone(), empty.clone(), one, empty]);
    let items: Result<Vec<_>, _> = watch(&client(&server, &clock)).into_iter().collect();
    assert_eq!(items.unwrap(), [1]);
    assert_eq!(received.all().len(), 5);
    assert_eq!(clock.elapsed(), Duration::from_secs(2 + 4 + 1 + 2));
}

#[test]
fn stream_with_invalid_chunks_is_not_requested_again() {
    let clock = ManualClock::new();
    let (server, received) = server_of(&[
        format!("{CHUNKS}no length\r\n"),
        format!("{EVENTS}id: 1\ndata: 1\n\n"),
    ]);
    let mut items = watch(&client(&server, &clock)).into_iter();
    assert_eq!(
        items.next().unwrap().unwrap_err().kind(),
        ErrorKind::InvalidResponse
    );
    assert!(items.next().is_none());
    assert_eq!(received.all().len(), 1);
}

#[test]
fn error_of_the_second_request_ends_the_stream() {
    let clock = ManualClock::new();
    let (server, received) = server_of(&[
        format!("{EVENTS}id: 1\ndata: 1\n\n"),
        "HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n".to_owned(),
    ]);
    let mut items = watch(&client(&server, &clock)).into_iter();
    assert_eq!(items.next().unwrap().unwrap(), 1);
    assert_eq!(items.next().unwrap().unwrap_err().status(), Some(410));
    assert!(items.next().is_none());
    assert_eq!(received.all().len(), 2);
}

#[test]
fn deadline_of_the_first_request_bounds_all_of_them() {
    let clock = ManualClock::new();
    let (server, received) = server_of(&vec![EVENTS.to_owned(); 100]);
    let client = client(&server, &clock).timeout(Some(Duration::from_secs(20)));
    let mut items = watch(&client).into_iter();
    assert_eq!(
        items.next().unwrap().unwrap_err().kind(),
        ErrorKind::Timeout
    );
    assert_eq!(clock.elapsed(), Duration::from_secs(20));
    assert_eq!(received.all().len(), 4);
}

#[test]
fn interrupt_ends_the_delay() {
    let server = server(format!("{EVENTS}id: 1\nretry: 3600000\ndata: 1\n\n"));
    let interrupt = Interrupt::new();
    let client = Client::builder(server.url())
        .interrupt(interrupt.clone())
        .build()
        .unwrap();
    let mut items = chat::watch(&client, &chat::Watch::new()).unwrap();
    assert_eq!(items.next().unwrap().unwrap(), 1);
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        interrupt.raise();
    });
    assert_eq!(
        items.next().unwrap().unwrap_err().kind(),
        ErrorKind::Interrupted
    );
    thread.join().unwrap();
}

#[test]
fn policy_without_retries_disables_it() {
    let clock = ManualClock::new();
    let (server, received) = server_of(&[format!("{EVENTS}id: 1\ndata: 1\n\n")]);
    let client = client(&server, &clock).retries(RetryPolicy::none());
    let items: Result<Vec<_>, _> = watch(&client).into_iter().collect();
    assert_eq!(items.unwrap(), [1]);
    assert_eq!(received.all().len(), 1);
}
