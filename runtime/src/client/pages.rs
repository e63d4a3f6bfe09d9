//! Pagination of lists.

use std::fmt;
use std::vec;

use super::Client;
use super::link_header;
use super::page_cursor::{NextPage, PageCursor};
use crate::error::Error;
use crate::operation::Operation;

/// Iterator over the items of all pages of a list.
///
/// The next page is requested once the items of the current one are used up. Iteration ends after an
/// error.
#[must_use = "iterators are lazy: nothing is requested until the first item"]
pub struct Items<'a, R, A, T> {
    client: &'a Client,
    /// Name of the endpoint, for errors.
    operation: &'static str,
    request: R,
    send: fn(&Client, &R) -> Result<A, Error>,
    advance: fn(&mut R, A) -> (Vec<T>, NextPage),
    page: vec::IntoIter<T>,
    cursor: PageCursor,
}

impl<'a, R, A, T> Items<'a, R, A, T> {
    /// For generated code. `send` requests a page. `advance` takes its items and changes the request
    /// to that of the next page.
    #[doc(hidden)]
    pub fn new(
        client: &'a Client,
        operation: &Operation<'static>,
        request: R,
        send: fn(&Client, &R) -> Result<A, Error>,
        advance: fn(&mut R, A) -> (Vec<T>, NextPage),
    ) -> Self {
        Self {
            client,
            operation: operation.name,
            request,
            send,
            advance,
            page: Vec::new().into_iter(),
            cursor: PageCursor::new(),
        }
    }

    /// Requests the next page. Returns `false` after the last one.
    fn request(&mut self) -> Result<bool, Error> {
        let next = self.cursor.next(self.client);
        let Some(client) = next.map_err(|error| error.with_operation(self.operation))? else {
            return Ok(false);
        };
        let response = (self.send)(&client, &self.request)?;
        let (items, next) = (self.advance)(&mut self.request, response);
        self.page = items.into_iter();
        self.cursor.set(next);
        Ok(true)
    }
}

impl<R, A, T> Iterator for Items<'_, R, A, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            match self.request() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<R: fmt::Debug, A, T> fmt::Debug for Items<'_, R, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("request", &self.request)
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

/// Sets the page token of the request. No token, or an empty one, is the end of the list.
pub fn next_by_token<T: PartialEq>(
    field: &mut Option<T>,
    token: Option<T>,
    as_text: fn(&T) -> &str,
) -> NextPage {
    let token = token.filter(|token| !as_text(token).is_empty());
    let next = match &token {
        None => NextPage::End,
        token if token == field => NextPage::Loop,
        Some(token) => NextPage::Token(as_text(token).to_owned()),
    };
    *field = token;
    next
}

/// Sets a field of the request to the id of the last item. A page without items is the end of the
/// list.
pub fn next_by_last<T: PartialEq>(
    field: &mut Option<T>,
    last: Option<T>,
    to_text: fn(&T) -> String,
    is_empty: bool,
) -> NextPage {
    let next = match &last {
        _ if is_empty => return NextPage::End,
        None => return NextPage::MissingId,
        last if last == field => NextPage::Loop,
        Some(last) => NextPage::Token(to_text(last)),
    };
    *field = last;
    next
}

/// Selects the page at a URL. No URL, or an empty one, is the end of the list.
pub fn next_by_url(url: Option<String>) -> NextPage {
    match url.filter(|url| !url.is_empty()) {
        Some(url) => NextPage::Url(url),
        None => NextPage::End,
    }
}

/// Returns the position after a page whose response may have a flag that is `false` on the last page.
pub fn check_more(more: Option<bool>, next: NextPage) -> NextPage {
    match (more, next) {
        (Some(false), _) => NextPage::End,
        (Some(true), NextPage::End) => NextPage::Missing,
        (_, next) => next,
    }
}

/// Value of a parameter in a link.
pub trait LinkParameter: PartialEq + Sized {
    /// Parses the value.
    fn parse(text: &str) -> Option<Self>;
}

impl LinkParameter for String {
    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl LinkParameter for i64 {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl LinkParameter for u64 {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Sets a field of the request to a parameter of the link to the next page.
///
/// The link itself is not followed: it may lead to another server, which would receive the
/// credentials.
pub fn next_by_link<T: LinkParameter>(
    field: &mut Option<T>,
    header: Option<&str>,
    parameter: &str,
) -> NextPage {
    let Some(found) = header.and_then(|header| link_header::next_parameter(header, parameter))
    else {
        return NextPage::End;
    };
    let parsed = found
        .ok()
        .and_then(|text| Some((T::parse(&text)?, text.into_owned())));
    let Some((value, text)) = parsed else {
        return NextPage::Invalid;
    };
    if field.as_ref() == Some(&value) {
        return NextPage::Loop;
    }
    *field = Some(value);
    NextPage::Token(text)
}

/// Field of a request with the offset or the number of a page.
pub trait Position {
    /// Adds `count` to the position, and returns whether the sum is in range. An absent position counts
    /// as `first`.
    fn advance(&mut self, first: u32, count: usize) -> bool;
}

impl Position for i64 {
    fn advance(&mut self, _: u32, count: usize) -> bool {
        let sum = self.checked_add_unsigned(count as u64);
        *self = sum.unwrap_or(*self);
        sum.is_some()
    }
}

impl Position for u64 {
    fn advance(&mut self, _: u32, count: usize) -> bool {
        let sum = self.checked_add(count as Self);
        *self = sum.unwrap_or(*self);
        sum.is_some()
    }
}

impl<T: Position + From<u32>> Position for Option<T> {
    fn advance(&mut self, first: u32, count: usize) -> bool {
        let position = self.get_or_insert_with(|| first.into());
        position.advance(first, count)
    }
}

/// Adds `count` to the position of the request. A count of zero is the end of the list.
pub fn next_by_position(field: &mut impl Position, first: u32, count: usize) -> NextPage {
    let is_in_range = field.advance(first, count);
    match count {
        0 => NextPage::End,
        _ if is_in_range => NextPage::Continue,
        _ => NextPage::Loop,
    }
}
