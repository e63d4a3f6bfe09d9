//! Time limits, interrupts and sizes, against servers that fall silent.

use std::time::{Duration, Instant};

use api_runtime::{Client, Error, ErrorKind, Interrupt, Timeouts};
use test_server::Server;

use super::{EVENTS, chat, client, server};

/// Limit of the tests.
const SHORT: Duration = Duration::from_millis(200);

/// Only a call that ignores its limit takes this long.
const TOO_LONG: Duration = Duration::from_secs(60);

/// Starts a server that falls silent after one event.
fn silent() -> Server {
    Server::start(|mut connection| {
        connection.read_request()?;
        connection.send(format!("{EVENTS}data: 1\n\n: comment\n"))?;
        connection.wait_for_close()
    })
}

/// Returns the error of the second event.
fn second_error(server: &Server, client: &Client, then: impl FnOnce()) -> Error {
    let mut texts = chat::texts(client, &chat::Texts::new()).unwrap();
    assert_eq!(texts.next().unwrap().unwrap(), "1");
    then();
    let start = Instant::now();
    let error = texts.next().unwrap().unwrap_err();
    assert!(start.elapsed() < TOO_LONG, "{:?}", start.elapsed());
    assert!(texts.next().is_none());
    server.wait_until_closed(1);
    error
}

#[test]
fn idle_timeout_bounds_the_silence() {
    let server = silent();
    let mut timeouts = Timeouts::default();
    timeouts.idle = Some(SHORT);
    let error = second_error(&server, &client(&server).timeouts(timeouts), || ());
    assert_eq!(
        (error.kind(), error.is_timeout()),
        (ErrorKind::Timeout, true)
    );
    assert_eq!(error.operation(), Some("chat.texts"));
}

#[test]
fn timeout_and_deadline_of_a_call_bound_the_whole_stream() {
    let server = silent();
    let client = client(&server);
    let error = second_error(&server, &client.timeout(Some(SHORT * 5)), || ());
    assert_eq!(error.kind(), ErrorKind::Timeout);

    let server = silent();
    let client = super::client(&server);
    let deadline = client.clock().now() + SHORT * 5;
    let error = second_error(&server, &client.deadline(Some(deadline)), || ());
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[test]
fn events_without_pause_do_not_extend_the_deadline() {
    let server = Server::start(|mut connection| {
        connection.read_request()?;
        connection.send(EVENTS)?;
        while connection.send("data: 1\n\n".repeat(1000)).is_ok() {}
        Ok(())
    });
    let client = client(&server).timeout(Some(SHORT * 5));
    let start = Instant::now();
    let error = chat::texts(&client, &chat::Texts::new())
        .unwrap()
        .find_map(Result::err);
    assert_eq!(error.unwrap().kind(), ErrorKind::Timeout);
    assert!(start.elapsed() < TOO_LONG, "{:?}", start.elapsed());
}

#[test]
fn time_between_two_items_on_the_side_of_the_caller_does_not_count() {
    let (server, step) = super::server_in_step(vec![
        format!("{EVENTS}data: 1\n\n").into_bytes(),
        b"data: 2\n\n".to_vec(),
    ]);
    let mut timeouts = Timeouts::default();
    timeouts.idle = Some(Duration::from_secs(60));
    let client = client(&server).timeouts(timeouts);
    let mut texts = chat::texts(&client, &chat::Texts::new()).unwrap();
    assert_eq!(texts.next().unwrap().unwrap(), "1");
    // The second event is in the buffer of the operating system.
    step.send(()).unwrap();
    std::thread::sleep(SHORT);
    assert_eq!(texts.next().unwrap().unwrap(), "2");
    step.send(()).unwrap();
}

#[test]
fn interrupt_ends_a_stream_that_waits_and_one_that_does_not() {
    let interrupt = Interrupt::new();
    let server = silent();
    let waiting = client(&server).with_interrupt(interrupt.clone());
    let mut thread = None;
    let error = second_error(&server, &waiting, || {
        thread = Some(std::thread::spawn(move || {
            std::thread::sleep(SHORT);
            interrupt.raise();
        }));
    });
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    thread.unwrap().join().unwrap();

    let interrupt = Interrupt::new();
    let server = server_of_two();
    let client = client(&server)
        .with_interrupt(interrupt.clone())
        .grace(TOO_LONG);
    let error = second_error(&server, &client, || interrupt.raise());
    assert_eq!(error.kind(), ErrorKind::Interrupted);
}

fn server_of_two() -> Server {
    server(format!("{EVENTS}data: 1\n\ndata: 2\n\n"))
}

#[test]
fn item_that_is_too_large_ends_the_stream() {
    let server = Server::start(|mut connection| {
        connection.read_request()?;
        connection.send(format!("{EVENTS}data: 1\n\ndata: "))?;
        while connection.send("x".repeat(1000)).is_ok() {}
        Ok(())
    });
    let texts = chat::texts(&client(&server), &chat::Texts::new()).unwrap();
    let mut texts = texts.max_item_size(100_000);
    assert_eq!(texts.next().unwrap().unwrap(), "1");
    let error = texts.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    let message = "an item of the response is larger than the limit of 100000 bytes";
    assert_eq!(error.message(), message);
    assert!(texts.next().is_none());
    server.wait_until_closed(1);
}
