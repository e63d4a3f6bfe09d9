//! Bindings of waiters: the sources of the required fields of the poll request.

use super::draft::EndpointDraft;
use super::field_paths::Resolver;
use super::index::{self, Index, Scope};
use crate::diagnostics::messages::field_paths::Owner;
use crate::diagnostics::messages::wait_bindings as messages;
use crate::diagnostics::{Code, Diagnostics, Reported, collect_all};
use crate::model::{Binding, Direction, Field, FieldPath, Type};
use crate::read::raw::{Entry, Table};
use crate::source::text::Text;

/// Lowers the bindings of one waiter.
pub(super) struct Bindings<'i, 'a, 'r> {
    pub(super) index: &'i Index<'a, 'r>,
    /// The endpoint with the waiter.
    pub(super) own: &'a EndpointDraft<'r>,
}

/// The message that contains the source of a value.
#[derive(Clone, Copy)]
enum Part {
    Request,
    Response,
}

impl<'a, 'r> Bindings<'_, 'a, 'r> {
    /// Returns the sources of the required fields of the poll request, in the order of these fields.
    pub(super) fn lower(
        &self,
        wait: &Table,
        poll: &'a EndpointDraft<'r>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Vec<Binding>, Reported> {
        let entries = wait.map("bind");
        let fields = index::request(poll);
        let required = || fields.fields.iter().filter(|field| field.is_required());
        let mut missing = Vec::new();
        let bindings = collect_all(required().filter_map(|field| {
            let has_name = |entry: &&Entry| entry.key.as_str() == field.wire.as_str();
            let Some(bound) = entries.iter().find(has_name) else {
                missing.push((field.wire.as_str(), field.span));
                return None;
            };
            Some(self.lower_binding(bound.string()?, Some(field), diagnostics))
        }));
        let mut status = Ok(());
        for entry in entries {
            let key = &entry.key;
            if required().any(|field| field.wire.as_str() == key.as_str()) {
                continue;
            }
            if let (None, Err(reported)) = (&entry.value, entry.status) {
                status = Err(reported);
                continue;
            }
            status = Err(report_unknown_binding(key, &fields, diagnostics));
            // A misspelled field is not reported as missing as well.
            let names = missing.iter().map(|(name, _)| *name);
            if let Some(meant) = diagnostics.nearest(&key.value, names) {
                missing.retain(|(name, _)| *name != meant);
            }
            if let Some(source) = entry.string() {
                let source = self.lower_binding(source, None, diagnostics);
                status = status.and(source.map(|_| ()));
            }
        }
        if let (Some(bind), false) = (wait.entry("bind"), missing.is_empty()) {
            let diagnostic = messages::missing_bindings(bind.key.span, &missing);
            status = Err(diagnostics.report(diagnostic));
        }
        status.and(bindings)
    }

    /// Lowers the source of a field. Without the field, which has an error, its type is not checked.
    fn lower_binding(
        &self,
        source: &Text,
        target: Option<&Field>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Binding, Reported> {
        let (part, make): (_, fn(FieldPath) -> Binding) = match source.value.split_once('.') {
            Some(("request", _)) => (Part::Request, Binding::Request),
            Some(("response", _)) => (Part::Response, Binding::Response),
            _ => return Err(self.report_source(source, diagnostics)),
        };
        let (start, direction, owner) = match part {
            Part::Request => (
                "request.".len(),
                Direction::Request,
                Owner::new("the request of this endpoint", "the request"),
            ),
            Part::Response => (
                "response.".len(),
                Direction::Response,
                Owner::new("the response of this endpoint", "the response"),
            ),
        };
        let resolver = Resolver {
            index: self.index,
            code: Code::BindingSource,
            direction,
        };
        let scope = self.scope(part);
        let found = resolver.resolve(source, start, &scope, owner, diagnostics)?;
        let (field, ty) = (found.field, found.field.declared_type());
        let is_optional = |field: &&Field| field.declared_type().is_optional();
        let parent = found.parents().find(is_optional);
        let Some(target) = target else {
            return Ok(make(found.path));
        };
        if *ty == target.ty && parent.is_none() {
            return Ok(make(found.path));
        }
        let is_optional = matches!(ty, Type::Optional(inner) if **inner == target.ty);
        let to = (target.span, &target.ty);
        let diagnostic = match parent {
            Some(parent) if is_optional || *ty == target.ty => {
                messages::optional_source(source, (parent.span, &parent.ty), to)
            }
            None if is_optional => messages::optional_source(source, (field.span, ty), to),
            _ => messages::source_type(source, (field.span, ty), to),
        };
        Err(diagnostics.report(diagnostic))
    }

    fn scope(&self, part: Part) -> Scope<'a> {
        match part {
            Part::Request => index::request(self.own),
            Part::Response => self.index.response_and_headers(self.own),
        }
    }

    /// Reports a source that does not start with `request.` or `response.`.
    fn report_source(&self, source: &Text, diagnostics: &mut Diagnostics) -> Reported {
        // The name of a field may contain dots.
        let name = source.value.split('.').next().unwrap_or_default();
        let has = |part| {
            let names = self.scope(part).names();
            names.contains(&source.as_str()) || names.contains(&name)
        };
        let similar = if has(Part::Request) {
            Some(format!("request.{}", source.value))
        } else if has(Part::Response) {
            Some(format!("response.{}", source.value))
        } else {
            source.value.split_once('.').and_then(|(part, name)| {
                let part = diagnostics.nearest(part, ["request", "response"])?;
                Some(format!("{part}.{name}"))
            })
        };
        let diagnostic = messages::invalid_source(source, similar.as_deref());
        diagnostics.report(diagnostic)
    }
}

fn report_unknown_binding(
    key: &Text,
    fields: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Reported {
    match fields.find(&key.value) {
        Ok(Some(optional)) => {
            diagnostics.report_cause(messages::optional_binding(key, optional.span))
        }
        Ok(None) => {
            let required = fields.fields.iter().filter(|field| field.is_required());
            let names: Vec<&str> = required.map(|field| field.wire.as_str()).collect();
            let similar = diagnostics.nearest(&key.value, names.iter().copied());
            diagnostics.report(messages::unknown_binding(key, &names, similar))
        }
        Err(reported) => reported,
    }
}
