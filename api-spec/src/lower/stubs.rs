//! Names of the items with errors.

use std::collections::HashSet;

use super::draft::{Draft, EndpointDraft, InvalidField, Item, Named, Part, Role, TypeDraft};
use super::names::module_name;
use crate::model::names::{RustName, is_identifier};
use crate::model::{Endpoint, Field, Response, Struct, Stub, StubKind};
use crate::read::raw::Entry;

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
            names.add(None, name, || {
                StubKind::Type(fields_of_type(declared, name))
            });
        }
    }
    for endpoint in &draft.endpoints {
        let group = module_name(endpoint.group);
        for name in &endpoint.names {
            names.add(Some(&group), name, || kind_in_group(endpoint, name));
        }
    }
    names.stubs
}

/// Returns whether neither the base URL nor the authentication scheme has an error.
pub(super) fn has_valid_access(draft: &Draft<'_>) -> bool {
    let has = |key| draft.spec.api().is_some_and(|api| api.entry(key).is_some());
    (draft.auth.is_some() || !has("auth")) && (draft.url.is_some() || !has("url"))
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
    fn add(&mut self, group: Option<&RustName>, named: &Named, kind: impl FnOnce() -> StubKind) {
        let is_valid = |name: &RustName| is_identifier(name.unraw());
        if !is_valid(&named.name) || !group.is_none_or(is_valid) {
            return;
        }
        if !self.present.insert(key(group, named)) {
            return;
        }
        self.stubs.push(Stub {
            group: group.cloned(),
            name: named.name.clone(),
            kind: kind(),
        });
    }

    /// Adds the items that depend on the base URL and the authentication scheme, if one of these has
    /// an error.
    fn add_access(&mut self, draft: &Draft<'_>) {
        let has = |key| draft.spec.api().is_some_and(|api| api.entry(key).is_some());
        if !has_valid_access(draft) {
            // The number of parameters depends on the authentication scheme.
            self.add_item("builder");
            if has("url") {
                self.add_item("BASE_URL");
            }
        }
    }

    fn add_item(&mut self, name: &str) {
        self.stubs.push(Stub {
            group: None,
            name: RustName::escape(name.to_owned()),
            kind: StubKind::Constant,
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
    without_duplicates([fields, invalid(&declared.invalid, &[Part::Object])].concat())
}

fn kind_in_group(endpoint: &EndpointDraft<'_>, named: &Named) -> StubKind {
    let model = &endpoint.model;
    let (valid, parts): (_, &[Part]) = match named.role {
        // The client, the request, and the writer of a stream.
        Role::Function if model.response == Response::Stream => return StubKind::Function(3),
        // The client and the request.
        Role::Function | Role::Pager => return StubKind::Function(2),
        Role::Waiter => return StubKind::Function(parameters_of_waiter(endpoint)),
        // The response of the poll.
        Role::Progress => return StubKind::Function(1),
        Role::Request => (names(model.fields()), &[Part::Request]),
        Role::Response => (
            fields_of_response(model),
            &[Part::Object, Part::ResponseHeader],
        ),
        Role::Event => (Vec::new(), &[Part::Object]),
        Role::CaseResponse => (fields_of_case(model, &named.name), &[Part::Object]),
        Role::Type | Role::VariantStruct => (Vec::new(), &[]),
    };
    let fields = [valid, invalid(&endpoint.invalid, parts)].concat();
    StubKind::Type(without_duplicates(fields))
}

/// Returns the number of parameters of a waiter: the client, the request and the response if values are
/// bound to them, and the settings.
fn parameters_of_waiter(endpoint: &EndpointDraft<'_>) -> usize {
    let wait = endpoint.table("wait").map(|(_, table)| table);
    let entries = wait.map_or(&[][..], |wait| wait.map("bind"));
    let binds = |part: &str| {
        let mut sources = entries.iter().filter_map(Entry::string);
        usize::from(sources.any(|source| source.value.starts_with(part)))
    };
    2 + binds("request.") + binds("response.")
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
