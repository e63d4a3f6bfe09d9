//! The report as text.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use super::notes::{Note, Report};
use super::reasons;
use crate::console::count;
use crate::import::document::{Document, File, Node, State};

/// All differences, in the order of the document.
#[derive(Debug)]
pub(in crate::import) struct Summary {
    operations: usize,
    /// Positions, operations and reasons.
    dropped: Vec<(String, String, String)>,
    /// Places and notes.
    approximated: Vec<(String, Note)>,
    ignored: Ignored,
}

/// A line in a file.
#[derive(Clone, Copy, Debug)]
struct Position<'f> {
    file: &'f str,
    line: u32,
}

impl Position<'_> {
    /// Returns the position of a value in a value with this one.
    const fn of(self, node: &Node) -> Self {
        let line = if node.line() == 0 {
            self.line
        } else {
            node.line()
        };
        Self { line, ..self }
    }
}

/// Writes the position in the form that terminals and editors recognize.
impl fmt::Display for Position<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", shortened(self.file), self.line)
    }
}

/// The key of a value.
#[derive(Clone, Copy, Debug, Default)]
struct Keys<'k> {
    name: &'k str,
    /// Key that the value is reported by.
    label: &'k str,
    /// `name`, unless the document chooses it.
    keyword: &'k str,
}

/// Places of ignored values that the report lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Places {
    /// The first one for each key and reason, and the number of the others.
    First,
    All,
}

/// Omitted values, grouped by their key and the reason.
#[derive(Debug)]
struct Ignored {
    places: Places,
    groups: Vec<Group>,
    /// Indexes in `groups` by key and reason.
    by_key: HashMap<String, HashMap<String, usize>>,
}

#[derive(Debug)]
struct Group {
    key: String,
    reason: String,
    first_place: String,
    count: usize,
}

impl Ignored {
    fn new(places: Places) -> Self {
        Self {
            places,
            groups: Vec::new(),
            by_key: HashMap::new(),
        }
    }

    fn add(&mut self, key: &str, reason: &str, place: &str, position: Position<'_>) {
        let known = self.by_key.get(key).and_then(|it| it.get(reason));
        if let Some(&index) = known {
            self.groups[index].count += 1;
            return;
        }
        if self.places == Places::First {
            let reasons = self.by_key.entry(key.to_owned()).or_default();
            reasons.insert(reason.to_owned(), self.groups.len());
        }
        self.groups.push(Group {
            key: key.to_owned(),
            reason: reason.to_owned(),
            first_place: located(position, place),
            count: 1,
        });
    }
}

impl Summary {
    /// Adds all values of the document that the import has not read.
    pub(in crate::import) fn new(mut report: Report, document: &Document, places: Places) -> Self {
        let mut summary = Self {
            operations: report.operations,
            dropped: Vec::new(),
            approximated: Vec::new(),
            ignored: Ignored::new(places),
        };
        for File { path, name, root } in &document.files.all {
            let mut place = format!("{path}#");
            let start = Position {
                file: name,
                line: 1,
            };
            let is_main = path.is_empty();
            if root.state() == State::Unread && !is_main {
                // A file with an example, for instance.
                summary.ignored.add("$ref", reasons::UNUSED, &place, start);
                continue;
            }
            root.read();
            let keyword = if !is_main && reasons::is_file_of_definitions(root) {
                "definitions"
            } else {
                ""
            };
            let keys = Keys {
                keyword,
                ..Keys::default()
            };
            summary.add(root, keys, (&mut place, start), &mut report);
        }
        // Those in a value that is reported as a whole.
        let others = report.dropped.into_values().flatten();
        let others = others.map(|(name, reason)| (String::new(), name, reason));
        let mut others: Vec<_> = others.collect();
        others.sort();
        summary.dropped.extend(others);
        summary
    }

    /// Adds the notes about a value and about everything that it contains.
    fn add(
        &mut self,
        node: &Node,
        keys: Keys<'_>,
        (place, around): (&mut String, Position<'_>),
        report: &mut Report,
    ) {
        let position = around.of(node);
        if node.has_notes() {
            self.add_notes(node.address(), keys, (place, position), report);
        }
        match node.state() {
            State::Unread => {
                let reason = reasons::reason(keys.label, place);
                self.ignored.add(keys.label, reason, place, position);
            }
            State::Reported => {}
            State::Read => {
                let len = place.len();
                for (index, item) in node.items().iter().enumerate() {
                    let _ = write!(place, "/{index}");
                    // An item is reported by the key of its list.
                    let keys = Keys {
                        keyword: "",
                        ..keys
                    };
                    self.add(item, keys, (place, position), report);
                    place.truncate(len);
                }
                for (name, value) in node.members() {
                    push_segment(place, name);
                    // Names that the document chooses are reported by the key of their object.
                    let is_chosen = reasons::is_container(keys.keyword);
                    let keys = Keys {
                        name,
                        label: if is_chosen { keys.keyword } else { name },
                        keyword: if is_chosen { "" } else { name },
                    };
                    self.add(value, keys, (place, position), report);
                    place.truncate(len);
                }
            }
        }
    }

    fn add_notes(
        &mut self,
        address: usize,
        keys: Keys<'_>,
        (place, position): (&str, Position<'_>),
        report: &mut Report,
    ) {
        for (name, reason) in report.dropped.remove(&address).unwrap_or_default() {
            self.dropped.push((position.to_string(), name, reason));
        }
        for note in report.notes.remove(&address).unwrap_or_default() {
            self.approximated.push((located(position, place), note));
        }
        for reason in report.ignored.remove(&address).unwrap_or_default() {
            self.ignored.add(keys.name, &reason, place, position);
        }
    }
}

/// Returns a position and the JSON pointer of the value.
fn located(position: Position<'_>, place: &str) -> String {
    let pointer = place.split_once('#').map_or(place, |(_, pointer)| pointer);
    format!("{position}: #{}", shortened(pointer))
}

/// Adds a segment to a JSON pointer.
fn push_segment(place: &mut String, name: &str) {
    place.push('/');
    if name.contains(['~', '/']) {
        place.push_str(&name.replace('~', "~0").replace('/', "~1"));
    } else {
        place.push_str(name);
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let imported = self.operations.saturating_sub(self.dropped.len());
        let operations = count(self.operations, "operation");
        write!(f, "imported {imported} of {operations}")?;
        for (position, operation, reason) in &self.dropped {
            let operation = shortened(operation);
            let separator = if position.is_empty() { "" } else { ": " };
            let reason = printable(reason);
            write!(f, "\ndropped: {position}{separator}`{operation}`: {reason}")?;
        }
        for (place, Note { name, text }) in &self.approximated {
            write!(f, "\napproximated: {place}: ")?;
            if !name.is_empty() {
                write!(f, "`{}`: ", shortened(name))?;
            }
            f.write_str(&printable(text))?;
        }
        for group in &self.ignored.groups {
            let key = shortened(&group.key);
            write!(f, "\nignored: {}: `{key}`", group.first_place)?;
            if group.count > 1 {
                write!(f, " and {}", count(group.count - 1, "other place"))?;
            }
            write!(f, ": {}", printable(&group.reason))?;
        }
        let ignored: usize = self.ignored.groups.iter().map(|it| it.count).sum();
        write!(
            f,
            "\n{} dropped, {} approximated, {} ignored",
            count(self.dropped.len(), "operation"),
            count(self.approximated.len(), "part"),
            count(ignored, "value")
        )
    }
}

const MAX_NAME_CHARS: usize = 200;

fn shortened(text: &str) -> String {
    let text: String = text.chars().take(MAX_NAME_CHARS).collect();
    printable(&text)
}

/// Replaces control characters, which a document could use to move the cursor of a terminal.
fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}
