//! The same calls through the generated client and through `ureq`.

use std::error::Error;
use std::hint::black_box;
use std::io::Read as _;

use generated_client::api_runtime::transport::{self, Body, Http, Proxy, Transport as _};
use generated_client::api_runtime::{Client, Credentials, http};
use generated_client::{Language, commands};
use serde::{Deserialize, Serialize};
use ureq::{Agent, SendBody};

const TOKEN: &str = "dapi0123456789abcdef0123456789abcdef";
const CLUSTER: &str = "0123-456789-abcde";
const CONTEXT: &str = "7012345678901234567";
const COMMAND: &str = "3a1f4b52c0de4f5a9b1c0a77e1a5f2d4";

type Outcome = Result<(), Box<dyn Error>>;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Call {
    Status,
    Execute,
}

pub(crate) trait Side {
    fn call(&self, call: Call) -> Outcome;
    fn upload(&self, length: u64) -> Outcome;
}

/// Returns a command of about 200 bytes.
fn code() -> String {
    "total = sum(value for value in range(10))\n".repeat(5)
}

/// The generated client with default settings.
pub(crate) struct Generated {
    client: Client,
    http: Http,
    url: String,
}

impl Generated {
    pub(crate) fn new(url: &str) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            client: Client::builder(url)
                .credentials(Credentials::bearer(TOKEN)?)
                .build()?,
            http: Http::builder().proxy(Proxy::None).build()?,
            url: url.to_owned(),
        })
    }
}

impl Side for Generated {
    fn call(&self, call: Call) -> Outcome {
        match call {
            Call::Status => {
                let request = commands::Status::new(CLUSTER, CONTEXT, COMMAND);
                black_box(commands::status(&self.client, &request)?);
            }
            Call::Execute => {
                let request = commands::Execute::new(CLUSTER, CONTEXT, Language::Python, code());
                black_box(commands::execute(&self.client, &request)?);
            }
        }
        Ok(())
    }

    fn upload(&self, length: u64) -> Outcome {
        let reader = Box::new(std::io::repeat(0));
        let request = http::Request::post(format!("{}/upload", self.url))
            .body(Body::Stream { length, reader })?;
        self.http.send(transport::Call::new(request))?;
        Ok(())
    }
}

/// Handwritten calls with `ureq` and serde.
pub(crate) struct Manual {
    agent: Agent,
    url: String,
    authorization: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Execute<'a> {
    cluster_id: &'a str,
    context_id: &'a str,
    language: &'a str,
    command: String,
}

#[derive(Deserialize)]
struct CreatedCommand {
    id: String,
}

#[derive(Deserialize)]
struct StatusResponse {
    id: Option<String>,
    status: String,
    results: Option<Results>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Results {
    result_type: String,
    data: Option<String>,
}

impl Manual {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            agent: Agent::config_builder()
                .http_status_as_error(false)
                .proxy(None)
                .build()
                .new_agent(),
            url: url.to_owned(),
            authorization: format!("Bearer {TOKEN}"),
        }
    }

    fn status(&self) -> Outcome {
        let url = format!(
            "{}/api/1.2/commands/status?clusterId={CLUSTER}&contextId={CONTEXT}&commandId={COMMAND}",
            self.url
        );
        let response = self
            .agent
            .get(url)
            .header("authorization", &self.authorization)
            .call()?;
        let status: StatusResponse = serde_json::from_slice(&read(response)?)?;
        black_box((status.id, status.status));
        black_box(
            status
                .results
                .map(|results| (results.result_type, results.data)),
        );
        Ok(())
    }

    fn execute(&self) -> Outcome {
        let body = serde_json::to_vec(&Execute {
            cluster_id: CLUSTER,
            context_id: CONTEXT,
            language: "python",
            command: code(),
        })?;
        let response = self
            .agent
            .post(format!("{}/api/1.2/commands/execute", self.url))
            .header("authorization", &self.authorization)
            .header("content-type", "application/json")
            .send(body)?;
        let created: CreatedCommand = serde_json::from_slice(&read(response)?)?;
        black_box(created.id);
        Ok(())
    }
}

impl Side for Manual {
    fn call(&self, call: Call) -> Outcome {
        match call {
            Call::Status => self.status(),
            Call::Execute => self.execute(),
        }
    }

    fn upload(&self, length: u64) -> Outcome {
        let mut reader = std::io::repeat(0).take(length);
        let response = self
            .agent
            .post(format!("{}/upload", self.url))
            .header("content-length", length.to_string())
            .send(SendBody::from_reader(&mut reader))?;
        read(response)?;
        Ok(())
    }
}

fn read(mut response: http::Response<ureq::Body>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::with_capacity(1024);
    response.body_mut().as_reader().read_to_end(&mut bytes)?;
    Ok(bytes)
}
