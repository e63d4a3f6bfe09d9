//! Last step: from the draft to the model.

use std::collections::{HashMap, HashSet};

use super::draft::{Draft, EndpointDraft, Item};
use super::names::module_name;
use super::stubs;
use crate::model::names::RustName;
use crate::model::{Api, Condition, ErrorShape, Group, Literal, Stub, Test, Transient, Waiter};
use crate::read::raw::{Entry, Spec, Table};
use crate::source::text::Text;

impl Draft<'_> {
    /// Returns the items without errors that use only types without errors, and the names of the
    /// others.
    pub(crate) fn finish(mut self) -> (Api, Vec<Stub>) {
        self.reject_users_of_invalid_types();
        self.reject_waiters_without_poll();
        let stubs = stubs::collect(&self);
        // Items that depend on one of the two depend on the other as well.
        let (url, auth) = if stubs::has_valid_access(&self) {
            (self.url, self.auth)
        } else {
            (None, None)
        };
        let api = self.spec.api();
        let name = api.and_then(|api| api.string("name"));
        let endpoints = self.endpoints.into_iter().filter(|it| it.status.is_ok());
        let mut model = Api {
            name: name.map_or_else(String::new, |name| name.as_str().to_owned()),
            doc: api.map_or_else(String::new, Table::doc),
            url,
            auth,
            errors: error_shape(api),
            transient: transient(api),
            ids: Vec::new(),
            enums: Vec::new(),
            structs: Vec::new(),
            unions: Vec::new(),
            groups: groups(self.spec, endpoints),
        };
        for declared in self.types.into_iter().filter(|it| it.status.is_ok()) {
            match declared.item {
                Item::Id(item) => model.ids.push(item),
                Item::Enum(item) => model.enums.push(item),
                Item::Struct(item) => model.structs.push(item),
                Item::Union(item) => model.unions.push(item),
            }
        }
        (model, stubs)
    }

    /// Extends the errors of types to the items that use them, directly or not.
    fn reject_users_of_invalid_types(&mut self) {
        let mut users = vec![Vec::new(); self.types.len()];
        for (user, declared) in self.types.iter().enumerate() {
            for &used in &declared.uses {
                users[used].push(user);
            }
        }
        let types = self.types.iter().enumerate();
        let mut pending: Vec<usize> = types
            .filter(|(_, it)| it.status.is_err())
            .map(|(index, _)| index)
            .collect();
        while let Some(index) = pending.pop() {
            for &user in &users[index] {
                if self.types[user].status.is_ok() {
                    self.types[user].status = self.types[index].status;
                    pending.push(user);
                }
            }
        }
        for endpoint in &mut self.endpoints {
            let mut used = endpoint.uses.iter().map(|&index| self.types[index].status);
            endpoint.status = endpoint
                .status
                .and(used.find(Result::is_err).unwrap_or(Ok(())));
        }
    }

    /// Removes waiters that poll an endpoint with an error.
    fn reject_waiters_without_poll(&mut self) {
        let valid = self.endpoints.iter().filter(|it| it.status.is_ok());
        let valid: HashSet<(RustName, RustName)> = valid
            .map(|it| (module_name(it.group), it.model.rust.clone()))
            .collect();
        let is_valid = |wait: &mut Waiter| valid.contains(&(wait.group.clone(), wait.poll.clone()));
        for endpoint in &mut self.endpoints {
            endpoint.model.wait = endpoint.model.wait.take_if(is_valid);
        }
    }
}

fn transient(api: Option<&Table>) -> Transient {
    let table = api.and_then(|api| api.table("transient"));
    Transient {
        refused: strings(table, "refused"),
        failed: strings(table, "failed"),
    }
}

fn strings(table: Option<&Table>, key: &str) -> Vec<String> {
    let list = table.and_then(|table| table.string_list(key));
    owned(list.unwrap_or_default())
}

fn error_shape(api: Option<&Table>) -> ErrorShape {
    let table = api.and_then(|api| api.table("errors"));
    let keys = |key, default: [&str; 2]| {
        let keys = table.and_then(|table| table.string_list(key));
        keys.map_or_else(|| default.map(str::to_owned).to_vec(), owned)
    };
    let entries = |key| table.map_or(&[][..], |table| table.map(key)).iter();
    let equal = entries("when").filter_map(|entry| condition(entry, Test::Equal));
    let different = entries("unless").filter_map(|entry| condition(entry, Test::Different));
    let present = strings(table, "when_present").into_iter();
    let present = present.map(|key| Condition {
        key,
        test: Test::Present,
    });
    ErrorShape {
        message: keys("message", ["message", "error"]),
        code: keys("code", ["code", "error_code"]),
        expired: strings(table, "expired"),
        conditions: equal.chain(different).chain(present).collect(),
    }
}

fn condition(entry: &Entry, test: fn(Literal) -> Test) -> Option<Condition> {
    Some(Condition {
        key: entry.key.as_str().to_owned(),
        test: test(entry.literal()?.clone()),
    })
}

fn owned(list: &[Text]) -> Vec<String> {
    list.iter().map(|text| text.as_str().to_owned()).collect()
}

/// Returns the groups in the order in which the spec mentions them first.
fn groups<'r>(spec: &Spec, endpoints: impl Iterator<Item = EndpointDraft<'r>>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut indices: HashMap<String, usize> = HashMap::new();
    let mut index_of = |groups: &mut Vec<Group>, key: &Text, doc: String| {
        *indices.entry(key.as_str().to_owned()).or_insert_with(|| {
            groups.push(Group {
                key: key.as_str().to_owned(),
                rust: module_name(key),
                doc,
                endpoints: Vec::new(),
            });
            groups.len() - 1
        })
    };
    for group in spec.entries("groups") {
        index_of(&mut groups, &group.key, group.doc());
    }
    for endpoint in endpoints {
        let index = index_of(&mut groups, endpoint.group, String::new());
        groups[index].endpoints.push(endpoint.model);
    }
    groups.retain(|group| !group.endpoints.is_empty());
    groups
}
