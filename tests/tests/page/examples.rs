//! The list of examples.

use serde_json::{Map, Value};

const EXAMPLES: &str = include_str!("examples.txt");

/// Host in the documentation.
const DOCUMENTED_HOST: &str = "https://<databricks-instance>";

/// A request and its response, as documented.
pub(crate) struct Example {
    pub(crate) request: Request,
    pub(crate) response: Response,
}

pub(crate) enum Request {
    /// Command line for a shell.
    CommandLine(String),
    Get {
        url: String,
        parameters: String,
    },
    /// A POST request with fields and files, in JSON if there are no files.
    Post {
        url: String,
        data: String,
        files: Map<String, Value>,
    },
}

pub(crate) enum Response {
    Json(Value),
    /// Values of the field `status` that are possible.
    Status(Vec<String>),
}

/// Ids of the documentation that are the same: an abbreviation and the id.
pub(crate) type Aliases = Vec<(&'static str, &'static str)>;

/// Parses the list, with the URL of the server instead of the documented host.
pub(crate) fn examples(server: &str) -> (Vec<Example>, Aliases) {
    let mut lines = EXAMPLES.lines();
    let (mut examples, mut aliases) = (Vec::new(), Vec::new());
    while let Some(line) = lines.next() {
        if line.is_empty() || line.starts_with('#') || line.starts_with("added: ") {
            continue;
        }
        if let Some(alias) = line.strip_prefix("id ") {
            aliases.push(alias.split_once(" = ").expect("`id A = B`"));
            continue;
        }
        let (request, next) = parse_request(line, &mut lines, server);
        let response = parse_response(next, &mut lines);
        examples.push(Example { request, response });
    }
    (examples, aliases)
}

/// Returns the request, and the first line of the response.
fn parse_request(
    line: &'static str,
    lines: &mut impl Iterator<Item = &'static str>,
    server: &str,
) -> (Request, &'static str) {
    let mut next = || lines.next().expect("a response follows each request");
    let with_host = |text: &str| text.replace(DOCUMENTED_HOST, server);
    if let Some(first) = line.strip_prefix("$ ") {
        let mut command = first.to_owned();
        while command.ends_with('\\') {
            command = format!("{command}\n{}", next());
        }
        return (Request::CommandLine(with_host(&command)), next());
    }
    if let Some(url) = line.strip_prefix("GET ") {
        let parameters = next().strip_prefix("parameters ").expect("parameters");
        let request = Request::Get {
            url: with_host(url),
            parameters: parameters.to_owned(),
        };
        return (request, next());
    }
    let url = line.strip_prefix("POST ");
    let url = url.unwrap_or_else(|| panic!("not a request: {line}"));
    let data = next().strip_prefix("data ").expect("data").to_owned();
    let after_data = next();
    let (files, response) = match after_data.strip_prefix("files ") {
        Some(files) => (serde_json::from_str(files).expect("names of files"), next()),
        None => (Map::new(), after_data),
    };
    let request = Request::Post {
        url: with_host(url),
        data,
        files,
    };
    (request, response)
}

fn parse_response(first: &str, lines: &mut impl Iterator<Item = &'static str>) -> Response {
    if let Some(statuses) = first.strip_prefix("status ") {
        return Response::Status(serde_json::from_str(statuses).expect("a list"));
    }
    let mut text = first.to_owned();
    loop {
        match serde_json::from_str(&text) {
            Ok(value) => return Response::Json(value),
            Err(error) => {
                let next = lines.next().unwrap_or_default();
                assert!(!next.is_empty(), "{error}: {text}");
                text = format!("{text}\n{next}");
            }
        }
    }
}
