//! Texts of a spec, in which most keys and many descriptions occur often.

use std::collections::HashSet;
use std::rc::Rc;

/// The distinct texts of the files that have been read.
#[derive(Default)]
pub(super) struct Texts(HashSet<Rc<str>>);

impl Texts {
    /// Returns the text, without a copy if it is known.
    pub(super) fn get(&mut self, text: &str) -> Rc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let shared = Rc::from(text);
        self.0.insert(Rc::clone(&shared));
        shared
    }
}
