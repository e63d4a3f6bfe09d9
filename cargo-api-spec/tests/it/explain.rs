//! Error codes and their explanations.

use crate::support::{Sandbox, snapshot};

#[test]
fn code_is_explained_with_examples() {
    let lines = ["explain S107", "explain s507", "explain S999"];
    snapshot("explain", &Sandbox::new().session(&lines));
}

#[test]
fn all_codes_are_listed_without_an_argument() {
    let list = Sandbox::new().run(["explain"]).stdout();
    assert!(list.lines().count() > 40, "{list}");
    for line in list.lines() {
        let (code, title) = line.split_once("  ").unwrap();
        let text = Sandbox::new().run(["explain", code]).stdout();
        assert!(text.contains(&format!("[{code}]: {title}\n")), "{text}");
    }
}
