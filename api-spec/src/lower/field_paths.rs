//! Resolution of paths to fields, e.g. `state.life_cycle_state`.

use std::ops::Range;

use super::index::{Index, Scope};
use crate::diagnostics::messages::field_paths as messages;
use crate::diagnostics::messages::field_paths::Owner;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Reported};
use crate::model::{Direction, Field, FieldPath, Step, Type};
use crate::source::text::Text;

/// A path and its fields.
pub(super) struct Found<'a> {
    pub(super) path: FieldPath,
    pub(super) fields: Vec<&'a Field>,
    /// The last field.
    pub(super) field: &'a Field,
}

impl<'a> Found<'a> {
    /// Returns the fields before the last one.
    pub(super) fn parents(&self) -> impl Iterator<Item = &'a Field> {
        let parents = self.fields.split_last().map_or(&[][..], |(_, it)| it);
        parents.iter().copied()
    }
}

/// Finds the fields that paths name.
pub(super) struct Resolver<'i, 'a, 'r> {
    pub(super) index: &'i Index<'a, 'r>,
    pub(super) code: Code,
    /// The direction of the values that contain the fields.
    pub(super) direction: Direction,
}

impl<'a> Resolver<'_, 'a, '_> {
    /// Resolves the path that starts at the byte `start` of `text`.
    ///
    /// A name with dots that exists as such takes precedence over the path of the same spelling.
    pub(super) fn resolve(
        &self,
        text: &Text,
        mut start: usize,
        scope: &Scope<'a>,
        owner: Owner<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Found<'a>, Reported> {
        let Some((mut field, mut end)) = longest(&text.value, start, scope)? else {
            return Err(self.report_unknown(text, start, owner, scope, diagnostics));
        };
        self.check_direction(text, start..end, field, diagnostics)?;
        let in_body = scope.is_in_body(field);
        let mut fields = vec![field];
        while end < text.value.len() {
            let inner = self.fields_of(text, start..end, field, diagnostics)?;
            start = end + 1;
            let Some((found, found_end)) = longest(&text.value, start, &inner)? else {
                let parent = field.ty.required().to_string();
                let owner = Owner::of_type(&parent);
                return Err(self.report_unknown(text, start, owner, &inner, diagnostics));
            };
            self.check_direction(text, start..found_end, found, diagnostics)?;
            fields.push(found);
            (field, end) = (found, found_end);
        }
        let steps = fields.iter().map(|field| step(field)).collect();
        Ok(Found {
            path: FieldPath { in_body, steps },
            fields,
            field,
        })
    }

    /// Checks that the values that contain a field have it.
    fn check_direction(
        &self,
        text: &Text,
        range: Range<usize>,
        field: &Field,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Reported> {
        if field.exists_in(self.direction) {
            return Ok(());
        }
        let at = text.subspan(range);
        let diagnostic = messages::field_of_other_direction(self.code, field, at, self.direction);
        Err(diagnostics.report(diagnostic))
    }

    /// Returns the fields of a field whose type is a struct.
    fn fields_of(
        &self,
        text: &Text,
        range: Range<usize>,
        field: &'a Field,
        diagnostics: &mut Diagnostics,
    ) -> Result<Scope<'a>, Reported> {
        if let Type::Struct(name) = field.ty.required() {
            return Ok(self.index.object(name));
        }
        let at = text.subspan(range);
        let diagnostic = messages::field_without_fields(self.code, field, at);
        Err(diagnostics.report(diagnostic))
    }

    /// Creates the diagnostic for a path with the name of a part in front of the field, e.g.
    /// `query.cursor`.
    fn without_part(
        &self,
        text: &Text,
        start: usize,
        name: &str,
        owner: Owner<'_>,
        scope: &Scope<'a>,
    ) -> Option<Diagnostic> {
        let field_start = start + name.len() + 1;
        if !PARTS.contains(&name) || field_start > text.value.len() {
            return None;
        }
        let (field, end) = longest(&text.value, field_start, scope).ok()??;
        let at = text.subspan(start..end);
        let path = &text.value[start..end];
        let similar = (at != text.span).then(|| field.wire.as_str());
        let names = scope.names();
        Some(messages::unknown_field(
            self.code, owner, path, at, &names, similar,
        ))
    }

    fn report_unknown(
        &self,
        text: &Text,
        start: usize,
        owner: Owner<'_>,
        scope: &Scope<'a>,
        diagnostics: &mut Diagnostics,
    ) -> Reported {
        let rest = text.value.get(start..).unwrap_or_default();
        let name = rest.split('.').next().unwrap_or_default();
        if let Some(diagnostic) = self.without_part(text, start, name, owner, scope) {
            return diagnostics.report(diagnostic);
        }
        let at = text.subspan(start..start + name.len());
        // With escapes in the string, the span is that of the whole text.
        let is_exact = at != text.span;
        let names = scope.names();
        let similar = diagnostics.nearest(name, names.iter().copied());
        let similar = similar.filter(|_| is_exact);
        let diagnostic = messages::unknown_field(self.code, owner, name, at, &names, similar);
        if owner.is_type {
            return diagnostics.report_cause(diagnostic);
        }
        diagnostics.report(diagnostic)
    }
}

/// Names of the parts of a message, which are not part of a path.
const PARTS: [&str; 8] = [
    "request", "response", "path", "query", "headers", "json", "form", "body",
];

/// Returns the field with the longest name that starts at `start` and ends before a dot or at the end
/// of the path, and the end of its name.
fn longest<'a>(
    path: &str,
    start: usize,
    scope: &Scope<'a>,
) -> Result<Option<(&'a Field, usize)>, Reported> {
    let dots = path.match_indices('.').map(|(at, _)| at);
    let mut ends: Vec<usize> = dots.filter(|end| *end >= start).collect();
    ends.push(path.len());
    let mut missing = Ok(None);
    for end in ends.into_iter().rev() {
        match scope.find(path.get(start..end).unwrap_or_default()) {
            Ok(Some(field)) => return Ok(Some((field, end))),
            Ok(None) => {}
            Err(reported) => missing = Err(reported),
        }
    }
    missing
}

fn step(field: &Field) -> Step {
    Step {
        wire: field.wire.clone(),
        rust: field.rust.clone(),
        ty: field.ty.clone(),
        default: field.default.clone(),
    }
}
