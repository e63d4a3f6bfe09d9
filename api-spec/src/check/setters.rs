//! Setters: an optional field named `new` in a type of a request has a setter with the name of the
//! constructor. Types of responses have neither.

use super::directions::{fields, used_types};
use crate::diagnostics::Diagnostics;
use crate::diagnostics::messages::names as messages;
use crate::lower::draft::{Draft, Item};
use crate::model::{Direction, Field};
use crate::source::Span;

pub(super) fn check(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    let is_sent = used_types(draft, Direction::Request);
    let sent = draft.types.iter_mut().zip(is_sent).filter(|it| it.1);
    for (declared, _) in sent {
        for span in find_clashes(&declared.item) {
            declared.status = Err(diagnostics.report(messages::setter_clash(span)));
        }
    }
}

/// Returns the positions of the optional fields named `new`.
fn find_clashes(item: &Item) -> Vec<Span> {
    let is_clash = |field: &&Field| field.has_setter() && field.rust.as_str() == "new";
    let clashes = fields(item).into_iter().filter(is_clash);
    clashes.map(|field| field.span).collect()
}
