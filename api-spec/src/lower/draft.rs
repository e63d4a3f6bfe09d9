//! Draft of the model: lowered items beside the entries of the spec they come from.

use crate::diagnostics::Reported;
use crate::model::names::RustName;
use crate::model::{Auth, Endpoint, Enum, Id, Struct, Union};
use crate::read::raw::{Entry, Spec, Table};
use crate::source::Span;
use crate::source::text::Text;

/// A spec with lowered items. Items with errors are kept for the checks that need their names.
pub(crate) struct Draft<'r> {
    pub(crate) spec: &'r Spec,
    pub(crate) types: Vec<TypeDraft<'r>>,
    pub(crate) endpoints: Vec<EndpointDraft<'r>>,
    pub(crate) url: Option<String>,
    pub(crate) auth: Option<Auth>,
}

/// A declared type.
pub(crate) struct TypeDraft<'r> {
    pub(crate) entry: &'r Entry,
    /// The type, without the parts that have errors.
    pub(crate) item: Item,
    pub(crate) status: Result<(), Reported>,
    /// The fields with errors, which the item lacks.
    pub(crate) invalid: Vec<InvalidField>,
    /// The names that it adds to the module of types.
    pub(crate) names: Vec<Named>,
    /// The types it uses, as indices into [`Draft::types`].
    pub(crate) uses: Vec<usize>,
    /// The types it contains without a list or map in between.
    pub(crate) contains: Vec<Contained>,
}

/// A declared type in another one.
#[derive(Clone, Copy)]
pub(crate) struct Contained {
    /// The index into [`Draft::types`].
    pub(crate) target: usize,
    /// The field of this type, or the JSON kind.
    pub(crate) span: Span,
    /// `true` if a value of the outer type may exist without one of the inner type.
    pub(crate) is_optional: bool,
}

pub(crate) enum Item {
    Id(Id),
    Enum(Enum),
    Struct(Struct),
    Union(Union),
}

/// An endpoint.
pub(crate) struct EndpointDraft<'r> {
    pub(crate) group: &'r Text,
    pub(crate) entry: &'r Entry,
    /// The endpoint, without the parts that have errors.
    pub(crate) model: Endpoint,
    pub(crate) status: Result<(), Reported>,
    /// The errors of the response, except for those of its fields.
    pub(crate) response: Result<(), Reported>,
    /// The fields with errors, which the model lacks.
    pub(crate) invalid: Vec<InvalidField>,
    /// The names that it adds to the module of its group.
    pub(crate) names: Vec<Named>,
    /// The types it uses, as indices into [`Draft::types`].
    pub(crate) uses: Vec<usize>,
}

impl<'r> EndpointDraft<'r> {
    /// Returns a table of the endpoint, e.g. `wait`.
    pub(crate) fn table(&self, name: &str) -> Option<(&'r Text, &'r Table)> {
        let entry = self.entry.table()?.entry(name)?;
        Some((&entry.key, entry.table()?))
    }
}

/// A field with an error.
#[derive(Clone)]
pub(crate) struct InvalidField {
    pub(crate) part: Part,
    pub(crate) wire: String,
    /// The name in Rust, if it is valid.
    pub(crate) rust: Option<RustName>,
    pub(crate) error: Reported,
}

/// The part of an item that contains a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Request,
    /// The object in a response, or a declared type.
    Object,
    ResponseHeader,
}

/// A name in a generated module.
pub(crate) struct Named {
    pub(crate) name: RustName,
    pub(crate) span: Span,
    pub(crate) role: Role,
}

/// The generated item that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Type,
    VariantStruct,
    Function,
    Pager,
    Waiter,
    Progress,
    Request,
    Response,
    CaseResponse,
    Event,
}

impl Role {
    pub(crate) const fn is_function(self) -> bool {
        matches!(
            self,
            Self::Function | Self::Pager | Self::Waiter | Self::Progress
        )
    }

    /// Returns whether the key `rust` changes the name.
    pub(crate) const fn is_renamable(self) -> bool {
        !matches!(self, Self::Type)
    }

    /// Returns the label of the item in messages.
    pub(crate) fn label(self, name: &RustName) -> String {
        match self {
            Self::Type => format!("type `{name}` is declared here"),
            Self::VariantStruct => format!("the struct of this variant is `{name}`"),
            Self::Function => format!("its function is `{name}`"),
            Self::Pager => format!("its function for all pages is `{name}`"),
            Self::Waiter => format!("its waiter is `{name}`"),
            Self::Progress => format!("its progress function is `{name}`"),
            Self::Request => format!("its request struct is `{name}`"),
            Self::Response => format!("its response type is `{name}`"),
            Self::CaseResponse => format!("the struct of one of its responses is `{name}`"),
            Self::Event => format!("the struct of its events is `{name}`"),
        }
    }
}

/// The generated names of an endpoint.
pub(crate) struct GeneratedNames {
    /// The first part of the names of types, e.g. `Create` in `CreateResponse`.
    pub(crate) stem: String,
    pub(crate) span: Span,
    pub(crate) list: Vec<Named>,
}

impl GeneratedNames {
    pub(crate) fn add(&mut self, name: RustName, role: Role) {
        self.list.push(Named {
            name,
            span: self.span,
            role,
        });
    }

    /// Adds the name of a type, and returns it. Without a stem, the name of the endpoint is invalid,
    /// and so are the ones derived from it.
    pub(crate) fn add_type(&mut self, suffix: &str, role: Role) -> RustName {
        let name = RustName::escape(format!("{}{suffix}", self.stem));
        if !self.stem.is_empty() {
            self.add(name.clone(), role);
        }
        name
    }
}
