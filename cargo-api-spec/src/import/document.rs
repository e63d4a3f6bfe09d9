//! The OpenAPI or Swagger document, and its references.

mod files;
mod json;
mod node;
mod parse;
mod recognize;
mod texts;
mod yaml;

use percent_encoding::percent_decode_str;

pub(super) use files::{File, Files};
pub(super) use node::{Node, State, Text, Value};
pub(super) use parse::parse;
pub(super) use recognize::recognize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Swagger2,
    OpenApi3,
}

#[derive(Debug)]
pub(super) struct Document {
    pub(super) files: Files,
    pub(super) version: Version,
}

/// Maximum number of references that lead from one to the next, and maximum depth of `allOf`.
pub(super) const MAX_REF_DEPTH: usize = 32;

impl Document {
    pub(super) fn new(files: Files) -> Result<Self, String> {
        let root = &files.all[0].root;
        let version = match (root.get("openapi"), root.get("swagger")) {
            (Some(version), _) if version.as_text().is_some_and(|it| it.starts_with("3.")) => {
                Version::OpenApi3
            }
            (Some(version), _) => {
                return Err(format!(
                    "unsupported OpenAPI version {}, expected 3.x",
                    version.scalar()
                ));
            }
            (None, Some(version)) if version.scalar().trim_matches('"').starts_with('2') => {
                Version::Swagger2
            }
            (None, Some(version)) => {
                return Err(format!(
                    "unsupported Swagger version {}, expected 2.0",
                    version.scalar()
                ));
            }
            (None, None) => return Err("missing key `openapi` or `swagger`".to_owned()),
        };
        Ok(Self { files, version })
    }

    pub(super) fn root(&self) -> &Node {
        &self.files.all[0].root
    }

    /// Follows references until it reaches a value that is none.
    ///
    /// # Errors
    ///
    /// If a reference leads to nothing, or through more than [`MAX_REF_DEPTH`] others.
    pub(super) fn resolve<'d>(&'d self, value: &'d Node) -> Result<&'d Node, String> {
        let mut value = value;
        for _ in 0..MAX_REF_DEPTH {
            match value.read().text("$ref") {
                None => return Ok(value),
                Some(reference) => value = self.find(reference)?,
            }
        }
        Err("too many nested references".to_owned())
    }

    /// Like [`resolve`](Self::resolve) without reading a value, or `None` if there is none.
    pub(super) fn peek_resolved<'d>(&'d self, value: &'d Node) -> Option<&'d Node> {
        let mut value = value;
        for _ in 0..MAX_REF_DEPTH {
            match value.peek_text("$ref") {
                None => return Some(value),
                Some(reference) => value = self.peek(reference).ok()?,
            }
        }
        None
    }

    /// Like [`resolve`](Self::resolve) without reading `value` itself.
    pub(super) fn resolve_unread<'d>(&'d self, value: &'d Node) -> Result<&'d Node, String> {
        match value.peek_text("$ref") {
            None => Ok(value),
            Some(reference) => self.resolve(self.find(reference)?),
        }
    }

    /// Returns the value at a reference, e.g. `#/components/schemas/Pet`.
    ///
    /// # Errors
    ///
    /// The reason why there is no such value.
    pub(super) fn find(&self, reference: &str) -> Result<&Node, String> {
        self.peek(reference).map(Node::read)
    }

    /// Like [`find`](Self::find) without reading the value.
    fn peek(&self, reference: &str) -> Result<&Node, String> {
        let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let root = self
            .files
            .root(path)
            .map_err(|reason| format!("reference to `{reference}`: {reason}"))?;
        let pointer = pointer.strip_prefix('/');
        let segments = pointer.into_iter().flat_map(|it| it.split('/'));
        // The values on the way contain others as well, which are reported one by one.
        let found = segments.into_iter().try_fold(root, |value, segment| {
            let key = decoded(segment);
            match value.read().value() {
                Value::List(items) => items.get(key.parse::<usize>().ok()?),
                _ => value.peek(&key),
            }
        });
        found.ok_or_else(|| format!("reference to `{reference}`: there is no such value"))
    }
}

/// Returns the name of the component that a reference leads to: its last segment, or the name of
/// the file.
pub(super) fn component_name(reference: &str) -> String {
    let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    match pointer.rsplit('/').next() {
        Some(segment) if !segment.is_empty() => decoded(segment),
        _ => {
            let name = path.rsplit('/').next().unwrap_or_default();
            let stem = name.split('.').next().unwrap_or_default();
            stem.to_owned()
        }
    }
}

/// Decodes a segment of a JSON pointer in a URI fragment (RFC 6901, sections 4 and 6).
fn decoded(segment: &str) -> String {
    let segment = percent_decode_str(segment).decode_utf8_lossy();
    // In this order, `~01` becomes `~1` and not `/`.
    segment.replace("~1", "/").replace("~0", "~")
}
