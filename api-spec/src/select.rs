//! Some endpoints of an API, with what they need.

use std::collections::HashSet;

use crate::model::{Api, Endpoint, Field, Group, Response, Type};
use crate::names::RustName;

impl Api {
    /// Keeps the endpoints that one of the patterns names, those they poll, and the types that
    /// these mention. A pattern is an endpoint, as in `jobs.get`, or all of a group, as in `jobs.*`.
    ///
    /// # Errors
    ///
    /// The first pattern that names nothing.
    ///
    /// # Example
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
        let mut chosen = HashSet::new();
        for pattern in patterns {
            let before = chosen.len();
            chosen.extend(self.groups.iter().enumerate().flat_map(|(at, group)| {
                let named = group.endpoints.iter().enumerate();
                named
                    .filter(|(_, endpoint)| matches(pattern, group, endpoint))
                    .map(move |(index, _)| (at, index))
            }));
            let any = |group: &Group| group.endpoints.iter().any(|it| matches(pattern, group, it));
            if chosen.len() == before && !self.groups.iter().any(any) {
                return Err(pattern);
            }
        }
        let mut open: Vec<_> = chosen.iter().copied().collect();
        while let Some((group, endpoint)) = open.pop() {
            if let Some(poll) = self.poll_of(&self.groups[group].endpoints[endpoint])
                && chosen.insert(poll)
            {
                open.push(poll);
            }
        }
        for (at, group) in self.groups.iter_mut().enumerate() {
            let mut index = 0;
            group.endpoints.retain(|_| {
                index += 1;
                chosen.contains(&(at, index - 1))
            });
        }
        self.groups.retain(|group| !group.endpoints.is_empty());
        self.drop_unused();
        Ok(())
    }

    fn poll_of(&self, endpoint: &Endpoint) -> Option<(usize, usize)> {
        let wait = endpoint.wait.as_ref()?;
        let at = self.groups.iter().position(|it| it.rust == wait.group)?;
        let mut endpoints = self.groups[at].endpoints.iter();
        let index = endpoints.position(|endpoint| endpoint.rust == wait.poll)?;
        Some((at, index))
    }

    fn drop_unused(&mut self) {
        let mut used = HashSet::new();
        let mut open = Vec::new();
        for endpoint in self.groups.iter().flat_map(|group| &group.endpoints) {
            mention_fields(endpoint.fields(), &mut open);
            mention_response(&endpoint.response, &mut open);
            mention_fields(
                endpoint.response_headers.iter().flat_map(|it| &it.headers),
                &mut open,
            );
            endpoint.error.iter().for_each(|ty| mention(ty, &mut open));
            open.extend(endpoint.wait.as_ref().map(|wait| wait.status.clone()));
        }
        while let Some(name) = open.pop() {
            if !used.insert(name.clone()) {
                continue;
            }
            let structs = self.structs.iter().filter(|item| item.name == name);
            mention_fields(structs.flat_map(|item| &item.fields), &mut open);
            let unions = self.unions.iter().filter(|item| item.name == name);
            let variants = unions.flat_map(|item| &item.variants);
            mention_fields(variants.flat_map(|variant| &variant.body.fields), &mut open);
        }
        self.ids.retain(|item| used.contains(&item.name));
        self.enums.retain(|item| used.contains(&item.name));
        self.structs.retain(|item| used.contains(&item.name));
        self.unions.retain(|item| used.contains(&item.name));
    }
}

fn matches(pattern: &str, group: &Group, endpoint: &Endpoint) -> bool {
    pattern.split_once('.').is_some_and(|(first, second)| {
        first == group.key && (second == "*" || second == endpoint.key)
    })
}

fn mention_fields<'f>(fields: impl Iterator<Item = &'f Field>, into: &mut Vec<RustName>) {
    fields.for_each(|field| mention(&field.ty, into));
}

fn mention_response(response: &Response, into: &mut Vec<RustName>) {
    match response {
        Response::Nothing | Response::Text | Response::Bytes | Response::Stream => {}
        Response::Object(object) => mention_fields(object.fields.iter(), into),
        Response::Value(ty) => mention(ty, into),
        Response::ByStatus(cases) => {
            for case in &cases.cases {
                mention_response(&case.response, into);
            }
        }
    }
}

fn mention(ty: &Type, into: &mut Vec<RustName>) {
    match ty {
        Type::Id(name) | Type::Enum(name) | Type::Struct(name) | Type::Union(name) => {
            into.push(name.clone());
        }
        Type::Optional(inner) | Type::Nullable(inner) | Type::List(inner) | Type::Map(inner) => {
            mention(inner, into);
        }
        Type::String
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Json
        | Type::File
        | Type::Builtin(_) => {}
    }
}
