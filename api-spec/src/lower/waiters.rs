//! Waiters. Each is compared with the request and the response of the endpoint it polls.

use super::draft::{Draft, EndpointDraft};
use super::field_paths::Resolver;
use super::index::Index;
use super::names::module_name;
use super::wait_bindings::Bindings;
use super::wait_statuses::{self, StatusValues};
use crate::diagnostics::messages::field_paths::Owner;
use crate::diagnostics::messages::waiters as messages;
use crate::diagnostics::{Code, Diagnostics, Reported};
use crate::model::names::RustName;
use crate::model::{Direction, Endpoint, FieldPath, Response, Type, Waiter};
use crate::read::raw::Table;
use crate::source::text::Text;

/// Adds the waiter to every endpoint with a valid one.
pub(crate) fn add_waiters(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    let mut lowering = Lowering {
        index: Index::new(draft),
        diagnostics,
    };
    let waiters: Vec<Option<Waiter>> = draft
        .endpoints
        .iter()
        .map(|endpoint| lowering.lower(endpoint).ok()?)
        .collect();
    for (endpoint, waiter) in draft.endpoints.iter_mut().zip(waiters) {
        endpoint.model.wait = waiter;
    }
}

struct Lowering<'a, 'r, 'd> {
    index: Index<'a, 'r>,
    diagnostics: &'d mut Diagnostics,
}

/// The status that a waiter polls for.
struct Status<'a> {
    field: FieldPath,
    values: StatusValues<'a>,
}

impl<'a, 'r> Lowering<'a, 'r, '_> {
    fn lower(&mut self, draft: &'a EndpointDraft<'r>) -> Result<Option<Waiter>, Reported> {
        let Some((key, wait)) = draft.table("wait") else {
            return Ok(None);
        };
        let read = wait.status_without(&[]);
        let until = self.check_until(wait);
        let Some(poll_name) = wait.string("poll") else {
            return read.map(|()| None);
        };
        let poll = self.find_poll(draft, poll_name)?;
        let bindings = Bindings {
            index: &self.index,
            own: draft,
        };
        let bind = bindings.lower(wait, poll, self.diagnostics);
        let response = self.check_response(poll_name, poll);
        let status = wait.string("field").map(|name| {
            response?;
            self.find_status(name, poll)
        });
        let outcomes = match &status {
            Some(Ok(status)) => Some(wait_statuses::sort(
                key,
                wait,
                &status.values,
                self.diagnostics,
            )),
            _ => None,
        };
        read.and(until).and(response)?;
        let bind = bind?;
        let (Some(status), Some(outcomes)) = (status.transpose()?, outcomes.transpose()?) else {
            return Ok(None);
        };
        let (own, poll_model) = (&draft.model, &poll.model);
        let (response, declared) = response_name(poll_model);
        Ok(Some(Waiter {
            function: own.rust.waiter(),
            progress: own.rust.progress(),
            group: module_name(poll.group),
            poll: poll_model.rust.clone(),
            request: poll_model.request.clone(),
            response,
            declared,
            bind,
            field: status.field,
            status: status.values.ty(),
            until: outcomes.until,
            fail: outcomes.fail,
            pending: outcomes.pending,
            span: key.span,
        }))
    }

    fn check_until(&mut self, wait: &Table) -> Result<(), Reported> {
        match (wait.entry("until"), wait.string_list("until")) {
            // Items of the wrong kind have been reported.
            (Some(entry), Some([])) if entry.status.is_ok() => {
                let diagnostic = messages::empty_until(entry.key.span);
                Err(self.diagnostics.report(diagnostic))
            }
            _ => Ok(()),
        }
    }

    fn find_poll(
        &mut self,
        draft: &EndpointDraft<'_>,
        name: &Text,
    ) -> Result<&'a EndpointDraft<'r>, Reported> {
        let (group, endpoint) = name.value.split_once('.').unwrap_or(("", &name.value));
        if let Some(poll) = self.index.endpoint(group, endpoint) {
            return Ok(poll);
        }
        let names = self.index.endpoint_names();
        // A name without a group usually means an endpoint of the same group.
        let in_group = format!("{}.{}", draft.group.value, name.value);
        let similar = if names.contains(&in_group) {
            Some(in_group.as_str())
        } else {
            let names = names.iter().map(String::as_str);
            self.diagnostics.nearest(&name.value, names)
        };
        let diagnostic = messages::unknown_poll(name, similar);
        Err(self.diagnostics.report(diagnostic))
    }

    fn check_response(&mut self, name: &Text, poll: &'a EndpointDraft<'r>) -> Result<(), Reported> {
        if self.index.response_struct(poll)?.is_some() {
            return Ok(());
        }
        let diagnostic = messages::poll_without_fields(name, poll.model.span);
        Err(self.diagnostics.report(diagnostic))
    }

    fn find_status(
        &mut self,
        name: &Text,
        poll: &'a EndpointDraft<'r>,
    ) -> Result<Status<'a>, Reported> {
        let scope = self.index.response(poll);
        let resolver = Resolver {
            index: &self.index,
            code: Code::StatusField,
            direction: Direction::Response,
        };
        let owner = Owner::new("the poll response", "the response");
        let found = resolver.resolve(name, 0, &scope, owner, self.diagnostics)?;
        let values = match found.field.ty.required() {
            Type::Bool => Some(StatusValues::Bool),
            Type::Enum(name) => match self.index.declared(name) {
                Some(declared) => StatusValues::of_enum(declared)?,
                None => None,
            },
            _ => None,
        };
        if let Some(values) = values {
            let field = found.path;
            return Ok(Status { field, values });
        }
        let diagnostic = messages::status_type(name, found.field.span, &found.field.ty);
        Err(self.diagnostics.report(diagnostic))
    }
}

/// Returns the type of a response with fields, and whether it is a declared struct.
fn response_name(endpoint: &Endpoint) -> (RustName, bool) {
    match (&endpoint.response, &endpoint.response_headers) {
        (_, Some(headers)) => (headers.name.clone(), false),
        (Response::Object(object), None) => (object.name.clone(), false),
        (Response::Value(Type::Struct(name)), None) => (name.clone(), true),
        _ => (RustName::escape(String::new()), false),
    }
}
