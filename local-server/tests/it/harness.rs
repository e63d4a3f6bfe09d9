//! Minimal HTTP client, and a server with a running context.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use local_server::{Options, Server};
use serde_json::{Value, json};

/// Limit for operations that usually take milliseconds, and on a busy machine minutes.
const DEADLINE: Duration = Duration::from_secs(600);

pub(crate) const CLUSTER: &str = "batVenom";

/// HTTP response.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        let parsed = serde_json::from_str(&self.body);
        parsed.unwrap_or_else(|error| panic!("{error}: {}\n{}", self.head, self.body))
    }

    /// Returns the `error` of a response in the format of API 1.2.
    pub(crate) fn error(&self) -> String {
        let object = self.json();
        assert_eq!(object.as_object().unwrap().len(), 1, "{object}");
        object["error"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.set_write_timeout(Some(DEADLINE)).unwrap();
    stream
}

/// Reads until the end of the connection, and skips an interim response.
pub(crate) fn read_response(stream: &mut TcpStream) -> Response {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let text = text
        .strip_prefix("HTTP/1.1 100 Continue\r\n\r\n")
        .unwrap_or(&text);
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Response {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// Sends a request over a new connection. Each header is a line without its line end.
pub(crate) fn request(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[&str],
    body: &[u8],
) -> Response {
    let mut stream = connect(address);
    let mut message = Vec::new();
    write!(
        message,
        "{method} {target} HTTP/1.1\r\nConnection: close\r\n"
    )
    .unwrap();
    if !headers.iter().any(|line| line.starts_with("Host:")) {
        write!(message, "Host: {address}\r\n").unwrap();
    }
    for line in headers {
        write!(message, "{line}\r\n").unwrap();
    }
    write!(message, "Content-Length: {}\r\n\r\n", body.len()).unwrap();
    message.extend_from_slice(body);
    stream.write_all(&message).unwrap();
    read_response(&mut stream)
}

/// Server without credentials, and a Python context.
pub(crate) struct Harness {
    pub(crate) server: Server,
    pub(crate) context: String,
}

impl Harness {
    pub(crate) fn start() -> Self {
        // On a busy machine, an interrupt can take longer than the default.
        Self::with(Options::new().cancel_grace(DEADLINE))
    }

    pub(crate) fn with(options: Options) -> Self {
        Self::of("python", options)
    }

    /// Starts a server with a context of a language.
    pub(crate) fn of(language: &str, options: Options) -> Self {
        let server = Server::start(options).unwrap();
        let context = create_of(&server, language);
        let harness = Self { server, context };
        harness.await_context("Running");
        harness
    }

    pub(crate) fn get(&self, target: &str) -> Response {
        request(self.server.address(), "GET", target, &[], b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Response {
        post(&self.server, path, body)
    }

    pub(crate) fn context_status(&self) -> Response {
        let context = &self.context;
        self.get(&format!(
            "/api/1.2/contexts/status?clusterId={CLUSTER}&contextId={context}"
        ))
    }

    pub(crate) fn await_context(&self, status: &str) {
        let current = || self.context_status().json()["status"].clone();
        poll(|| (current() == status).then_some(()));
    }

    pub(crate) fn destroy(&self) -> Response {
        let body = json!({"clusterId": CLUSTER, "contextId": self.context});
        self.post("/api/1.2/contexts/destroy", &body)
    }

    pub(crate) fn execute(&self, command: &str) -> Response {
        self.execute_in("python", command)
    }

    pub(crate) fn execute_in(&self, language: &str, command: &str) -> Response {
        let body = json!({
            "clusterId": CLUSTER,
            "contextId": self.context,
            "language": language,
            "command": command,
        });
        self.post("/api/1.2/commands/execute", &body)
    }

    pub(crate) fn submit(&self, command: &str) -> String {
        id(&self.execute(command))
    }

    pub(crate) fn command(&self, id: &str) -> Response {
        let context = &self.context;
        self.get(&format!(
            "/api/1.2/commands/status?clusterId={CLUSTER}&contextId={context}&commandId={id}"
        ))
    }

    pub(crate) fn command_status(&self, id: &str) -> String {
        self.command(id).json()["status"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) fn await_command(&self, id: &str, status: &str) {
        poll(|| (self.command_status(id) == status).then_some(()));
    }

    pub(crate) fn cancel(&self, id: &str) -> Response {
        let body = json!({"clusterId": CLUSTER, "contextId": self.context, "commandId": id});
        self.post("/api/1.2/commands/cancel", &body)
    }

    /// Waits for a command and returns its results.
    pub(crate) fn results(&self, id: &str) -> Value {
        poll(|| {
            let body = self.command(id).json();
            (body["status"] == "Finished").then(|| body["results"].clone())
        })
    }

    pub(crate) fn run(&self, command: &str) -> Value {
        self.results(&self.submit(command))
    }

    /// Runs a command that succeeds, and returns its output.
    #[track_caller]
    pub(crate) fn text(&self, command: &str) -> String {
        text_of(&self.run(command))
    }

    /// Runs a command that fails, and returns the summary and cause of its error.
    #[track_caller]
    pub(crate) fn failure(&self, command: &str) -> (String, String) {
        error_of(&self.run(command))
    }

    /// Returns the process id of the interpreter.
    pub(crate) fn interpreter(&self) -> i32 {
        self.text("import os; os.getpid()").parse().unwrap()
    }
}

#[track_caller]
pub(crate) fn text_of(results: &Value) -> String {
    assert_eq!(results["resultType"], "text", "{results}");
    results["data"].as_str().unwrap().to_owned()
}

#[track_caller]
pub(crate) fn error_of(results: &Value) -> (String, String) {
    assert_eq!(results["resultType"], "error", "{results}");
    let text = |key: &str| results[key].as_str().unwrap().to_owned();
    (text("summary"), text("cause"))
}

pub(crate) fn post(server: &Server, path: &str, body: &Value) -> Response {
    let headers = ["Content-Type: application/json"];
    request(
        server.address(),
        "POST",
        path,
        &headers,
        body.to_string().as_bytes(),
    )
}

pub(crate) fn create(server: &Server) -> String {
    create_of(server, "python")
}

fn create_of(server: &Server, language: &str) -> String {
    let body = json!({"clusterId": CLUSTER, "language": language});
    id(&post(server, "/api/1.2/contexts/create", &body))
}

#[track_caller]
pub(crate) fn id(response: &Response) -> String {
    assert_eq!(response.status, 200, "{}", response.body);
    response.json()["id"].as_str().unwrap().to_owned()
}

/// Waits until `condition` returns a value.
#[track_caller]
pub(crate) fn poll<T>(mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(start.elapsed() < DEADLINE, "timed out");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Returns whether a process is running. A zombie is not.
pub(crate) fn is_alive(process: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// Returns whether a process exists, including zombies.
pub(crate) fn exists(process: i32) -> bool {
    PathBuf::from(format!("/proc/{process}")).exists()
}
