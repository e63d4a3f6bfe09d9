//! What counts as a complete answer.

use super::{failure, get, http, server};
use crate::delivery::Delivery;
use crate::transport::{Fault, Transport as _};

#[test]
fn an_answer_that_is_cut_is_an_error() {
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n123",
    ] {
        let address = server(1, move |_, peer| {
            peer.head();
            peer.say(answer);
        });
        let error = failure(http().send(get(address)));
        assert_eq!(
            (error.delivery, error.fault),
            (Delivery::Unknown, Fault::Connection)
        );
        assert_eq!(
            error.message,
            "the server closed the connection before the answer was complete"
        );
    }
}

#[test]
fn an_answer_may_end_with_its_connection() {
    let address = server(1, |_, peer| {
        peer.head();
        peer.say("HTTP/1.1 200 OK\r\n\r\n{}");
    });
    let answer = http().send(get(address)).expect("an answer");
    assert_eq!(answer.body(), b"{}");
}

#[test]
fn what_is_not_http_is_told() {
    let address = server(1, |_, peer| {
        peer.head();
        peer.say("SSH-2.0-OpenSSH_9.9\r\n\r\n");
    });
    let error = failure(http().send(get(address)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Answer)
    );
}

#[test]
fn a_head_without_end_is_cut_off() {
    let address = server(1, |_, peer| {
        use std::io::Write as _;
        peer.head();
        peer.say("HTTP/1.1 200 OK\r\nname: ");
        while peer.0.get_mut().write_all(&[b'x'; 1000]).is_ok() {}
    });
    let error = failure(http().send(get(address)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Answer)
    );
}

#[cfg(feature = "gzip")]
#[test]
fn the_limit_is_that_of_the_decoded_answer() {
    // A mebibyte of zeros in a kibibyte.
    const BOMB: &[u8] = include_bytes!("zeros.gz");
    for (max, fits) in [((1 << 20) - 1, false), (1 << 20, true)] {
        let address = server(1, |_, peer| {
            peer.head();
            let length = BOMB.len();
            peer.say(format!(
                "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"
            ));
            peer.say(BOMB);
            peer.wait_for_end();
        });
        let http = super::builder().max_answer(max).build();
        match http.expect("good settings").send(get(address)) {
            Ok(answer) => assert!(fits && answer.body().len() == 1 << 20),
            Err(error) => assert!(!fits && error.fault == Fault::Answer, "{error}"),
        }
    }
}
