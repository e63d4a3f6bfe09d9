//! The examples of the documentation of the API, run with `curl` against the local server.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use local_server::spark::testing;
use local_server::{Options, Server, SparkChoice};
use serde_json::Value;

const EXAMPLES: &str = include_str!("examples.txt");

/// Host in the documentation.
const DOCUMENTED_HOST: &str = "https://<databricks-instance>";

/// Limit for the start of a JVM on a busy machine.
const DEADLINE: Duration = Duration::from_secs(900);

/// A request and its response, as documented.
struct Example {
    command: &'static str,
    response: Value,
}

fn examples() -> Vec<Example> {
    let mut lines = EXAMPLES.lines();
    let mut examples = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(command) = line.strip_prefix("$ ") {
            let response = lines.next().expect("a response follows each command");
            let response = serde_json::from_str(response);
            examples.push(Example {
                command,
                response: response.unwrap_or_else(|error| panic!("{command}: {error}")),
            });
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "{line}");
        }
    }
    examples
}

/// Documented ids and those of the server.
#[derive(Default)]
struct Ids(Vec<(String, String)>);

impl Ids {
    /// Replaces documented ids by those of the server.
    fn resolve(&self, text: &str) -> String {
        let replace =
            |text: String, (documented, real): &(String, String)| text.replace(documented, real);
        self.0.iter().fold(text.to_owned(), replace)
    }

    /// Records the id of an object that the server has created.
    fn record(&mut self, documented: &Value, response: &Value) {
        if let (Some(documented), Some(real)) = (documented["id"].as_str(), response["id"].as_str())
            && !self.0.iter().any(|(known, _)| known == documented)
        {
            self.0.push((documented.to_owned(), real.to_owned()));
        }
    }
}

/// Runs a command line in a shell, and returns the response.
fn run(command: &str, home: &Path) -> Value {
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(home)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("CURL_CA_BUNDLE", home.join("ca.pem"))
        .output()
        .unwrap();
    let (stdout, stderr) = (output.stdout, String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command}: {stderr}");
    serde_json::from_slice(&stdout)
        .unwrap_or_else(|error| panic!("{command}: {error}: {}", String::from_utf8_lossy(&stdout)))
}

#[test]
fn examples_have_the_documented_responses() {
    let spark = SparkChoice::Home(testing::installation().spark.home);
    let _permit = testing::jvm_start_permit();
    let options = Options::new().token("dapi0123").tls(true).spark(spark);
    let server = Server::start(options).unwrap();
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).unwrap();
    write("ca.pem", server.ca_certificate().unwrap());
    write(
        ".netrc",
        "machine 127.0.0.1\nlogin token\npassword dapi0123\n",
    );
    write("myfile.py", "print('from a file')\n");

    let mut ids = Ids::default();
    let examples = examples();
    assert!(!examples.is_empty());
    for Example { command, response } in examples {
        let line = ids.resolve(&command.replace(DOCUMENTED_HOST, &server.url()));
        let start = Instant::now();
        loop {
            let actual = run(&line, home.path());
            ids.record(&response, &actual);
            let expected: Value =
                serde_json::from_str(&ids.resolve(&response.to_string())).unwrap();
            if actual == expected {
                break;
            }
            // Only the status of a context or a command changes.
            let is_final = actual["status"] == expected["status"] || start.elapsed() > DEADLINE;
            assert!(
                !is_final,
                "{command}\nexpected: {expected}\nreceived: {actual}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    assert_eq!(server.contexts(), 0);
}
