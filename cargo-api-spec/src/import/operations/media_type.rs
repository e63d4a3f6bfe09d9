//! Media types of request and response bodies.

use api_spec::is_json_media_type;

use crate::import::document::{Document, Node, State};
use crate::import::report::Report;

pub(super) const JSON: &str = "application/json";
pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";
pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const MULTIPART: &str = "multipart/form-data";
/// Media type of multipart bodies whose parts have no names.
pub(super) const RELATED: &str = "multipart/related";

/// An entry of `content`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Media<'d> {
    pub(super) name: &'d str,
    pub(super) node: &'d Node,
}

impl<'d> Media<'d> {
    pub(super) fn schema(self) -> Option<&'d Node> {
        self.node.read().get("schema")
    }

    pub(super) fn essence(self) -> String {
        essence(self.name)
    }
}

/// Returns a media type in lower case, without its parameters.
pub(super) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_lowercase()
}

/// Returns whether a body of this media type, or of any type, is JSON.
pub(super) fn is_json(essence: &str) -> bool {
    essence == "*/*" || is_json_media_type(essence)
}

/// Returns whether a body of this media type is text for a reader.
pub(super) fn is_text(essence: &str) -> bool {
    essence.starts_with("text/") || essence.ends_with("/xml") || essence.ends_with("+xml")
}

/// Returns the entries of `content`.
pub(super) fn content(body: &Node) -> Vec<Media<'_>> {
    let entries = body.object("content").iter();
    entries.map(|(name, node)| Media { name, node }).collect()
}

/// Returns the entry that the first matching predicate accepts, preferably one with a schema, and
/// records the others.
pub(super) fn choose<'d>(
    content: &[Media<'d>],
    preferences: &[&dyn Fn(&str) -> bool],
    report: &mut Report,
) -> Option<Media<'d>> {
    let chosen = preferred(content, preferences)?;
    chosen.node.read();
    ignore_others(content, chosen, report);
    Some(chosen)
}

/// Records that another entry is imported instead of each entry that is unread.
pub(super) fn ignore_others(content: &[Media<'_>], chosen: Media<'_>, report: &mut Report) {
    for other in content {
        if other.name != chosen.name && other.node.state() == State::Unread {
            let reason = format!("the body is imported as `{}`", chosen.essence());
            report.ignore(other.node, reason);
        }
    }
}

/// Returns the entry that the first matching predicate accepts, preferably one with a schema.
pub(super) fn preferred<'d>(
    content: &[Media<'d>],
    preferences: &[&dyn Fn(&str) -> bool],
) -> Option<Media<'d>> {
    let with_schema = |it: &&Media<'_>| it.node.peek("schema").is_some();
    let find = |accepts: &&dyn Fn(&str) -> bool, needs_schema: bool| {
        let mut matching = content.iter().filter(|it| accepts(&it.essence()));
        matching
            .find(|it| !needs_schema || with_schema(it))
            .copied()
    };
    let preferred = preferences.iter().find_map(|it| find(it, true));
    let preferred = preferred.or_else(|| preferences.iter().find_map(|it| find(it, false)));
    preferred.or_else(|| content.first().copied())
}

/// The key of the language for a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyKind {
    Json,
    Form,
    Multipart,
    Raw,
}

impl BodyKind {
    pub(super) fn of(essence: &str) -> Self {
        match essence {
            FORM => Self::Form,
            MULTIPART | RELATED => Self::Multipart,
            essence if is_json(essence) => Self::Json,
            _ => Self::Raw,
        }
    }

    /// Returns the last word in the name of an endpoint for one of several kinds.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
            Self::Multipart => "multipart",
            Self::Raw => "raw",
        }
    }
}

/// Returns the entries that describe another request body than `chosen`: of another kind, and with
/// another schema. Many documents repeat one schema for all media types that the server accepts, but
/// only the one for which `has_files` is true can contain a file.
pub(super) fn other_bodies<'d>(
    content: &[Media<'d>],
    chosen: Media<'d>,
    has_files: &dyn Fn(Media<'d>) -> bool,
) -> Vec<Media<'d>> {
    let mut kinds = vec![BodyKind::of(&chosen.essence())];
    let mut schemas = vec![chosen.node.peek("schema")];
    let mut others = Vec::new();
    for media in content {
        let (kind, schema) = (BodyKind::of(&media.essence()), media.node.peek("schema"));
        let is_usable = match kind {
            BodyKind::Raw => schema.is_none_or(|it| it.peek_text("type") == Some("string")),
            _ => schema.is_some(),
        };
        // A key that is no media type, e.g. a misplaced `examples`, is no body.
        let is_usable = is_usable && media.name.contains('/');
        let is_new = !kinds.contains(&kind) && (!schemas.contains(&schema) || has_files(*media));
        if is_usable && is_new {
            kinds.push(kind);
            schemas.push(schema);
            others.push(*media);
        }
    }
    others
}

/// The media types of `consumes` or `produces` of Swagger 2.
#[derive(Debug)]
pub(super) struct SwaggerMedia<'d>(Vec<(String, &'d Node)>);

impl<'d> SwaggerMedia<'d> {
    /// Returns those of an operation, or of the document.
    pub(super) fn new(document: &'d Document, operation: &'d Node, key: &str) -> Self {
        let owner = match operation.peek(key) {
            Some(_) => operation,
            None => document.root(),
        };
        let items = owner.list(key).iter();
        let items = items.filter_map(|it| Some((essence(it.as_text()?), it)));
        Self(items.collect())
    }

    /// Returns whether a media type is accepted, and reads the first one.
    pub(super) fn has(&self, accepts: impl Fn(&str) -> bool) -> bool {
        let found = self.0.iter().find(|(it, _)| accepts(it));
        if let Some((_, node)) = found {
            node.read();
        }
        found.is_some()
    }

    /// Returns the media type of a JSON body.
    pub(super) fn json(&self) -> Option<String> {
        let find = |accepts: &dyn Fn(&str) -> bool| self.0.iter().find(|(it, _)| accepts(it));
        let usual = find(&|it| it == JSON).or_else(|| find(&|it| it == MERGE_PATCH));
        let (media_type, node) = usual.or_else(|| find(&is_json))?;
        node.read();
        Some(media_type.clone())
    }

    /// Returns the media types of a body that is neither JSON nor a form. One of any type is JSON,
    /// unless it is a file.
    pub(super) fn raw_request(&self, is_file: bool) -> Vec<&str> {
        let is_raw = |it: &str| BodyKind::of(it) == BodyKind::Raw || is_file && it == "*/*";
        if !self.0.iter().all(|(it, _)| is_raw(it)) {
            return Vec::new();
        }
        for (_, node) in &self.0 {
            node.read();
        }
        self.0.iter().map(|(it, _)| it.as_str()).collect()
    }

    /// Returns the media type of a response that is not JSON: text, or the first one.
    pub(super) fn raw_response(&self) -> Option<String> {
        if self.has(is_json) {
            return None;
        }
        let text = self.0.iter().find(|(it, _)| is_text(it));
        let (media_type, node) = text.or(self.0.first())?;
        node.read();
        Some(media_type.clone())
    }
}
