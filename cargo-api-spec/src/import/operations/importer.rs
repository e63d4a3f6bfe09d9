//! State of an import.

use std::cell::OnceCell;

use super::base::Base;
use super::media_type::Media;
use super::security::Security;
use crate::import::document::{Document, Node};
use crate::import::report::Report;
use crate::import::spec::names::{self, Names};
use crate::import::spec::{Field, TypeExpr};
use crate::import::types::Types;

pub(super) struct Importer<'d> {
    pub(super) document: &'d Document,
    pub(super) types: Types<'d>,
    pub(super) report: Report,
    pub(super) base: Base,
    pub(super) security: Security<'d>,
    /// Error schemas without a name, and their types.
    pub(super) error_types: Vec<(&'d Node, TypeExpr)>,
    /// Last item of the streams of the document, once it has been searched for.
    pub(super) stream_end: OnceCell<Option<&'static str>>,
    pub(super) operation: Operation<'d>,
}

/// Choice of the media type of a body by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaTypeChoice {
    /// The body has one media type.
    None,
    /// The body has several media types, one of which is sent by default.
    Possible,
    /// The document has ranges only, e.g. `image/*`, which cannot be sent.
    Required,
}

/// Selection of a stream by the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Streaming {
    None,
    /// The request may select a stream instead of a single response.
    Possible,
    /// A further endpoint is needed for the stream.
    Separate,
    /// The endpoint for the stream is converted.
    Selected,
}

/// The operation that is being converted.
pub(super) struct Operation<'d> {
    pub(super) place: &'d Node,
    /// Method and path, e.g. `GET /pets`.
    pub(super) name: String,
    /// Prefix of the types that are named after the group.
    pub(super) group_prefix: String,
    /// Prefix of the types that are named after the operation.
    pub(super) type_prefix: String,
    /// Rust names of the fields of the request.
    pub(super) fields: Names,
    /// Media type of the JSON body, if it is not the usual one.
    pub(super) content_type: Option<String>,
    /// Body of an endpoint that is not the first one of the operation.
    pub(super) body: Option<Media<'d>>,
    /// Bodies of further endpoints.
    pub(super) other_bodies: Vec<Media<'d>>,
    pub(super) streaming: Streaming,
    /// Set if the caller chooses the media type of the body.
    pub(super) media_type: MediaTypeChoice,
    /// The request may have a condition in a header.
    pub(super) is_conditional: bool,
}

impl<'d> Operation<'d> {
    pub(super) fn new(place: &'d Node, name: String) -> Self {
        Self {
            place,
            name,
            group_prefix: String::new(),
            type_prefix: String::new(),
            fields: Names::default(),
            content_type: None,
            body: None,
            other_bodies: Vec::new(),
            streaming: Streaming::None,
            media_type: MediaTypeChoice::None,
            is_conditional: false,
        }
    }
}

impl<'d> Importer<'d> {
    /// Records that the current operation is approximated.
    pub(super) fn approximate(&mut self, note: String) {
        self.report.approximate(self.operation.place, "", note);
    }

    /// Omits a parameter or a form field that the language does not support.
    ///
    /// # Errors
    ///
    /// If it is required. The operation cannot be called without it.
    pub(super) fn omit(
        &mut self,
        place: &'d Node,
        item: &str,
        required: bool,
        reason: &str,
    ) -> Result<(), String> {
        if required {
            return Err(format!("required {item} is not supported: {reason}"));
        }
        let note = format!("optional {item} omitted: {reason}");
        self.report.replace(place, "", note);
        Ok(())
    }

    /// Returns a field for a parameter of the path that the document does not declare.
    pub(super) fn undeclared(&mut self, name: &str) -> Field {
        Field {
            wire: name.to_owned(),
            ty: TypeExpr::Builtin("string"),
            rust: names::field(&mut self.operation.fields, name),
            is_required: true,
            ..Field::default()
        }
    }
}
