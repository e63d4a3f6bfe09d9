//! Paths of errors, for example `results.data[3]`.

use std::borrow::Cow;
use std::fmt;

use super::error::ReadError;
use super::reader::Reader;

/// Maximum length of a key in characters. A longer key is cut, because it may be arbitrary data.
const MAX_KEY_LENGTH: usize = 48;

/// Maximum number of steps that are shown.
const MAX_STEPS: usize = 16;

impl ReadError {
    /// Returns a message with the path of the value, for example ``at `results.data[3][0]`:
    /// expected a string, found a number``.
    ///
    /// `bytes` is the document that was read. It is read a second time to determine the path, so
    /// that the first reading need not keep track of it.
    pub fn describe(&self, bytes: &[u8]) -> String {
        let problem = self.problem();
        if problem.is_syntax() {
            return self.to_string();
        }
        let path = Path::of_offset(bytes, self.offset());
        if path.is_empty() {
            return format!("at the top level: {problem}");
        }
        format!("at `{path}`: {problem}")
    }
}

/// A step from a value to a value that it contains.
enum Step<'a> {
    /// The member of an object.
    Key(Cow<'a, str>),
    /// The item of a list.
    Index(usize),
}

/// The steps from the whole document to a value.
struct Path<'a>(Vec<Step<'a>>);

impl<'a> Path<'a> {
    /// Returns the path of the innermost value that contains the byte at `offset`. A key belongs to
    /// its object. In an invalid document, the path ends at the first error.
    fn of_offset(bytes: &'a [u8], offset: usize) -> Self {
        let mut search = Search {
            reader: Reader::new(bytes),
            offset,
            steps: Vec::new(),
        };
        search.value();
        Self(search.steps)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().take(MAX_STEPS).enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if !is_plain(key) => write!(f, "[{:?}]", truncated(key))?,
                Step::Key(key) if index == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        f.write_str(if self.0.len() > MAX_STEPS { "…" } else { "" })
    }
}

/// Search for the value that contains an offset.
struct Search<'a> {
    reader: Reader<'a>,
    offset: usize,
    /// Path of the current value.
    steps: Vec<Step<'a>>,
}

impl Search<'_> {
    /// Reads the value that is next and returns `true`, or returns `false` if it contains the offset
    /// or is invalid. In that case the steps lead to it.
    fn value(&mut self) -> bool {
        match self.reader.peek() {
            _ if self.reader.at >= self.offset => false,
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            _ => self.reader.skip().is_ok() && !self.is_past(),
        }
    }

    fn object(&mut self) -> bool {
        if self.reader.begin_object().is_err() {
            return false;
        }
        while let Ok(key) = self.reader.next_entry() {
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

    fn list(&mut self) -> bool {
        if self.reader.begin_list().is_err() {
            return false;
        }
        let mut index = 0;
        while let Ok(has_item) = self.reader.next_item() {
            if self.is_past() {
                return false;
            }
            if !has_item {
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

    /// Returns whether the byte at the offset was read.
    fn is_past(&self) -> bool {
        self.reader.at > self.offset
    }
}

/// Returns whether a key needs no quotes in a path.
fn is_plain(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-$".contains(&byte);
    !key.is_empty() && key.len() <= MAX_KEY_LENGTH && key.bytes().all(plain)
}

fn truncated(key: &str) -> Cow<'_, str> {
    match key.char_indices().nth(MAX_KEY_LENGTH) {
        Some((end, _)) => Cow::Owned(format!("{}…", key.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(key),
    }
}
