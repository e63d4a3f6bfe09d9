//! Checks that messages do not contain secrets.

use std::fmt::{Debug, Display};

/// A token with recognizable parts.
pub const TOKEN: &str = "dapi0Secret1Secret2Secret3";

/// Checks that a text contains neither the token nor a part of it, nor its Base64.
///
/// # Panics
///
/// If the text contains any of these.
#[track_caller]
pub fn assert_absent_in(text: &str) {
    let parts = ["dapi0", "Secret1", "Secret2", "Secret3", "c2Vj", "U2VjcmV0"];
    for part in parts {
        assert!(!text.contains(part), "the text contains a secret: {text}");
    }
}

/// Checks the `Display` and `Debug` output of a value.
///
/// # Panics
///
/// If the output contains the token.
#[track_caller]
pub fn assert_not_shown(value: &(impl Debug + Display)) {
    assert_absent_in(&format!("{value} {value:#} {value:?} {value:#?}"));
}

/// Checks the output of an error and of all its sources.
///
/// # Panics
///
/// If the output contains the token.
#[track_caller]
pub fn assert_not_in_error(error: &dyn std::error::Error) {
    let mut next = Some(error);
    while let Some(error) = next {
        assert_absent_in(&format!("{error} {error:#} {error:?} {error:#?}"));
        next = error.source();
    }
}
