//! A small HTTP client, and a server with one context that is ready.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use local_server::{Options, Server};
use serde_json::{Value, json};

/// Generous: what is waited for here takes milliseconds.
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) const CLUSTER: &str = "batVenom";

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        let parsed = serde_json::from_str(&self.body);
        parsed.unwrap_or_else(|error| panic!("{error}: {}\n{}", self.head, self.body))
    }

    /// The `error` of an API 1.2 answer.
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

/// Reads to the end of the connection, past any interim answer.
pub(crate) fn read_reply(stream: &mut TcpStream) -> Reply {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let text = text
        .strip_prefix("HTTP/1.1 100 Continue\r\n\r\n")
        .unwrap_or(&text);
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Reply {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// One request over a connection of its own. `headers` are whole lines.
pub(crate) fn request(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[&str],
    body: &[u8],
) -> Reply {
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
    read_reply(&mut stream)
}

/// A server without credentials, and a Python context.
pub(crate) struct Harness {
    pub(crate) server: Server,
    pub(crate) context: String,
}

impl Harness {
    pub(crate) fn start() -> Self {
        Self::with(Options::new())
    }

    pub(crate) fn with(options: Options) -> Self {
        let server = Server::start(options).unwrap();
        let context = create(&server);
        let harness = Self { server, context };
        harness.await_context("Running");
        harness
    }

    pub(crate) fn get(&self, target: &str) -> Reply {
        request(self.server.address(), "GET", target, &[], b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        post(&self.server, path, body)
    }

    pub(crate) fn context_status(&self) -> Reply {
        let context = &self.context;
        self.get(&format!(
            "/api/1.2/contexts/status?clusterId={CLUSTER}&contextId={context}"
        ))
    }

    pub(crate) fn await_context(&self, status: &str) {
        let seen = || self.context_status().json()["status"].clone();
        poll(|| (seen() == status).then_some(()));
    }

    pub(crate) fn destroy(&self) -> Reply {
        let body = json!({"clusterId": CLUSTER, "contextId": self.context});
        self.post("/api/1.2/contexts/destroy", &body)
    }

    pub(crate) fn execute(&self, command: &str) -> Reply {
        let body = json!({
            "clusterId": CLUSTER,
            "contextId": self.context,
            "language": "python",
            "command": command,
        });
        self.post("/api/1.2/commands/execute", &body)
    }

    pub(crate) fn submit(&self, command: &str) -> String {
        id(&self.execute(command))
    }

    pub(crate) fn command(&self, id: &str) -> Reply {
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

    pub(crate) fn cancel(&self, id: &str) -> Reply {
        let body = json!({"clusterId": CLUSTER, "contextId": self.context, "commandId": id});
        self.post("/api/1.2/commands/cancel", &body)
    }

    /// The results of a command, once it has finished.
    pub(crate) fn results(&self, id: &str) -> Value {
        poll(|| {
            let answer = self.command(id).json();
            (answer["status"] == "Finished").then(|| answer["results"].clone())
        })
    }

    pub(crate) fn run(&self, command: &str) -> Value {
        self.results(&self.submit(command))
    }

    /// Runs a command that ends well, and gives what it printed.
    #[track_caller]
    pub(crate) fn text(&self, command: &str) -> String {
        let results = self.run(command);
        assert_eq!(results["resultType"], "text", "{results}");
        results["data"].as_str().unwrap().to_owned()
    }

    /// Runs a command that fails, and gives summary and cause.
    #[track_caller]
    pub(crate) fn failure(&self, command: &str) -> (String, String) {
        error_of(&self.run(command))
    }

    /// The process id of the interpreter.
    pub(crate) fn interpreter(&self) -> i32 {
        self.text("import os; os.getpid()").parse().unwrap()
    }
}

#[track_caller]
pub(crate) fn error_of(results: &Value) -> (String, String) {
    assert_eq!(results["resultType"], "error", "{results}");
    let text = |key: &str| results[key].as_str().unwrap().to_owned();
    (text("summary"), text("cause"))
}

pub(crate) fn post(server: &Server, path: &str, body: &Value) -> Reply {
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
    let body = json!({"clusterId": CLUSTER, "language": "python"});
    id(&post(server, "/api/1.2/contexts/create", &body))
}

#[track_caller]
pub(crate) fn id(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// Waits until there is something.
#[track_caller]
pub(crate) fn poll<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < DEADLINE, "waited in vain");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether there is a process of that id that still runs. One that nobody waits for has ended.
pub(crate) fn is_alive(process: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// Whether the system still knows the process, if only because nobody waited for it.
pub(crate) fn exists(process: i32) -> bool {
    PathBuf::from(format!("/proc/{process}")).exists()
}
