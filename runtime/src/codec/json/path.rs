//! Where in an answer a byte is.

use std::borrow::Cow;
use std::fmt;

use super::reader::Reader;

/// Longer keys are cut: they may be anything.
const KEY_LENGTH: usize = 48;

/// How many steps of a path are shown.
const STEPS: usize = 16;

/// A step from a value into what it holds.
enum Step<'a> {
    /// The member of an object.
    Key(Cow<'a, str>),
    /// The value of a list.
    Index(usize),
}

/// The way from the whole answer to a value in it, such as `results.data[3]`.
pub(super) struct Path<'a>(Vec<Step<'a>>);

impl<'a> Path<'a> {
    /// The path of the innermost value that the byte at `offset` is part of. A key belongs to its
    /// object.
    ///
    /// An answer that is broken before the offset is followed to there.
    pub(super) fn new(bytes: &'a [u8], offset: usize) -> Self {
        let mut walk = Walk {
            reader: Reader::new(bytes),
            offset,
            steps: Vec::new(),
        };
        walk.value();
        Self(walk.steps)
    }

    /// Whether it leads to the whole answer.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().take(STEPS).enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if !is_name(key) => write!(f, "[{:?}]", shortened(key))?,
                Step::Key(key) if index == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        f.write_str(if self.0.len() > STEPS { "…" } else { "" })
    }
}

/// A walk through an answer up to a byte.
struct Walk<'a> {
    /// Where it is.
    reader: Reader<'a>,
    /// The offset of the byte.
    offset: usize,
    /// The way to there.
    steps: Vec<Step<'a>>,
}

impl Walk<'_> {
    /// Walks through the value that is next, unless the byte is in it: then `false`, and the steps
    /// lead there. They also do if the answer is broken within the value.
    fn value(&mut self) -> bool {
        match self.reader.peek() {
            _ if self.reader.at >= self.offset => false,
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            _ => self.reader.skip().is_ok() && !self.is_past(),
        }
    }

    /// [`value`](Self::value) for an object.
    fn object(&mut self) -> bool {
        if self.reader.begin_object().is_err() {
            return false;
        }
        while let Ok(key) = self.reader.key() {
            if self.is_past() {
                return false;
            }
            let Some(key) = key else { return true };
            self.steps.push(Step::Key(key));
            if !self.value() {
                return false;
            }
            self.steps.pop();
        }
        false
    }

    /// [`value`](Self::value) for a list.
    fn list(&mut self) -> bool {
        if self.reader.begin_list().is_err() {
            return false;
        }
        let mut index = 0;
        while let Ok(more) = self.reader.next_item() {
            if self.is_past() {
                return false;
            }
            if !more {
                return true;
            }
            self.steps.push(Step::Index(index));
            if !self.value() {
                return false;
            }
            self.steps.pop();
            index += 1;
        }
        false
    }

    /// Whether the byte has been read.
    fn is_past(&self) -> bool {
        self.reader.at > self.offset
    }
}

/// Whether a key needs no quotes.
fn is_name(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-$".contains(&byte);
    !key.is_empty() && key.len() <= KEY_LENGTH && key.bytes().all(plain)
}

/// The start of a long key.
fn shortened(key: &str) -> Cow<'_, str> {
    match key.char_indices().nth(KEY_LENGTH) {
        Some((end, _)) => Cow::Owned(format!("{}…", key.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(key),
    }
}
