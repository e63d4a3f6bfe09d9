//! Complete and incomplete responses.

use std::time::Duration;

use super::{builder, error_of, get, http, in_time, interruptible, post, server, with, zeros};
use crate::clock::Interrupt;
use crate::delivery::Delivery;
use crate::transport::{Timeouts, Transport as _, TransportErrorKind};

#[test]
fn cut_off_response_is_an_error() {
    for response in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n123",
    ] {
        let address = server(move |_, peer| {
            peer.read_head();
            peer.send(response);
        });
        let error = error_of(http().send(get(address)));
        assert_eq!(
            (error.delivery, error.kind),
            (Delivery::Unknown, TransportErrorKind::Connection)
        );
        assert_eq!(
            error.message,
            "the server closed the connection before the response was complete"
        );
    }
}

#[test]
fn response_without_length_ends_with_the_connection() {
    let address = server(|_, peer| {
        peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\n\r\n{}");
    });
    let response = http().send(get(address)).expect("a response");
    assert_eq!(response.body(), b"{}");
}

#[test]
fn response_that_is_not_http_is_an_error() {
    let address = server(|_, peer| {
        peer.read_head();
        peer.send("SSH-2.0-OpenSSH_9.9\r\n\r\n");
    });
    let error = error_of(http().send(get(address)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::InvalidResponse)
    );
}

#[test]
fn endless_head_is_an_error() {
    let address = server(|_, peer| {
        peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\nname: ");
        while peer.0.send([b'x'; 1000]).is_ok() {}
    });
    let error = error_of(http().send(get(address)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::InvalidResponse)
    );
}

#[cfg(feature = "gzip")]
#[test]
fn size_limit_applies_to_the_decompressed_body() {
    // 1 MiB of zeros, compressed to 1 KiB.
    const BOMB: &[u8] = include_bytes!("zeros.gz");
    for (max, fits) in [((1 << 20) - 1, false), (1 << 20, true)] {
        let address = server(|_, peer| {
            peer.read_head();
            let length = BOMB.len();
            peer.send(format!(
                "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"
            ));
            peer.send(BOMB);
            peer.wait_for_close();
        });
        let http = builder().max_response_size(max).build();
        match http.expect("valid settings").send(get(address)) {
            Ok(response) => assert!(fits && response.body().len() == 1 << 20),
            Err(error) => assert!(
                !fits && error.kind == TransportErrorKind::InvalidResponse,
                "{error}"
            ),
        }
    }
}

#[test]
fn status_code_is_kept_if_the_body_of_a_4xx_response_never_ends() {
    let timeouts = Timeouts {
        idle: Some(Duration::from_millis(50)),
        ..Timeouts::default()
    };
    let address = server(|_, peer| {
        peer.read_head();
        peer.send("HTTP/1.1 429 Any\r\ncontent-length: 100\r\n\r\nslow");
        peer.wait_for_close();
    });
    let http = builder()
        .timeouts(timeouts)
        .build()
        .expect("valid settings");
    let response = in_time(move || http.send(get(address)).expect("a response"));
    assert_eq!(
        (response.status().as_u16(), response.body().as_slice()),
        (429, b"slow".as_slice())
    );
}

#[test]
fn interrupt_during_the_body_of_a_4xx_response_proves_that_nothing_was_processed() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let address = server(move |_, peer| {
        peer.read_head();
        peer.send("HTTP/1.1 429 Any\r\ncontent-length: 100\r\n\r\nslow");
        handle.raise();
        peer.wait_for_close();
    });
    let limits = interruptible(interrupt);
    let error = in_time(move || error_of(http().send(with(get(address), limits))));
    assert_eq!(error.kind, TransportErrorKind::Interrupted);
    // The interrupt may be seen before the head.
    if error.message == "interrupted while reading the response" {
        assert_eq!(error.delivery, Delivery::NotProcessed);
    }
}

#[test]
fn response_that_is_not_http_during_an_upload_is_an_error_of_the_response() {
    for response in ["SSH-2.0-OpenSSH_9.9\r\n\r\n", "HTTP/1.1 2000 No\r\n\r\n"] {
        let address = server(move |_, peer| {
            peer.read_head();
            peer.send(response);
        });
        let error = in_time(move || error_of(http().send(post(address, zeros(1 << 33)))));
        assert_eq!(error.delivery, Delivery::Unknown, "{error}");
        assert_eq!(error.kind, TransportErrorKind::InvalidResponse, "{error}");
    }
}
