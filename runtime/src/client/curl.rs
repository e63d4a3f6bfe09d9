//! A request as a command line of curl, for bug reports.

use std::fmt::Write as _;

use ureq::http::{HeaderValue, Request, header};

use crate::codec::encode::BodyPreview;
use crate::transport::Body;

/// The command that would send this request. Sensitive headers are masked; `parts` are those of a
/// multipart body.
pub(crate) fn command(request: &Request<Body<'_>>, parts: &[BodyPreview]) -> String {
    let mut line = format!(
        "curl -X {} {}",
        request.method(),
        quoted(&request.uri().to_string())
    );
    for (name, value) in request.headers() {
        // curl writes these itself.
        let own = [header::CONTENT_LENGTH, header::EXPECT].contains(name);
        let whole = matches!(parts, [BodyPreview::Body { .. }]);
        let of_parts = *name == header::CONTENT_TYPE && !parts.is_empty() && !whole;
        if !own && !of_parts {
            add(&mut line, "-H", &format!("{name}: {}", masked(value)));
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
    let _ = write!(line, " {option} {}", quoted(value));
}

/// A word of a POSIX shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The value, or no more than its scheme where it is a secret.
fn masked(value: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.split_once(' ') {
        _ if !value.is_sensitive() => text.into_owned(),
        Some((scheme @ ("Basic" | "Bearer"), _)) => format!("{scheme} ***"),
        _ => "***".into(),
    }
}
