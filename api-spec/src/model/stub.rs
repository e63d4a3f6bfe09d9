//! Names of items with errors.

use super::names::RustName;

/// A name of an item with errors, which the [`Api`](super::Api) lacks.
///
/// Generated code declares it nevertheless, so that only the errors of the spec are reported, and no
/// unresolved names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stub {
    /// The module of the group, or `None` if it is not in a group.
    pub group: Option<RustName>,
    /// The name.
    pub name: RustName,
    /// The kind of the item.
    pub kind: StubKind,
}

/// The kind of the item of a [`Stub`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StubKind {
    /// A function with this number of parameters.
    Function(usize),
    /// A type, with the names of its fields as far as they are known.
    Type(Vec<RustName>),
    /// A constant.
    Constant,
}
