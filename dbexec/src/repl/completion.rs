//! Completion of commands, files, keywords and names of the session.

use std::iter;
use std::sync::mpsc::{Sender, sync_channel};
use std::time::{Duration, Instant};

use rustyline::completion::{FilenameCompleter, Pair};

use super::command;
use super::event::{Event, NamesRequest};
use super::sql_tables;
use crate::language::Language;
use crate::syntax::{Kind, keywords, name_len, tokens};

/// Maximum time to wait for names of the session. Names that arrive later are there at the next Tab.
const MAX_NAMES_TIME: Duration = Duration::from_millis(500);

/// Maximum number of tables of a statement whose columns are candidates.
const MAX_TABLES: usize = 4;

/// Maximum number of candidates.
const MAX_CANDIDATES: usize = 500;

/// Indentation of a line of Python.
const INDENTATION: &str = "    ";

/// Completion of the editor.
pub(super) struct Completion {
    events: Sender<Event>,
    files: FilenameCompleter,
}

impl Completion {
    pub(super) fn new(events: Sender<Event>) -> Self {
        Self {
            events,
            files: FilenameCompleter::new(),
        }
    }

    /// Returns the candidates for the end of `line`, and the offset of the text that they replace.
    pub(super) fn complete(
        &self,
        language: Language,
        before: &str,
        line: &str,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        if before.is_empty() && line.starts_with(':') {
            let Some((name, _)) = line.split_once(' ') else {
                let names = command::NAMES.iter().filter(|name| name.starts_with(line));
                return Ok((0, names.map(|name| pair(name)).collect()));
            };
            if command::WITH_FILE.contains(&name) {
                return self.files.complete_path(line, line.len());
            }
        }
        let first = if before.is_empty() { line } else { before };
        let (language, start) = command::code_of(first, language);
        let code = format!("{before}{line}");
        let (length, candidates) = self.code(language, &code[start..], line.trim().is_empty());
        Ok((line.len() - length, candidates))
    }

    /// Returns the length of the text to replace, and the candidates.
    fn code(&self, language: Language, code: &str, is_line_blank: bool) -> (usize, Vec<Pair>) {
        if is_line_blank {
            let indentation = Pair {
                display: String::new(),
                replacement: INDENTATION.to_owned(),
            };
            let is_python = language == Language::Python;
            return (0, is_python.then_some(indentation).into_iter().collect());
        }
        if is_in_text(language, code) {
            return (0, Vec::new());
        }
        let (object, prefix) = word(language, code);
        let deadline = Instant::now() + MAX_NAMES_TIME;
        let mut names = Vec::new();
        if object == Some("") {
            names.extend(keywords_with(language, prefix));
        }
        for object in objects(language, code, object) {
            names.extend(self.names(language, object, deadline));
        }
        let mut names: Vec<String> = names
            .into_iter()
            .filter(|name| is_candidate(language, name, prefix))
            .collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(MAX_CANDIDATES);
        (prefix.len(), names.iter().map(|name| pair(name)).collect())
    }

    /// Returns names of the session. There are none if the session does not respond in time.
    fn names(&self, language: Language, object: &str, deadline: Instant) -> Vec<String> {
        let (reply, names) = sync_channel(1);
        let request = NamesRequest {
            language,
            object: object.to_owned(),
            reply,
        };
        if self.events.send(Event::Names(request)).is_err() {
            return Vec::new();
        }
        let time = deadline.saturating_duration_since(Instant::now());
        names.recv_timeout(time).unwrap_or_default()
    }
}

fn pair(name: &str) -> Pair {
    Pair {
        display: name.to_owned(),
        replacement: name.to_owned(),
    }
}

/// Returns whether the end of the code is in a string or a comment.
fn is_in_text(language: Language, code: &str) -> bool {
    let last = tokens(language, code).pop();
    last.is_some_and(|last| {
        let is_quoted = last.kind == Kind::Quoted && {
            let text = &code[last.start..last.end];
            last.is_open || text.len() == 1 || !text.ends_with(['"', '\'', '`'])
        };
        last.end == code.len() && (last.kind == Kind::Comment || is_quoted)
    })
}

/// Returns the object and the beginning of a name at the end of the code: `a.b` and `na` for `f(a.b.na`. The
/// object is `None` if it has no name, for example in `f().na`.
fn word(language: Language, code: &str) -> (Option<&str>, &str) {
    let is_name = |c: char| {
        let mut buffer = [0; 4];
        name_len(language, c.encode_utf8(&mut buffer)) > 0
    };
    let start = |text: &str| text.trim_end_matches(is_name).len();
    // A dot is part of names in R.
    let separator = if language == Language::R { '$' } else { '.' };
    let name = start(code);
    let prefix = &code[name..];
    let mut object = name;
    while code[..object].ends_with(separator) {
        let before = start(&code[..object - 1]);
        if before == object - 1 {
            return (None, prefix);
        }
        object = before;
    }
    let object = code[object..name].trim_end_matches(separator);
    (Some(object), prefix)
}

/// Returns the objects whose names are candidates: those of the session are those of an empty text.
fn objects<'c>(language: Language, code: &'c str, object: Option<&'c str>) -> Vec<&'c str> {
    let Some(object) = object else {
        return Vec::new();
    };
    if language != Language::Sql {
        return vec![object];
    }
    let tables = sql_tables::tables(code);
    if object.is_empty() {
        let tables = tables.iter().map(|table| table.name).take(MAX_TABLES);
        return iter::once("").chain(tables).collect();
    }
    let table = tables.iter().find(|table| {
        let alias = table.alias;
        alias.is_some_and(|alias| alias.eq_ignore_ascii_case(object))
    });
    vec![table.map_or(object, |table| table.name)]
}

/// Returns the keywords in upper or lower case, like the text that was typed.
fn keywords_with(language: Language, prefix: &str) -> Vec<String> {
    let is_lower = language == Language::Sql && prefix.starts_with(|c: char| c.is_lowercase());
    let keywords = keywords::of(language).iter();
    keywords
        .map(|keyword| {
            if is_lower {
                keyword.to_lowercase()
            } else {
                (*keyword).to_owned()
            }
        })
        .collect()
}

fn is_candidate(language: Language, name: &str, prefix: &str) -> bool {
    // The compiler of Scala adds names with `$`, and members may be operators.
    let is_generated = language == Language::Scala
        && (name.contains('$') || !name.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    let is_hidden = name.starts_with('_') && !prefix.starts_with('_') || is_generated;
    let has_prefix = if language == Language::Sql {
        name.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    } else {
        name.starts_with(prefix)
    };
    has_prefix && !is_hidden
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    fn complete(language: Language, code: &str) -> (usize, Vec<String>) {
        let (sender, events) = channel();
        // A session with some names.
        thread::spawn(move || {
            for event in events {
                let Event::Names(request) = event else {
                    continue;
                };
                let names: &[&str] = match request.object.as_str() {
                    "" => &["value", "_hidden", "Value", "vary"],
                    "a.b" => &["c", "cd"],
                    "a$b" => &["c.d"],
                    "sales" => &["vat", "Value"],
                    "p" => &["twice", "+", "copy$default$1"],
                    _ => &[],
                };
                let _ = request
                    .reply
                    .send(names.iter().map(|&name| name.to_owned()).collect());
            }
        });
        let completion = Completion::new(sender);
        let (length, pairs) = completion.code(language, code, code.trim().is_empty());
        (
            length,
            pairs.into_iter().map(|pair| pair.replacement).collect(),
        )
    }

    #[test]
    fn keywords_and_names_are_completed() {
        use Language::{Python, R, Scala, Sql};

        for (language, code, length, expected) in [
            (Python, "va", 2, &["value", "vary"][..]),
            (Python, "f(a.b.c", 1, &["c", "cd"]),
            (Python, "f().c", 1, &[]),
            (Python, "impo", 4, &["import"]),
            (Python, "_h", 2, &["_hidden"]),
            (Python, "'va", 0, &[]),
            (Python, "'' + va", 2, &["value", "vary"]),
            (Python, "# va", 0, &[]),
            (Python, "  ", 0, &[INDENTATION]),
            (Sql, "  ", 0, &[]),
            (Sql, "sele", 4, &["select"]),
            (Sql, "SELECT VAL", 3, &["VALUES", "Value", "value"]),
            (Sql, "SELECT 1 FROM sales WHERE vat", 3, &["vat"]),
            (
                Sql,
                "SELECT 1 FROM sales AS s WHERE S.V",
                1,
                &["Value", "vat"],
            ),
            (Sql, "SELECT 1 FROM t WHERE sales.v", 1, &["Value", "vat"]),
            (Scala, "impl", 4, &["implicit"]),
            (Scala, "p.", 0, &["twice"]),
            (R, "print(a$b$c.", 2, &["c.d"]),
            (R, "f()$c", 1, &[]),
            (R, "func", 4, &["function"]),
        ] {
            let expected: Vec<_> = expected.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(
                complete(language, code),
                (length, expected),
                "{language} {code}"
            );
        }
    }

    #[test]
    fn session_that_does_not_respond_is_not_awaited_for_long() {
        let (sender, _events) = channel();
        assert!(
            Completion::new(sender)
                .names(Language::Python, "", Instant::now() + MAX_NAMES_TIME)
                .is_empty()
        );
    }
}
