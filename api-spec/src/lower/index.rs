//! Index of the items of a draft, for the parts of endpoints that refer to other items.

use std::collections::HashMap;

use super::draft::{Draft, EndpointDraft, InvalidField, Item, Part, TypeDraft};
use super::endpoints::REQUEST_PARTS;
use crate::diagnostics::Reported;
use crate::model::names::RustName;
use crate::model::{Field, Response, Struct, Type};
use crate::source::text::Text;

pub(super) struct Index<'a, 'r> {
    draft: &'a Draft<'r>,
    endpoints: HashMap<(&'r str, &'r str), usize>,
    types: HashMap<&'r str, usize>,
}

impl<'a, 'r> Index<'a, 'r> {
    pub(super) fn new(draft: &'a Draft<'r>) -> Self {
        let mut endpoints = HashMap::new();
        for (index, endpoint) in draft.endpoints.iter().enumerate() {
            let (group, entry): (&'r Text, &'r _) = (endpoint.group, endpoint.entry);
            let name = (group.as_str(), entry.key.as_str());
            endpoints.entry(name).or_insert(index);
        }
        let mut types = HashMap::new();
        for (index, declared) in draft.types.iter().enumerate() {
            types.entry(declared.entry.key.as_str()).or_insert(index);
        }
        Self {
            draft,
            endpoints,
            types,
        }
    }

    pub(super) fn endpoint(&self, group: &str, name: &str) -> Option<&'a EndpointDraft<'r>> {
        let index = self.endpoints.get(&(group, name))?;
        Some(&self.draft.endpoints[*index])
    }

    /// Returns the names of all endpoints, e.g. `jobs.get`.
    pub(super) fn endpoint_names(&self) -> Vec<String> {
        let endpoints = self.draft.endpoints.iter();
        endpoints
            .map(|it| format!("{}.{}", it.group.value, it.entry.key.value))
            .collect()
    }

    pub(super) fn declared(&self, name: &RustName) -> Option<&'a TypeDraft<'r>> {
        let index = self.types.get(name.unraw())?;
        Some(&self.draft.types[*index])
    }

    /// Returns the struct that a response consists of, either its own or a declared one. Returns an
    /// error if an earlier error may be the reason that there is none.
    pub(super) fn response_struct(
        &self,
        endpoint: &'a EndpointDraft<'r>,
    ) -> Result<Option<&'a Struct>, Reported> {
        let model = &endpoint.model;
        let item = match (&model.response, &model.response_headers) {
            (Response::Object(object), _) => Some(object),
            (Response::Value(Type::Struct(name)), _) => {
                match self.declared(name).map(|declared| &declared.item) {
                    Some(Item::Struct(item)) => Some(item),
                    _ => None,
                }
            }
            // A type with an error may be a struct.
            (Response::Nothing, _) => return endpoint.response.map(|()| None),
            _ => None,
        };
        Ok(item)
    }

    /// Returns the fields of the struct of a response, without its headers.
    pub(super) fn response(&self, endpoint: &'a EndpointDraft<'r>) -> Scope<'a> {
        let model = &endpoint.model;
        match (&model.response, self.response_struct(endpoint)) {
            (_, Err(reported)) => Scope::empty(Err(reported)),
            (_, Ok(None)) => Scope::empty(Ok(())),
            (Response::Value(Type::Struct(name)), Ok(Some(_))) => {
                let object = self.object(name);
                if model.response_headers.is_some() {
                    object.in_body()
                } else {
                    object
                }
            }
            (_, Ok(Some(item))) => Scope {
                in_body: Vec::new(),
                fields: item.fields.iter().collect(),
                invalid: invalid(&endpoint.invalid, Part::Object),
                complete: endpoint.response,
            },
        }
    }

    /// Returns the fields of a declared struct.
    pub(super) fn object(&self, name: &RustName) -> Scope<'a> {
        let Some(declared) = self.declared(name) else {
            return Scope::empty(Ok(()));
        };
        let Item::Struct(item) = &declared.item else {
            return Scope::empty(declared.status);
        };
        let table = declared.entry.table();
        Scope {
            in_body: Vec::new(),
            fields: item.fields.iter().collect(),
            invalid: invalid(&declared.invalid, Part::Object),
            complete: match table.filter(|table| table.entry("fields").is_some()) {
                Some(table) => table.complete(&["fields"]),
                None => declared.status,
            },
        }
    }

    /// Returns the fields of a response, including its headers.
    pub(super) fn response_and_headers(&self, endpoint: &'a EndpointDraft<'r>) -> Scope<'a> {
        self.response(endpoint).chain(response_headers(endpoint))
    }
}

/// Returns the fields of a request.
pub(super) fn request<'a>(endpoint: &'a EndpointDraft<'_>) -> Scope<'a> {
    let table = endpoint.entry.table();
    Scope {
        in_body: Vec::new(),
        fields: endpoint.model.fields().collect(),
        invalid: invalid(&endpoint.invalid, Part::Request),
        complete: table.map_or(endpoint.status, |it| it.complete(&REQUEST_PARTS)),
    }
}

/// Returns the declared headers of a response.
pub(super) fn response_headers<'a>(endpoint: &'a EndpointDraft<'_>) -> Scope<'a> {
    let headers = endpoint.model.response_headers.iter();
    let table = endpoint.entry.table();
    Scope {
        in_body: Vec::new(),
        fields: headers.flat_map(|it| &it.headers).collect(),
        invalid: invalid(&endpoint.invalid, Part::ResponseHeader),
        complete: table.map_or(endpoint.status, |it| it.complete(&["response_headers"])),
    }
}

fn invalid(fields: &[InvalidField], part: Part) -> Vec<&InvalidField> {
    fields.iter().filter(|field| field.part == part).collect()
}

/// The fields that a name can refer to.
pub(super) struct Scope<'a> {
    /// Fields of a response body that is the field `body` beside headers.
    in_body: Vec<&'a Field>,
    pub(super) fields: Vec<&'a Field>,
    invalid: Vec<&'a InvalidField>,
    /// The error of a part that may contain further fields.
    complete: Result<(), Reported>,
}

impl<'a> Scope<'a> {
    const fn empty(complete: Result<(), Reported>) -> Self {
        Self {
            in_body: Vec::new(),
            fields: Vec::new(),
            invalid: Vec::new(),
            complete,
        }
    }

    fn in_body(self) -> Self {
        Self {
            in_body: self.fields,
            fields: Vec::new(),
            ..self
        }
    }

    fn chain(mut self, other: Self) -> Self {
        self.in_body.extend(other.in_body);
        self.fields.extend(other.fields);
        self.invalid.extend(other.invalid);
        self.complete = self.complete.and(other.complete);
        self
    }

    /// Returns the field with this name on the wire. Returns an error if an earlier error may be the
    /// reason that there is none.
    pub(super) fn find(&self, name: &str) -> Result<Option<&'a Field>, Reported> {
        let mut fields = self.in_body.iter().chain(&self.fields).copied();
        let found = fields.find(|field| field.wire.as_str() == name);
        if found.is_some() {
            return Ok(found);
        }
        let invalid = self.invalid.iter().find(|field| field.wire == name);
        invalid.map_or(self.complete, |field| Err(field.error))?;
        Ok(None)
    }

    /// Returns the names of the fields on the wire.
    pub(super) fn names(&self) -> Vec<&'a str> {
        let fields = self.in_body.iter().chain(&self.fields);
        fields.map(|field| field.wire.as_str()).collect()
    }

    /// Returns whether a field of this scope is in the field `body`.
    pub(super) fn is_in_body(&self, field: &Field) -> bool {
        self.in_body.iter().any(|it| std::ptr::eq(*it, field))
    }
}
