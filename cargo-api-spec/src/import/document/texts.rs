//! Texts of a document, in which most keys and many values occur often.

use std::collections::HashSet;

use super::node::Text;

/// Maximum length of a text that is shared, in bytes. Longer ones are descriptions.
const MAX_SHARED_BYTES: usize = 64;

/// The distinct short texts of a file.
#[derive(Default)]
pub(super) struct Texts(HashSet<Text>);

impl Texts {
    /// Returns the text, without a copy if it is known.
    pub(super) fn get(&mut self, text: &str) -> Text {
        if text.len() > MAX_SHARED_BYTES {
            return text.into();
        }
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let shared = Text::from(text);
        self.0.insert(shared.clone());
        shared
    }
}
