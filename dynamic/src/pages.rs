//! Pages of lists.

use api_runtime::codec::ReadError;
use api_runtime::rt::{
    NextPage, PageCursor, check_more, next_by_last, next_by_link, next_by_position, next_by_token,
    next_by_url,
};
use api_runtime::types::RawJson;
use api_runtime::{Argument, Client, Error, RequestByName};
use api_spec::model::{self, FieldPath, Pagination};
use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::field_path::{argument_at, find, set_argument, text_in};

/// Pages of a list that an endpoint returns.
#[derive(Clone, Copy, Debug)]
pub struct Pages<'a> {
    endpoint: Endpoint<'a>,
    spec: &'a model::Pages,
}

/// A response with a page.
struct Page {
    body: RawJson,
    /// Value of the header with the link.
    link: Option<String>,
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
            let page = self.request(&client, &arguments)?;
            let (items, next) = self.advance(&mut arguments, &page);
            cursor.set(next);
            each(items);
        }
        Ok(())
    }

    fn request(&self, client: &Client, arguments: &[(String, Argument)]) -> Result<Page, Error> {
        self.endpoint.describe(|endpoint| {
            let request = RequestByName::new(endpoint, arguments)?;
            let response = client.send(endpoint.operation, &request)?;
            let link = match &self.spec.pagination {
                Pagination::Link { link, .. } => link.steps.last(),
                _ => None,
            };
            let values = link.map(|link| response.headers().get_all(link.wire.as_str()));
            let values = values.into_iter().flatten();
            let texts: Vec<_> = values
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
                .collect();
            Ok(Page {
                body: response.decode()?,
                link: (!texts.is_empty()).then(|| texts.join(", ")),
            })
        })
    }

    /// Returns the items of a page, and changes the arguments to those of the next one.
    fn advance(
        &self,
        arguments: &mut Vec<(String, Argument)>,
        page: &Page,
    ) -> (Vec<RawJson>, NextPage) {
        let items = items(&page.body, &self.spec.items).unwrap_or_default();
        let flag = self.spec.flag.as_ref();
        let more = flag.and_then(|flag| {
            let value: bool = text_in(&page.body, &flag.field)?.parse().ok()?;
            Some(value != flag.on_last_page)
        });
        let pagination = &self.spec.pagination;
        let mut position = pagination
            .request_field()
            .and_then(|it| position(arguments, it));
        let next = match pagination {
            Pagination::Token { next, .. } => {
                let token = text_in(&page.body, next);
                next_by_token(&mut position, token, String::as_str)
            }
            Pagination::Last { last, .. } => {
                let id = items.last().and_then(|item| text_in(item, last));
                next_by_last(&mut position, id, String::clone, items.is_empty())
            }
            Pagination::Link { parameter, .. } => {
                next_by_link(&mut position, page.link.as_deref(), parameter.as_str())
            }
            Pagination::Url { url } => next_by_url(text_in(&page.body, url)),
            Pagination::Offset { .. } => next_by_number(&mut position, 0, items.len()),
            Pagination::Page { .. } => {
                let is_counted = !items.is_empty() || more == Some(true);
                next_by_number(&mut position, 1, usize::from(is_counted))
            }
        };
        if let Some(into) = pagination.request_field() {
            set_argument(arguments, into, position);
        }
        (items, check_more(more, next))
    }
}

/// Returns the value of the field that selects the page, as text.
fn position(arguments: &[(String, Argument)], path: &FieldPath) -> Option<String> {
    match argument_at(arguments, path)? {
        Argument::Text(text) | Argument::Json(Value::String(text)) => Some(text),
        Argument::Json(value) => Some(value.to_string()),
        _ => None,
    }
}

/// Returns the items of a page as they were sent. An absent list has no items.
fn items(body: &RawJson, path: &FieldPath) -> Result<Vec<RawJson>, ReadError> {
    let mut reader = body.reader();
    let mut items = Vec::new();
    if !find(&mut reader, path)? || reader.peek() != Some(b'[') {
        return Ok(items);
    }
    reader.begin_list()?;
    while reader.next_item()? {
        items.push(reader.raw()?.parse()?);
    }
    Ok(items)
}

fn next_by_number(position: &mut Option<String>, first: u32, count: usize) -> NextPage {
    let mut number = position
        .as_deref()
        .and_then(|text| text.parse::<i64>().ok());
    let next = next_by_position(&mut number, first, count);
    *position = number.map(|number| number.to_string());
    next
}
