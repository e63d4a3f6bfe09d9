//! Looking for secrets where none should be.

use std::fmt::{Debug, Display};

/// A token that is found again wherever it gets to.
pub const TOKEN: &str = "dapi0Secret1Secret2Secret3";

/// Fails if the text shows the token, or a part of it that is long enough to be told.
///
/// # Panics
///
/// If it does.
#[track_caller]
pub fn assert_absent_in(text: &str) {
    let parts = ["dapi0", "Secret1", "Secret2", "Secret3", "c2Vj", "U2VjcmV0"];
    for part in parts {
        assert!(!text.contains(part), "a secret is shown: {text}");
    }
}

/// Fails if a value shows the token to people.
///
/// # Panics
///
/// If it does.
#[track_caller]
pub fn assert_not_shown(value: &(impl Debug + Display)) {
    assert_absent_in(&format!("{value} {value:#} {value:?} {value:#?}"));
}

/// Fails if an error, or one of those below it, shows the token.
///
/// # Panics
///
/// If it does.
#[track_caller]
pub fn assert_not_in_error(error: &dyn std::error::Error) {
    let mut below = Some(error);
    while let Some(error) = below {
        assert_absent_in(&format!("{error} {error:#} {error:?} {error:#?}"));
        below = error.source();
    }
}
