//! Lists that come in pages.

mod link;

use std::fmt;
use std::vec;

use crate::client::Client;
use crate::error::{Error, ErrorKind};

/// The items of all pages of a list. The next page is asked for when the items of the last are
/// used up; an error ends it.
#[must_use = "nothing is asked for until an item is wanted"]
pub struct Items<'a, R, A, T> {
    client: &'a Client,
    request: R,
    ask: fn(&Client, &R) -> Result<A, Error>,
    turn: fn(&mut R, A) -> (Vec<T>, Turn),
    page: vec::IntoIter<T>,
    next: Turn,
}

/// What follows a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Another.
    On,
    /// Nothing.
    End,
    /// The same page again, and so on for ever.
    Circle,
    /// One that cannot be asked for.
    Odd,
}

impl<'a, R, A, T> Items<'a, R, A, T> {
    /// For generated code: `ask` brings a page, `turn` takes its items and lets the request ask for
    /// the next.
    #[doc(hidden)]
    pub fn new(
        client: &'a Client,
        request: R,
        ask: fn(&Client, &R) -> Result<A, Error>,
        turn: fn(&mut R, A) -> (Vec<T>, Turn),
    ) -> Self {
        Self {
            client,
            request,
            ask,
            turn,
            page: Vec::new().into_iter(),
            next: Turn::On,
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
            match std::mem::replace(&mut self.next, Turn::End) {
                Turn::End => return None,
                Turn::Circle => {
                    let text = "the server says that a page is followed by itself";
                    return Some(Err(Error::after_sending(ErrorKind::InvalidResponse, text)));
                }
                Turn::Odd => {
                    let text = "the link to the next page has another form than described";
                    return Some(Err(Error::after_sending(ErrorKind::InvalidResponse, text)));
                }
                Turn::On => match (self.ask)(self.client, &self.request) {
                    Err(error) => return Some(Err(error)),
                    Ok(answer) => {
                        let (items, next) = (self.turn)(&mut self.request, answer);
                        self.page = items.into_iter();
                        self.next = next;
                    }
                },
            }
        }
    }
}

impl<R: fmt::Debug, A, T> fmt::Debug for Items<'_, R, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("request", &self.request)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

/// Puts a token into the request. An empty one is the end, as none is.
pub fn turn_token<T: PartialEq>(
    place: &mut Option<T>,
    token: Option<T>,
    as_text: fn(&T) -> &str,
) -> Turn {
    let token = token.filter(|token| !as_text(token).is_empty());
    let turn = match &token {
        None => Turn::End,
        token if token == place => Turn::Circle,
        Some(_) => Turn::On,
    };
    *place = token;
    turn
}

/// What of a link can be put into a request.
pub trait Linked: PartialEq + Sized {
    /// Reads a parameter of the link.
    fn read(text: &str) -> Option<Self>;
}

impl Linked for String {
    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Linked for i64 {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Linked for u64 {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Puts a parameter of the link to the next page into the request. The link itself is not followed:
/// it may lead anywhere, and the credentials with it.
pub fn turn_link<T: Linked>(place: &mut Option<T>, header: Option<&str>, parameter: &str) -> Turn {
    let Some(found) = header.and_then(|header| link::next_parameter(header, parameter)) else {
        return Turn::End;
    };
    let Some(value) = found.ok().and_then(|text| T::read(&text)) else {
        return Turn::Odd;
    };
    if place.as_ref() == Some(&value) {
        return Turn::Circle;
    }
    *place = Some(value);
    Turn::On
}

/// A number of a request that says which page.
pub trait Counter {
    /// Counts on from `first` if there is no number yet.
    fn count(&mut self, first: u32, by: usize);
}

impl Counter for i64 {
    fn count(&mut self, _: u32, by: usize) {
        *self = self.saturating_add(Self::try_from(by).unwrap_or(Self::MAX));
    }
}

impl Counter for u64 {
    fn count(&mut self, _: u32, by: usize) {
        *self = self.saturating_add(by as Self);
    }
}

impl<T: Counter + From<u32>> Counter for Option<T> {
    fn count(&mut self, first: u32, by: usize) {
        self.get_or_insert_with(|| first.into()).count(first, by);
    }
}

/// Adds to a number of the request; nothing to add is the end.
pub fn turn_number(place: &mut impl Counter, first: u32, by: usize) -> Turn {
    place.count(first, by);
    if by == 0 { Turn::End } else { Turn::On }
}
