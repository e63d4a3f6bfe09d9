//! Bodies that are sent unchanged, and their media types.

use super::importer::{Importer, MediaTypeChoice};
use super::media_type::{BodyKind, Media, essence};
use super::request_body::{KeyValue, RAW};
use crate::import::document::Node;
use crate::import::spec::{Content, Field, TypeExpr, names};

const CONTENT_TYPE: &str = "Content-Type";
/// Media type of a body that can be of any type.
const ANY: &str = "application/octet-stream";

/// Returns whether a request header is the media type of the body.
pub(super) fn is_media_type(header: &str) -> bool {
    header.eq_ignore_ascii_case(CONTENT_TYPE)
}

impl<'d> Importer<'d> {
    /// Converts a body with one of these media types.
    pub(super) fn raw_body(&mut self, media_types: &[&str]) -> KeyValue {
        self.reserve_body_field();
        let exact = media_types.iter().find(|it| !it.contains('*'));
        self.operation.media_type = match exact {
            None => MediaTypeChoice::Required,
            Some(_) if media_types.len() > 1 => MediaTypeChoice::Possible,
            Some(_) => MediaTypeChoice::None,
        };
        let media_type = exact.copied().unwrap_or(ANY).trim();
        let media_type = if api_spec::is_media_type(media_type) {
            media_type.to_owned()
        } else {
            essence(media_type)
        };
        ("body", Content::Text(media_type))
    }

    /// Records the media types whose parameters are not sent.
    pub(super) fn remark_invalid(&mut self, media: &[Media<'d>]) {
        let is_invalid = |it: &&Media<'_>| !api_spec::is_media_type(it.name.trim());
        for media in media.iter().filter(is_invalid) {
            let reason = "its parameters are invalid, and omitted";
            self.report.remark(media.node, reason);
        }
    }

    /// Returns the media types of `content` that are sent unchanged.
    pub(super) fn raw_media(&self, content: &[Media<'d>]) -> Vec<Media<'d>> {
        let media = content.iter().filter(|it| self.is_raw(**it));
        media.copied().collect()
    }

    /// Records that bodies with the media types of `content` are sent unchanged.
    pub(super) fn read_raw_media(&mut self, content: &[Media<'d>]) {
        for media in self.raw_media(content) {
            if let Some(schema) = media.schema() {
                self.file_type(schema);
                self.report.ignore(schema, RAW);
            }
        }
    }

    /// Returns whether a body is sent unchanged. One of any media type (`*/*`) is JSON, unless it is a file.
    pub(super) fn is_raw(&self, media: Media<'d>) -> bool {
        let essence = media.essence();
        let is_file = || {
            let schema = media.node.peek("schema");
            schema.is_some_and(|it| self.is_file(it))
        };
        let is_media_type = essence.contains('/');
        is_media_type && (BodyKind::of(&essence) == BodyKind::Raw || essence == "*/*" && is_file())
    }

    /// Returns the header with the media type of the body, which `parameter` declares.
    ///
    /// # Errors
    ///
    /// If the language cannot express the parameter. The operation is dropped.
    pub(super) fn media_type_header(
        &mut self,
        parameter: Option<&'d Node>,
        is_raw: bool,
    ) -> Result<Option<Field>, String> {
        if let Some(parameter) = parameter {
            if is_raw {
                return self.parameter(parameter, "header");
            }
            self.report.ignore(parameter, "the client sets this header");
        }
        let ty = match self.operation.media_type {
            _ if !is_raw => return Ok(None),
            MediaTypeChoice::None => return Ok(None),
            MediaTypeChoice::Possible => TypeExpr::Builtin("string").optional(),
            MediaTypeChoice::Required => TypeExpr::Builtin("string"),
        };
        Ok(Some(Field {
            wire: CONTENT_TYPE.to_owned(),
            ty,
            rust: names::field(&mut self.operation.fields, CONTENT_TYPE),
            is_required: self.operation.media_type == MediaTypeChoice::Required,
            ..Field::default()
        }))
    }
}
