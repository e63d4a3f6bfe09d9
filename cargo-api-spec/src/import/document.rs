//! The document that is imported, whatever its version.

use crate::json::Json;

/// The versions differ in where things stand, hardly in what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Swagger2,
    OpenApi3,
}

pub(super) struct Document {
    pub(super) root: Json,
    pub(super) version: Version,
}

/// References to references are followed so far.
const MOST_HOPS: usize = 32;

impl Document {
    pub(super) fn new(root: Json) -> Result<Self, String> {
        let version = match (root.get("openapi"), root.get("swagger")) {
            (Some(Json::Text(text)), _) if text.starts_with("3.") => Version::OpenApi3,
            (Some(version), _) => {
                return Err(format!("it is of OpenAPI {}, not 3.x", version.line()));
            }
            (None, Some(_)) => Version::Swagger2,
            (None, None) => return Err("it says neither `openapi` nor `swagger`".to_owned()),
        };
        Ok(Self { root, version })
    }

    /// What a value stands for, if it is a reference; the value itself else.
    pub(super) fn resolve<'d>(&'d self, value: &'d Json) -> Option<&'d Json> {
        let mut value = value;
        for _ in 0..MOST_HOPS {
            match value.text("$ref") {
                None => return Some(value),
                Some(reference) => value = self.find(reference)?,
            }
        }
        None
    }

    /// What stands at a reference into this document.
    pub(super) fn find(&self, reference: &str) -> Option<&Json> {
        let pointer = reference.strip_prefix("#/")?;
        pointer.split('/').try_fold(&self.root, |value, segment| {
            let key = unescaped(segment);
            match value {
                Json::List(items) => items.get(key.parse::<usize>().ok()?),
                value => value.get(&key),
            }
        })
    }

    /// The path before all paths.
    pub(super) fn base_path(&self) -> String {
        let url = match self.version {
            Version::Swagger2 => self.root.text("basePath"),
            Version::OpenApi3 => {
                let server = self.root.list("servers").first();
                server.and_then(|server| server.text("url"))
            }
        };
        let url = url.unwrap_or_default();
        let after_host = match url.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => url,
        };
        let path = after_host.trim_end_matches('/');
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let sound =
            path.starts_with('/') && !path.contains(['{', '}', ' ']) && !path.contains("//");
        if sound {
            path.to_owned()
        } else {
            String::new()
        }
    }
}

/// A segment of a pointer as the key it means.
pub(super) fn unescaped(segment: &str) -> String {
    percent_decoded(segment)
        .replace("~1", "/")
        .replace("~0", "~")
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3);
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let byte = byte.filter(|_| bytes[at] == b'%');
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
