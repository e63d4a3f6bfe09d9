//! Waiters. Each is compared with the request and the response of the endpoint it polls.

use std::collections::HashMap;

use super::draft::{Draft, EndpointDraft, Item};
use super::index::{self, Index, Scope};
use super::names::module_name;
use crate::diagnostics::messages::waiters as messages;
use crate::diagnostics::{Diagnostics, Reported, collect_all};
use crate::model::names::RustName;
use crate::model::{Binding, Enum, Field, Response, Struct, Type, Waiter};
use crate::read::raw::{Entry, Table};
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
    field: RustName,
    optional: bool,
    item: &'a Enum,
    /// The declarations of the values.
    values: &'a [Entry],
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
        let bind = self.lower_bind(wait, draft, poll);
        let response = self.find_response(poll_name, poll);
        let status = wait.string("field").map(|name| {
            response?;
            self.find_status(name, poll)
        });
        let outcomes = match &status {
            Some(Ok(status)) => Some(self.lower_outcomes(key, wait, status)),
            _ => None,
        };
        read.and(until)?;
        let (response, bind) = (response?, bind?);
        let (Some(status), Some(outcomes)) = (status.transpose()?, outcomes.transpose()?) else {
            return Ok(None);
        };
        let (own, poll_model) = (&draft.model, &poll.model);
        Ok(Some(Waiter {
            function: own.rust.waiter(),
            progress: own.rust.progress(),
            group: module_name(poll.group),
            poll: poll_model.rust.clone(),
            request: poll_model.request.clone(),
            response: response.name.clone(),
            declared: matches!(poll_model.response, Response::Value(_)),
            bind,
            field: status.field,
            optional: status.optional,
            status: status.item.name.clone(),
            until: outcomes.until,
            fail: outcomes.fail,
            pending: outcomes.pending,
            span: key.span,
        }))
    }

    fn check_until(&mut self, wait: &Table) -> Result<(), Reported> {
        match (wait.entry("until"), wait.string_list("until")) {
            (Some(entry), Some([])) => {
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

    fn find_response(
        &mut self,
        name: &Text,
        poll: &'a EndpointDraft<'r>,
    ) -> Result<&'a Struct, Reported> {
        if let Some(response) = self.index.response_struct(poll)? {
            return Ok(response);
        }
        let diagnostic = messages::poll_without_fields(name, poll.model.span);
        Err(self.diagnostics.report(diagnostic))
    }

    fn find_status(
        &mut self,
        name: &Text,
        poll: &'a EndpointDraft<'r>,
    ) -> Result<Status<'a>, Reported> {
        let fields = self.index.response(poll);
        let Some(field) = fields.find(&name.value)? else {
            let names = fields.names();
            let similar = self.diagnostics.nearest(&name.value, names.iter().copied());
            let diagnostic = messages::unknown_status_field(name, &names, similar);
            return Err(self.diagnostics.report(diagnostic));
        };
        let (ty, optional) = match &field.ty {
            Type::Optional(ty) => (&**ty, true),
            ty => (ty, false),
        };
        if let Type::Enum(name) = ty
            && let Some(declared) = self.index.declared(name)
            && let Item::Enum(item) = &declared.item
        {
            declared.status?;
            let values = declared.entry.table();
            return Ok(Status {
                field: field.rust.clone(),
                optional,
                item,
                values: values.map_or(&[], |table| table.map("values")),
            });
        }
        let diagnostic = messages::status_is_not_an_enum(name, field.span, &field.ty);
        Err(self.diagnostics.report(diagnostic))
    }

    /// Returns the sources of the required fields of the poll request, in the order of these fields.
    fn lower_bind(
        &mut self,
        wait: &Table,
        own: &'a EndpointDraft<'r>,
        poll: &'a EndpointDraft<'r>,
    ) -> Result<Vec<Binding>, Reported> {
        let entries = wait.map("bind");
        let fields = index::request(poll);
        let required = || fields.fields.iter().filter(|field| field.is_required());
        let mut missing = Vec::new();
        let bindings = collect_all(required().filter_map(|field| {
            let has_name = |entry: &&Entry| entry.key.value == field.wire.as_str();
            let Some(bound) = entries.iter().find(has_name) else {
                missing.push((field.wire.as_str(), field.span));
                return None;
            };
            Some(self.lower_binding(bound.string()?, field, own))
        }));
        let mut status = Ok(());
        if let (Some(bind), false) = (wait.entry("bind"), missing.is_empty()) {
            let diagnostic = messages::missing_bindings(bind.key.span, &missing);
            status = Err(self.diagnostics.report(diagnostic));
        }
        for key in entries.iter().map(|entry| &entry.key) {
            if required().all(|field| field.wire.as_str() != key.value) {
                status = Err(self.report_unknown_binding(key, &fields));
            }
        }
        status.and(bindings)
    }

    fn report_unknown_binding(&mut self, key: &Text, fields: &Scope<'_>) -> Reported {
        let diagnostic = match fields.find(&key.value) {
            Ok(Some(optional)) => messages::optional_binding(key, optional.span),
            Ok(None) => {
                let required = fields.fields.iter().filter(|field| field.is_required());
                let names: Vec<&str> = required.map(|field| field.wire.as_str()).collect();
                let similar = self.diagnostics.nearest(&key.value, names.iter().copied());
                messages::unknown_binding(key, &names, similar)
            }
            Err(reported) => return reported,
        };
        self.diagnostics.report(diagnostic)
    }

    fn lower_binding(
        &mut self,
        source: &Text,
        target: &Field,
        own: &'a EndpointDraft<'r>,
    ) -> Result<Binding, Reported> {
        let (name, fields, make): (_, _, fn(RustName) -> Binding) =
            match source.value.split_once('.') {
                Some(("request", name)) => (name, index::request(own), Binding::Request),
                Some(("response", name)) => (
                    name,
                    self.index.response_and_headers(own),
                    Binding::Response,
                ),
                _ => return Err(self.report_source(source, own)),
            };
        let Some(field) = fields.find(name)? else {
            return Err(self.report_source_field(source, &fields));
        };
        if field.ty == target.ty {
            return Ok(make(field.rust.clone()));
        }
        let is_optional = matches!(&field.ty, Type::Optional(inner) if **inner == target.ty);
        let (from, to) = ((field.span, &field.ty), (target.span, &target.ty));
        let diagnostic = if is_optional {
            messages::optional_source(source, from, to)
        } else {
            messages::source_type(source, from, to)
        };
        Err(self.diagnostics.report(diagnostic))
    }

    /// Reports a source that does not start with `request.` or `response.`.
    fn report_source(&mut self, source: &Text, own: &'a EndpointDraft<'r>) -> Reported {
        let (request, response) = (index::request(own), self.index.response_and_headers(own));
        let similar = match source.value.split_once('.') {
            Some((part, name)) => self
                .diagnostics
                .nearest(part, ["request", "response"])
                .map(|part| format!("{part}.{name}")),
            None if request.names().contains(&source.as_str()) => {
                Some(format!("request.{}", source.value))
            }
            None if response.names().contains(&source.as_str()) => {
                Some(format!("response.{}", source.value))
            }
            None => None,
        };
        let diagnostic = messages::invalid_source(source, similar.as_deref());
        self.diagnostics.report(diagnostic)
    }

    /// Reports a source whose field does not exist.
    fn report_source_field(&mut self, source: &Text, fields: &Scope<'_>) -> Reported {
        let (part, name) = source.value.split_once('.').unwrap_or((&source.value, ""));
        let names = fields.names();
        let at = source.subspan(part.len() + 1..source.value.len());
        // With escapes in the string, the span is that of the whole source.
        let is_exact = at != source.span;
        let similar = self.diagnostics.nearest(name, names.iter().copied());
        let similar = similar.filter(|_| is_exact);
        let diagnostic = messages::unknown_source_field(part, name, at, &names, similar);
        self.diagnostics.report(diagnostic)
    }

    /// Sorts the values of the status by the list of the waiter that contains them.
    fn lower_outcomes(
        &mut self,
        key: &Text,
        wait: &Table,
        status: &Status<'_>,
    ) -> Result<Outcomes, Reported> {
        let values = status.item.values.iter().enumerate();
        let mut listing = Listing {
            status,
            indices: values
                .map(|(index, it)| (it.wire.as_str(), index))
                .collect(),
            listed: HashMap::new(),
            has_unknown: false,
        };
        let mut lower = |name| {
            let values = wait.string_list(name).unwrap_or_default().iter();
            collect_all(values.map(|value| listing.add(value, self.diagnostics)))
        };
        let (until, fail, pending) = (lower("until"), lower("fail"), lower("pending"));
        // An unknown value may be a misspelled one that is missing.
        let complete = if listing.has_unknown || wait.status_without(&[]).is_err() {
            Ok(())
        } else {
            listing.check_complete(key, self.diagnostics)
        };
        let outcomes = Outcomes {
            until: until?,
            fail: fail?,
            pending: pending?,
        };
        complete.map(|()| outcomes)
    }
}

/// The values of a status by the list of the waiter that contains them.
struct Outcomes {
    until: Vec<RustName>,
    fail: Vec<RustName>,
    pending: Vec<RustName>,
}

/// The values that a waiter lists.
struct Listing<'s> {
    status: &'s Status<'s>,
    /// The index of each value of the status.
    indices: HashMap<&'s str, usize>,
    /// The first occurrence of each listed value, by its index.
    listed: HashMap<usize, &'s Text>,
    has_unknown: bool,
}

impl<'s> Listing<'s> {
    fn add(
        &mut self,
        value: &'s Text,
        diagnostics: &mut Diagnostics,
    ) -> Result<RustName, Reported> {
        let Some(&index) = self.indices.get(value.as_str()) else {
            self.has_unknown = true;
            return Err(self.report_unknown(value, diagnostics));
        };
        if let Some(first) = self.listed.insert(index, value) {
            let diagnostic = messages::status_listed_twice(value, first.span);
            return Err(diagnostics.report(diagnostic));
        }
        Ok(self.status.item.values[index].rust.clone())
    }

    fn report_unknown(&self, value: &Text, diagnostics: &mut Diagnostics) -> Reported {
        let item = self.status.item;
        let values = item.values.iter();
        let names: Vec<&str> = values.map(|value| value.wire.as_str()).collect();
        let mut aliased = item.values.iter();
        let aliased = aliased.find(|known| known.aliases.contains(&value.value));
        let similar = match aliased {
            Some(known) => Some(known.wire.as_str()),
            None => diagnostics.nearest(&value.value, names.iter().copied()),
        };
        let name = item.name.as_str();
        let diagnostic = messages::unknown_status(value, name, item.span, &names, similar);
        diagnostics.report(diagnostic)
    }

    fn check_complete(&self, key: &Text, diagnostics: &mut Diagnostics) -> Result<(), Reported> {
        let values = self.status.values.iter().enumerate();
        let missing: Vec<_> = values
            .filter(|(index, _)| !self.listed.contains_key(index))
            .map(|(_, value)| (value.key.as_str(), value.key.span))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let item = self.status.item;
        let diagnostic =
            messages::status_not_listed(key.span, item.name.as_str(), item.span, &missing);
        Err(diagnostics.report(diagnostic))
    }
}
