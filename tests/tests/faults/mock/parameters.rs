//! Parameters of requests: from the query, a JSON body or a multipart body.

use serde_json::Value;
use test_server::Request;

pub(super) fn parameters(request: &Request) -> Vec<(String, String)> {
    let query = request.target().split_once('?').map(|(_, query)| query);
    let mut all = query.map_or_else(Vec::new, query_pairs);
    let content_type = request.header("content-type").unwrap_or_default();
    if let Some((_, boundary)) = content_type.split_once("boundary=") {
        all.extend(multipart_fields(&request.body, boundary));
    } else if let Ok(Value::Object(object)) = serde_json::from_slice(&request.body) {
        let text = |(key, value): (String, Value)| Some((key, value.as_str()?.to_owned()));
        all.extend(object.into_iter().filter_map(text));
    }
    all
}

/// Returns the pairs of a query without percent-encoding, which the tests do not need.
fn query_pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Returns the fields of a multipart body. The value of a file field is its content.
fn multipart_fields(body: &[u8], boundary: &str) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let field = |part: &str| {
        let (head, value) = part.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
        let name = head.split("name=\"").nth(1)?.split('"').next()?;
        Some((name.to_owned(), value.strip_suffix("\r\n")?.to_owned()))
    };
    text.split(&*delimiter).filter_map(field).collect()
}
