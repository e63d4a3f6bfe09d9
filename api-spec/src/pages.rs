//! Lists in pages: each is compared with the request and the answer of its endpoint.

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::lower::{Draft, Item};
use crate::model::{Builtin, Endpoint, Field, Pages, Pagination, Response, Struct, Type};
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

/// The ways, by the keys that say them.
enum Way<'r> {
    Token(&'r Text, &'r Text),
    Link(&'r Text, &'r Text),
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
        if let (Way::Link(link, into), Some(pages)) = (&way, whole(raw, &call.model)) {
            let (turn, into) = self.link(link, into, &call.model)?;
            return Some(Pages {
                request_field: into,
                pagination: turn,
                ..pages
            });
        }
        let (answer, declared) = self.answer(raw, &call.model)?;
        let items = self.find(
            raw.items.as_ref()?,
            answer.fields.iter(),
            "the answer has no field",
        )?;
        let (list, optional) = strip(&items.ty);
        let Type::List(item) = list else {
            self.misfit(raw.items.as_ref()?, items, "a list, as in `[Job]`");
            return None;
        };
        let (turn, into) = match way {
            Way::Token(next, into) => self.token(next, into, answer, &call.model)?,
            Way::Link(link, into) => self.link(link, into, &call.model)?,
            Way::Offset(into) => (Pagination::Offset, self.number(into, &call.model)?),
            Way::Page(into) => (Pagination::Page, self.number(into, &call.model)?),
        };
        Some(Pages {
            function: call.model.rust.pager(),
            response: answer.name.clone(),
            declared,
            items: items.rust.clone(),
            optional,
            item: (**item).clone(),
            request_field: into,
            pagination: turn,
            span: raw.span,
        })
    }

    fn way<'w>(&mut self, raw: &'w raw::Pages) -> Option<Way<'w>> {
        match (&raw.next, &raw.link, &raw.into, &raw.offset, &raw.page) {
            (Some(next), None, Some(into), None, None) => return Some(Way::Token(next, into)),
            (None, Some(link), Some(into), None, None) => return Some(Way::Link(link, into)),
            (None, None, None, Some(offset), None) => return Some(Way::Offset(offset)),
            (None, None, None, None, Some(page)) => return Some(Way::Page(page)),
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
            .help("say `next` and `into` for a token, `link` and `into` for links, or `offset`, or `page`"),
        );
        None
    }

    fn answer(&mut self, raw: &raw::Pages, endpoint: &'a Endpoint) -> Option<(&'a Struct, bool)> {
        match &endpoint.response {
            Response::Object(answer) => return Some((answer, false)),
            Response::Value(Type::Struct(name)) if endpoint.response_headers.is_none() => {
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

    fn link(
        &mut self,
        link: &Text,
        into: &Text,
        endpoint: &'a Endpoint,
    ) -> Option<(Pagination, RustName)> {
        let headers = endpoint
            .response_headers
            .iter()
            .flat_map(|headed| &headed.headers);
        let header = self.find(link, headers, "the answer has no header")?;
        let target = self.find(into, endpoint.fields(), "the request has no field")?;
        let (ty, optional) = strip(&header.ty);
        if *ty != Type::String {
            self.misfit(link, header, "a text, `string?`");
            return None;
        }
        let (target_type, may_be_absent) = strip(&target.ty);
        let number = matches!(target_type, Type::Int | Type::Builtin(Builtin::Uint));
        if !may_be_absent || !(number || *target_type == Type::String) {
            self.misfit(into, target, "`string?`, `int?` or `uint?`");
            return None;
        }
        let turn = Pagination::Link {
            link: header.rust.clone(),
            optional,
            parameter: target.wire.clone(),
        };
        Some((turn, target.rust.clone()))
    }

    fn token(
        &mut self,
        next: &Text,
        into: &Text,
        answer: &'a Struct,
        endpoint: &'a Endpoint,
    ) -> Option<(Pagination, RustName)> {
        let from = self.find(next, answer.fields.iter(), "the answer has no field")?;
        let target = self.find(into, endpoint.fields(), "the request has no field")?;
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
        Some((Pagination::Token { next, optional }, target.rust.clone()))
    }

    fn number(&mut self, into: &Text, endpoint: &'a Endpoint) -> Option<RustName> {
        let target = self.find(into, endpoint.fields(), "the request has no field")?;
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
        none: &str,
    ) -> Option<&'f Field> {
        let fields: Vec<&Field> = fields.collect();
        let mut all = fields.iter();
        let found = all.find(|field| field.wire.as_str() == text.value);
        if found.is_none() {
            let at = text.inside();
            let names: Vec<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
            let meant = nearest(self.diagnostics.len(), &text.value, names.iter().copied());
            let message = format!("{none} `{}`", shown(&text.value));
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

/// The pages of an answer that is a list itself, the field `body` beside its headers. What leads
/// to the next is yet to be said.
fn whole(raw: &raw::Pages, endpoint: &Endpoint) -> Option<Pages> {
    let (Response::Value(Type::List(item)), Some(headed), Some(items)) =
        (&endpoint.response, &endpoint.response_headers, &raw.items)
    else {
        return None;
    };
    (items.value == "body").then(|| Pages {
        function: endpoint.rust.pager(),
        response: headed.name.clone(),
        declared: false,
        items: RustName::escape("body".to_owned()),
        optional: false,
        item: (**item).clone(),
        request_field: RustName::escape(String::new()),
        pagination: Pagination::Page,
        span: raw.span,
    })
}

/// The type without its `?`, and whether it had one.
fn strip(ty: &Type) -> (&Type, bool) {
    match ty {
        Type::Optional(inner) => (inner, true),
        ty => (ty, false),
    }
}
