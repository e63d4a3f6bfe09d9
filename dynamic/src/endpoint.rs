//! Endpoints of a spec.

use std::io::Write;

use api_runtime::codec::ReadError;
use api_runtime::types::RawJson;
use api_runtime::{Argument, Client, Error, Event, RequestByName, operation};
use api_spec::model::{self, Api, Group};

use crate::describe;
use crate::mismatch::mismatch;
use crate::response::Response;
use crate::sent_fields;

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

    /// Calls a function with the definition of the endpoint and a request, e.g. to display it.
    ///
    /// JSON in arguments is sent unchanged, but without the fields that only responses have.
    ///
    /// # Errors
    ///
    /// Those of [`RequestByName::new`], and those of the function.
    pub fn with_request<T>(
        &self,
        arguments: &[(String, Argument)],
        function: impl FnOnce(&operation::Operation<'_>, &RequestByName<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let arguments = sent_fields::arguments(self.api, self.spec, arguments);
        self.describe(|endpoint| {
            let request = RequestByName::new(endpoint, &arguments)?;
            function(endpoint.operation, &request)
        })
    }

    /// Calls the endpoint. A response of events or lines is a list, once it has ended.
    ///
    /// # Errors
    ///
    /// Those of [`Client::call_by_name`];
    /// [`ErrorKind::InvalidResponse`](api_runtime::ErrorKind::InvalidResponse) if a header that the spec
    /// declares is missing or invalid.
    pub fn call(
        &self,
        client: &Client,
        arguments: &[(String, Argument)],
    ) -> Result<Response, Error> {
        if let model::Response::Events(_) = self.spec.response {
            return self.call_events(client, arguments);
        }
        self.with_request(arguments, |operation, request| {
            let response = client.send(operation, request)?;
            Response::decode(response, self.spec)
        })
    }

    /// Calls the endpoint, and writes the body of the response to `writer` while it arrives. The result
    /// has the headers alone.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call), and
    /// [`ErrorKind::Output`](api_runtime::ErrorKind::Output) if the body cannot be written.
    pub fn call_into(
        &self,
        client: &Client,
        arguments: &[(String, Argument)],
        writer: &mut dyn Write,
    ) -> Result<Response, Error> {
        self.with_request(arguments, |operation, request| {
            let (response, _) = client.send_into(operation, request, writer)?;
            Response::decode_headers(&response, self.spec)
        })
    }

    /// Calls an endpoint whose response consists of events or lines. Passes its headers to `begin`, and
    /// each item to `each` as it arrives. See [`Client::events_by_name`].
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call) and of [`Client::events_by_name`], and the errors of the functions,
    /// which end the call.
    pub fn for_each_event<E: From<Error>>(
        &self,
        client: &Client,
        arguments: &[(String, Argument)],
        begin: impl FnOnce(&Response) -> Result<(), E>,
        mut each: impl FnMut(Event<RawJson>) -> Result<(), E>,
    ) -> Result<(), E> {
        let arguments = sent_fields::arguments(self.api, self.spec, arguments);
        self.describe(|endpoint| {
            let mut events = client.events_by_name(endpoint, &arguments)?;
            begin(&Response::of_events(&events, self.spec)?)?;
            while let Some(event) = events.next_event() {
                each(event?)?;
            }
            Ok(())
        })
    }

    /// Returns all items of a response of events or lines as a list.
    fn call_events(
        &self,
        client: &Client,
        arguments: &[(String, Argument)],
    ) -> Result<Response, Error> {
        let (mut response, mut items) = (None, Vec::new());
        let begin = |begun: &Response| {
            response = Some(begun.clone());
            Ok::<_, Error>(())
        };
        self.for_each_event(client, arguments, begin, |event| {
            items.push(event.data.to_string());
            Ok(())
        })?;
        let list = format!("[{}]", items.join(","));
        let list = list
            .parse()
            .map_err(|error: ReadError| mismatch(&self.name(), &error.describe(list.as_bytes())))?;
        let response = response.unwrap_or_default();
        Ok(response.with_items(list, self.spec))
    }
}
