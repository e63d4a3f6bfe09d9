//! Ends of streams.

use api_runtime::{Error, ErrorKind};
use test_server::{Action, Server};

use super::{CHUNKS, EVENTS, LINES, chat, chunk, client, complete, server, texts};

const EVENT: &str = "data: {\"text\": \"a\"}\n\n";

#[track_caller]
fn last_error(results: Vec<Result<String, Error>>) -> Error {
    let mut results = results.into_iter();
    assert_eq!(results.next().unwrap().unwrap(), "a");
    let error = results.next().unwrap().unwrap_err();
    assert!(results.next().is_none(), "nothing follows the error");
    error
}

#[test]
fn stream_that_ends_too_early_is_a_failed_connection() {
    let incomplete_chunk = &chunk(EVENT)[..10];
    for response in [
        // Before the end that the spec declares.
        format!("{EVENTS}{EVENT}"),
        format!("{EVENTS}{EVENT}data: {{\"text\""),
        format!("{CHUNKS}{}0\r\n\r\n", chunk(EVENT)),
        // Before the end of the body.
        format!("{CHUNKS}{}", chunk(EVENT)),
        format!("{CHUNKS}{}{incomplete_chunk}", chunk(EVENT)),
        EVENTS.replace("\r\n\r\n", "\r\ncontent-length: 100\r\n\r\n") + EVENT,
    ] {
        let server = server(response.clone());
        let error = last_error(texts(&server));
        assert_eq!(error.kind(), ErrorKind::Disconnected, "{response}");
        assert!(error.is_transient() && error.may_have_been_processed());
        assert!(error.sent_at().is_some());
        let text = error.to_string();
        assert!(
            text.starts_with("chat.complete: the connection failed: "),
            "{text}"
        );
        assert!(
            text.ends_with("; the request may have been processed"),
            "{text}"
        );
        // A stream that has begun is not requested again.
        assert_eq!(server.requests().len(), 1, "{response}");
    }
}

#[test]
fn chunked_stream_without_an_end_in_the_spec_ends_with_the_body() {
    let event = chunk("data: {\"type\": \"stop\"}\n\n");
    let complete = server(format!("{CHUNKS}{event}0\r\n\r\n"));
    let deltas = chat::deltas(&client(&complete), &chat::Deltas::new()).unwrap();
    assert_eq!(deltas.map(Result::unwrap).count(), 1);

    let incomplete = server(format!("{CHUNKS}{event}"));
    let mut deltas = chat::deltas(&client(&incomplete), &chat::Deltas::new()).unwrap();
    assert!(deltas.next().unwrap().is_ok());
    let error = deltas.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Disconnected);
    assert!(deltas.next().is_none());
}

#[test]
fn media_type_of_events_may_be_in_upper_case() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream ; charset=UTF-8\r\n\r\n";
    let server = server(format!("{head}{EVENT}data: [DONE]\n\n"));
    let results: Result<Vec<_>, _> = texts(&server).into_iter().collect();
    assert_eq!(results.unwrap(), ["a"]);
}

#[test]
fn end_without_an_empty_line_ends_the_stream() {
    for end in ["data: [DONE]", "data: [DONE]\n", "data: [DONE]\r"] {
        let server = server(format!("{EVENTS}{EVENT}{end}"));
        let results: Result<Vec<_>, _> = texts(&server).into_iter().collect();
        assert_eq!(results.unwrap(), ["a"], "{end}");
    }
}

#[test]
fn last_line_may_lack_its_end_but_not_its_last_bytes() {
    let status = r#"{"status": "a"}"#;
    let pull = |rest: &str| {
        let server = server(format!("{LINES}{status}\n{rest}"));
        let items = chat::pull(&client(&server), &chat::Pull::new()).unwrap();
        items.map(|it| it.map(|it| it.status)).collect::<Vec<_>>()
    };
    for (rest, count) in [("", 1), ("\r\n \n", 1), (status, 2)] {
        let items: Result<Vec<_>, _> = pull(rest).into_iter().collect();
        assert_eq!(items.unwrap(), vec!["a"; count], "{rest}");
    }
    for rest in ["{", r#"{"status": "b""#, "tru"] {
        let error = last_error(pull(rest));
        assert_eq!(error.kind(), ErrorKind::Disconnected, "{rest}");
        assert!(
            error.message().ends_with("the response ends within a line"),
            "{error}"
        );
    }
}

#[test]
fn connection_is_used_again_after_the_end() {
    let body = chunk(&format!("{EVENT}data: [DONE]\n\n"));
    let whole = format!("{CHUNKS}{body}0\r\n\r\n").into_bytes();
    let server = Server::scripted([Action::Send(whole.clone()), Action::Send(whole)]);
    let client = client(&server);
    for _ in 0..2 {
        let events = chat::complete(&client, &complete()).unwrap();
        assert_eq!(events.map(Result::unwrap).count(), 1);
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn server_that_does_not_close_after_the_end_is_not_awaited() {
    let server = Server::start(|mut connection| {
        connection.read_request()?;
        connection.send(format!("{EVENTS}{EVENT}data: [DONE]\n\n"))?;
        // Until the client closes the connection.
        connection.wait_for_close()
    });
    let events = chat::complete(&client(&server), &complete()).unwrap();
    assert_eq!(events.map(Result::unwrap).count(), 1);
    server.wait_until_closed(1);
}

#[test]
fn dropped_stream_closes_the_connection() {
    let server = Server::start(|mut connection| {
        connection.read_request()?;
        connection.send(EVENTS)?;
        // A client that drains the body would never end.
        while connection.send(EVENT.repeat(100)).is_ok() {}
        Ok(())
    });
    let mut events = chat::complete(&client(&server), &complete()).unwrap();
    assert_eq!(events.next().unwrap().unwrap().text, "a");
    drop(events);
    server.wait_until_closed(1);
}

#[test]
fn response_without_content_has_no_items() {
    let server = Server::scripted([Action::Send(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())]);
    let mut deltas = chat::deltas(&client(&server), &chat::Deltas::new()).unwrap();
    assert_eq!(deltas.status(), 204);
    assert!(deltas.next().is_none());
}
