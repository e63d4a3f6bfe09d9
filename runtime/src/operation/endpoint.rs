//! Endpoints that are called by name.

use super::definition::Operation;
use super::field::Field;

/// An endpoint with the fields of its request, for
/// [`Client::call_by_name`](crate::Client::call_by_name).
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'a> {
    /// Definition of the endpoint.
    pub operation: &'a Operation<'a>,
    /// Documentation.
    pub doc: &'a str,
    /// Table of the fields in the format that [`fields`](Self::fields) parses: one line per field.
    #[doc(hidden)]
    pub table: &'a str,
}

impl<'a> Endpoint<'a> {
    /// Returns the fields of the request in the order of the spec.
    pub fn fields(&self) -> impl Iterator<Item = Field<'a>> + Clone + use<'a> {
        self.table.lines().filter_map(Field::parse_row)
    }
}
