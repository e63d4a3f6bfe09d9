//! From the draft to the model.

use std::collections::{HashMap, HashSet};

use super::{Call, Draft, Item, module_name};
use crate::model;
use crate::names::RustName;
use crate::raw::{self, Text};

impl Draft<'_> {
    /// Keeps what is sound: items without faults whose types are sound as well.
    pub(crate) fn finish(mut self) -> model::Api {
        let dead = self.dead_types();
        for call in &mut self.calls {
            call.faulty |= call.needs.iter().any(|&need| dead[need]);
        }
        self.drop_stray_waiters();
        let mut api = model::Api {
            name: self
                .raw
                .api
                .name
                .as_ref()
                .map(|name| name.value.clone())
                .unwrap_or_default(),
            doc: self.raw.api.doc.clone(),
            url: self.url,
            auth: self.auth,
            errors: lower_errors(&self.raw.api),
            transient: lower_transient(&self.raw.api),
            ids: Vec::new(),
            enums: Vec::new(),
            structs: Vec::new(),
            unions: Vec::new(),
            groups: lower_groups(self.raw, self.calls),
        };
        for (declared, _) in self.types.into_iter().zip(dead).filter(|(_, dead)| !dead) {
            match declared.item {
                Item::Id(item) => api.ids.push(item),
                Item::Enum(item, _) => api.enums.push(item),
                Item::Struct(item) => api.structs.push(item),
                Item::Union(item, _) => api.unions.push(item),
            }
        }
        api
    }

    /// Faulty types, and those that need one of them by whatever way.
    fn dead_types(&self) -> Vec<bool> {
        let mut users = vec![Vec::new(); self.types.len()];
        for (user, declared) in self.types.iter().enumerate() {
            for &need in &declared.needs {
                users[need].push(user);
            }
        }
        let mut dead: Vec<bool> = self.types.iter().map(|declared| declared.faulty).collect();
        let mut open: Vec<usize> = (0..dead.len()).filter(|&index| dead[index]).collect();
        while let Some(index) = open.pop() {
            for &user in &users[index] {
                if !std::mem::replace(&mut dead[user], true) {
                    open.push(user);
                }
            }
        }
        dead
    }

    /// Drops waiters whose poll is dropped.
    fn drop_stray_waiters(&mut self) {
        let sound: HashSet<(RustName, RustName)> = self
            .calls
            .iter()
            .filter(|call| !call.faulty)
            .map(|call| (module_name(&call.raw.group), call.model.rust.clone()))
            .collect();
        for call in &mut self.calls {
            let stands =
                |wait: &mut model::Waiter| sound.contains(&(wait.group.clone(), wait.poll.clone()));
            call.model.wait = call.model.wait.take_if(stands);
        }
    }
}

fn lower_transient(api: &raw::Api) -> model::Transient {
    let owned = |words: &[Text]| words.iter().map(|word| word.value.clone()).collect();
    model::Transient {
        refused: owned(&api.refused),
        failed: owned(&api.failed),
    }
}

fn lower_errors(api: &raw::Api) -> model::ErrorShape {
    let words = |given: &Option<Vec<Text>>, default: [&str; 2]| match given {
        Some(words) => words.iter().map(|word| word.value.clone()).collect(),
        None => default.map(str::to_owned).to_vec(),
    };
    model::ErrorShape {
        message: words(&api.message, ["message", "error"]),
        code: words(&api.code, ["code", "error_code"]),
        conditions: conditions(&api.when, true)
            .chain(conditions(&api.unless, false))
            .collect(),
    }
}

fn conditions(
    given: &[(Text, model::Literal)],
    equal: bool,
) -> impl Iterator<Item = model::Condition> {
    given.iter().map(move |(key, value)| model::Condition {
        key: key.value.clone(),
        value: value.clone(),
        equal,
    })
}

/// Groups in the order in which the file first mentions them.
fn lower_groups(raw: &raw::Document, calls: Vec<Call<'_>>) -> Vec<model::Group> {
    let mut groups: Vec<model::Group> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut place = |groups: &mut Vec<model::Group>, key: &Text, doc: &str| {
        *places.entry(key.value.clone()).or_insert_with(|| {
            groups.push(model::Group {
                key: key.value.clone(),
                rust: module_name(key),
                doc: doc.to_owned(),
                endpoints: Vec::new(),
            });
            groups.len() - 1
        })
    };
    for group in &raw.groups {
        place(&mut groups, &group.key, &group.doc);
    }
    for call in calls.into_iter().filter(|call| !call.faulty) {
        let index = place(&mut groups, &call.raw.group, "");
        groups[index].endpoints.push(call.model);
    }
    groups.retain(|group| !group.endpoints.is_empty());
    groups
}
