//! The examples of the documentation of the API, run with `curl` against the local server.

mod examples;
mod ids;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use local_server::spark::{Installation, testing};
use local_server::{Options, Server, SparkChoice};
use serde_json::{Map, Value};

use self::examples::{Example, Request, Response};
use self::ids::Ids;

/// Limit for the start of a JVM on a busy machine.
const DEADLINE: Duration = Duration::from_secs(900);

/// The class that the page calls, which reads a log file of a web server.
const LOG_ANALYZER: &str = r#"
package com.databricks.apps.logs.chapter1

object LogAnalyzer {
  def processLogFile(
      sc: org.apache.spark.SparkContext,
      sqlContext: org.apache.spark.sql.SQLContext,
      path: String
  ): String = {
    val sizes = sc.textFile(path).map(line => line.substring(line.lastIndexOf(' ') + 1).toLong)
    s"Content Size Avg: ${sizes.sum.toLong / sizes.count}, Min: ${sizes.min}, Max: ${sizes.max}"
  }
}
"#;

const LOG: &str = r#"10.0.0.1 - - [21/Jul/2014:10:00:00 -0800] "GET /home.html HTTP/1.1" 200 1234
10.0.0.2 - - [21/Jul/2014:10:00:01 -0800] "GET /home.html HTTP/1.1" 200 1234
"#;

impl Request {
    /// Returns a command that sends the request.
    fn command(&self, ids: &Ids) -> Command {
        let mut command = Command::new("curl");
        match self {
            Self::CommandLine(line) => {
                command = Command::new("sh");
                command.args(["-c", &ids.resolve(line)]);
            }
            Self::Get { url, parameters } => {
                command.args(["-sS", "-n"]);
                command.arg(format!("{url}?{}", ids.resolve(parameters)));
            }
            Self::Post { url, data, files } => {
                command.args(["-sS", "-n", "-X", "POST", url]);
                let data = ids.resolve(data);
                if files.is_empty() {
                    command.args(["-H", "Content-Type: application/json", "-d", &data]);
                } else {
                    add_parts(&mut command, &data, files);
                }
            }
        }
        command
    }

    /// Returns whether the request creates an object, whose id is in the response.
    fn creates(&self) -> bool {
        let text = match self {
            Self::CommandLine(text) | Self::Post { url: text, .. } => text,
            Self::Get { .. } => return false,
        };
        text.contains("/contexts/create") || text.contains("/commands/execute")
    }
}

fn add_parts(command: &mut Command, data: &str, files: &Map<String, Value>) {
    let data: Map<String, Value> = serde_json::from_str(data).unwrap();
    for (name, value) in &data {
        command.args(["-F", &format!("{name}={}", value.as_str().unwrap())]);
    }
    for (name, file) in files {
        command.args(["-F", &format!("{name}=@{}", file.as_str().unwrap())]);
    }
}

/// Runs a command and returns the response.
fn run(mut command: Command, home: &Path) -> Value {
    let output = command
        .current_dir(home)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("CURL_CA_BUNDLE", home.join("ca.pem"))
        .output()
        .unwrap();
    let (stdout, stderr) = (output.stdout, String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {stderr}");
    serde_json::from_slice(&stdout).unwrap_or_else(|error| {
        panic!("{command:?}: {error}: {}", String::from_utf8_lossy(&stdout))
    })
}

/// Sends the request of an example until the response is the documented one.
fn check(example: &Example, ids: &mut Ids, home: &Path) {
    let start = Instant::now();
    loop {
        let actual = run(example.request.command(ids), home);
        let documented = match &example.response {
            Response::Json(documented) => documented,
            Response::Status(statuses) => {
                let status = actual["status"].as_str().map(str::to_owned);
                assert!(statuses.contains(&status.unwrap()), "{actual}");
                return;
            }
        };
        if example.request.creates()
            && let (Some(name), Some(id)) = (documented["id"].as_str(), actual["id"].as_str())
        {
            ids.record(name, id);
        }
        let expected: Value = serde_json::from_str(&ids.resolve(&documented.to_string())).unwrap();
        if actual == expected {
            return;
        }
        assert!(
            is_pending(&actual) && start.elapsed() < DEADLINE,
            "{:?}\nexpected: {expected}\nreceived: {actual}",
            example.request.command(ids)
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Returns whether a later response may be a different one.
fn is_pending(response: &Value) -> bool {
    const PENDING: [&str; 6] = [
        "Pending",
        "Queued",
        "Running",
        "PENDING",
        "RESOLVING",
        "INSTALLING",
    ];
    let libraries = response["library_statuses"].as_array();
    let mut statuses = libraries.into_iter().flatten().chain([response]);
    statuses.any(|status| PENDING.contains(&status["status"].as_str().unwrap_or_default()))
}

/// Creates the files that the commands read.
fn create_files(home: &Path, server: &Server, installation: &Installation) {
    let write = |name: &str, text: &str| std::fs::write(home.join(name), text).unwrap();
    write("ca.pem", server.ca_certificate().unwrap());
    write(
        ".netrc",
        "machine 127.0.0.1\nlogin token\npassword dapi0123\n",
    );
    write("myfile.py", "print('from a file')\n");
    write("somefile.log", LOG);
    let _ = testing::compile_jar(installation, home, "loganalyzer", LOG_ANALYZER);
}

#[test]
fn examples_have_the_documented_responses() {
    let installation = testing::installation();
    let _permit = testing::jvm_start_permit();
    let spark = SparkChoice::Home(installation.spark.home.clone());
    let options = Options::new().token("dapi0123").tls(true).spark(spark);
    let server = Server::start(options).unwrap();
    let home = tempfile::tempdir().unwrap();
    create_files(home.path(), &server, &installation);

    let (examples, aliases) = examples::examples(&server.url());
    assert!(examples.len() > 20, "{}", examples.len());
    let mut ids = Ids::new(aliases);
    for example in examples {
        check(&example, &mut ids, home.path());
    }
    assert_eq!(server.contexts(), 0);
}
