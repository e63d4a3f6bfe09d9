//! Position in the pages of a list.

use std::borrow::Cow;
use std::fmt;

use super::Client;
use crate::error::{Error, ErrorKind};

/// Position after a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextPage {
    /// There is another page, at a position that the client has computed. The request has been changed
    /// to request it.
    Continue,
    /// There is another page, which this value of the server selects. The request has been changed to
    /// request it.
    Token(String),
    /// There is another page at this URL.
    Url(String),
    /// The page was the last one.
    End,
    /// The server returned the position of the current page as the next one.
    Loop,
    /// The link to the next page has no parameter of the expected name and type.
    Invalid,
    /// There are more pages, but the response has no position of the next one.
    Missing,
    /// The last item has no id.
    MissingId,
}

/// Position in the pages of a list. It ends after the last page and after an error.
///
/// A server that returns positions in a cycle would never end the list. The cursor compares each position
/// with a stored one, which it replaces after 1, 2, 4, 8 … pages (Brent's algorithm). It thus detects
/// each cycle without storing all positions.
pub struct PageCursor {
    next: NextPage,
    stored: Option<String>,
    /// Pages since the position was stored.
    pages: u64,
    /// Pages after which another position is stored.
    limit: u64,
}

impl PageCursor {
    /// Creates a cursor at the first page.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            next: NextPage::Continue,
            stored: None,
            pages: 0,
            limit: 1,
        }
    }

    /// Sets the position after a page.
    pub fn set(&mut self, next: NextPage) {
        self.next = match next {
            NextPage::Token(position) if self.is_repeated(&position) => NextPage::Loop,
            NextPage::Url(position) if self.is_repeated(&position) => NextPage::Loop,
            next => next,
        };
    }

    /// Returns the client that requests the next page, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidResponse`] if the last response does not select a valid page.
    pub fn next<'c>(&mut self, client: &'c Client) -> Result<Option<Cow<'c, Client>>, Error> {
        let message = match std::mem::replace(&mut self.next, NextPage::End) {
            NextPage::Continue | NextPage::Token(_) => return Ok(Some(Cow::Borrowed(client))),
            NextPage::Url(url) => {
                return match client.at_url(&url) {
                    Ok(client) => Ok(Some(Cow::Owned(client))),
                    Err(error) => Err(invalid_page(&format!(
                        "the URL of the next page is invalid: {}",
                        error.message()
                    ))),
                };
            }
            NextPage::End => return Ok(None),
            NextPage::Loop => "the server returned the same page as the next one",
            NextPage::Invalid => "the link to the next page does not match the spec",
            NextPage::Missing => {
                "there are more pages, but the response does not select the next one"
            }
            NextPage::MissingId => "the last item of a page has no id that selects the next page",
        };
        Err(invalid_page(message))
    }

    /// Returns whether a position is the stored one. Otherwise it may be stored.
    fn is_repeated(&mut self, position: &str) -> bool {
        if self.stored.as_deref() == Some(position) {
            return true;
        }
        self.pages += 1;
        if self.pages == self.limit {
            self.stored = Some(position.to_owned());
            self.pages = 0;
            self.limit = self.limit.saturating_mul(2);
        }
        false
    }
}

impl Default for PageCursor {
    fn default() -> Self {
        Self::new()
    }
}

/// Positions are not shown: a URL may contain credentials.
impl fmt::Debug for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageCursor")
            .field("is_end", &(self.next == NextPage::End))
            .finish_non_exhaustive()
    }
}

fn invalid_page(message: &str) -> Error {
    Error::after_sending(ErrorKind::InvalidResponse, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the number of pages before a cycle is detected.
    fn pages_until_error(positions: impl Iterator<Item = usize>) -> Option<usize> {
        let client = Client::builder("https://example.com").build().unwrap();
        let mut cursor = PageCursor::new();
        for (index, position) in positions.enumerate() {
            cursor.set(NextPage::Token(position.to_string()));
            if let Err(error) = cursor.next(&client) {
                assert_eq!(error.kind(), ErrorKind::InvalidResponse);
                assert!(cursor.next(&client).unwrap().is_none());
                return Some(index + 1);
            }
        }
        None
    }

    #[test]
    fn cycle_of_positions_is_detected() {
        for start in [0, 1, 7, 100] {
            for length in [1, 2, 3, 10, 64, 1000] {
                let cycle = (0..start).chain((start..start + length).cycle());
                let pages = pages_until_error(cycle.take(100_000)).unwrap();
                assert!(pages > start + length, "{start} {length}: {pages}");
                assert!(
                    pages <= 4 * (start + length) + 2,
                    "{start} {length}: {pages}"
                );
            }
        }
        assert_eq!(pages_until_error(0..100_000), None);
    }
}
