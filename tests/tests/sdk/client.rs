//! The steps of `drive.py`, with the client of this project.

mod clusters;
mod commands;
mod files;

use std::time::Duration;

use api_runtime::{Client, Credentials, Error, Wait};
use local_server::Server;
use serde_json::{Value, json};

use crate::TOKEN;
use crate::scripts::SCRIPTS;

/// Limit of each wait on a busy machine.
const LIMIT: Duration = Duration::from_secs(3600);

/// Runs all steps, and returns their values.
pub(crate) fn drive(server: &Server, cluster: &str) -> Vec<Value> {
    let client = client(server);
    let mut steps = Steps::default();
    clusters::drive(&client, &mut steps);
    files::drive(&client, &mut steps);
    for script in &SCRIPTS {
        commands::drive(&client, cluster, script, &mut steps);
    }
    steps.0
}

/// Creates a client that trusts the certificate of the server.
pub(crate) fn client(server: &Server) -> Client {
    let mut builder =
        Client::builder(server.url()).credentials(Credentials::bearer(TOKEN).unwrap());
    let folder = tempfile::tempdir().unwrap();
    if let Some(certificate) = server.ca_certificate() {
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, certificate).unwrap();
        builder = builder.ca_file(file);
    }
    builder.build().unwrap()
}

pub(crate) fn wait() -> Wait {
    Wait::new().timeout(LIMIT)
}

/// Names and values of steps.
#[derive(Default)]
struct Steps(Vec<Value>);

impl Steps {
    fn record(&mut self, step: &str, value: impl Into<Value>) {
        let value = value.into();
        self.0.push(json!({"step": step, "value": value}));
    }

    /// Records a value whose id differs between runs.
    fn record_with_id(&mut self, step: &str, value: &Value, id: &str) {
        let text = value.to_string().replace(id, "ID");
        self.record(step, serde_json::from_str::<Value>(&text).unwrap());
    }
}

/// Returns the code and the message of the server.
fn described(error: &Error) -> Value {
    let status = error.status().expect("a response");
    let message = error.message();
    let (prefix, message) = message.split_once(": ").unwrap();
    assert!(prefix.contains(&status.to_string()), "{error}");
    json!({"code": error.code(), "message": message})
}
