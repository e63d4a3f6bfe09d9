//! The same calls through the generated client and through `ureq`.

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::{Cursor, Read};
use std::path::Path;

use generated_client::api_runtime::{Client, Credentials, http};
use generated_client::{Language, Upload, commands};
use serde::{Deserialize, Serialize};
use ureq::typestate::WithBody;
use ureq::{Agent, RequestBuilder, SendBody};

/// An endpoint whose body is a file.
mod files {
    #![allow(missing_docs)]
    api_runtime::api! { r#"
        [api]
        name = "Files"
        doc  = "Files."
        [endpoints.files.upload]
        doc  = "Uploads a file."
        http = "PUT /upload"
        body = "application/octet-stream"
    "# }
}

const TOKEN: &str = "dapi0123456789abcdef0123456789abcdef";
const CLUSTER: &str = "0123-456789-abcde";
const CONTEXT: &str = "7012345678901234567";
const COMMAND: &str = "3a1f4b52c0de4f5a9b1c0a77e1a5f2d4";

type Outcome = Result<(), Box<dyn Error>>;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Call {
    Status,
    /// A command of about 200 bytes.
    Execute,
    /// A command of one mebibyte.
    ExecuteLarge,
}

impl Call {
    fn code(self) -> String {
        let lines = if matches!(self, Self::ExecuteLarge) {
            (1 << 20) / LINE.len()
        } else {
            5
        };
        LINE.repeat(lines)
    }
}

/// Position of a file in the body of an upload. It determines the addresses to which the file is
/// read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Part of a multipart body, after text parts.
    Multipart,
    /// The whole body.
    Raw,
}

pub(crate) trait Side {
    fn call(&self, call: Call) -> Outcome;
    fn upload(&self, shape: Shape, file: &Path) -> Outcome;
}

const LINE: &str = "total = sum(value for value in range(10))\n";

/// The generated client with default settings.
pub(crate) struct Generated {
    client: Client,
}

impl Generated {
    pub(crate) fn new(url: &str) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            client: Client::builder(url)
                .credentials(Credentials::bearer(TOKEN)?)
                .build()?,
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
            Call::Execute | Call::ExecuteLarge => {
                let code = call.code();
                let request = commands::Execute::new(CLUSTER, CONTEXT, Language::Python, code);
                black_box(commands::execute(&self.client, &request)?);
            }
        }
        Ok(())
    }

    fn upload(&self, shape: Shape, file: &Path) -> Outcome {
        let file = Upload::path(file);
        match shape {
            Shape::Multipart => {
                let language = Language::Python;
                let request = commands::ExecuteFile::new(CLUSTER, CONTEXT, language, file);
                black_box(commands::execute_file(&self.client, &request)?);
            }
            Shape::Raw => {
                files::files::upload(&self.client, &files::files::Upload::new(file))?;
            }
        }
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

    fn execute(&self, code: String) -> Outcome {
        let body = serde_json::to_vec(&Execute {
            cluster_id: CLUSTER,
            context_id: CONTEXT,
            language: "python",
            command: code,
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
            Call::Execute | Call::ExecuteLarge => self.execute(call.code()),
        }
    }

    fn upload(&self, shape: Shape, path: &Path) -> Outcome {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        match shape {
            Shape::Multipart => {
                let (head, tail) = multipart(path);
                let length = length + (head.len() + tail.len()) as u64;
                let body = Cursor::new(head).chain(file).chain(Cursor::new(tail));
                let url = format!("{}/api/1.2/commands/execute", self.url);
                let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
                let request = self.agent.post(url).header("content-type", content_type);
                self.send(request, length, body)
            }
            Shape::Raw => {
                let request = self.agent.put(format!("{}/upload", self.url));
                self.send(request, length, file)
            }
        }
    }
}

impl Manual {
    fn send(&self, request: RequestBuilder<WithBody>, length: u64, mut body: impl Read) -> Outcome {
        let response = request
            .header("authorization", &self.authorization)
            .header("content-length", length.to_string())
            .send(SendBody::from_reader(&mut body))?;
        read(response)?;
        Ok(())
    }
}

const BOUNDARY: &str = "part-0123456789abcdef0123456789abcdef";

/// Returns the text of a multipart body before and after the file.
fn multipart(path: &Path) -> (Vec<u8>, Vec<u8>) {
    let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let head = format!(
        "{part}\"clusterId\"\r\n\r\n{CLUSTER}\r\n\
         {part}\"contextId\"\r\n\r\n{CONTEXT}\r\n\
         {part}\"language\"\r\n\r\npython\r\n\
         {part}\"command\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let tail = format!("\r\n--{BOUNDARY}--\r\n");
    (head.into_bytes(), tail.into_bytes())
}

fn read(mut response: http::Response<ureq::Body>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::with_capacity(1024);
    response.body_mut().as_reader().read_to_end(&mut bytes)?;
    Ok(bytes)
}
