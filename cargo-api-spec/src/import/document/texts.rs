//! Texts of a document, in which most keys and many descriptions occur often.

use std::collections::HashSet;

use super::node::Text;

/// The distinct texts of a file.
#[derive(Default)]
pub(super) struct Texts(HashSet<Text>);

impl Texts {
    /// Returns the text, without a copy if it is known.
    pub(super) fn get(&mut self, text: &str) -> Text {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let shared = Text::from(text);
        self.0.insert(shared.clone());
        shared
    }
}
