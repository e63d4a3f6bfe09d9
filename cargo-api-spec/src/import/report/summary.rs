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
    dropped: Vec<(String, String)>,
    /// Places and notes.
    approximated: Vec<(String, Note)>,
    ignored: Ignored,
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

/// Omitted values, grouped by their key and the reason.
#[derive(Debug, Default)]
struct Ignored {
    groups: Vec<Group>,
    by_reason: HashMap<(String, String), usize>,
}

#[derive(Debug)]
struct Group {
    key: String,
    reason: String,
    first_place: String,
    count: usize,
}

impl Ignored {
    fn add(&mut self, key: &str, reason: &str, place: &str) {
        let group = (key.to_owned(), reason.to_owned());
        let next = self.groups.len();
        let index = *self.by_reason.entry(group).or_insert(next);
        if index == next {
            self.groups.push(Group {
                key: key.to_owned(),
                reason: reason.to_owned(),
                first_place: place.to_owned(),
                count: 0,
            });
        }
        self.groups[index].count += 1;
    }
}

impl Summary {
    /// Adds all values of the document that the import has not read.
    pub(in crate::import) fn new(mut report: Report, document: &Document) -> Self {
        let mut summary = Self {
            operations: report.operations,
            dropped: std::mem::take(&mut report.dropped),
            approximated: Vec::new(),
            ignored: Ignored::default(),
        };
        for File { path, root } in &document.files.all {
            let mut place = format!("{path}#");
            let is_main = path.is_empty();
            if root.state() == State::Unread && !is_main {
                // A file with an example, for instance.
                summary
                    .ignored
                    .add("$ref", "not used by any operation", &place);
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
            summary.add(root, keys, &mut place, &mut report);
        }
        summary
    }

    /// Adds the notes about a value and about everything that it contains.
    fn add(&mut self, node: &Node, keys: Keys<'_>, place: &mut String, report: &mut Report) {
        for note in report.notes.remove(&node.address()).unwrap_or_default() {
            self.approximated.push((place.clone(), note));
        }
        if let Some(reason) = report.ignored.remove(&node.address()) {
            self.ignored.add(keys.name, &reason, place);
        }
        match node.state() {
            State::Unread => {
                let reason = reasons::reason(keys.label);
                self.ignored.add(keys.label, reason, place);
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
                    self.add(item, keys, place, report);
                    place.truncate(len);
                }
                for (name, value) in node.members() {
                    let _ = write!(place, "/{}", name.replace('~', "~0").replace('/', "~1"));
                    // Names that the document chooses are reported by the key of their object.
                    let is_chosen = reasons::is_container(keys.keyword);
                    let keys = Keys {
                        name,
                        label: if is_chosen { keys.keyword } else { name },
                        keyword: if is_chosen { "" } else { name },
                    };
                    self.add(value, keys, place, report);
                    place.truncate(len);
                }
            }
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let imported = self.operations.saturating_sub(self.dropped.len());
        let operations = count(self.operations, "operation");
        write!(f, "imported {imported} of {operations}")?;
        for (operation, reason) in &self.dropped {
            let operation = shortened(operation);
            write!(f, "\ndropped: `{operation}`: {}", printable(reason))?;
        }
        for (place, Note { name, text }) in &self.approximated {
            write!(f, "\napproximated: {}: ", shortened(place))?;
            if !name.is_empty() {
                write!(f, "`{}`: ", shortened(name))?;
            }
            f.write_str(&printable(text))?;
        }
        for group in &self.ignored.groups {
            let key = shortened(&group.key);
            write!(f, "\nignored: `{key}` at {}", shortened(&group.first_place))?;
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
