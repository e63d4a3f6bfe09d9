//! Pagination. The fields it names are looked up in the request and the response of the endpoint.

use super::draft::{Draft, EndpointDraft};
use super::index::Index;
use crate::diagnostics::messages::pages as messages;
use crate::diagnostics::messages::pages::Part;
use crate::diagnostics::{Diagnostics, Reported, as_ref};
use crate::model::names::RustName;
use crate::model::{Builtin, Endpoint, Field, Pages, Pagination, Response, Struct, Type};
use crate::read::raw::Table;
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
        endpoint,
        diagnostics,
    };
    let list = lookup.list(index, key, items, kind)?;
    let (pagination, request_field) = lookup.pagination(kind, list.response)?;
    Ok(Some(Pages {
        function: endpoint.rust.pager(),
        response: list.name.clone(),
        declared: list.declared,
        items: list.items,
        optional: list.optional,
        item: list.item,
        request_field,
        pagination,
        span: key.span,
    }))
}

/// The kinds of pagination, with the fields named by their keys.
#[derive(Clone, Copy)]
enum PageKind<'r> {
    Token { next: &'r Text, into: &'r Text },
    Link { link: &'r Text, into: &'r Text },
    Offset(&'r Text),
    Page(&'r Text),
}

impl<'r> PageKind<'r> {
    /// Returns `None` unless the keys select exactly one kind.
    fn new(pages: &'r Table) -> Option<Self> {
        let keys = ["next", "link", "into", "offset", "page"];
        match keys.map(|key| pages.string(key)) {
            [Some(next), None, Some(into), None, None] => Some(Self::Token { next, into }),
            [None, Some(link), Some(into), None, None] => Some(Self::Link { link, into }),
            [None, None, None, Some(offset), None] => Some(Self::Offset(offset)),
            [None, None, None, None, Some(page)] => Some(Self::Page(page)),
            _ => None,
        }
    }
}

/// The list with the items of one page.
struct PagedList<'a> {
    /// The response type.
    name: &'a RustName,
    declared: bool,
    /// The response body, if it is a struct.
    response: Option<&'a Struct>,
    items: RustName,
    optional: bool,
    item: Type,
}

struct Lookup<'a, 'd> {
    endpoint: &'a Endpoint,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Lookup<'a, '_> {
    /// Finds the list with the items in the response.
    fn list(
        &mut self,
        index: &Index<'a, '_>,
        pages: &Text,
        items: &Text,
        kind: PageKind<'_>,
    ) -> Result<PagedList<'a>, Reported> {
        // A list beside headers is the field `body` of the struct of both.
        if let (Response::Value(Type::List(item)), Some(headers), PageKind::Link { .. }, "body") = (
            &self.endpoint.response,
            &self.endpoint.response_headers,
            kind,
            items.as_str(),
        ) {
            return Ok(PagedList {
                name: &headers.name,
                declared: false,
                response: None,
                items: RustName::escape("body".to_owned()),
                optional: false,
                item: (**item).clone(),
            });
        }
        let Some(response) = index.response_struct(self.endpoint)? else {
            let diagnostic = messages::response_without_fields(pages.span);
            return Err(self.diagnostics.report(diagnostic));
        };
        let field = self.find(items, &response.fields, Part::ResponseField)?;
        let (list, optional) = split_optional(&field.ty);
        let Type::List(item) = list else {
            return Err(self.report_type(items, field, "a list, e.g. `[Job]`"));
        };
        Ok(PagedList {
            name: &response.name,
            declared: matches!(self.endpoint.response, Response::Value(_)),
            response: Some(response),
            items: field.rust.clone(),
            optional,
            item: (**item).clone(),
        })
    }

    /// Returns the pagination and the request field that selects the page.
    fn pagination(
        &mut self,
        kind: PageKind<'_>,
        response: Option<&'a Struct>,
    ) -> Result<(Pagination, RustName), Reported> {
        match kind {
            PageKind::Token { next, into } => self.token(next, into, response),
            PageKind::Link { link, into } => self.link(link, into),
            PageKind::Offset(field) => Ok((Pagination::Offset, self.number(field)?)),
            PageKind::Page(field) => Ok((Pagination::Page, self.number(field)?)),
        }
    }

    fn token(
        &mut self,
        next: &Text,
        into: &Text,
        response: Option<&'a Struct>,
    ) -> Result<(Pagination, RustName), Reported> {
        let fields = response.map_or(&[][..], |response| &response.fields);
        let token = self.find(next, fields, Part::ResponseField)?;
        let target = self.find(into, self.endpoint.fields(), Part::RequestField)?;
        let (ty, optional) = split_optional(&token.ty);
        if !matches!(ty, Type::String | Type::Id(_)) {
            return Err(self.report_type(next, token, "a string or an id, e.g. `string?`"));
        }
        if split_optional(&target.ty) != (ty, true) {
            let expected = format!("`{ty}?`, the optional type of the token");
            return Err(self.report_type(into, target, &expected));
        }
        let next = token.rust.clone();
        Ok((Pagination::Token { next, optional }, target.rust.clone()))
    }

    fn link(&mut self, link: &Text, into: &Text) -> Result<(Pagination, RustName), Reported> {
        let headers = self.endpoint.response_headers.iter();
        let headers = headers.flat_map(|headers| &headers.headers);
        let header = self.find(link, headers, Part::ResponseHeader)?;
        let target = self.find(into, self.endpoint.fields(), Part::RequestField)?;
        let (ty, optional) = split_optional(&header.ty);
        if *ty != Type::String {
            return Err(self.report_type(link, header, "a string, e.g. `string?`"));
        }
        let (target_type, is_optional) = split_optional(&target.ty);
        if !is_optional || !(*target_type == Type::String || is_integer(target_type)) {
            return Err(self.report_type(into, target, "`string?`, `int?` or `uint?`"));
        }
        let pagination = Pagination::Link {
            link: header.rust.clone(),
            optional,
            parameter: target.wire.clone(),
        };
        Ok((pagination, target.rust.clone()))
    }

    /// Returns the request field for the number of the first item or of the page.
    fn number(&mut self, field: &Text) -> Result<RustName, Reported> {
        let target = self.find(field, self.endpoint.fields(), Part::RequestField)?;
        if is_integer(split_optional(&target.ty).0) {
            return Ok(target.rust.clone());
        }
        Err(self.report_type(field, target, "an integer, e.g. `int?` or `uint?`"))
    }

    fn find<'f>(
        &mut self,
        name: &Text,
        fields: impl IntoIterator<Item = &'f Field>,
        part: Part,
    ) -> Result<&'f Field, Reported> {
        let fields: Vec<&Field> = fields.into_iter().collect();
        let mut all = fields.iter().copied();
        if let Some(field) = all.find(|field| field.wire.as_str() == name.value) {
            return Ok(field);
        }
        let names = fields.iter().map(|field| field.wire.as_str());
        let similar = self.diagnostics.nearest(&name.value, names);
        let diagnostic = messages::unknown_page_field(part, name, similar);
        Err(self.diagnostics.report(diagnostic))
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
