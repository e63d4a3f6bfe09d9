//! Names of the items with errors.

use std::collections::HashSet;

use super::draft::{Draft, EndpointDraft, InvalidField, Item, Named, Part, Role, TypeDraft};
use super::names::module_name;
use crate::model::names::{RustName, is_identifier};
use crate::model::{Endpoint, Field, Response, Struct, Stub, StubKind};

/// Returns the names that the items with errors would have, except for those of items without errors.
pub(super) fn collect(draft: &Draft<'_>) -> Vec<Stub> {
    let mut names = Names::default();
    for declared in draft.types.iter().filter(|it| it.status.is_ok()) {
        names
            .present
            .extend(declared.names.iter().map(|it| key(None, it)));
    }
    for endpoint in &draft.endpoints {
        let present = endpoint
            .names
            .iter()
            .filter(|it| is_generated(endpoint, it.role));
        let group = module_name(endpoint.group);
        let present = present.map(|it| key(Some(&group), it));
        names.present.extend(present);
    }
    names.add_access(draft);
    for declared in &draft.types {
        for name in &declared.names {
            names.add(None, name, || fields_of_type(declared, name));
        }
    }
    for endpoint in &draft.endpoints {
        let group = module_name(endpoint.group);
        for name in &endpoint.names {
            names.add(Some(&group), name, || fields_of_endpoint(endpoint, name));
        }
    }
    names.stubs
}

/// Returns whether an item of the endpoint is generated.
fn is_generated(endpoint: &EndpointDraft<'_>, role: Role) -> bool {
    let exists = match role {
        Role::Pager => endpoint.model.pages.is_some(),
        Role::Waiter | Role::Progress => endpoint.model.wait.is_some(),
        _ => true,
    };
    exists && endpoint.status.is_ok()
}

/// A name in the module of a group or of the client, in the namespace of functions or of types.
type Key = (Option<RustName>, RustName, bool);

fn key(group: Option<&RustName>, named: &Named) -> Key {
    let is_function = named.role.is_function();
    (group.cloned(), named.name.clone(), is_function)
}

#[derive(Default)]
struct Names {
    present: HashSet<Key>,
    stubs: Vec<Stub>,
}

impl Names {
    /// Adds a name that no item has.
    fn add(
        &mut self,
        group: Option<&RustName>,
        named: &Named,
        fields: impl FnOnce() -> Vec<RustName>,
    ) {
        let is_valid = |name: &RustName| is_identifier(name.unraw());
        if !is_valid(&named.name) || !group.is_none_or(is_valid) {
            return;
        }
        if !self.present.insert(key(group, named)) {
            return;
        }
        let kind = if named.role.is_function() {
            StubKind::Function
        } else {
            StubKind::Type(without_duplicates(fields()))
        };
        self.stubs.push(Stub {
            group: group.cloned(),
            name: named.name.clone(),
            kind,
        });
    }

    /// Adds the items that depend on the base URL and the authentication scheme, if one of these has
    /// an error.
    fn add_access(&mut self, draft: &Draft<'_>) {
        let has = |key| draft.spec.api().is_some_and(|api| api.entry(key).is_some());
        let (has_url, has_auth) = (has("url"), has("auth"));
        if has_auth && draft.auth.is_none() || has_url && draft.url.is_none() {
            self.add_item("builder", StubKind::Function);
            if has_url {
                self.add_item("BASE_URL", StubKind::Constant);
            }
        }
    }

    fn add_item(&mut self, name: &str, kind: StubKind) {
        self.stubs.push(Stub {
            group: None,
            name: RustName::escape(name.to_owned()),
            kind,
        });
    }
}

fn fields_of_type(declared: &TypeDraft<'_>, named: &Named) -> Vec<RustName> {
    let fields = match &declared.item {
        Item::Id(_) | Item::Enum(_) => return Vec::new(),
        Item::Struct(_) if named.role != Role::Type => return Vec::new(),
        Item::Union(_) if named.role == Role::Type => return Vec::new(),
        Item::Struct(item) => names(&item.fields),
        Item::Union(item) => {
            let mut variants = item.variants.iter().map(|variant| &variant.body);
            let body = variants.find(|body| body.name == named.name);
            body.map_or_else(Vec::new, |body| names(&body.fields))
        }
    };
    // The fields of the variants of a union are not told apart.
    [fields, invalid(&declared.invalid, &[Part::Object])].concat()
}

fn fields_of_endpoint(endpoint: &EndpointDraft<'_>, named: &Named) -> Vec<RustName> {
    let model = &endpoint.model;
    let (valid, parts): (_, &[Part]) = match named.role {
        Role::Request => (names(model.fields()), &[Part::Request]),
        Role::Response => (
            fields_of_response(model),
            &[Part::Object, Part::ResponseHeader],
        ),
        Role::CaseResponse => (fields_of_case(model, &named.name), &[Part::Object]),
        _ => return Vec::new(),
    };
    [valid, invalid(&endpoint.invalid, parts)].concat()
}

fn fields_of_response(endpoint: &Endpoint) -> Vec<RustName> {
    let headers = endpoint.response_headers.iter();
    let headers = headers.flat_map(|headers| &headers.headers);
    if let Response::Object(item) = &endpoint.response {
        return names(item.fields.iter().chain(headers));
    }
    // The field of a body beside headers.
    let body = RustName::escape("body".to_owned());
    [names(headers), vec![body]].concat()
}

fn fields_of_case(endpoint: &Endpoint, name: &RustName) -> Vec<RustName> {
    let Response::ByStatus(cases) = &endpoint.response else {
        return Vec::new();
    };
    let objects = cases.cases.iter().filter_map(|case| match &case.response {
        Response::Object(item) => Some(item),
        _ => None,
    });
    let named = |item: &&Struct| item.name == *name;
    let item = objects.into_iter().find(named);
    item.map_or_else(Vec::new, |item| names(&item.fields))
}

fn names<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Vec<RustName> {
    fields.into_iter().map(|field| field.rust.clone()).collect()
}

fn invalid(fields: &[InvalidField], parts: &[Part]) -> Vec<RustName> {
    let fields = fields.iter().filter(|field| parts.contains(&field.part));
    fields.filter_map(|field| field.rust.clone()).collect()
}

fn without_duplicates(mut names: Vec<RustName>) -> Vec<RustName> {
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}
