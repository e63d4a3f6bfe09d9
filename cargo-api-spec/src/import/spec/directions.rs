//! Types by the direction in which they are sent.

use std::collections::HashMap;

use api_spec::model::Direction;

use super::draft::{Content, Draft, Endpoint, TypeExpr};
use crate::import::report::Report;

/// Distinguishes absent and null where it matters: in the types of requests.
pub(super) fn apply(draft: &mut Draft<'_>, report: &mut Report) {
    let is_sent = sent_types(draft);
    for (ty, is_sent) in draft.types.iter_mut().zip(is_sent) {
        let (place, name) = (ty.place, ty.name.clone());
        for field in ty.fields_mut() {
            if !is_sent || field.only == Some(Direction::Response) {
                field.ty = single(&field.ty);
            } else if field.is_required && field.ty.is_optional() {
                let note = format!(
                    "`{}` is required and may be null, imported as optional: set it in each request",
                    field.wire
                );
                report.approximate(place, &name, note);
                field.ty = TypeExpr::Optional(Box::new(single(&field.ty)));
            }
        }
    }
    for endpoint in &mut draft.endpoints {
        if let Some(Content::Fields(fields)) = &mut endpoint.response {
            for field in fields {
                field.ty = single(&field.ty);
            }
        }
    }
}

/// Returns `T?` for `T??`.
fn single(ty: &TypeExpr) -> TypeExpr {
    match ty {
        TypeExpr::Optional(_) => ty.required().clone().optional(),
        ty => ty.clone(),
    }
}

/// Returns for each type whether a request may contain it.
fn sent_types(draft: &Draft<'_>) -> Vec<bool> {
    let types = draft.types.iter().enumerate();
    let by_name: HashMap<&str, usize> =
        types.map(|(index, ty)| (ty.name.as_str(), index)).collect();
    let index = |ty: &TypeExpr| by_name.get(ty.declared_name()?).copied();
    let sent = draft.endpoints.iter().flat_map(Endpoint::sent_types);
    let mut pending: Vec<usize> = sent.filter_map(index).collect();
    let mut is_sent = vec![false; draft.types.len()];
    while let Some(next) = pending.pop() {
        if !std::mem::replace(&mut is_sent[next], true) {
            let contained = draft.types[next].sent().into_iter();
            pending.extend(contained.filter_map(index));
        }
    }
    is_sent
}
