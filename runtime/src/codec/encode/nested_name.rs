//! Names of the fields that a nested value is spread over, e.g. `items[0][price]`.

use crate::operation::FieldStyle;

/// Name of the value that is being written.
pub(super) struct NestedName {
    style: FieldStyle<'static>,
    name: String,
    /// The objects and lists around the value.
    levels: Vec<Level>,
}

/// An object or a list around a value.
struct Level {
    /// Length of the name of the object or list.
    start: usize,
    list: Option<ListItems>,
}

/// Items of a list that were written so far.
#[derive(Default)]
struct ListItems {
    /// Number of items that were begun.
    count: usize,
    /// Names below the current item, and below the one in front of it.
    current: Vec<String>,
    previous: Vec<String>,
}

impl NestedName {
    /// Creates the name of the outermost value.
    pub(super) fn new(name: &str, style: FieldStyle<'static>) -> Self {
        Self {
            style,
            name: name.to_owned(),
            levels: Vec::new(),
        }
    }

    /// Appends the key of a member of an object.
    ///
    /// # Errors
    ///
    /// If the server would take the key for several ones.
    pub(super) fn begin_member(&mut self, key: &str) -> Result<(), String> {
        let reserved: &[char] = match self.style {
            FieldStyle::Dots => &['.', '[', ']'],
            _ => &['[', ']'],
        };
        let is_valid = !key.is_empty() && !key.contains(reserved);
        let error = || {
            let list: Vec<_> = reserved.iter().map(|c| format!("`{c}`")).collect();
            let (name, list) = (&self.name, list.join(" or "));
            format!("the key `{key}` in the field `{name}` is empty or contains {list}")
        };
        let result = if is_valid { Ok(()) } else { Err(error()) };
        self.begin(None);
        match self.style {
            FieldStyle::Dots => self.append(".", key, ""),
            _ => self.append("[", key, "]"),
        }
        result
    }

    /// Removes the key of a member.
    pub(super) fn end_member(&mut self) {
        self.end();
    }

    pub(super) fn begin_list(&mut self) {
        self.begin(Some(ListItems::default()));
    }

    /// Replaces the index of the previous item by that of the next one.
    pub(super) fn begin_item(&mut self) {
        let Some(Level {
            start,
            list: Some(items),
        }) = self.levels.last_mut()
        else {
            return;
        };
        let index = items.count.to_string();
        items.count += 1;
        items.previous = std::mem::take(&mut items.current);
        self.name.truncate(*start);
        match self.style {
            FieldStyle::Brackets => self.append("[", "", "]"),
            _ => self.append("[", &index, "]"),
        }
    }

    pub(super) fn end_list(&mut self) {
        self.end();
    }

    /// Returns the name of a value that is neither an object nor a list.
    ///
    /// # Errors
    ///
    /// If the server would take the value for a part of the previous item of a list.
    pub(super) fn of_value(&mut self) -> Result<&str, String> {
        if self.style == FieldStyle::Brackets {
            self.check_items()?;
        }
        let end = match self.levels.last() {
            // The items have the name of the list: `a.key=1&a.key=2`.
            Some(Level {
                start,
                list: Some(_),
            }) if self.style == FieldStyle::Dots => *start,
            _ => self.name.len(),
        };
        Ok(self.name.get(..end).unwrap_or_default())
    }

    /// Checks that the servers recognize the beginning of each object in a list. `a[][key]` belongs to
    /// another object if the previous one has `key` already.
    fn check_items(&mut self) -> Result<(), String> {
        for level in &mut self.levels {
            let Some(items) = &mut level.list else {
                continue;
            };
            let below = self.name.get(level.start + 2..).unwrap_or_default();
            let is_first = items.count > 1 && items.current.is_empty();
            // An object does not belong to a previous item that is a text.
            let is_recognized = items.previous.iter().any(|it| it == below || it.is_empty());
            if !below.is_empty() && is_first && (!is_recognized || below.contains("[]")) {
                let list = self.name.get(..level.start).unwrap_or_default();
                return Err(format!(
                    "the items of the field `{list}` cannot be distinguished: `{}` is not the first \
                     value of each of them",
                    self.name
                ));
            }
            items.current.push(below.to_owned());
        }
        Ok(())
    }

    fn begin(&mut self, list: Option<ListItems>) {
        let start = self.name.len();
        self.levels.push(Level { start, list });
    }

    fn end(&mut self) {
        if let Some(level) = self.levels.pop() {
            self.name.truncate(level.start);
        }
    }

    fn append(&mut self, open: &str, text: &str, close: &str) {
        self.name.extend([open, text, close]);
    }
}
