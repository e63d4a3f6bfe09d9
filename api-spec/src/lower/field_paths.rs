//! Resolution of paths to fields, e.g. `state.life_cycle_state`.

use std::ops::Range;

use super::index::Index;
use super::roots::Roots;
use crate::diagnostics::messages::field_paths as messages;
use crate::diagnostics::messages::field_paths::Owner;
use crate::diagnostics::{Code, Diagnostics, Reported};
use crate::model::{Field, FieldPath, Step, Type};
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
}

impl<'a> Resolver<'_, 'a, '_> {
    /// Resolves the path that starts at the byte `start` of `text`.
    ///
    /// A name with dots that exists as such takes precedence over the path of the same spelling.
    pub(super) fn resolve(
        &self,
        text: &Text,
        mut start: usize,
        roots: &Roots<'a>,
        owner: Owner<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Found<'a>, Reported> {
        let Some(((mut field, in_body), mut end)) =
            longest(&text.value, start, |name| roots.find(name))
        else {
            let names = roots.names();
            return Err(self.report_unknown(text, start, owner, &names, diagnostics));
        };
        let mut fields = vec![field];
        while end < text.value.len() {
            let inner = self.fields_of(text, start..end, field, diagnostics)?;
            start = end + 1;
            let Some((found, found_end)) = longest(&text.value, start, |name| {
                inner.iter().find(|field| field.wire.as_str() == name)
            }) else {
                let parent = field.ty.required().to_string();
                let names: Vec<&str> = inner.iter().map(|field| field.wire.as_str()).collect();
                let owner = Owner::of_type(&parent);
                return Err(self.report_unknown(text, start, owner, &names, diagnostics));
            };
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

    /// Returns the fields of a field whose type is a struct.
    fn fields_of(
        &self,
        text: &Text,
        range: Range<usize>,
        field: &'a Field,
        diagnostics: &mut Diagnostics,
    ) -> Result<&'a [Field], Reported> {
        if let Type::Struct(name) = field.ty.required()
            && let Some(item) = self.index.struct_named(name)?
        {
            return Ok(&item.fields);
        }
        let at = text.subspan(range);
        let diagnostic = messages::field_without_fields(self.code, field, at);
        Err(diagnostics.report(diagnostic))
    }

    fn report_unknown(
        &self,
        text: &Text,
        start: usize,
        owner: Owner<'_>,
        names: &[&str],
        diagnostics: &mut Diagnostics,
    ) -> Reported {
        let rest = text.value.get(start..).unwrap_or_default();
        let name = rest.split('.').next().unwrap_or_default();
        let at = text.subspan(start..start + name.len());
        // With escapes in the string, the span is that of the whole text.
        let is_exact = at != text.span;
        let similar = diagnostics.nearest(name, names.iter().copied());
        let similar = similar.filter(|_| is_exact);
        let diagnostic = messages::unknown_field(self.code, owner, name, at, names, similar);
        diagnostics.report(diagnostic)
    }
}

/// Returns the field with the longest name that starts at `start` and ends before a dot or at the end
/// of the path, and the end of its name.
fn longest<T>(path: &str, start: usize, find: impl Fn(&str) -> Option<T>) -> Option<(T, usize)> {
    let dots = path.match_indices('.').map(|(at, _)| at);
    let mut ends: Vec<usize> = dots.filter(|end| *end >= start).collect();
    ends.push(path.len());
    let mut ends = ends.into_iter().rev();
    ends.find_map(|end| Some((find(path.get(start..end)?)?, end)))
}

fn step(field: &Field) -> Step {
    Step {
        wire: field.wire.clone(),
        rust: field.rust.clone(),
        ty: field.ty.clone(),
        default: field.default.clone(),
    }
}
