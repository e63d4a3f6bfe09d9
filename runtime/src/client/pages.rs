//! Pagination of lists.

use std::fmt;
use std::vec;

use super::Client;
use super::link_header;
use crate::error::{Error, ErrorKind};

/// Iterator over the items of all pages of a list.
///
/// The next page is requested once the items of the current one are used up. Iteration ends after an
/// error.
#[must_use = "iterators are lazy: nothing is requested until the first item"]
pub struct Items<'a, R, A, T> {
    client: &'a Client,
    request: R,
    send: fn(&Client, &R) -> Result<A, Error>,
    advance: fn(&mut R, A) -> (Vec<T>, NextPage),
    page: vec::IntoIter<T>,
    next: NextPage,
}

/// Position after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextPage {
    /// There is another page. The request has been changed to request it.
    Continue,
    /// The page was the last one.
    End,
    /// The server returned the position of the current page as the next one.
    Loop,
    /// The link to the next page has no parameter of the expected name and type.
    Invalid,
}

impl<'a, R, A, T> Items<'a, R, A, T> {
    /// For generated code. `send` requests a page. `advance` takes its items and changes the request
    /// to that of the next page.
    #[doc(hidden)]
    pub fn new(
        client: &'a Client,
        request: R,
        send: fn(&Client, &R) -> Result<A, Error>,
        advance: fn(&mut R, A) -> (Vec<T>, NextPage),
    ) -> Self {
        Self {
            client,
            request,
            send,
            advance,
            page: Vec::new().into_iter(),
            next: NextPage::Continue,
        }
    }
}

impl<R, A, T> Iterator for Items<'_, R, A, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            match std::mem::replace(&mut self.next, NextPage::End) {
                NextPage::End => return None,
                NextPage::Loop => {
                    let message = "the server returned the same page as the next one";
                    return Some(Err(invalid_page(message)));
                }
                NextPage::Invalid => {
                    let message = "the link to the next page does not match the spec";
                    return Some(Err(invalid_page(message)));
                }
                NextPage::Continue => match (self.send)(self.client, &self.request) {
                    Err(error) => return Some(Err(error)),
                    Ok(response) => {
                        let (items, next) = (self.advance)(&mut self.request, response);
                        self.page = items.into_iter();
                        self.next = next;
                    }
                },
            }
        }
    }
}

fn invalid_page(message: &str) -> Error {
    Error::after_sending(ErrorKind::InvalidResponse, message)
}

impl<R: fmt::Debug, A, T> fmt::Debug for Items<'_, R, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("request", &self.request)
            .field("next", &self.next)
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
        Some(_) => NextPage::Continue,
    };
    *field = token;
    next
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
    let Some(value) = found.ok().and_then(|text| T::parse(&text)) else {
        return NextPage::Invalid;
    };
    if field.as_ref() == Some(&value) {
        return NextPage::Loop;
    }
    *field = Some(value);
    NextPage::Continue
}

/// Field of a request with the offset or the number of a page.
pub trait Position {
    /// Adds `count` to the position. An absent position counts as `first`.
    fn advance(&mut self, first: u32, count: usize);
}

impl Position for i64 {
    fn advance(&mut self, _: u32, count: usize) {
        *self = self.saturating_add(Self::try_from(count).unwrap_or(Self::MAX));
    }
}

impl Position for u64 {
    fn advance(&mut self, _: u32, count: usize) {
        *self = self.saturating_add(count as Self);
    }
}

impl<T: Position + From<u32>> Position for Option<T> {
    fn advance(&mut self, first: u32, count: usize) {
        self.get_or_insert_with(|| first.into())
            .advance(first, count);
    }
}

/// Adds `count` to the position of the request. A count of zero is the end of the list.
pub fn next_by_position(field: &mut impl Position, first: u32, count: usize) -> NextPage {
    field.advance(first, count);
    if count == 0 {
        NextPage::End
    } else {
        NextPage::Continue
    }
}
