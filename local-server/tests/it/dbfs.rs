//! Files of the workspace (DBFS).

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use local_server::{Options, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Harness, Response, post, request};

const MIB: usize = 1 << 20;

/// Server with a folder for its files.
struct Files {
    server: Server,
    root: TempDir,
}

impl Files {
    fn start() -> Self {
        let root = tempfile::tempdir().unwrap();
        let server = Server::start(Options::new().dbfs_root(root.path())).unwrap();
        Self { server, root }
    }

    fn call(&self, endpoint: &str, body: &Value) -> Response {
        post(&self.server, &format!("/api/2.0/dbfs/{endpoint}"), body)
    }

    #[track_caller]
    fn succeed(&self, endpoint: &str, body: &Value) -> Value {
        let response = self.call(endpoint, body);
        assert_eq!(response.status, 200, "{endpoint} {body} {}", response.body);
        response.json()
    }

    fn get(&self, target: &str) -> Response {
        let target = format!("/api/2.0/dbfs/{target}");
        request(self.server.address(), "GET", &target, &[], b"")
    }

    fn put(&self, path: &str, contents: &str) {
        let contents = encode(contents.as_bytes());
        self.succeed("put", &json!({"path": path, "contents": contents}));
    }

    /// Returns the paths in a folder.
    fn list(&self, path: &str) -> Vec<String> {
        let response = self.get(&format!("list?path={path}")).json();
        let files = response["files"].as_array().unwrap();
        let path = |file: &Value| file["path"].as_str().unwrap().to_owned();
        files.iter().map(path).collect()
    }

    fn multipart(&self, parts: &[(&str, &[u8])]) -> Response {
        let mut body = Vec::new();
        for (head, value) in parts {
            write!(
                body,
                "--XX\r\nContent-Disposition: form-data; name={head}\r\n\r\n"
            )
            .unwrap();
            body.extend_from_slice(value);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--XX--\r\n");
        let headers = ["Content-Type: multipart/form-data; boundary=XX"];
        let address = self.server.address();
        request(address, "POST", "/api/2.0/dbfs/put", &headers, &body)
    }
}

fn encode(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

#[track_caller]
fn assert_error(response: &Response, status: u16, code: &str, message: &str) {
    assert_eq!(response.status, status, "{}", response.body);
    let body = response.json();
    assert_eq!(body["error_code"], code, "{body}");
    let found = body["message"].as_str().unwrap();
    assert!(found.contains(message), "{found}");
}

#[test]
fn file_is_put_and_read() {
    let files = Files::start();
    files.put("/a/b.txt", "hello");
    assert_eq!(
        fs::read(files.root.path().join("a/b.txt")).unwrap(),
        b"hello"
    );

    let status = files.get("get-status?path=/a/b.txt").json();
    let modified = status["modification_time"].as_i64().unwrap();
    assert!(modified > 1_600_000_000_000, "{modified}");
    assert_eq!(
        status,
        json!({"path": "/a/b.txt", "is_dir": false, "file_size": 5, "modification_time": modified})
    );
    let read = |query: &str| files.get(&format!("read?path=/a/b.txt{query}")).json();
    assert_eq!(read(""), json!({"bytes_read": 5, "data": encode(b"hello")}));
    assert_eq!(
        read("&offset=1&length=3"),
        json!({"bytes_read": 3, "data": encode(b"ell")})
    );
    assert_eq!(
        read("&offset=3&length=1048576"),
        json!({"bytes_read": 2, "data": encode(b"lo")})
    );
    assert_eq!(read("&offset=9"), json!({"bytes_read": 0, "data": ""}));
}

#[test]
fn file_is_uploaded_in_blocks() {
    let files = Files::start();
    let handle = files.succeed("create", &json!({"path": "/x.jar"}))["handle"].clone();
    assert!(handle.is_i64(), "{handle}");
    let blocks = ["a".repeat(MIB), "b".repeat(MIB), "c".to_owned()];
    for block in &blocks {
        let body = json!({"handle": handle, "data": encode(block.as_bytes())});
        assert_eq!(files.succeed("add-block", &body), json!({}));
    }
    // The file becomes visible as a whole.
    assert_eq!(files.get("get-status?path=/x.jar").status, 404);
    assert_eq!(
        files.succeed("close", &json!({"handle": handle})),
        json!({})
    );
    let stored = fs::read_to_string(files.root.path().join("x.jar")).unwrap();
    assert!(stored == blocks.concat(), "{} bytes", stored.len());

    let closed = files.call("close", &json!({"handle": handle}));
    assert_error(&closed, 404, "RESOURCE_DOES_NOT_EXIST", "handle");
    assert_eq!(files.list("/"), ["/x.jar"]);
}

#[test]
fn file_is_put_as_multipart() {
    let files = Files::start();
    let large = vec![b'x'; 5 * MIB];
    for (path, parts) in [
        (
            "/a",
            [
                ("\"path\"", &b"/a"[..]),
                ("\"contents\"; filename=\"a\"", &large),
            ],
        ),
        (
            "/b",
            [
                ("\"contents\"; filename=\"a\"", &large),
                ("\"path\"", b"/b"),
            ],
        ),
        ("/c", [("\"path\"", b"/c"), ("\"file\"", &large)]),
    ] {
        let response = files.multipart(&parts);
        assert_eq!((response.status, response.json()), (200, json!({})));
        let stored = fs::read(files.root.path().join(&path[1..])).unwrap();
        assert!(stored == large, "{path}: {} bytes", stored.len());
    }
    let base64 = encode(b"hello");
    let parts = [
        ("\"path\"", &b"/d"[..]),
        ("\"contents\"", base64.as_bytes()),
    ];
    assert_eq!(files.multipart(&parts).status, 200);
    assert_eq!(fs::read(files.root.path().join("d")).unwrap(), b"hello");

    let parts = [("\"path\"", &b"/a"[..]), ("\"file\"", b"new")];
    assert_error(
        &files.multipart(&parts),
        400,
        "RESOURCE_ALREADY_EXISTS",
        "/a",
    );
    let [path, file] = parts;
    assert_eq!(
        files
            .multipart(&[path, ("\"overwrite\"", b"true"), file])
            .status,
        200
    );
    assert_eq!(fs::read(files.root.path().join("a")).unwrap(), b"new");
    assert_error(
        &files.multipart(&[path]),
        400,
        "INVALID_PARAMETER_VALUE",
        "contents",
    );
    assert_eq!(files.list("/"), ["/a", "/b", "/c", "/d"]);
}

#[test]
fn existing_file_is_replaced_with_overwrite_only() {
    let files = Files::start();
    files.put("/a", "old");
    let body = |overwrite: bool| json!({"path": "/a", "contents": "", "overwrite": overwrite});
    let exists = "A file or directory already exists at the input path /a.";
    for endpoint in ["put", "create"] {
        let response = files.call(endpoint, &body(false));
        assert_error(&response, 400, "RESOURCE_ALREADY_EXISTS", exists);
    }
    files.succeed("put", &body(true));
    assert_eq!(fs::read(files.root.path().join("a")).unwrap(), b"");

    // The file may be created while it is uploaded.
    let handle = &files.succeed("create", &json!({"path": "/b"}))["handle"];
    files.put("/b", "other");
    let response = files.call("close", &json!({"handle": handle}));
    assert_error(&response, 400, "RESOURCE_ALREADY_EXISTS", "/b");
    files.succeed("mkdirs", &json!({"path": "/folder"}));
    for path in ["/folder", "/"] {
        let response = files.call("put", &json!({"path": path, "overwrite": true}));
        assert_error(&response, 400, "RESOURCE_ALREADY_EXISTS", path);
    }
}

#[test]
fn folders_are_created_listed_moved_and_deleted() {
    let files = Files::start();
    files.succeed("mkdirs", &json!({"path": "/a/b"}));
    files.succeed("mkdirs", &json!({"path": "/a/b/"}));
    files.put("/a/file", "x");
    assert_eq!(files.list("/"), ["/a"]);
    assert_eq!(files.list("/a/"), ["/a/b", "/a/file"]);
    assert_eq!(files.list("/a/file"), ["/a/file"]);
    assert_eq!(files.get("get-status?path=/a").json()["is_dir"], true);
    let response = files.call("mkdirs", &json!({"path": "/a/file/c"}));
    assert_error(&response, 400, "RESOURCE_ALREADY_EXISTS", "/a/file/c");
    // Before the first block is sent.
    for path in ["/a/file/c", "/a/file/c/d"] {
        let response = files.call("create", &json!({"path": path, "overwrite": true}));
        assert_error(&response, 400, "RESOURCE_ALREADY_EXISTS", path);
    }

    let moves = |from: &str, to: &str| {
        files.call(
            "move",
            &json!({"source_path": from, "destination_path": to}),
        )
    };
    assert_eq!(moves("/a", "/c").status, 200);
    assert_eq!(files.list("/c"), ["/c/b", "/c/file"]);
    assert_error(
        &moves("/c/file", "/c/b"),
        400,
        "RESOURCE_ALREADY_EXISTS",
        "/c/b",
    );
    assert_error(&moves("/a", "/d"), 404, "RESOURCE_DOES_NOT_EXIST", "/a");
    assert_error(
        &moves("/c", "/c/b/d"),
        400,
        "INVALID_PARAMETER_VALUE",
        "inside of it",
    );

    let delete = |path: &str, recursive: bool| {
        files.call("delete", &json!({"path": path, "recursive": recursive}))
    };
    assert_error(&delete("/c", false), 400, "IO_ERROR", "non-empty directory");
    assert_eq!(delete("/c/b", false).status, 200);
    assert_eq!(delete("/c", true).status, 200);
    assert_eq!(delete("/c", true).status, 200);
    assert_eq!(files.list("/"), [""; 0]);
    assert_error(&delete("/", true), 400, "INVALID_PARAMETER_VALUE", "root");
}

#[test]
fn limits_are_those_of_the_service() {
    let files = Files::start();
    let block = encode(&vec![0; MIB]);
    let too_large = encode(&vec![0; MIB + 1]);
    let put = |contents: &str| files.call("put", &json!({"path": "/a", "contents": contents}));
    assert_error(&put(&too_large), 400, "MAX_BLOCK_SIZE_EXCEEDED", "1 MiB");
    assert_eq!(put(&block).status, 200);
    let handle = &files.succeed("create", &json!({"path": "/b"}))["handle"];
    let add = |data: &str| files.call("add-block", &json!({"handle": handle, "data": data}));
    assert_error(&add(&too_large), 400, "MAX_BLOCK_SIZE_EXCEEDED", "1 MiB");
    assert_eq!(add(&block).status, 200);
    let read = |length: usize| files.get(&format!("read?path=/a&length={length}"));
    assert_error(&read(MIB + 1), 400, "MAX_READ_SIZE_EXCEEDED", "1 MiB");
    assert_eq!(read(MIB).json()["bytes_read"], MIB);
    assert_eq!(files.get("read?path=/a").json()["bytes_read"], 500_000);
}

#[test]
fn invalid_requests_have_error_codes() {
    let files = Files::start();
    files.put("/file", "x");
    let invalid = "INVALID_PARAMETER_VALUE";
    for (target, status, code, message) in [
        ("read", 400, invalid, "Missing required field: path"),
        ("read?path=/x", 404, "RESOURCE_DOES_NOT_EXIST", "path /x."),
        (
            "read?path=/file/x",
            404,
            "RESOURCE_DOES_NOT_EXIST",
            "path /file/x.",
        ),
        ("read?path=/", 400, invalid, "directory"),
        ("read?path=/file&offset=-1", 400, invalid, "offset"),
        (
            "read?path=/file&length=x",
            400,
            "MALFORMED_REQUEST",
            "invalid digit",
        ),
        (
            "list?path=/x",
            404,
            "RESOURCE_DOES_NOT_EXIST",
            "No file or directory exists on path /x.",
        ),
        ("list?path=x", 400, invalid, "absolute"),
        ("list?path=/a/../..", 400, invalid, "`..`"),
        (
            "get-status?path=/.local-server-uploads",
            400,
            invalid,
            "uploads",
        ),
    ] {
        assert_error(&files.get(target), status, code, message);
    }
    let long = "x".repeat(300);
    for (endpoint, body, status, code, message) in [
        (
            "put",
            json!({}),
            400,
            invalid,
            "Missing required field: path",
        ),
        (
            "put",
            json!({"path": "/a", "contents": "?"}),
            400,
            invalid,
            "base64",
        ),
        (
            "put",
            json!({"path": format!("/{long}")}),
            400,
            invalid,
            "too long",
        ),
        ("create", json!([]), 400, "MALFORMED_REQUEST", "parse"),
        ("add-block", json!({"data": ""}), 400, invalid, "handle"),
        (
            "add-block",
            json!({"handle": 1, "data": ""}),
            404,
            "RESOURCE_DOES_NOT_EXIST",
            "1",
        ),
        (
            "close",
            json!({"handle": 1}),
            404,
            "RESOURCE_DOES_NOT_EXIST",
            "1",
        ),
        (
            "move",
            json!({"source_path": "/file"}),
            400,
            invalid,
            "destination_path",
        ),
    ] {
        assert_error(&files.call(endpoint, &body), status, code, message);
    }
}

#[test]
fn symbolic_links_are_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    let files = Files::start();
    let root = files.root.path();
    symlink(outside.path(), root.join("folder")).unwrap();
    symlink(outside.path().join("secret"), root.join("file")).unwrap();
    symlink("/nowhere", root.join("dangling")).unwrap();

    assert_eq!(files.list("/"), [""; 0]);
    for path in ["/folder", "/folder/secret", "/file"] {
        assert_eq!(files.get(&format!("get-status?path={path}")).status, 404);
        assert_eq!(files.get(&format!("read?path={path}")).status, 404);
        assert_eq!(files.get(&format!("list?path={path}")).status, 404);
    }
    for endpoint in ["put", "mkdirs", "delete"] {
        for path in ["/folder/secret", "/folder/new/x"] {
            files.call(
                endpoint,
                &json!({"path": path, "overwrite": true, "recursive": true}),
            );
        }
    }
    files.call(
        "move",
        &json!({"source_path": "/folder/secret", "destination_path": "/moved"}),
    );
    // Writing to the path of a link replaces the link.
    files.succeed(
        "put",
        &json!({"path": "/file", "contents": "", "overwrite": true}),
    );
    assert_eq!(names(outside.path()), ["secret"]);
    assert_eq!(fs::read(outside.path().join("secret")).unwrap(), b"secret");
    assert!(!root.join("moved").exists());

    // Links within a deleted folder are deleted, not their targets.
    fs::create_dir(root.join("tree")).unwrap();
    symlink(outside.path(), root.join("tree/folder")).unwrap();
    files.succeed("delete", &json!({"path": "/tree", "recursive": true}));
    assert_eq!(names(outside.path()), ["secret"]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn unfinished_uploads_are_removed_when_the_server_stops() {
    let files = Files::start();
    files.succeed("create", &json!({"path": "/a"}));
    files.put("/b", "x");
    let Files { server, root } = files;
    server.stop();
    assert_eq!(names(root.path()), ["b"]);
}

#[test]
fn handles_of_clients_may_be_text() {
    let files = Files::start();
    let handle = files.succeed("create", &json!({"path": "/a"}))["handle"].to_string();
    files.succeed(
        "add-block",
        &json!({"handle": handle, "data": encode(b"x")}),
    );
    files.succeed("close", &json!({"handle": handle}));
    assert_eq!(files.get("read?path=/a").json()["bytes_read"], 1);
}

#[test]
fn requests_of_curl_are_accepted_as_documented() {
    let files = Files::start();
    let form = ["Content-Type: application/x-www-form-urlencoded"];
    let body = br#"{"path": "/a", "contents": "eA=="}"#;
    let address = files.server.address();
    let response = request(address, "POST", "/api/2.0/dbfs/put", &form, body);
    assert_eq!(response.status, 200, "{}", response.body);
    let body = br#"{"path": "dbfs:/a"}"#;
    let response = request(address, "GET", "/api/2.0/dbfs/get-status", &form, body);
    assert_eq!(response.json()["file_size"], 1);
}

#[test]
fn files_are_shared_with_commands() {
    let root = tempfile::tempdir().unwrap();
    let harness = Harness::with(Options::new().dbfs_root(root.path()));
    let call = |endpoint: &str, body: &Value| {
        let response = harness.post(&format!("/api/2.0/dbfs/{endpoint}"), body);
        assert_eq!(response.status, 200, "{}", response.body);
        response.json()
    };
    call("put", &json!({"path": "/a", "contents": encode(b"hello")}));
    call("create", &json!({"path": "/upload"}));
    let names = "[file.name for file in dbutils.fs.ls('/')]";
    assert_eq!(harness.text(names), "['a']");
    assert_eq!(harness.text("dbutils.fs.head('dbfs:/a')"), "'hello'");
    harness.text("dbutils.fs.put('/folder/b', 'x')");
    let response = harness.get("/api/2.0/dbfs/read?path=/folder/b").json();
    assert_eq!(response, json!({"bytes_read": 1, "data": encode(b"x")}));
}
