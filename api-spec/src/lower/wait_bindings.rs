//! Bindings of waiters: the sources of the required fields of the poll request.

use super::field_paths::Resolver;
use super::index::Index;
use super::roots::Roots;
use crate::diagnostics::messages::field_paths::Owner;
use crate::diagnostics::messages::waiters as messages;
use crate::diagnostics::{Code, Diagnostics, Reported, collect_all};
use crate::model::{Binding, Endpoint, Field, FieldPath, Type};
use crate::read::raw::{Entry, Table};
use crate::source::text::Text;

/// Lowers the bindings of one waiter.
pub(super) struct Bindings<'i, 'a, 'r> {
    pub(super) index: &'i Index<'a, 'r>,
    /// The endpoint with the waiter.
    pub(super) own: &'a Endpoint,
}

/// The message that contains the source of a value.
#[derive(Clone, Copy)]
enum Part {
    Request,
    Response,
}

impl<'a> Bindings<'_, 'a, '_> {
    /// Returns the sources of the required fields of the poll request, in the order of these fields.
    pub(super) fn lower(
        &self,
        wait: &Table,
        poll: &Endpoint,
        diagnostics: &mut Diagnostics,
    ) -> Result<Vec<Binding>, Reported> {
        let entries = wait.map("bind");
        let required = || poll.fields().filter(|field| field.is_required());
        let mut missing = Vec::new();
        let bindings = collect_all(required().filter_map(|field| {
            let has_name = |entry: &&Entry| entry.key.value == field.wire.as_str();
            let Some(bound) = entries.iter().find(has_name) else {
                missing.push((field.wire.as_str(), field.span));
                return None;
            };
            Some(self.lower_binding(bound.string()?, field, diagnostics))
        }));
        let mut status = Ok(());
        if let (Some(bind), false) = (wait.entry("bind"), missing.is_empty()) {
            let diagnostic = messages::missing_bindings(bind.key.span, &missing);
            status = Err(diagnostics.report(diagnostic));
        }
        for key in entries.iter().map(|entry| &entry.key) {
            if required().all(|field| field.wire.as_str() != key.value) {
                status = Err(report_unknown_binding(key, poll, diagnostics));
            }
        }
        status.and(bindings)
    }

    fn lower_binding(
        &self,
        source: &Text,
        target: &Field,
        diagnostics: &mut Diagnostics,
    ) -> Result<Binding, Reported> {
        let (part, make): (_, fn(FieldPath) -> Binding) = match source.value.split_once('.') {
            Some(("request", _)) => (Part::Request, Binding::Request),
            Some(("response", _)) => (Part::Response, Binding::Response),
            _ => return Err(self.report_source(source, diagnostics)?),
        };
        let (start, owner) = match part {
            Part::Request => (
                "request.".len(),
                Owner::new("the request of this endpoint", "the request"),
            ),
            Part::Response => (
                "response.".len(),
                Owner::new("the response of this endpoint", "the response"),
            ),
        };
        let resolver = Resolver {
            index: self.index,
            code: Code::BindingSource,
        };
        let roots = self.roots(part)?;
        let found = resolver.resolve(source, start, &roots, owner, diagnostics)?;
        let (field, parent) = (found.field, found.parents().find(|it| it.ty.is_optional()));
        if field.ty == target.ty && parent.is_none() {
            return Ok(make(found.path));
        }
        let is_optional = matches!(&field.ty, Type::Optional(inner) if **inner == target.ty);
        let to = (target.span, &target.ty);
        let diagnostic = match parent {
            Some(parent) if is_optional || field.ty == target.ty => {
                messages::optional_source(source, (parent.span, &parent.ty), to)
            }
            None if is_optional => messages::optional_source(source, (field.span, &field.ty), to),
            _ => messages::source_type(source, (field.span, &field.ty), to),
        };
        Err(diagnostics.report(diagnostic))
    }

    fn roots(&self, part: Part) -> Result<Roots<'a>, Reported> {
        match part {
            Part::Request => Ok(Roots::new(self.own.fields())),
            Part::Response => self.index.response_fields(self.own),
        }
    }

    /// Reports a source that does not start with `request.` or `response.`.
    fn report_source(
        &self,
        source: &Text,
        diagnostics: &mut Diagnostics,
    ) -> Result<Reported, Reported> {
        // The name of a field may contain dots.
        let name = source.value.split('.').next().unwrap_or_default();
        let has = |roots: Roots<'_>| roots.find(&source.value).or(roots.find(name)).is_some();
        let similar = if has(self.roots(Part::Request)?) {
            Some(format!("request.{}", source.value))
        } else if has(self.roots(Part::Response)?) {
            Some(format!("response.{}", source.value))
        } else {
            source.value.split_once('.').and_then(|(part, name)| {
                let part = diagnostics.nearest(part, ["request", "response"])?;
                Some(format!("{part}.{name}"))
            })
        };
        let diagnostic = messages::invalid_source(source, similar.as_deref());
        Ok(diagnostics.report(diagnostic))
    }
}

fn report_unknown_binding(key: &Text, poll: &Endpoint, diagnostics: &mut Diagnostics) -> Reported {
    let mut fields = poll.fields();
    let diagnostic = if let Some(optional) = fields.find(|field| field.wire.as_str() == key.value) {
        messages::optional_binding(key, optional.span)
    } else {
        let required = poll.fields().filter(|field| field.is_required());
        let names: Vec<&str> = required.map(|field| field.wire.as_str()).collect();
        let similar = diagnostics.nearest(&key.value, names.iter().copied());
        messages::unknown_binding(key, &names, similar)
    };
    diagnostics.report(diagnostic)
}
