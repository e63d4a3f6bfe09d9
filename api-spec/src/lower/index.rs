//! Index of the items of a draft, for the parts of endpoints that refer to other items.

use std::collections::HashMap;

use super::draft::{Draft, EndpointDraft, Item, TypeDraft};
use super::roots::Roots;
use crate::diagnostics::{Reported, as_ref};
use crate::model::names::RustName;
use crate::model::{Endpoint, Response, Struct, Type};
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

    /// Returns a declared struct.
    pub(super) fn struct_named(&self, name: &RustName) -> Result<Option<&'a Struct>, Reported> {
        let declared = self.declared(name).map(|declared| as_ref(&declared.item));
        Ok(match declared.transpose()? {
            Some(Item::Struct(item)) => Some(item),
            _ => None,
        })
    }

    /// Returns the fields of a response body, if it is an object of known fields.
    pub(super) fn body_fields(
        &self,
        endpoint: &'a Endpoint,
    ) -> Result<Option<Roots<'a>>, Reported> {
        match &endpoint.response {
            Response::Object(object) => Ok(Some(Roots::new(&object.fields))),
            Response::Value(Type::Struct(name)) => {
                let item = self.struct_named(name)?;
                Ok(item.map(|item| match &endpoint.response_headers {
                    Some(_) => Roots::in_body(&item.fields),
                    None => Roots::new(&item.fields),
                }))
            }
            _ => Ok(None),
        }
    }

    /// Returns the fields of a response, including its headers.
    pub(super) fn response_fields(&self, endpoint: &'a Endpoint) -> Result<Roots<'a>, Reported> {
        let body = self.body_fields(endpoint)?.unwrap_or_default();
        let headers = endpoint.response_headers.as_ref();
        Ok(body.with_headers(headers.map_or(&[], |headers| &headers.headers)))
    }
}
