//! Unions without a tag: each variant has a key by which it is known.

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::lower::{Draft, Item};
use crate::model::{Field, Union};
use crate::raw;

/// Each variant has a key of its own, and nothing is said of tags that are not there.
pub(super) fn check(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for declared in &mut draft.types {
        let Item::Union(item, raw) = &declared.item else {
            continue;
        };
        // A field that could not be read may be the one that is missed here.
        if raw.tag.is_some() || declared.faulty {
            continue;
        }
        let before = diagnostics.len();
        check_own_keys(item, raw, diagnostics);
        check_other_tags(raw, diagnostics);
        declared.faulty |= diagnostics.len() > before;
    }
}

fn check_own_keys(item: &Union, raw: &raw::Union, diagnostics: &mut Vec<Diagnostic>) {
    let variants = raw.variants.iter().zip(&item.variants);
    for ((raw, variant), own) in variants.zip(item.own_keys()) {
        if !own.is_empty() {
            continue;
        }
        let wire = &raw.word.wire;
        let message = format!("nothing tells variant `{}` from others", shown(&wire.value));
        let label = "no required field of its own";
        let mut diagnostic = Diagnostic::new(Code::OwnKey, message, wire.span, label);
        if let Some((field, why)) = near_miss(item, &variant.body.fields) {
            diagnostic = diagnostic.label(field.span, why);
        }
        diagnostics.push(
            diagnostic.help(
                "give it a required field that no other variant has, or give the union a `tag`",
            ),
        );
    }
}

/// The first field of the variant, and why it does not tell it.
fn near_miss<'f>(item: &Union, fields: &'f [Field]) -> Option<(&'f Field, String)> {
    let field = fields.first()?;
    if !field.is_required() {
        return Some((field, "may be left out".to_owned()));
    }
    let has = |fields: &[Field]| fields.iter().any(|it| it.wire == field.wire);
    let others = item.variants.iter().map(|it| &it.body.fields);
    let mut others = others.filter(|it| !std::ptr::eq(it.as_slice(), fields));
    others
        .any(|it| has(it))
        .then(|| (field, "another variant has it, too".to_owned()))
}

fn check_other_tags(raw: &raw::Union, diagnostics: &mut Vec<Diagnostic>) {
    for also in raw.variants.iter().filter_map(|it| it.word.also.first()) {
        let name = shown(&raw.name.value);
        let message = format!("union `{name}` has no tag");
        let label = "another tag of what has none";
        diagnostics.push(
            Diagnostic::new(Code::OwnKey, message, also.span, label)
                .help("leave out `also`, or give the union a `tag`"),
        );
    }
}
