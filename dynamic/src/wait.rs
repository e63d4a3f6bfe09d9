//! Waiters for the result of an endpoint.

use api_runtime::types::RawJson;
use api_runtime::{Argument, Client, Error, ErrorKind, OnPoll, Progress, Wait, wait};
use api_spec::model::{self, Binding, Enum, Status, StatusType};
use api_spec::names::RustName;

use crate::endpoint::Endpoint;
use crate::field_path::{argument_at, text_in};
use crate::mismatch::mismatch;
use crate::names::find_value;

/// Waiter for the result of an endpoint, which polls another one.
#[derive(Clone, Copy, Debug)]
pub struct Waiter<'a> {
    endpoint: Endpoint<'a>,
    spec: &'a model::Waiter,
    poll: Endpoint<'a>,
    /// Enum of the status. Other statuses are booleans.
    status: Option<&'a Enum>,
}

/// A response of the polled endpoint.
#[derive(Clone, Debug)]
pub struct Polled {
    response: RawJson,
    status: String,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Done,
    Failed,
    Pending,
}

impl Polled {
    /// Returns the response.
    pub fn response(&self) -> &RawJson {
        &self.response
    }

    /// Returns the status in the response, or an empty text if it has none.
    pub fn status(&self) -> &str {
        &self.status
    }

    fn progress(&self) -> Progress<'_> {
        match self.state {
            State::Done => Progress::Done,
            State::Failed => Progress::Failed(&self.status),
            State::Pending => Progress::Pending(&self.status),
        }
    }
}

impl<'a> Endpoint<'a> {
    /// Returns the waiter for the result of the endpoint, if the spec has one.
    pub fn waiter(&self) -> Option<Waiter<'a>> {
        let spec = self.spec().wait.as_ref()?;
        let poll = Self::all(self.api())
            .find(|item| item.group().rust == spec.group && item.spec().rust == spec.poll)?;
        Waiter::new(*self, spec, poll)
    }
}

impl<'a> Waiter<'a> {
    fn new(endpoint: Endpoint<'a>, spec: &'a model::Waiter, poll: Endpoint<'a>) -> Option<Self> {
        let status = match &spec.status {
            StatusType::Enum(name) => Some(poll.api().enum_named(name)?),
            StatusType::Bool => None,
        };
        Some(Self {
            endpoint,
            spec,
            poll,
            status,
        })
    }

    /// Returns the endpoint that is polled.
    pub fn poll(&self) -> Endpoint<'a> {
        self.poll
    }

    /// Returns the statuses with which the wait ends successfully, as they are on the wire.
    pub fn until(&self) -> impl Iterator<Item = &'a str> {
        let values = self.status.map_or(&[][..], |status| &status.values);
        self.spec.until.iter().filter_map(|status| match status {
            Status::Bool(true) => Some("true"),
            Status::Bool(false) => Some("false"),
            Status::Variant(name) => {
                let value = values.iter().find(|value| value.rust == *name)?;
                Some(value.wire.as_str())
            }
        })
    }

    /// Returns the field of the polled response with the status, as written in the spec.
    pub fn field(&self) -> String {
        self.spec.field.wire()
    }

    /// Polls until the status is final, and returns the last response. `arguments` are those of the
    /// first call, and `response` is its response.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidResponse`] if the response lacks a value that the poll needs, and the errors
    /// of [`wait()`] and [`Client::call_by_name`].
    pub fn wait(
        &self,
        client: &Client,
        arguments: &[(String, Argument)],
        response: &RawJson,
        options: Wait<impl OnPoll<Polled>>,
    ) -> Result<RawJson, Error> {
        let name = self.endpoint.name();
        let arguments = self
            .arguments(arguments, response)
            .map_err(|error| error.with_operation(&name))?;
        let mut poll = |client: &Client| {
            let response = self.poll.call(client, &arguments)?.into_json();
            self.classify(response)
        };
        let polled = wait(client, options, &name, &mut poll, Polled::progress)?;
        Ok(polled.response)
    }

    /// Returns the arguments of the poll: the required fields in the order of their bindings.
    fn arguments(
        &self,
        arguments: &[(String, Argument)],
        response: &RawJson,
    ) -> Result<Vec<(String, Argument)>, Error> {
        let required = self.poll.spec().fields().filter(|it| it.is_required());
        let bound = self.spec.bind.iter().zip(required);
        bound
            .map(|(binding, field)| {
                let value = bound_value(binding, arguments, response)?;
                Ok((field.wire.as_str().to_owned(), value))
            })
            .collect()
    }

    /// # Errors
    ///
    /// `InvalidResponse` if the status does not match the spec.
    fn classify(&self, response: RawJson) -> Result<Polled, Error> {
        let status = text_in(&response, &self.spec.field)
            .map_err(|problem| mismatch(&self.poll.name(), &problem))?;
        let status = status.unwrap_or_default();
        let value = match self.status {
            Some(item) => variant(item, &status).cloned().map(Status::Variant),
            None => status.parse().ok().map(Status::Bool),
        };
        let state = match value {
            Some(value) if self.spec.until.contains(&value) => State::Done,
            Some(value) if self.spec.fail.contains(&value) => State::Failed,
            _ => State::Pending,
        };
        Ok(Polled {
            response,
            status,
            state,
        })
    }
}

/// Returns the value of a field of the poll request.
fn bound_value(
    binding: &Binding,
    arguments: &[(String, Argument)],
    response: &RawJson,
) -> Result<Argument, Error> {
    let found = match binding {
        Binding::Request(path) => argument_at(arguments, path),
        Binding::Response(path) => {
            let text = text_in(response, path).unwrap_or_default();
            text.map(Argument::Text)
        }
    };
    found.ok_or_else(|| {
        let (Binding::Request(path) | Binding::Response(path)) = binding;
        let message = format!("the wait needs `{}`, which is missing", path.wire());
        Error::after_sending(ErrorKind::InvalidResponse, message)
    })
}

/// Returns the variant of a value.
fn variant<'e>(item: &'e Enum, text: &str) -> Option<&'e RustName> {
    let values = item.values.iter();
    let names = values.map(|it| (it.wire.as_str(), it.aliases.as_slice()));
    let index = find_value(names, text)?;
    Some(&item.values.get(index)?.rust)
}
