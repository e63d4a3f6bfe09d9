//! Pagination. The fields it names are looked up in the request and the response of the endpoint.

use super::draft::{Draft, EndpointDraft};
use super::field_paths::{Found, Resolver};
use super::index::Index;
use super::page_kind::PageKind;
use super::roots::Roots;
use crate::diagnostics::messages::field_paths::Owner;
use crate::diagnostics::messages::pages as messages;
use crate::diagnostics::{Code, Diagnostics, Reported, as_ref};
use crate::model::{
    Body, Builtin, Endpoint, Field, FieldPath, Method, Pages, Pagination, Response, Type,
};
use crate::source::text::Text;

/// Adds the pagination to every endpoint with valid `pages`.
pub(crate) fn add_pages(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    let index = Index::new(draft);
    let pages: Vec<Option<Pages>> = draft
        .endpoints
        .iter()
        .map(|endpoint| lower_pages(&index, endpoint, diagnostics).ok()?)
        .collect();
    for (endpoint, pages) in draft.endpoints.iter_mut().zip(pages) {
        if let Ok(model) = &mut endpoint.model {
            model.pages = pages;
        }
    }
}

fn lower_pages<'a>(
    index: &Index<'a, '_>,
    draft: &'a EndpointDraft<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Pages>, Reported> {
    let Some((key, pages)) = draft.table("pages") else {
        return Ok(None);
    };
    pages.status_without(&[])?;
    let endpoint = as_ref(&draft.model)?;
    let Some(items) = pages.string("items") else {
        return Ok(None);
    };
    let kind = PageKind::new(pages)
        .ok_or_else(|| diagnostics.report(messages::pagination_kind(key.span)))?;
    let mut lookup = Lookup {
        index,
        endpoint,
        body: index.body_fields(endpoint)?,
        diagnostics,
    };
    let list = lookup.list(key, items);
    let more = pages.string("more").map(|more| lookup.more(more));
    let (items, item) = list?;
    let pagination = lookup.pagination(kind, &item);
    Ok(Some(Pages {
        function: endpoint.rust.pager(),
        items,
        item,
        pagination: pagination?,
        more: more.transpose()?,
        span: key.span,
    }))
}

const REQUEST: Owner<'_> = Owner::new("the request", "the request");
const RESPONSE: Owner<'_> = Owner::new("the response", "the response");

/// Finds the fields of one paginated endpoint.
struct Lookup<'i, 'a, 'r, 'd> {
    index: &'i Index<'a, 'r>,
    endpoint: &'a Endpoint,
    /// The fields of the response body, if it is an object.
    body: Option<Roots<'a>>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Lookup<'_, 'a, '_, '_> {
    /// Returns the list with the items in the response, and the type of an item.
    fn list(&mut self, pages: &Text, items: &Text) -> Result<(FieldPath, Type), Reported> {
        if let Response::Value(Type::List(item)) = &self.endpoint.response {
            if items.value != "body" {
                let diagnostic = messages::items_are_the_body(items);
                return Err(self.diagnostics.report(diagnostic));
            }
            let path = FieldPath {
                in_body: self.endpoint.response_headers.is_some(),
                steps: Vec::new(),
            };
            return Ok((path, (**item).clone()));
        }
        if self.body.is_none() {
            let diagnostic = messages::response_without_fields(pages.span);
            return Err(self.diagnostics.report(diagnostic));
        }
        let found = self.in_response(items)?;
        let Type::List(item) = split_optional(&found.field.ty).0 else {
            return Err(self.report_type(items, found.field, "a list, e.g. `[Job]`"));
        };
        Ok((found.path, (**item).clone()))
    }

    fn more(&mut self, more: &Text) -> Result<FieldPath, Reported> {
        let found = self.in_response(more)?;
        if *split_optional(&found.field.ty).0 != Type::Bool {
            return Err(self.report_type(more, found.field, "`bool` or `bool?`"));
        }
        Ok(found.path)
    }

    fn pagination(&mut self, kind: PageKind<'_>, item: &Type) -> Result<Pagination, Reported> {
        match kind {
            PageKind::Token { next, into } => self.token(next, into),
            PageKind::Last { last, into } => self.last(last, into, item),
            PageKind::Link { link, into } => self.link(link, into),
            PageKind::Url(url) => self.url(url),
            PageKind::Offset(field) => Ok(Pagination::Offset {
                into: self.number(field)?,
            }),
            PageKind::Page(field) => Ok(Pagination::Page {
                into: self.number(field)?,
            }),
        }
    }

    fn token(&mut self, next: &Text, into: &Text) -> Result<Pagination, Reported> {
        let token = self.in_response(next);
        let target = self.in_request(into);
        let (token, target) = (token?, target?);
        let ty = split_optional(&token.field.ty).0;
        if !matches!(ty, Type::String | Type::Id(_)) {
            return Err(self.report_type(next, token.field, "a string or an id, e.g. `string?`"));
        }
        self.check_target(into, target.field, ty)?;
        Ok(Pagination::Token {
            next: token.path,
            into: target.path,
        })
    }

    fn last(&mut self, last: &Text, into: &Text, item: &Type) -> Result<Pagination, Reported> {
        let id = self.in_item(last, item);
        let target = self.in_request(into);
        let (id, target) = (id?, target?);
        let ty = split_optional(&id.field.ty).0;
        if !(matches!(ty, Type::String | Type::Id(_)) || is_integer(ty)) {
            let expected = "a string, an id or an integer, e.g. `string`";
            return Err(self.report_type(last, id.field, expected));
        }
        self.check_target(into, target.field, ty)?;
        Ok(Pagination::Last {
            last: id.path,
            into: target.path,
        })
    }

    /// Checks that the field for the value that selects a page has its type and is optional.
    fn check_target(&mut self, into: &Text, target: &Field, ty: &Type) -> Result<(), Reported> {
        if split_optional(&target.ty) == (ty, true) {
            return Ok(());
        }
        let expected = format!("`{ty}?`, the optional type of the value");
        Err(self.report_type(into, target, &expected))
    }

    fn link(&mut self, link: &Text, into: &Text) -> Result<Pagination, Reported> {
        let headers = self.endpoint.response_headers.iter();
        let roots = Roots::new(headers.flat_map(|headers| &headers.headers));
        let owner = Owner::headers("the response", "the response");
        let header = self.find(link, &roots, owner);
        let target = self.in_request(into);
        let (header, target) = (header?, target?);
        if *split_optional(&header.field.ty).0 != Type::String {
            return Err(self.report_type(link, header.field, "a string, e.g. `string?`"));
        }
        let (ty, is_optional) = split_optional(&target.field.ty);
        if !is_optional || !(*ty == Type::String || is_integer(ty)) {
            return Err(self.report_type(into, target.field, "`string?`, `int?` or `uint?`"));
        }
        Ok(Pagination::Link {
            link: header.path,
            parameter: target.field.wire.clone(),
            into: target.path,
        })
    }

    fn url(&mut self, url: &Text) -> Result<Pagination, Reported> {
        let found = self.in_response(url)?;
        if *split_optional(&found.field.ty).0 != Type::String {
            return Err(self.report_type(url, found.field, "a string, e.g. `string?`"));
        }
        if self.endpoint.method != Method::Get || self.endpoint.body != Body::Empty {
            let method = self.endpoint.method;
            let diagnostic = messages::url_method(url, method, self.endpoint.span);
            return Err(self.diagnostics.report(diagnostic));
        }
        Ok(Pagination::Url { url: found.path })
    }

    /// Returns the request field for the number of the first item or of the page.
    fn number(&mut self, field: &Text) -> Result<FieldPath, Reported> {
        let target = self.in_request(field)?;
        if is_integer(split_optional(&target.field.ty).0) {
            return Ok(target.path);
        }
        Err(self.report_type(field, target.field, "an integer, e.g. `int?` or `uint?`"))
    }

    fn in_response(&mut self, name: &Text) -> Result<Found<'a>, Reported> {
        let roots = self.body.clone().unwrap_or_default();
        self.find(name, &roots, RESPONSE)
    }

    fn in_item(&mut self, name: &Text, item: &Type) -> Result<Found<'a>, Reported> {
        let object = match item {
            Type::Struct(name) => self.index.struct_named(name)?,
            _ => None,
        };
        let Some(object) = object else {
            let diagnostic = messages::items_without_fields(name, item);
            return Err(self.diagnostics.report(diagnostic));
        };
        let roots = Roots::new(&object.fields);
        self.find(name, &roots, Owner::of_type(object.name.as_str()))
    }

    /// Finds a field of the request. Its parents are created for the request of the next page, unless
    /// the request has them.
    fn in_request(&mut self, name: &Text) -> Result<Found<'a>, Reported> {
        let roots = Roots::new(self.endpoint.fields());
        let found = self.find(name, &roots, REQUEST)?;
        for parent in found.parents() {
            let Type::Optional(ty) = &parent.ty else {
                continue;
            };
            let required = match &**ty {
                Type::Struct(name) => self.index.struct_named(name)?,
                _ => None,
            };
            let mut fields = required.into_iter().flat_map(|item| &item.fields);
            if let Some(required) = fields.find(|field| field.is_required()) {
                let diagnostic = messages::parent_with_required_fields(name, parent, required);
                return Err(self.diagnostics.report(diagnostic));
            }
        }
        let is_nullable = |parent: &&Field| matches!(parent.ty, Type::Nullable(_));
        let nullable = found.parents().find(is_nullable);
        match nullable {
            Some(parent) => Err(self.report_type(name, parent, "a struct or an optional struct")),
            None => Ok(found),
        }
    }

    fn find(
        &mut self,
        name: &Text,
        roots: &Roots<'a>,
        owner: Owner<'_>,
    ) -> Result<Found<'a>, Reported> {
        let resolver = Resolver {
            index: self.index,
            code: Code::Pagination,
        };
        resolver.resolve(name, 0, roots, owner, self.diagnostics)
    }

    fn report_type(&mut self, name: &Text, field: &Field, expected: &str) -> Reported {
        let diagnostic = messages::page_field_type(name, field.span, expected);
        self.diagnostics.report(diagnostic)
    }
}

/// Returns the type without its `?`, and whether it had one.
fn split_optional(ty: &Type) -> (&Type, bool) {
    match ty {
        Type::Optional(inner) => (inner, true),
        ty => (ty, false),
    }
}

fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Builtin(Builtin::Uint))
}
