//! State of an import.

use super::document::Document;
use super::names::Names;
use super::report::Report;
use super::schemas::Types;

pub(super) struct Importer<'d> {
    pub(super) document: &'d Document,
    pub(super) types: Types<'d>,
    pub(super) report: &'d mut Report,
    pub(super) operation: Operation,
}

/// The operation that is being converted.
#[derive(Default)]
pub(super) struct Operation {
    /// Method and path, e.g. `GET /pets`.
    pub(super) name: String,
    /// Prefix of the types that are named after the operation.
    pub(super) type_prefix: String,
    /// Rust names of the fields of the request.
    pub(super) fields: Names,
}

impl<'d> Importer<'d> {
    pub(super) fn new(document: &'d Document, report: &'d mut Report) -> Self {
        Self {
            document,
            types: Types::new(document),
            report,
            operation: Operation::default(),
        }
    }

    /// Records that the current operation is approximated.
    pub(super) fn approximate(&mut self, note: String) {
        self.report.approximate(&self.operation.name, note);
    }

    /// Omits a parameter or a form field that the language does not support.
    ///
    /// # Errors
    ///
    /// If it is required. The operation cannot be called without it.
    pub(super) fn omit(&mut self, item: &str, required: bool, reason: &str) -> Result<(), String> {
        if required {
            return Err(format!("required {item} is not supported: {reason}"));
        }
        self.approximate(format!("optional {item} omitted: {reason}"));
        Ok(())
    }
}
