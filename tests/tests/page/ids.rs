//! Ids of the documentation and of the server.

use std::collections::HashMap;

use super::examples::Aliases;

/// Ids of the server for those of the documentation.
pub(crate) struct Ids {
    aliases: Aliases,
    ids: HashMap<String, String>,
}

impl Ids {
    pub(crate) fn new(aliases: Aliases) -> Self {
        Self {
            aliases,
            ids: HashMap::new(),
        }
    }

    /// Records the id of an object that the server has created.
    pub(crate) fn record(&mut self, documented: &str, id: &str) {
        let names = self.aliases.iter().filter(|(_, same)| *same == documented);
        for name in names.map(|(name, _)| *name).chain([documented]) {
            self.ids.insert(name.to_owned(), id.to_owned());
        }
    }

    /// Replaces ids of the documentation by those of the server.
    pub(crate) fn resolve(&self, text: &str) -> String {
        let is_digit = |character: char| character.is_ascii_digit();
        let mut resolved = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(is_digit) {
            let (before, number) = rest.split_at(start);
            let end = number.find(|character| !is_digit(character));
            let (number, after) = number.split_at(end.unwrap_or(number.len()));
            resolved.push_str(before);
            resolved.push_str(self.ids.get(number).map_or(number, String::as_str));
            rest = after;
        }
        resolved + rest
    }
}

#[test]
fn only_whole_numbers_are_ids() {
    let mut ids = Ids::new(vec![("12", "123")]);
    ids.record("123", "a");
    assert_eq!(ids.resolve("x=123&y=12 1234 (12)"), "x=a&y=a 1234 (a)");
    ids.record("12", "b");
    assert_eq!(ids.resolve("123 12"), "a b");
}
