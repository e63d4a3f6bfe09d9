//! Pagination. The fields it names are looked up in the request and the response of the endpoint.

use super::draft::{Draft, EndpointDraft};
use super::index::{self, Index, Scope};
use crate::diagnostics::messages::pages as messages;
use crate::diagnostics::messages::pages::Part;
use crate::diagnostics::{Diagnostics, Reported};
use crate::model::names::RustName;
use crate::model::{Builtin, Field, Pages, Pagination, Response, Struct, Type};
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
        endpoint.model.pages = pages;
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
    let read = pages.status_without(&[]);
    let kind = PageKind::new(pages).ok_or_else(|| match read {
        Ok(()) => diagnostics.report(messages::pagination_kind(key.span)),
        // The key that selects the kind may be the one with the error.
        Err(reported) => reported,
    });
    let mut lookup = Lookup {
        draft,
        index,
        pages: key,
        without_fields: None,
        diagnostics,
    };
    let items = pages.string("items");
    let list = items.map(|items| lookup.list(items, kind));
    let selected = kind.and_then(|kind| lookup.pagination(kind));
    read?;
    let (Some(list), (pagination, request_field)) = (list.transpose()?, selected?) else {
        return Ok(None);
    };
    let endpoint = &draft.model;
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
    items: RustName,
    optional: bool,
    item: Type,
}

struct Lookup<'i, 'a, 'r, 'd> {
    draft: &'a EndpointDraft<'r>,
    index: &'i Index<'a, 'r>,
    pages: &'r Text,
    /// The error of a response without fields, which is reported once.
    without_fields: Option<Reported>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Lookup<'_, 'a, '_, '_> {
    /// Finds the list with the items in the response.
    fn list(
        &mut self,
        items: &Text,
        kind: Result<PageKind<'_>, Reported>,
    ) -> Result<PagedList<'a>, Reported> {
        let endpoint = &self.draft.model;
        // A list beside headers is the field `body` of the struct of both.
        if let (
            Response::Value(Type::List(item)),
            Some(headers),
            Ok(PageKind::Link { .. }) | Err(_),
            "body",
        ) = (
            &endpoint.response,
            &endpoint.response_headers,
            kind,
            items.as_str(),
        ) {
            return Ok(PagedList {
                name: &headers.name,
                declared: false,
                items: RustName::escape("body".to_owned()),
                optional: false,
                item: (**item).clone(),
            });
        }
        let response = self.response()?;
        let fields = self.index.response(self.draft);
        let field = self.find(items, &fields, Part::ResponseField)?;
        let (list, optional) = split_optional(&field.ty);
        let Type::List(item) = list else {
            return Err(self.report_type(items, field, "a list, e.g. `[Job]`"));
        };
        Ok(PagedList {
            name: &response.name,
            declared: matches!(endpoint.response, Response::Value(_)),
            items: field.rust.clone(),
            optional,
            item: (**item).clone(),
        })
    }

    /// Returns the pagination and the request field that selects the page.
    fn pagination(&mut self, kind: PageKind<'_>) -> Result<(Pagination, RustName), Reported> {
        match kind {
            PageKind::Token { next, into } => self.token(next, into),
            PageKind::Link { link, into } => self.link(link, into),
            PageKind::Offset(field) => Ok((Pagination::Offset, self.number(field)?)),
            PageKind::Page(field) => Ok((Pagination::Page, self.number(field)?)),
        }
    }

    fn token(&mut self, next: &Text, into: &Text) -> Result<(Pagination, RustName), Reported> {
        let token = self.token_field(next);
        let target = self.request_field(into);
        let (token, target) = (token?, target?);
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
        let headers = index::response_headers(self.draft);
        let header = self.find(link, &headers, Part::ResponseHeader);
        let target = self.request_field(into);
        let (header, target) = (header?, target?);
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
        let target = self.request_field(field)?;
        if is_integer(split_optional(&target.ty).0) {
            return Ok(target.rust.clone());
        }
        Err(self.report_type(field, target, "an integer, e.g. `int?` or `uint?`"))
    }

    fn request_field(&mut self, name: &Text) -> Result<&'a Field, Reported> {
        let fields = index::request(self.draft);
        self.find(name, &fields, Part::RequestField)
    }

    fn response(&mut self) -> Result<&'a Struct, Reported> {
        if let Some(reported) = self.without_fields {
            return Err(reported);
        }
        if let Some(response) = self.index.response_struct(self.draft)? {
            return Ok(response);
        }
        let diagnostic = messages::response_without_fields(self.pages.span);
        let reported = self.diagnostics.report(diagnostic);
        self.without_fields = Some(reported);
        Err(reported)
    }

    fn token_field(&mut self, name: &Text) -> Result<&'a Field, Reported> {
        self.response()?;
        let fields = self.index.response(self.draft);
        self.find(name, &fields, Part::ResponseField)
    }

    fn find(&mut self, name: &Text, fields: &Scope<'a>, part: Part) -> Result<&'a Field, Reported> {
        if let Some(field) = fields.find(&name.value)? {
            return Ok(field);
        }
        let similar = self.diagnostics.nearest(&name.value, fields.names());
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
