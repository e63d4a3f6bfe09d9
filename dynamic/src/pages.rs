//! Pages of lists.

use api_runtime::codec::ReadError;
use api_runtime::rt::{
    NextPage, PageCursor, check_more, next_by_last, next_by_link, next_by_position, next_by_token,
    next_by_url,
};
use api_runtime::types::RawJson;
use api_runtime::{Argument, Client, Error};
use api_spec::model::{self, FieldPath, Pagination, Type};

use crate::endpoint::Endpoint;
use crate::field_path::{argument_at, find, set_argument, text_in, text_of_argument};
use crate::mismatch::mismatch;

/// Pages of a list that an endpoint returns.
#[derive(Clone, Copy, Debug)]
pub struct Pages<'a> {
    endpoint: Endpoint<'a>,
    spec: &'a model::Pages,
}

impl<'a> Endpoint<'a> {
    /// Returns the pages of the list that the endpoint returns, if the spec describes them.
    pub fn pages(&self) -> Option<Pages<'a>> {
        let spec = self.spec().pages.as_ref()?;
        let endpoint = *self;
        Some(Pages { endpoint, spec })
    }
}

impl Pages<'_> {
    /// Requests all pages, and calls `each` with the items of each of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidResponse`](api_runtime::ErrorKind::InvalidResponse) if a response does not
    /// select a valid page, and the errors of [`Client::call_by_name`].
    pub fn for_each(
        &self,
        client: &Client,
        arguments: &[(String, Argument)],
        mut each: impl FnMut(Vec<RawJson>),
    ) -> Result<(), Error> {
        let mut arguments = arguments.to_vec();
        let mut cursor = PageCursor::new();
        while let Some(client) = cursor
            .next(client)
            .map_err(|error| error.with_operation(&self.endpoint.name()))?
        {
            let page = self.endpoint.call(&client, &arguments)?.into_json();
            let items = self.items(&page)?;
            let next = self.advance(&mut arguments, &page, &items);
            let next = next.map_err(|problem| mismatch(&self.endpoint.name(), &problem))?;
            cursor.set(next);
            each(items);
        }
        Ok(())
    }

    /// Returns the items of a page as they were sent. An absent list has no items if the spec allows it.
    fn items(&self, page: &RawJson) -> Result<Vec<RawJson>, Error> {
        let path = &self.spec.items;
        let error = |problem: &str| mismatch(&self.endpoint.name(), problem);
        let mut items = Vec::new();
        let mut reader = page.reader();
        let not_a_list = || error(&format!("`{}` is not a list", path.wire()));
        match find(&mut reader, path) {
            Ok(None) => {}
            Ok(Some(_)) if path.is_optional() => return Ok(items),
            Ok(Some(problem)) => return Err(error(&problem)),
            Err(_) => return Err(not_a_list()),
        }
        match reader.peek() {
            Some(b'[') => {}
            Some(b'n') if path.is_optional() => return Ok(items),
            _ => return Err(not_a_list()),
        }
        let mut read = || {
            reader.begin_list()?;
            while reader.next_item()? {
                items.push(reader.raw()?.parse()?);
            }
            Ok::<_, ReadError>(())
        };
        read().map_err(|_| not_a_list())?;
        Ok(items)
    }

    /// Changes the arguments to those of the next page.
    ///
    /// # Errors
    ///
    /// Returns the problem if the response does not match the spec.
    fn advance(
        &self,
        arguments: &mut Vec<(String, Argument)>,
        page: &RawJson,
        items: &[RawJson],
    ) -> Result<NextPage, String> {
        let more = match &self.spec.flag {
            Some(flag) => {
                let value = text_in(page, &flag.field)?;
                value.map(|value| (value == "true") != flag.on_last_page)
            }
            None => None,
        };
        let pagination = &self.spec.pagination;
        let mut position = pagination
            .request_field()
            .and_then(|it| text_of_argument(&argument_at(arguments, it)?));
        let next = match pagination {
            Pagination::Token { next, .. } => {
                let token = text_in(page, next)?;
                next_by_token(&mut position, token, String::as_str)
            }
            Pagination::Last { last, .. } => {
                let id = items.last().map(|item| text_in(item, last)).transpose()?;
                let id = id.flatten();
                next_by_last(&mut position, id, String::clone, items.is_empty())
            }
            Pagination::Link {
                link,
                parameter,
                into,
            } => {
                let link = text_in(page, link)?;
                next_by_parameter(&mut position, link.as_deref(), parameter.as_str(), into)
            }
            Pagination::Url { url } => next_by_url(text_in(page, url)?),
            Pagination::Offset { .. } => next_by_number(&mut position, 0, items.len()),
            Pagination::Page { .. } => {
                let is_counted = !items.is_empty() || more == Some(true);
                next_by_number(&mut position, 1, usize::from(is_counted))
            }
        };
        if let Some(into) = pagination.request_field() {
            set_argument(arguments, into, position);
        }
        Ok(check_more(more, next))
    }
}

/// Sets the position to a parameter of a link, which is a number if the field is one.
fn next_by_parameter(
    position: &mut Option<String>,
    link: Option<&str>,
    parameter: &str,
    into: &FieldPath,
) -> NextPage {
    let ty = into.steps.last().map(|step| step.ty.required());
    if ty == Some(&Type::String) {
        return next_by_link(position, link, parameter);
    }
    let mut number = parse(position.as_deref());
    let next = next_by_link(&mut number, link, parameter);
    *position = number.map(|number| number.to_string());
    next
}

fn parse(position: Option<&str>) -> Option<i64> {
    position?.parse().ok()
}

fn next_by_number(position: &mut Option<String>, first: u32, count: usize) -> NextPage {
    let mut number = parse(position.as_deref());
    let next = next_by_position(&mut number, first, count);
    *position = number.map(|number| number.to_string());
    next
}
