//! Endpoints of a spec.

use api_runtime::types::RawJson;
use api_runtime::{Argument, Client, Error, Event, operation};
use api_spec::model::{self, Api, Direction, Field, Group, Response, Type};

use crate::describe;

/// Endpoint of a spec.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'a> {
    api: &'a Api,
    group: &'a Group,
    spec: &'a model::Endpoint,
}

impl<'a> Endpoint<'a> {
    /// Returns all endpoints of an API, in the order of the spec.
    pub fn all(api: &'a Api) -> impl Iterator<Item = Self> {
        api.groups.iter().flat_map(move |group| {
            let endpoints = group.endpoints.iter();
            endpoints.map(move |spec| Self { api, group, spec })
        })
    }

    /// Returns the endpoint with this name, e.g. `contexts.create`.
    pub fn find(api: &'a Api, name: &str) -> Option<Self> {
        let (group, endpoint) = name.split_once('.')?;
        Self::all(api).find(|item| item.group.key == group && item.spec.key == endpoint)
    }

    /// Returns the API of the endpoint.
    pub fn api(&self) -> &'a Api {
        self.api
    }

    /// Returns the part of the spec that defines the endpoint.
    pub fn spec(&self) -> &'a model::Endpoint {
        self.spec
    }

    /// Returns the group of the endpoint.
    pub fn group(&self) -> &'a Group {
        self.group
    }

    /// Returns the name of the endpoint, e.g. `contexts.create`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.group.key, self.spec.key)
    }

    /// Calls a function with the description of the endpoint, which equals the one in generated code.
    /// Its parts borrow from each other, so that it cannot be returned.
    pub fn describe<R>(&self, function: impl FnOnce(&operation::Endpoint<'_>) -> R) -> R {
        describe::describe(self.api, &self.name(), self.spec, function)
    }

    /// Calls the endpoint. See [`Client::call_by_name`].
    ///
    /// # Errors
    ///
    /// Those of [`Client::call_by_name`].
    pub fn call(
        &self,
        client: &Client,
        arguments: &[(String, Argument)],
    ) -> Result<RawJson, Error> {
        self.describe(|endpoint| client.call_by_name(endpoint, arguments))
    }

    /// Calls an endpoint whose response consists of events or lines, and passes each of them to `each`
    /// as it arrives. See [`Client::events_by_name`].
    ///
    /// # Errors
    ///
    /// Those of [`Client::events_by_name`] and of its iterator, and the errors of `each`, which end the
    /// call.
    pub fn for_each_event<E: From<Error>>(
        &self,
        client: &Client,
        arguments: &[(String, Argument)],
        mut each: impl FnMut(Event<RawJson>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.describe(|endpoint| {
            let mut events = client.events_by_name(endpoint, arguments)?;
            while let Some(event) = events.next_event() {
                each(event?)?;
            }
            Ok(())
        })
    }

    /// Returns the fields of the response, if it is an object.
    pub fn response_fields(&self) -> Option<Vec<&'a Field>> {
        let object = match &self.spec.response {
            Response::Object(object) => object,
            Response::Value(Type::Struct(name)) => self.api.struct_named(name)?,
            _ => return None,
        };
        let fields = object.fields.iter();
        Some(
            fields
                .filter(|it| it.exists_in(Direction::Response))
                .collect(),
        )
    }
}
