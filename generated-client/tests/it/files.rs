//! Requests of uploads and downloads, with a scripted transport.

use std::io::{Cursor, Seek as _, SeekFrom};
use std::time::Duration;

use generated_client::api_runtime::transport::{TransportError, TransportErrorKind};
use generated_client::api_runtime::{Clock as _, ManualClock};
use generated_client::files::{self, FileDownload, FileUpload};
use generated_client::{Error, ErrorKind, Interrupt};

use crate::scripted::{Scripted, ScriptedResult, ok};

const MIB: usize = 1 << 20;

/// Two blocks and a byte.
const SIZE: usize = 2 * MIB + 1;

#[expect(clippy::unnecessary_wraps, reason = "results of scripts")]
fn status(code: u16, error_code: &str) -> ScriptedResult {
    let body = format!(r#"{{"error_code": "{error_code}", "message": "failed"}}"#);
    Ok((code, body))
}

/// A request that may have been processed.
fn lost() -> ScriptedResult {
    Err(TransportError {
        kind: TransportErrorKind::Connection,
        transient: true,
        delivery: generated_client::Delivery::Unknown,
        message: "connection reset".to_owned(),
        source: None,
    })
}

/// Service that stores files of this size, with other responses to some requests.
fn service(
    size: usize,
    other: impl Fn(&str, usize) -> Option<ScriptedResult> + Send + Sync + 'static,
) -> Scripted {
    Scripted::new(move |endpoint, before| {
        other(endpoint, before).unwrap_or_else(|| match endpoint {
            "dbfs/create" => ok(format!(r#"{{"handle": {}}}"#, before + 1)),
            "dbfs/get-status" => ok(format!(r#"{{"path": "/a", "file_size": {size}}}"#)),
            _ => ok("{}"),
        })
    })
}

fn upload(server: &Scripted) -> Result<u64, Error> {
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    FileUpload::new("/a").send(&client, &mut Cursor::new(vec![0; SIZE]))
}

/// Requests of an upload that nothing disturbs.
const UPLOAD: [&str; 6] = [
    "dbfs/create",
    "dbfs/add-block",
    "dbfs/add-block",
    "dbfs/add-block",
    "dbfs/close",
    "dbfs/get-status",
];

#[test]
fn file_is_sent_in_blocks() {
    let server = service(SIZE, |_, _| None);
    assert_eq!(upload(&server).unwrap(), SIZE as u64);
    assert_eq!(server.requests(), UPLOAD);
}

#[test]
fn upload_begins_at_the_current_position() {
    let server = service(1, |_, _| None);
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let mut source = Cursor::new(vec![0; SIZE]);
    source.seek(SeekFrom::End(-1)).unwrap();
    assert_eq!(FileUpload::new("/a").send(&client, &mut source).unwrap(), 1);
}

#[test]
fn empty_file_has_no_blocks() {
    let server = service(0, |_, _| None);
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let mut source = Cursor::new(Vec::new());
    FileUpload::new("/a").send(&client, &mut source).unwrap();
    assert_eq!(server.count("dbfs/add-block"), 0);
}

#[test]
fn lost_block_is_not_sent_again_but_the_upload_starts_over() {
    let lose_second_block =
        |endpoint: &str, before| (endpoint == "dbfs/add-block" && before == 1).then(lost);
    let server = service(SIZE, lose_second_block);
    assert_eq!(upload(&server).unwrap(), SIZE as u64);
    let requests = server.requests();
    assert_eq!(requests[..3], UPLOAD[..3]);
    assert_eq!(requests[3..], UPLOAD);
}

#[test]
fn expired_handle_starts_the_upload_over() {
    let expire = |endpoint: &str, before| {
        (endpoint == "dbfs/close" && before == 0).then(|| status(404, "RESOURCE_DOES_NOT_EXIST"))
    };
    let server = service(SIZE, expire);
    assert_eq!(upload(&server).unwrap(), SIZE as u64);
    assert_eq!(server.count("dbfs/create"), 2);
}

#[test]
fn lost_response_to_close_is_resolved_by_the_size() {
    let lose_close = |endpoint: &str, _| (endpoint == "dbfs/close").then(lost);
    let server = service(SIZE, lose_close);
    assert_eq!(upload(&server).unwrap(), SIZE as u64);
    assert_eq!(server.requests(), UPLOAD);

    let server = service(5, lose_close);
    assert_eq!(upload(&server).unwrap_err().kind(), ErrorKind::Disconnected);
    // The last one is that of the clean-up.
    assert_eq!(server.count("dbfs/close"), 5);
}

#[test]
fn other_size_is_an_error() {
    let error = upload(&service(SIZE - 1, |_, _| None)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(
        error.message(),
        "expected a file of 2097153 bytes, found 2097152 bytes"
    );
}

#[test]
fn rejected_upload_is_not_repeated() {
    let reject = |endpoint: &str, _| {
        (endpoint == "dbfs/create").then(|| status(400, "RESOURCE_ALREADY_EXISTS"))
    };
    let server = service(SIZE, reject);
    let error = upload(&server).unwrap_err();
    assert_eq!(error.code(), Some("RESOURCE_ALREADY_EXISTS"));
    assert_eq!(server.requests(), ["dbfs/create"]);
}

#[test]
fn attempts_are_limited() {
    let lose_all = |endpoint: &str, _| (endpoint == "dbfs/add-block").then(lost);
    let server = service(SIZE, lose_all);
    assert_eq!(upload(&server).unwrap_err().kind(), ErrorKind::Disconnected);
    assert_eq!(server.count("dbfs/create"), 4);
    assert_eq!(server.count("dbfs/add-block"), 4);
}

#[test]
fn attempts_end_with_the_deadline() {
    let server = service(SIZE, |endpoint, _| {
        (endpoint == "dbfs/add-block").then(lost)
    });
    let clock = ManualClock::new();
    let client = server.client(&clock, &Interrupt::new());
    let client = client.deadline(Some(clock.now() + Duration::from_millis(500)));
    FileUpload::new("/a")
        .send(&client, &mut Cursor::new(vec![0; SIZE]))
        .unwrap_err();
    assert_eq!(server.count("dbfs/create"), 1);
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[test]
fn large_folder_is_deleted_in_parts() {
    let server = Scripted::new(|_, before| match before {
        0..7 => status(503, "PARTIAL_DELETE"),
        _ => ok("{}"),
    });
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    files::delete(&client, "/large", true).unwrap();
    assert_eq!(server.count("dbfs/delete"), 8);

    // Until the deadline.
    let server = Scripted::new(|_, _| status(503, "PARTIAL_DELETE"));
    let clock = ManualClock::new();
    let client = server.client(&clock, &Interrupt::new());
    let client = client.deadline(Some(clock.now() + Duration::from_secs(600)));
    let error = files::delete(&client, "/large", true).unwrap_err();
    assert_eq!(error.code(), Some("PARTIAL_DELETE"));
}

#[test]
fn file_that_becomes_shorter_while_it_is_downloaded_is_an_error() {
    let server = service(3, |endpoint, before| {
        let body = if before == 0 {
            r#"{"bytes_read": 1, "data": "YQ=="}"#
        } else {
            r#"{"bytes_read": 0, "data": ""}"#
        };
        (endpoint == "dbfs/read").then(|| ok(body))
    });
    let client = server.client(&ManualClock::new(), &Interrupt::new());
    let mut target = Vec::new();
    let download = FileDownload::new("/a");
    let error = download.write_to(&client, &mut target).unwrap_err();
    assert_eq!(error.message(), "expected a file of 3 bytes, found 1 bytes");
    assert_eq!(target, b"a");
}
