//! Requests as `curl` command lines.

use std::fmt::Write as _;

use ureq::http::{HeaderValue, Request, header};

use crate::codec::encode::BodyPreview;
use crate::transport::Body;

/// Returns the command line that sends the request. Values of sensitive headers are redacted. `parts`
/// is the preview of a body that is not in memory.
pub(super) fn command_line(request: &Request<Body<'_>>, parts: &[BodyPreview]) -> String {
    let mut line = format!(
        "curl -X {} {}",
        request.method(),
        quote(&request.uri().to_string())
    );
    for (name, value) in request.headers() {
        // curl adds these itself.
        let is_automatic = [header::CONTENT_LENGTH, header::EXPECT].contains(name);
        let is_single_body = matches!(parts, [BodyPreview::Body { .. }]);
        let is_multipart = *name == header::CONTENT_TYPE && !parts.is_empty() && !is_single_body;
        if !is_automatic && !is_multipart {
            add(&mut line, "-H", &format!("{name}: {}", redacted(value)));
        }
    }
    for part in parts {
        match part {
            BodyPreview::Text { name, text } => {
                add(&mut line, "--form-string", &format!("{name}={text}"));
            }
            BodyPreview::Body { path } => add(&mut line, "--data-binary", &format!("@{path}")),
            BodyPreview::File { name, path } => add(&mut line, "-F", &format!("{name}=@{path}")),
        }
    }
    match request.body() {
        Body::Bytes(bytes) if parts.is_empty() => {
            add(&mut line, "--data-binary", &String::from_utf8_lossy(bytes));
        }
        _ => {}
    }
    line
}

fn add(line: &mut String, option: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = write!(line, " {option} {}", quote(value));
}

/// Quotes text for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns the value of a header; of a sensitive one, only the scheme.
fn redacted(value: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.split_once(' ') {
        _ if !value.is_sensitive() => text.into_owned(),
        Some((scheme @ ("Basic" | "Bearer"), _)) => format!("{scheme} ***"),
        _ => "***".into(),
    }
}
