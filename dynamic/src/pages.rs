//! Pages of lists.

use api_runtime::codec::{ReadError, Reader};
use api_runtime::rt::{NextPage, next_by_link, next_by_position, next_by_token};
use api_runtime::types::RawJson;
use api_runtime::{Argument, Client, Error, ErrorKind, RequestByName};
use api_spec::model::{self, Field, Pagination};
use api_spec::names::RustName;
use serde_json::Value;

use crate::endpoint::{Endpoint, text_of};

/// Pages of a list that an endpoint returns.
#[derive(Clone, Copy, Debug)]
pub struct Pages<'a> {
    endpoint: Endpoint<'a>,
    pagination: &'a Pagination,
    /// Name of the response field with the items, unless the whole body is the list.
    items: Option<&'a str>,
    /// Field of the request that selects the page.
    position: &'a Field,
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
        Pages::new(*self, self.spec().pages.as_ref()?)
    }
}

impl<'a> Pages<'a> {
    fn new(endpoint: Endpoint<'a>, spec: &'a model::Pages) -> Option<Self> {
        let mut request = endpoint.spec().fields();
        let position = request.find(|field| field.rust == spec.request_field)?;
        Some(Self {
            endpoint,
            pagination: &spec.pagination,
            items: match endpoint.response_fields() {
                Some(_) => Some(wire_of(endpoint, &spec.items)?),
                None => None,
            },
            position,
        })
    }

    /// Requests all pages, and calls `each` with the items of each of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidResponse`] if the server returns the same page again, and the errors of
    /// [`Client::call_by_name`].
    pub fn for_each(
        &self,
        client: &Client,
        arguments: &[(String, Argument)],
        mut each: impl FnMut(Vec<RawJson>),
    ) -> Result<(), Error> {
        let mut arguments = arguments.to_vec();
        loop {
            let page = self.request(client, &arguments)?;
            let (items, next) = self.advance(&mut arguments, &page);
            each(items);
            let problem = match next {
                NextPage::Continue => continue,
                NextPage::End => return Ok(()),
                NextPage::Loop => "the server returned the same page as the next one",
                NextPage::Invalid => "the link to the next page does not match the spec",
            };
            let error = Error::after_sending(ErrorKind::InvalidResponse, problem);
            return Err(error.with_operation(&self.endpoint.name()));
        }
    }

    fn request(&self, client: &Client, arguments: &[(String, Argument)]) -> Result<Page, Error> {
        self.endpoint.describe(|endpoint| {
            let request = RequestByName::new(endpoint, arguments)?;
            let response = client.send(endpoint.operation, &request)?;
            let link = match self.pagination {
                Pagination::Link { link, .. } => header(self.endpoint, link),
                _ => None,
            };
            let values = link.map(|name| response.headers().get_all(name));
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
        let items = items(&page.body, self.items).unwrap_or_default();
        let mut position = self.position(arguments);
        let next = match self.pagination {
            Pagination::Token { next, .. } => {
                let wire = wire_of(self.endpoint, next).unwrap_or_default();
                let body: Value = page.body.parse().unwrap_or_default();
                let token = text_of(body.get(wire));
                next_by_token(&mut position, token, String::as_str)
            }
            Pagination::Link { parameter, .. } => {
                next_by_link(&mut position, page.link.as_deref(), parameter.as_str())
            }
            Pagination::Offset => next_by_number(&mut position, 0, items.len()),
            Pagination::Page => next_by_number(&mut position, 1, items.len().min(1)),
        };
        let name = self.position.wire.as_str();
        arguments.retain(|(other, _)| other != name);
        arguments.extend(position.map(|text| (name.to_owned(), Argument::Text(text))));
        (items, next)
    }

    /// Returns the value of the field that selects the page, as text.
    fn position(&self, arguments: &[(String, Argument)]) -> Option<String> {
        let name = self.position.wire.as_str();
        let argument = arguments.iter().find(|(other, _)| other == name);
        match argument {
            Some((_, Argument::Text(text))) => Some(text.clone()),
            Some((_, Argument::Json(value))) => text_of(Some(value)),
            Some(_) => None,
            None => self.position.default.as_ref().map(ToString::to_string),
        }
    }
}

/// Returns the items of a page as they were sent. An absent list has no items.
fn items(body: &RawJson, name: Option<&str>) -> Result<Vec<RawJson>, ReadError> {
    let mut reader = body.reader();
    let mut items = Vec::new();
    if let Some(name) = name
        && !find_member(&mut reader, name)?
    {
        return Ok(items);
    }
    if reader.peek() != Some(b'[') {
        return Ok(items);
    }
    reader.begin_list()?;
    while reader.next_item()? {
        items.push(reader.raw()?.parse()?);
    }
    Ok(items)
}

/// Moves to the value of a member of an object. Returns whether there is one.
fn find_member(reader: &mut Reader<'_>, name: &str) -> Result<bool, ReadError> {
    if reader.peek() != Some(b'{') {
        return Ok(false);
    }
    reader.begin_object()?;
    while let Some(key) = reader.next_entry()? {
        if key == name {
            return Ok(true);
        }
        reader.skip()?;
    }
    Ok(false)
}

fn next_by_number(position: &mut Option<String>, first: u32, count: usize) -> NextPage {
    let mut number = position
        .as_deref()
        .and_then(|text| text.parse::<i64>().ok());
    let next = next_by_position(&mut number, first, count);
    *position = number.map(|number| number.to_string());
    next
}

/// Returns the name of a field of the response body.
fn wire_of<'a>(endpoint: Endpoint<'a>, name: &RustName) -> Option<&'a str> {
    let fields = endpoint.response_fields()?;
    let field = fields.iter().find(|field| field.rust == *name)?;
    Some(field.wire.as_str())
}

/// Returns the name of a header of the response.
fn header<'a>(endpoint: Endpoint<'a>, name: &RustName) -> Option<&'a str> {
    let headers = endpoint.spec().response_headers.as_ref()?;
    let field = headers.headers.iter().find(|field| field.rust == *name)?;
    Some(field.wire.as_str())
}
