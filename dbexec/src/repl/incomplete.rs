//! Errors of interpreters for code that ends too early.

use generated_client::Failure;

use crate::language::Language;

/// Returns whether an interpreter reports that further lines are missing.
pub(super) fn is_incomplete(language: Language, failure: &Failure) -> bool {
    let texts = [&failure.summary, &failure.cause];
    let contains = |phrase: &str| {
        texts
            .into_iter()
            .flatten()
            .any(|text| text.contains(phrase))
    };
    match language {
        Language::R => contains("unexpected end of input"),
        Language::Scala => contains("error: incomplete command") || contains("but eof found"),
        // These are found before the code is sent.
        Language::Python | Language::Sql => false,
    }
}
