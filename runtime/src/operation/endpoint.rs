//! Endpoints that are called by name.

use super::definition::Operation;
use super::field::Field;

/// An endpoint with the fields of its request, for
/// [`Client::call_by_name`](crate::Client::call_by_name).
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// Definition of the endpoint.
    pub operation: &'static Operation,
    /// Documentation.
    pub doc: &'static str,
    /// Table of the fields in the format that [`fields`](Self::fields) parses: one line per field.
    #[doc(hidden)]
    pub table: &'static str,
}

impl Endpoint {
    /// Returns the fields of the request in the order of the spec.
    pub fn fields(&self) -> impl Iterator<Item = Field> + Clone + use<> {
        self.table.lines().filter_map(Field::parse_row)
    }
}
