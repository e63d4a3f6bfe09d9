//! The API as a whole.

use super::auth::Auth;
use super::declared::{Enum, Id, Struct, Union};
use super::endpoint::Endpoint;
use super::literal::Literal;
use super::names::RustName;

/// An API: its types and endpoints, and the settings they share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// The display name, e.g. "Databricks Command Execution".
    pub name: String,
    /// The documentation.
    pub doc: String,
    /// The base URL.
    pub url: Option<String>,
    /// The credentials of requests.
    pub auth: Option<Auth>,
    /// The fields of an error body that hold its message and its code.
    pub errors: ErrorShape,
    /// The messages of transient errors.
    pub transient: Transient,
    /// Newtypes over strings.
    pub ids: Vec<Id>,
    /// Open enums.
    pub enums: Vec<Enum>,
    /// Named structs.
    pub structs: Vec<Struct>,
    /// Unions: objects of one of several shapes.
    pub unions: Vec<Union>,
    /// The endpoints by group.
    pub groups: Vec<Group>,
}

impl Api {
    /// Returns the newtype with this name.
    pub fn id_named(&self, name: &RustName) -> Option<&Id> {
        self.ids.iter().find(|id| id.name == *name)
    }

    /// Returns the enum with this name.
    pub fn enum_named(&self, name: &RustName) -> Option<&Enum> {
        self.enums.iter().find(|item| item.name == *name)
    }

    /// Returns the struct with this name.
    pub fn struct_named(&self, name: &RustName) -> Option<&Struct> {
        self.structs.iter().find(|item| item.name == *name)
    }

    /// Returns the union with this name.
    pub fn union_named(&self, name: &RustName) -> Option<&Union> {
        self.unions.iter().find(|item| item.name == *name)
    }
}

/// Layout of the error bodies of an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorShape {
    /// Keys of the message, in order of preference; the first one with a string is used.
    pub message: Vec<String>,
    /// Keys of the error code, in order of preference; the first one with a string or a number is
    /// used.
    pub code: Vec<String>,
    /// Messages of a 400 or 403 for expired credentials, by the start of the message. `*` matches one
    /// word.
    pub expired: Vec<String>,
    /// Conditions under which the body of a successful status code is an error.
    pub conditions: Vec<Condition>,
}

/// Condition under which the body of a successful status code is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// A key of the body.
    pub key: String,
    /// The values that are an error.
    pub test: Test,
}

/// Test of a value in a [`Condition`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// An equal value.
    Equal(Literal),
    /// A different value.
    Different(Literal),
    /// A value other than null, `false`, 0 and empty values.
    Present,
}

/// Messages of errors that may not occur again when the request is repeated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transient {
    /// Messages for requests that were not processed, by the start of the message. `*` matches one
    /// word.
    pub refused: Vec<String>,
    /// Messages for requests that may have been processed, by a part of the message.
    pub failed: Vec<String>,
}

/// A group of endpoints: one module of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The name in the spec: `contexts` in `contexts.create`.
    pub key: String,
    /// The module.
    pub rust: RustName,
    /// The documentation; may be empty.
    pub doc: String,
    /// The endpoints of the group.
    pub endpoints: Vec<Endpoint>,
}
