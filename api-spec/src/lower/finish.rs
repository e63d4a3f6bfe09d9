//! Last step: from the draft to the model.

use std::collections::{HashMap, HashSet};

use super::draft::{Draft, EndpointDraft, Item};
use super::names::module_name;
use crate::model::names::RustName;
use crate::model::{Api, Condition, ErrorShape, Group, Transient, Waiter};
use crate::read::raw::{Entry, Spec, Table};
use crate::source::text::Text;

impl Draft<'_> {
    /// Returns the items without errors that use only types without errors.
    pub(crate) fn finish(self) -> Api {
        let invalid = self.invalid_types();
        let valid_endpoint = |endpoint: &EndpointDraft<'_>| {
            endpoint.status.is_ok() && !endpoint.uses.iter().any(|&index| invalid[index])
        };
        let endpoints = self.endpoints.into_iter().filter(valid_endpoint);
        let api = self.spec.api();
        let name = api.and_then(|api| api.string("name"));
        let mut model = Api {
            name: name.map_or_else(String::new, |name| name.value.clone()),
            doc: api.map_or_else(String::new, Table::doc),
            url: self.url,
            auth: self.auth,
            errors: error_shape(api),
            transient: transient(api),
            ids: Vec::new(),
            enums: Vec::new(),
            structs: Vec::new(),
            unions: Vec::new(),
            groups: groups(self.spec, endpoints),
        };
        remove_waiters_without_poll(&mut model);
        let types = self.types.into_iter().zip(&invalid);
        for (declared, _) in types.filter(|(_, invalid)| !**invalid) {
            match declared.item {
                Item::Id(item) => model.ids.push(item),
                Item::Enum(item) => model.enums.push(item),
                Item::Struct(item) => model.structs.push(item),
                Item::Union(item) => model.unions.push(item),
            }
        }
        model
    }

    /// Returns for each type whether it has an error or uses a type with one, directly or not.
    fn invalid_types(&self) -> Vec<bool> {
        let mut users = vec![Vec::new(); self.types.len()];
        for (user, declared) in self.types.iter().enumerate() {
            for &used in &declared.uses {
                users[used].push(user);
            }
        }
        let mut invalid: Vec<bool> = self.types.iter().map(|it| it.status.is_err()).collect();
        let mut pending: Vec<usize> = (0..invalid.len()).filter(|&index| invalid[index]).collect();
        while let Some(index) = pending.pop() {
            for &user in &users[index] {
                if !std::mem::replace(&mut invalid[user], true) {
                    pending.push(user);
                }
            }
        }
        invalid
    }
}

/// Removes waiters that poll an endpoint with an error.
fn remove_waiters_without_poll(api: &mut Api) {
    let valid: HashSet<(RustName, RustName)> = api
        .groups
        .iter()
        .flat_map(|group| group.endpoints.iter().map(|it| (&group.rust, &it.rust)))
        .map(|(group, function)| (group.clone(), function.clone()))
        .collect();
    let is_valid = |wait: &mut Waiter| valid.contains(&(wait.group.clone(), wait.poll.clone()));
    for endpoint in api.groups.iter_mut().flat_map(|group| &mut group.endpoints) {
        endpoint.wait = endpoint.wait.take_if(is_valid);
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
    let equal = entries("when").filter_map(|entry| condition(entry, true));
    let different = entries("unless").filter_map(|entry| condition(entry, false));
    ErrorShape {
        message: keys("message", ["message", "error"]),
        code: keys("code", ["code", "error_code"]),
        expired: strings(table, "expired"),
        conditions: equal.chain(different).collect(),
    }
}

fn condition(entry: &Entry, equal: bool) -> Option<Condition> {
    Some(Condition {
        key: entry.key.value.clone(),
        value: entry.literal()?.clone(),
        equal,
    })
}

fn owned(list: &[Text]) -> Vec<String> {
    list.iter().map(|text| text.value.clone()).collect()
}

/// Returns the groups in the order in which the spec mentions them first.
fn groups<'r>(spec: &Spec, endpoints: impl Iterator<Item = EndpointDraft<'r>>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut indices: HashMap<String, usize> = HashMap::new();
    let mut index_of = |groups: &mut Vec<Group>, key: &Text, doc: String| {
        *indices.entry(key.value.clone()).or_insert_with(|| {
            groups.push(Group {
                key: key.value.clone(),
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
