//! Selection of endpoints and of the types they use.

use std::collections::HashSet;

use super::api::Api;
use super::declared::Union;
use super::endpoint::Endpoint;
use super::field::Field;
use super::names::RustName;
use super::response::Response;
use super::types::Type;
use super::waiter::StatusType;

impl Api {
    /// Keeps the endpoints that match one of the patterns, the endpoints they poll, and the types used
    /// by all of these. A pattern is an endpoint, e.g. `jobs.get`, or a whole group, e.g. `jobs.*`.
    ///
    /// # Errors
    ///
    /// Returns the first pattern that matches no endpoint.
    ///
    /// # Examples
    ///
    /// ```
    /// # let source = api_spec::Source::new("jobs.toml", "[api]\nname = \"Jobs\"\ndoc = \"Jobs.\"\n
    /// # [endpoints.jobs.get]\ndoc = \"Shows.\"\nhttp = \"GET /get\"\n
    /// # [endpoints.jobs.list]\ndoc = \"Lists.\"\nhttp = \"GET /list\"\n");
    /// let mut api = api_spec::parse(&source).api.unwrap();
    /// assert_eq!(api.select(&["jobs.gte"]), Err("jobs.gte"));
    /// api.select(&["jobs.get"]).unwrap();
    /// assert_eq!(api.groups[0].endpoints.len(), 1);
    /// ```
    pub fn select<'p>(&mut self, patterns: &[&'p str]) -> Result<(), &'p str> {
        let mut selected = HashSet::new();
        for pattern in patterns {
            let matching = self.matching(pattern);
            if matching.is_empty() {
                return Err(pattern);
            }
            selected.extend(matching);
        }
        let mut pending: Vec<_> = selected.iter().copied().collect();
        while let Some((group, endpoint)) = pending.pop() {
            if let Some(poll) = self.poll_of(&self.groups[group].endpoints[endpoint])
                && selected.insert(poll)
            {
                pending.push(poll);
            }
        }
        for (at, group) in self.groups.iter_mut().enumerate() {
            let mut index = 0;
            group.endpoints.retain(|_| {
                index += 1;
                selected.contains(&(at, index - 1))
            });
        }
        self.groups.retain(|group| !group.endpoints.is_empty());
        self.remove_unused_types();
        Ok(())
    }

    /// Returns the endpoints that match the pattern, as indices of group and endpoint.
    fn matching(&self, pattern: &str) -> Vec<(usize, usize)> {
        let Some((group_key, endpoint_key)) = pattern.split_once('.') else {
            return Vec::new();
        };
        let groups = self.groups.iter().enumerate();
        groups
            .filter(|(_, group)| group.key == group_key)
            .flat_map(|(at, group)| {
                let endpoints = group.endpoints.iter().enumerate();
                endpoints
                    .filter(|(_, it)| endpoint_key == "*" || endpoint_key == it.key)
                    .map(move |(index, _)| (at, index))
            })
            .collect()
    }

    fn poll_of(&self, endpoint: &Endpoint) -> Option<(usize, usize)> {
        let wait = endpoint.wait.as_ref()?;
        let at = self.groups.iter().position(|it| it.rust == wait.group)?;
        let mut endpoints = self.groups[at].endpoints.iter();
        let index = endpoints.position(|endpoint| endpoint.rust == wait.poll)?;
        Some((at, index))
    }

    fn remove_unused_types(&mut self) {
        let mut used = HashSet::new();
        let mut pending = Vec::new();
        for endpoint in self.groups.iter().flat_map(|group| &group.endpoints) {
            collect_fields(endpoint.fields(), &mut pending);
            collect_response(&endpoint.response, &mut pending);
            let headers = endpoint.response_headers.iter().flat_map(|it| &it.headers);
            collect_fields(headers, &mut pending);
            pending.extend(endpoint.error.iter().filter_map(declared));
            if let Some(StatusType::Enum(name)) = endpoint.wait.as_ref().map(|wait| &wait.status) {
                pending.push(name.clone());
            }
        }
        while let Some(name) = pending.pop() {
            if !used.insert(name.clone()) {
                continue;
            }
            let structs = self.structs.iter().filter(|item| item.name == name);
            collect_fields(structs.flat_map(|item| &item.fields), &mut pending);
            let unions = self.unions.iter().filter(|item| item.name == name);
            let types = unions.flat_map(Union::types);
            pending.extend(types.filter_map(declared));
        }
        self.ids.retain(|item| used.contains(&item.name));
        self.enums.retain(|item| used.contains(&item.name));
        self.structs.retain(|item| used.contains(&item.name));
        self.unions.retain(|item| used.contains(&item.name));
    }
}

fn declared(ty: &Type) -> Option<RustName> {
    ty.declared().cloned()
}

fn collect_fields<'f>(fields: impl Iterator<Item = &'f Field>, into: &mut Vec<RustName>) {
    into.extend(fields.filter_map(|field| declared(&field.ty)));
}

fn collect_response(response: &Response, into: &mut Vec<RustName>) {
    match response {
        Response::Nothing | Response::Text | Response::Bytes | Response::Stream => {}
        Response::Object(object) => collect_fields(object.fields.iter(), into),
        Response::Value(ty) => into.extend(declared(ty)),
        Response::Events(events) => collect_response(&events.item, into),
        Response::ByStatus(cases) => {
            for case in &cases.cases {
                collect_response(&case.response, into);
                collect_fields(case.headers.iter().flat_map(|it| &it.headers), into);
            }
        }
    }
}
