//! File uploads.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Command;

use generated_client::{CommandId, Error, ErrorKind, Language, Upload, commands};
use test_server::{Action, CONTINUE, Request, Server, response};

use super::{client, failure};

const MIB: u64 = 1 << 20;

fn execute_file(server: &Server, file: impl Into<Upload>) -> Result<CommandId, Error> {
    let request = commands::ExecuteFile::new("cluster", "context", Language::Python, file);
    commands::execute_file(&client(server), &request).map(|answer| answer.id)
}

/// Returns the request of an upload whose response contains an id.
fn sent(file: impl Into<Upload>) -> Request {
    let server = Server::scripted([Action::json(200, r#"{"id": "1"}"#)]);
    execute_file(&server, file).unwrap();
    server.request()
}

/// Returns the content of the last part.
fn content(request: &Request) -> &[u8] {
    let head = b"Content-Type: application/octet-stream\r\n\r\n";
    let start = request
        .body
        .windows(head.len())
        .position(|window| window == head);
    let content_type = request.header("content-type").unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let end = format!("\r\n--{boundary}--\r\n");
    let rest = request.body.strip_suffix(end.as_bytes()).unwrap();
    &rest[start.unwrap() + head.len()..]
}

/// A server that reads the start of the body, changes the file, reads the rest and closes the
/// connection without a response.
fn changing(path: &Path, change: fn(&Path)) -> Server {
    let path = path.to_owned();
    Server::start(move |mut connection| {
        let mut request = connection.read_request_head()?;
        connection.send(CONTINUE)?;
        connection.read_body_until(&mut request, 1)?;
        change(&path);
        let result = connection.read_body(&mut request);
        connection.record(&request);
        result
    })
}

/// Creates a file that occupies no disk blocks.
fn sparse(path: &Path, length: u64) -> File {
    let file = File::create(path).unwrap();
    file.set_len(length).unwrap();
    file
}

#[test]
fn content_is_sent_unchanged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("script.py");
    let mut bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    bytes.extend_from_slice(b"\r\n--part-0000--\r\n\r\n");
    fs::write(&path, &bytes).unwrap();
    let from_disk = sent(Upload::path(&path));
    assert!(content(&from_disk) == bytes);
    assert_eq!(
        from_disk.header("content-length"),
        Some(&*from_disk.body.len().to_string())
    );
    assert_eq!(from_disk.header("expect"), None);
    let head = String::from_utf8_lossy(&from_disk.body[..1000]);
    assert!(head.contains("; filename=\"script.py\"\r\n"), "{head}");
    assert!(!head.contains("tmp"), "the directory is sent: {head}");
    assert!(content(&sent(Upload::bytes("x", bytes.clone()))) == bytes);
}

#[test]
fn empty_file_is_sent() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("empty.py");
    File::create(&path).unwrap();
    assert_eq!(content(&sent(&*path)), b"");
}

#[test]
fn boundaries_are_random() {
    let boundary = |request: Request| request.header("content-type").unwrap().to_owned();
    assert_ne!(
        boundary(sent(Upload::bytes("x", ""))),
        boundary(sent(Upload::bytes("x", "")))
    );
}

#[test]
fn bodies_over_one_mebibyte_expect_continue() {
    // The size of the whole body counts, not that of the file.
    let framing = sent(Upload::bytes("x", "")).body_len;
    let exactly = usize::try_from(MIB - framing).unwrap();
    for (size, expect) in [(exactly, None), (exactly + 1, Some("100-continue"))] {
        let request = sent(Upload::bytes("x", vec![b'#'; size]));
        assert_eq!(request.header("expect"), expect);
        assert_eq!(request.body_len, framing + size as u64);
    }
}

#[test]
fn early_error_response_prevents_the_upload() {
    let response = Action::SendEarly(response(
        413,
        &["connection: close"],
        br#"{"error": "too long"}"#,
    ));
    let server = Server::scripted([response]);
    let file = Upload::bytes("x", vec![0; 64 << 20]);
    let error = failure(execute_file(&server, file));
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(413)),
        "{error}"
    );
    assert!(error.to_string().ends_with("too long"), "{error}");
    assert!(!error.may_have_been_processed());
}

/// The upload runs in a separate process, whose memory is measured.
#[test]
fn upload_of_a_gibibyte_uses_constant_memory() {
    const LENGTH: u64 = 1 << 30;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("large.bin");
    let file = sparse(&path, LENGTH);
    for (mark, at) in [("first", 0), ("middle", LENGTH / 2), ("last", LENGTH - 4)] {
        file.write_all_at(mark.as_bytes(), at).unwrap();
    }
    let server = Server::scripted([Action::json(200, "{}"), Action::json(200, r#"{"id": "7"}"#)]);
    let output = Command::new(env!("CARGO_BIN_EXE_upload"))
        .arg(server.url())
        .arg(&path)
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{stdout} {}",
        String::from_utf8_lossy(&output.stderr)
    );

    let request = server.requests().remove(1);
    assert_eq!(
        request.header("content-length"),
        Some(&*request.body_len.to_string())
    );
    assert_eq!(request.header("transfer-encoding"), None);
    assert_eq!(request.header("expect"), Some("100-continue"));
    let framing = sent(Upload::bytes("large.bin", "")).body_len;
    assert_eq!(request.body_len, LENGTH + framing);
    // The server omits blocks of zeros. The marks are received in order.
    let text = String::from_utf8_lossy(&request.body);
    let positions: Vec<_> = ["first", "middle", "last\r\n--part-"]
        .iter()
        .map(|mark| text.find(mark))
        .collect();
    assert!(
        positions.iter().all(Option::is_some) && positions.is_sorted(),
        "{positions:?}"
    );

    let mut fields = stdout.split_whitespace();
    assert_eq!(fields.next(), Some("7"));
    let mut number = || fields.next().unwrap().parse::<u64>().unwrap();
    let (before, after) = (number(), number());
    assert!(
        after - before < 64 << 10,
        "{before} KiB before, {after} KiB after"
    );
    assert!(before > 0 || cfg!(not(target_os = "linux")));
}

#[test]
fn shrinking_file_is_an_input_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shrinking.bin");
    sparse(&path, 256 * MIB);
    let shrink = |path: &Path| {
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(MIB).unwrap();
    };
    let server = changing(&path, shrink);
    let error = failure(execute_file(&server, &*path));
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(
        error
            .message()
            .ends_with("shrinking.bin was truncated while it was sent"),
        "{error}"
    );
    assert!(error.may_have_been_processed(), "a part was sent");
}

#[test]
fn growing_file_is_sent_with_its_initial_size() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("growing.bin");
    sparse(&path, 64 * MIB);
    let grow = |path: &Path| {
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(65 * MIB).unwrap();
    };
    let server = changing(&path, grow);
    // The server closes the connection after it has read `content-length` bytes.
    let error = failure(execute_file(&server, &*path));
    assert_eq!(error.kind(), ErrorKind::Disconnected, "{error}");
    let request = server.request();
    assert_eq!(
        request.header("content-length"),
        Some(&*request.body_len.to_string())
    );
    assert_eq!(
        request.body_len,
        64 * MIB + sent(Upload::bytes("growing.bin", "")).body_len
    );
}

#[test]
fn missing_and_special_files_are_rejected_before_sending() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::scripted([]);
    for (path, message) in [
        (
            directory.path().join("absent.py"),
            "absent.py: No such file",
        ),
        (directory.path().to_owned(), "not a regular file"),
        ("/dev/zero".into(), "/dev/zero: not a regular file"),
    ] {
        let error = failure(execute_file(&server, path));
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(
            error
                .to_string()
                .starts_with("commands.execute_file: cannot send "),
            "{error}"
        );
        assert!(error.to_string().contains(message), "{error}");
        assert!(!error.may_have_been_processed());
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn upload_fails_if_the_connection_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("large.bin");
    sparse(&path, 256 * MIB);
    let server = Server::scripted([Action::SendEarly(Vec::new())]);
    let error = failure(execute_file(&server, &*path));
    assert_eq!(error.kind(), ErrorKind::Disconnected, "{error}");
    assert!(error.may_have_been_processed());
    assert_eq!(server.requests().len(), 1);
}
