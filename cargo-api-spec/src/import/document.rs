//! The OpenAPI or Swagger document, and its references.

use percent_encoding::percent_decode_str;

use crate::json::Json;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Swagger2,
    OpenApi3,
}

pub(super) struct Document {
    pub(super) root: Json,
    pub(super) version: Version,
}

/// Maximum number of references that lead from one to the next, and maximum depth of `allOf`.
pub(super) const MAX_REF_DEPTH: usize = 32;

impl Document {
    pub(super) fn new(root: Json) -> Result<Self, String> {
        let version = match (root.get("openapi"), root.get("swagger")) {
            (Some(Json::Text(text)), _) if text.starts_with("3.") => Version::OpenApi3,
            (Some(version), _) => {
                return Err(format!(
                    "unsupported OpenAPI version {}, expected 3.x",
                    version.line()
                ));
            }
            (None, Some(_)) => Version::Swagger2,
            (None, None) => return Err("missing key `openapi` or `swagger`".to_owned()),
        };
        Ok(Self { root, version })
    }

    /// Follows references until it reaches a value that is none.
    ///
    /// Returns `None` if a reference leads out of the document, to nothing, or through more than
    /// [`MAX_REF_DEPTH`] others.
    pub(super) fn resolve<'d>(&'d self, value: &'d Json) -> Option<&'d Json> {
        let mut value = value;
        for _ in 0..MAX_REF_DEPTH {
            match value.text("$ref") {
                None => return Some(value),
                Some(reference) => value = self.find(reference)?,
            }
        }
        None
    }

    /// Returns the value at a reference, e.g. `#/components/schemas/Pet`.
    pub(super) fn find(&self, reference: &str) -> Option<&Json> {
        let pointer = reference.strip_prefix("#/")?;
        pointer.split('/').try_fold(&self.root, |value, segment| {
            let key = decoded(segment);
            match value {
                Json::List(items) => items.get(key.parse::<usize>().ok()?),
                value => value.get(&key),
            }
        })
    }

    /// Returns the path that precedes all paths, without a trailing slash.
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
        // A server URL may be a template, e.g. `https://{region}.example.com/{base}`.
        let is_valid =
            path.starts_with('/') && !path.contains(['{', '}', ' ']) && !path.contains("//");
        if is_valid {
            path.to_owned()
        } else {
            String::new()
        }
    }
}

/// Returns the last segment of a reference: the name of the component it refers to.
pub(super) fn component_name(reference: &str) -> String {
    decoded(reference.rsplit('/').next().unwrap_or_default())
}

/// Decodes a segment of a JSON pointer in a URI fragment (RFC 6901, sections 4 and 6).
fn decoded(segment: &str) -> String {
    let segment = percent_decode_str(segment).decode_utf8_lossy();
    // In this order, `~01` becomes `~1` and not `/`.
    segment.replace("~1", "/").replace("~0", "~")
}
