//! Waiters for the result of an endpoint.

use api_runtime::rt::find_name;
use api_runtime::types::RawJson;
use api_runtime::{Argument, Client, Error, ErrorKind, OnPoll, Progress, Wait, wait};
use api_spec::model::{self, Binding, Enum, Field};
use api_spec::names::RustName;
use serde_json::Value;

use crate::endpoint::{Endpoint, text_of};

/// Waiter for the result of an endpoint, which polls another one.
#[derive(Clone, Copy, Debug)]
pub struct Waiter<'a> {
    endpoint: Endpoint<'a>,
    spec: &'a model::Waiter,
    poll: Endpoint<'a>,
    /// Name of the response field with the status.
    field: &'a str,
    status: &'a Enum,
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
        let fields = poll.response_fields()?;
        Some(Self {
            endpoint,
            spec,
            poll,
            field: named(fields, &spec.field)?.wire.as_str(),
            status: poll.api().enum_named(&spec.status)?,
        })
    }

    /// Returns the endpoint that is polled.
    pub fn poll(&self) -> Endpoint<'a> {
        self.poll
    }

    /// Returns the statuses with which the wait ends successfully, as they are on the wire.
    pub fn until(&self) -> impl Iterator<Item = &'a str> {
        let (until, values) = (&self.spec.until, &self.status.values);
        let reached = values.iter().filter(|value| until.contains(&value.rust));
        reached.map(|value| value.wire.as_str())
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
            let response = self.poll.call(client, &arguments)?;
            Ok(self.classify(response))
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
        let response: Value = response.parse().unwrap_or_default();
        let required = self.poll.spec().fields().filter(|it| it.is_required());
        let bound = self.spec.bind.iter().zip(required);
        bound
            .map(|(binding, field)| {
                let value = self.bound(binding, arguments, &response)?;
                Ok((field.wire.as_str().to_owned(), value))
            })
            .collect()
    }

    fn bound(
        &self,
        binding: &Binding,
        arguments: &[(String, Argument)],
        response: &Value,
    ) -> Result<Argument, Error> {
        let found = match binding {
            Binding::Request(name) => self
                .endpoint
                .spec()
                .fields()
                .find(|field| field.rust == *name)
                .and_then(|field| argument_of(field, arguments)),
            Binding::Response(name) => {
                let fields = self.endpoint.response_fields().unwrap_or_default();
                named(fields, name)
                    .and_then(|field| text_of(response.get(field.wire.as_str())))
                    .map(Argument::Text)
            }
        };
        found.ok_or_else(|| {
            let (Binding::Request(name) | Binding::Response(name)) = binding;
            let message = format!("the wait needs `{}`, which is missing", name.unraw());
            Error::after_sending(ErrorKind::InvalidResponse, message)
        })
    }

    fn classify(&self, response: RawJson) -> Polled {
        let value: Value = response.parse().unwrap_or_default();
        let status = text_of(value.get(self.field)).unwrap_or_default();
        let state = match variant(self.status, &status) {
            Some(variant) if self.spec.until.contains(variant) => State::Done,
            Some(variant) if self.spec.fail.contains(variant) => State::Failed,
            _ => State::Pending,
        };
        Polled {
            response,
            status,
            state,
        }
    }
}

fn named<'f>(fields: &'f [Field], name: &RustName) -> Option<&'f Field> {
    fields.iter().find(|field| field.rust == *name)
}

/// Returns the argument for a field, or its default.
fn argument_of(field: &Field, arguments: &[(String, Argument)]) -> Option<Argument> {
    let wire = field.wire.as_str();
    let argument = arguments.iter().find(|(name, _)| name == wire);
    let default = || Some(Argument::Text(field.default.as_ref()?.to_string()));
    argument
        .map(|(_, argument)| argument.clone())
        .or_else(default)
}

/// Returns the variant of a value, as generated code does.
fn variant<'e>(item: &'e Enum, text: &str) -> Option<&'e RustName> {
    let rows: Vec<Vec<&str>> = item
        .values
        .iter()
        .map(|value| {
            let aliases = value.aliases.iter().map(String::as_str);
            std::iter::once(value.wire.as_str())
                .chain(aliases)
                .collect()
        })
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let index = find_name(&rows, text)?;
    Some(&item.values.get(index)?.rust)
}
