//! Pagination. The fields it names are looked up in the request and the response of the endpoint.

use super::draft::{Draft, EndpointDraft};
use super::field_paths::{Found, Resolver};
use super::index::{self, Index, Scope};
use super::page_kind::PageKind;
use crate::diagnostics::messages::field_paths::Owner;
use crate::diagnostics::messages::pages as messages;
use crate::diagnostics::{Code, Diagnostics, Reported};
use crate::model::{
    Body, Builtin, Direction, Field, FieldPath, Method, PageFlag, Pages, Pagination, Response, Type,
};
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
    let kind = PageKind::new(pages).map_err(|error| match read {
        Ok(()) => diagnostics.report(messages::pagination_kind(key.span, &error)),
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
    let list = match (pages.string("items"), read) {
        (Some(items), _) => lookup.list(items),
        (None, Err(reported)) => Err(reported),
        // Not reachable: the reader reports a missing key.
        (None, Ok(())) => return Ok(None),
    };
    let flag = lookup.flag(pages).transpose();
    let item = list
        .as_ref()
        .map(|(_, item)| item)
        .map_err(|reported| *reported);
    let pagination = kind.and_then(|kind| lookup.pagination(kind, item));
    read?;
    let ((items, item), pagination, flag) = (list?, pagination?, flag?);
    Ok(Some(Pages {
        function: draft.model.rust.pager(),
        items,
        item,
        pagination,
        flag,
        span: key.span,
    }))
}

const REQUEST: Owner<'_> = Owner::new("the request", "the request");
const RESPONSE: Owner<'_> = Owner::new("the response", "the response");

/// Finds the fields of one paginated endpoint.
struct Lookup<'i, 'a, 'r, 'd> {
    draft: &'a EndpointDraft<'r>,
    index: &'i Index<'a, 'r>,
    pages: &'r Text,
    /// The error of a response without fields, which is reported once.
    without_fields: Option<Reported>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Lookup<'_, 'a, '_, '_> {
    /// Returns the list with the items in the response, and the type of an item.
    fn list(&mut self, items: &Text) -> Result<(FieldPath, Type), Reported> {
        let endpoint = &self.draft.model;
        if let Response::Value(Type::List(item)) = &endpoint.response {
            if items.as_str() != "body" {
                let diagnostic = messages::items_are_the_body(items);
                return Err(self.diagnostics.report(diagnostic));
            }
            let path = FieldPath {
                in_body: endpoint.response_headers.is_some(),
                steps: Vec::new(),
            };
            return Ok((path, (**item).clone()));
        }
        let found = self.in_response(items)?;
        let Type::List(item) = found.field.ty.required() else {
            return Err(self.report_type(items, found.field, "a list, e.g. `[Job]`"));
        };
        Ok((found.path, (**item).clone()))
    }

    /// Returns the flag that marks the last page.
    fn flag(&mut self, pages: &Table) -> Option<Result<PageFlag, Reported>> {
        let (more, last_page) = (pages.entry("more"), pages.entry("last_page"));
        if let (Some(more), Some(last_page)) = (more, last_page) {
            let diagnostic = messages::two_flags(&more.key, &last_page.key);
            return Some(Err(self.diagnostics.report(diagnostic)));
        }
        let name = more.or(last_page)?.string()?;
        Some(self.in_response_or_headers(name).and_then(|found| {
            if *found.field.ty.required() != Type::Bool {
                return Err(self.report_type(name, found.field, "`bool` or `bool?`"));
            }
            Ok(PageFlag {
                field: found.path,
                on_last_page: last_page.is_some(),
            })
        }))
    }

    /// `item` is the type of an item, unless the list has an error.
    fn pagination(
        &mut self,
        kind: PageKind<'_>,
        item: Result<&Type, Reported>,
    ) -> Result<Pagination, Reported> {
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
        let token = self.in_response_or_headers(next);
        let target = self.in_request(into);
        let (token, target) = (token?, target?);
        let ty = token.field.ty.required();
        if !matches!(ty, Type::String | Type::Id(_)) {
            return Err(self.report_type(next, token.field, "a string or an id, e.g. `string?`"));
        }
        self.check_target(into, target.field, ty)?;
        Ok(Pagination::Token {
            next: token.path,
            into: target.path,
        })
    }

    fn last(
        &mut self,
        last: &Text,
        into: &Text,
        item: Result<&Type, Reported>,
    ) -> Result<Pagination, Reported> {
        let id = item.and_then(|item| self.in_item(last, item));
        let target = self.in_request(into);
        let (id, target) = (id?, target?);
        let ty = id.field.ty.required();
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
        if split_optional(target.declared_type()) == (ty, true) {
            return Ok(());
        }
        let expected = format!("`{ty}?`, the optional type of the value");
        Err(self.report_type(into, target, &expected))
    }

    fn link(&mut self, link: &Text, into: &Text) -> Result<Pagination, Reported> {
        let scope = index::response_headers(self.draft);
        let owner = Owner::headers("the response", "the response");
        let header = self.find(link, &scope, owner, Direction::Response);
        let target = self.in_request(into);
        let (header, target) = (header?, target?);
        if *split_optional(&header.field.ty).0 != Type::String {
            return Err(self.report_type(link, header.field, "a string, e.g. `string?`"));
        }
        let (ty, is_optional) = split_optional(target.field.declared_type());
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
        let found = self.in_response_or_headers(url)?;
        if *found.field.ty.required() != Type::String {
            return Err(self.report_type(url, found.field, "a string, e.g. `string?`"));
        }
        let endpoint = &self.draft.model;
        if endpoint.method != Method::Get || endpoint.body != Body::Empty {
            let diagnostic = messages::url_method(url, endpoint.method, endpoint.span);
            return Err(self.diagnostics.report(diagnostic));
        }
        Ok(Pagination::Url { url: found.path })
    }

    /// Returns the request field for the number of the first item or of the page.
    fn number(&mut self, field: &Text) -> Result<FieldPath, Reported> {
        let target = self.in_request(field)?;
        if is_integer(split_optional(target.field.declared_type()).0) {
            return Ok(target.path);
        }
        Err(self.report_type(field, target.field, "an integer, e.g. `int?` or `uint?`"))
    }

    fn in_response(&mut self, name: &Text) -> Result<Found<'a>, Reported> {
        if let Some(reported) = self.without_fields {
            return Err(reported);
        }
        if self.index.response_struct(self.draft)?.is_none() {
            let diagnostic = messages::response_without_fields(self.pages.span);
            let reported = self.diagnostics.report(diagnostic);
            self.without_fields = Some(reported);
            return Err(reported);
        }
        let scope = self.index.response(self.draft);
        self.find(name, &scope, RESPONSE, Direction::Response)
    }

    /// Finds a field of the response, or one of its headers.
    fn in_response_or_headers(&mut self, name: &Text) -> Result<Found<'a>, Reported> {
        if self.draft.model.response_headers.is_none() {
            return self.in_response(name);
        }
        let scope = self.index.response_and_headers(self.draft);
        self.find(name, &scope, RESPONSE, Direction::Response)
    }

    fn in_item(&mut self, name: &Text, item: &Type) -> Result<Found<'a>, Reported> {
        let Type::Struct(object) = item else {
            let diagnostic = messages::items_without_fields(name, item);
            return Err(self.diagnostics.report(diagnostic));
        };
        let scope = self.index.object(object);
        self.find(
            name,
            &scope,
            Owner::of_type(object.as_str()),
            Direction::Response,
        )
    }

    /// Finds a field of the request. Its parents are created for the request of the next page, unless
    /// the request has them.
    fn in_request(&mut self, name: &Text) -> Result<Found<'a>, Reported> {
        let scope = index::request(self.draft);
        let found = self.find(name, &scope, REQUEST, Direction::Request)?;
        for parent in found.parents() {
            let Type::Optional(ty) = &parent.ty else {
                continue;
            };
            let Type::Struct(object) = &**ty else {
                continue;
            };
            let fields = self.index.object(object).fields;
            if let Some(required) = fields.iter().find(|field| field.is_required()) {
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
        scope: &Scope<'a>,
        owner: Owner<'_>,
        direction: Direction,
    ) -> Result<Found<'a>, Reported> {
        let resolver = Resolver {
            index: self.index,
            code: Code::Pagination,
            direction,
        };
        resolver.resolve(name, 0, scope, owner, self.diagnostics)
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
