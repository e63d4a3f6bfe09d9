//! Contexts on a server with Spark.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use local_server::spark::{Installation, testing};
use local_server::{Options, Server, SparkChoice};
use serde_json::{Value, json};

/// Limit for operations that usually take seconds, such as the start of a JVM.
const DEADLINE: Duration = Duration::from_secs(900);

/// Cluster of the tests that leave it usable.
pub(crate) const CLUSTER: &str = "shared";

/// Returns the server of the tests that leave its cluster usable.
pub(crate) fn server() -> &'static Server {
    // Not dropped: the processes end with the process of the tests.
    static SERVER: OnceLock<Server> = OnceLock::new();
    // A busy machine may need more time than the default to cancel a command.
    SERVER.get_or_init(|| start(Options::new().cancel_grace(DEADLINE)))
}

/// Starts a server with Spark, which is installed first if necessary.
pub(crate) fn start(options: Options) -> Server {
    Server::start(options.spark(installation())).unwrap()
}

/// Returns the Spark of all tests, which is installed first if necessary.
pub(crate) fn installation() -> SparkChoice {
    static INSTALLATION: OnceLock<Installation> = OnceLock::new();
    let installation = INSTALLATION.get_or_init(testing::installation);
    SparkChoice::Home(installation.spark.home.clone())
}

/// An execution context, destroyed on drop.
pub(crate) struct Context {
    address: SocketAddr,
    cluster: String,
    language: &'static str,
    id: String,
}

impl Context {
    /// Creates a context on the shared cluster.
    pub(crate) fn new(language: &'static str) -> Self {
        Self::on(server(), CLUSTER, language)
    }

    pub(crate) fn on(server: &Server, cluster: &str, language: &'static str) -> Self {
        let address = server.address();
        let body = json!({"clusterId": cluster, "language": language});
        let id = id(&post(address, "contexts/create", &body));
        let cluster = cluster.to_owned();
        Self {
            address,
            cluster,
            language,
            id,
        }
    }

    pub(crate) fn status(&self) -> String {
        let (cluster, id) = (&self.cluster, &self.id);
        let target = format!("contexts/status?clusterId={cluster}&contextId={id}");
        let response = request(self.address, "GET", &target, &Value::Null);
        response["status"].as_str().unwrap().to_owned()
    }

    pub(crate) fn submit(&self, command: &str) -> String {
        self.submit_in(self.language, command)
    }

    pub(crate) fn submit_in(&self, language: &str, command: &str) -> String {
        id(&self.execute(language, command))
    }

    /// Sends a command that is rejected, and returns the error of the response.
    #[track_caller]
    pub(crate) fn rejection(&self, language: &str, command: &str) -> String {
        let response = self.execute(language, command);
        let error = response["error"].as_str();
        error.unwrap_or_else(|| panic!("{response}")).to_owned()
    }

    fn execute(&self, language: &str, command: &str) -> Value {
        let mut body = self.ids();
        body["language"] = language.into();
        body["command"] = command.into();
        post(self.address, "commands/execute", &body)
    }

    pub(crate) fn command(&self, id: &str) -> Value {
        let (cluster, context) = (&self.cluster, &self.id);
        let target =
            format!("commands/status?clusterId={cluster}&contextId={context}&commandId={id}");
        request(self.address, "GET", &target, &Value::Null)
    }

    pub(crate) fn cancel(&self, id: &str) {
        let mut body = self.ids();
        body["commandId"] = id.into();
        post(self.address, "commands/cancel", &body);
    }

    /// Waits for a command and returns its results.
    pub(crate) fn results(&self, id: &str) -> Value {
        poll(|| {
            let status = self.command(id);
            (status["status"] == "Finished").then(|| status["results"].clone())
        })
    }

    pub(crate) fn run(&self, command: &str) -> Value {
        self.results(&self.submit(command))
    }

    /// Runs a command whose result is a table, and returns its rows.
    #[track_caller]
    pub(crate) fn rows(&self, command: &str) -> Value {
        let results = self.run(command);
        assert_eq!(results["resultType"], "table", "{command}: {results}");
        results["data"].clone()
    }

    /// Runs a command that succeeds, and returns its output.
    #[track_caller]
    pub(crate) fn text(&self, command: &str) -> String {
        let results = self.run(command);
        assert_eq!(results["resultType"], "text", "{command}: {results}");
        results["data"].as_str().unwrap().to_owned()
    }

    /// Runs a command that fails, and returns the summary and cause of its error.
    #[track_caller]
    pub(crate) fn failure(&self, command: &str) -> (String, String) {
        error_of(&self.run(command))
    }

    /// Writes a file of DBFS with the REST API.
    pub(crate) fn put(&self, path: &str, contents: &str) {
        let contents = STANDARD.encode(contents);
        let body = json!({"path": path, "contents": contents, "overwrite": true});
        let response = request_path(self.address, "POST", "/api/2.0/dbfs/put", &body);
        assert_eq!(response, json!({}));
    }

    /// Returns the names of the files in a folder of DBFS, as the REST API lists them.
    pub(crate) fn list(&self, path: &str) -> Vec<String> {
        let target = format!("/api/2.0/dbfs/list?path={path}");
        let response = request_path(self.address, "GET", &target, &Value::Null);
        let files = response["files"].as_array();
        let files = files.unwrap_or_else(|| panic!("{path}: {response}"));
        let paths = files.iter().map(|file| file["path"].as_str().unwrap());
        paths
            .map(|path| path.rsplit('/').next().unwrap().to_owned())
            .collect()
    }

    /// Does not destroy the context.
    pub(crate) fn forget(self) {
        std::mem::forget(self);
    }

    fn ids(&self) -> Value {
        json!({"clusterId": self.cluster, "contextId": self.id})
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            post(self.address, "contexts/destroy", &self.ids());
        }
    }
}

#[track_caller]
pub(crate) fn error_of(results: &Value) -> (String, String) {
    assert_eq!(results["resultType"], "error", "{results}");
    let text = |key: &str| results[key].as_str().unwrap().to_owned();
    (text("summary"), text("cause"))
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
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[track_caller]
fn id(response: &Value) -> String {
    let id = response["id"].as_str();
    id.unwrap_or_else(|| panic!("{response}")).to_owned()
}

fn post(address: SocketAddr, path: &str, body: &Value) -> Value {
    request(address, "POST", path, body)
}

/// Sends a request to API 1.2, and returns the body of the response.
fn request(address: SocketAddr, method: &str, target: &str, body: &Value) -> Value {
    request_path(address, method, &format!("/api/1.2/{target}"), body)
}

/// Sends a request over a new connection, and returns the body of the response.
pub(crate) fn request_path(address: SocketAddr, method: &str, target: &str, body: &Value) -> Value {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let message = format!(
        "{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(message.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (_, body) = response.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {response}"))
}
