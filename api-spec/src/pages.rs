//! Lists in pages: each is compared with the request and the answer of its endpoint.

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::lower::{Draft, Item};
use crate::model::{Builtin, Endpoint, Field, Pages, Response, Struct, Turn, Type};
use crate::names::RustName;
use crate::raw::{self, Text};
use crate::suggest::nearest;

/// Adds its pages to every endpoint that describes sound ones.
pub(crate) fn lower_pages(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut lowerer = Lowerer { draft, diagnostics };
    let pages: Vec<Option<Pages>> = (0..lowerer.draft.calls.len())
        .map(|call| lowerer.lower(call))
        .collect();
    for (call, pages) in draft.calls.iter_mut().zip(pages) {
        call.model.pages = pages;
    }
}

struct Lowerer<'a, 'r> {
    draft: &'a Draft<'r>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// The three ways, by the keys that say them.
enum Way<'r> {
    Token(&'r Text, &'r Text),
    Offset(&'r Text),
    Page(&'r Text),
}

impl<'a> Lowerer<'a, '_> {
    fn lower(&mut self, call: usize) -> Option<Pages> {
        let call = &self.draft.calls[call];
        let raw = call.raw.pages.as_ref()?;
        // What is wrong with the endpoint has been said; what follows from it need not be.
        if raw.faulty || call.faulty {
            return None;
        }
        let way = self.way(raw)?;
        let (answer, declared) = self.answer(raw, &call.model)?;
        let items = self.find(raw.items.as_ref()?, answer.fields.iter(), "answer")?;
        let (list, optional) = strip(&items.ty);
        let Type::List(item) = list else {
            self.misfit(raw.items.as_ref()?, items, "a list, as in `[Job]`");
            return None;
        };
        let (turn, into) = match way {
            Way::Token(next, into) => self.token(next, into, answer, &call.model)?,
            Way::Offset(into) => (Turn::Offset, self.number(into, &call.model)?),
            Way::Page(into) => (Turn::Page, self.number(into, &call.model)?),
        };
        Some(Pages {
            answer: answer.name.clone(),
            declared,
            items: items.rust.clone(),
            optional,
            item: (**item).clone(),
            into,
            turn,
            span: raw.span,
        })
    }

    fn way<'w>(&mut self, raw: &'w raw::Pages) -> Option<Way<'w>> {
        match (&raw.next, &raw.into, &raw.offset, &raw.page) {
            (Some(next), Some(into), None, None) => return Some(Way::Token(next, into)),
            (None, None, Some(offset), None) => return Some(Way::Offset(offset)),
            (None, None, None, Some(page)) => return Some(Way::Page(page)),
            _ => {}
        }
        let message = "pages follow each other in one way";
        self.diagnostics.push(
            Diagnostic::new(
                Code::Pages,
                message,
                raw.span,
                "none, half a way, or several",
            )
            .help("say `next` and `into` for a token, or `offset`, or `page`"),
        );
        None
    }

    fn answer(&mut self, raw: &raw::Pages, endpoint: &'a Endpoint) -> Option<(&'a Struct, bool)> {
        match &endpoint.response {
            Response::Object(answer) => return Some((answer, false)),
            Response::Value(Type::Struct(name)) if endpoint.headed.is_none() => {
                let named = |item: &'a Item<'_>| match item {
                    Item::Struct(item) if item.name == *name => Some((item, true)),
                    _ => None,
                };
                // Without it the endpoint goes as well.
                let mut sound = self.draft.types.iter().filter(|declared| !declared.faulty);
                return sound.find_map(|declared| named(&declared.item));
            }
            _ => {}
        }
        let message = "an answer in pages has fields";
        self.diagnostics.push(
            Diagnostic::new(Code::Pages, message, raw.span, "where would its items be?")
                .help("describe the response as a table, or as a struct of `[structs.…]`"),
        );
        None
    }

    fn token(
        &mut self,
        next: &Text,
        into: &Text,
        answer: &'a Struct,
        endpoint: &'a Endpoint,
    ) -> Option<(Turn, RustName)> {
        let from = self.find(next, answer.fields.iter(), "answer")?;
        let target = self.find(into, endpoint.fields(), "request")?;
        let (ty, optional) = strip(&from.ty);
        if !matches!(ty, Type::String | Type::Id(_)) {
            self.misfit(next, from, "a text that may be absent, `string?`");
            return None;
        }
        if strip(&target.ty) != (ty, true) {
            self.misfit(into, target, "of the same type as the token, and optional");
            return None;
        }
        let next = from.rust.clone();
        Some((Turn::Token { next, optional }, target.rust.clone()))
    }

    fn number(&mut self, into: &Text, endpoint: &'a Endpoint) -> Option<RustName> {
        let target = self.find(into, endpoint.fields(), "request")?;
        if matches!(
            strip(&target.ty).0,
            Type::Int | Type::Builtin(Builtin::Uint)
        ) {
            return Some(target.rust.clone());
        }
        self.misfit(into, target, "a whole number, `int?` or `uint?`");
        None
    }

    fn find<'f>(
        &mut self,
        text: &Text,
        fields: impl Iterator<Item = &'f Field>,
        of: &str,
    ) -> Option<&'f Field> {
        let fields: Vec<&Field> = fields.collect();
        let mut all = fields.iter();
        let found = all.find(|field| field.wire.as_str() == text.value);
        if found.is_none() {
            let at = text.inside();
            let names: Vec<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
            let meant = nearest(self.diagnostics.len(), &text.value, names.iter().copied());
            let message = format!("the {of} has no field `{}`", shown(&text.value));
            self.diagnostics.push(
                Diagnostic::new(Code::Pages, message, at, "no such field").did_you_mean(at, meant),
            );
        }
        found.copied()
    }

    fn misfit(&mut self, text: &Text, field: &Field, needed: &str) {
        let message = format!("field `{}` cannot be used for pages", shown(&text.value));
        self.diagnostics.push(
            Diagnostic::new(Code::Pages, message, text.inside(), "named here")
                .label(field.span, "has another type")
                .help(format!("it must be {needed}")),
        );
    }
}

/// The type without its `?`, and whether it had one.
fn strip(ty: &Type) -> (&Type, bool) {
    match ty {
        Type::Optional(inner) => (inner, true),
        ty => (ty, false),
    }
}
