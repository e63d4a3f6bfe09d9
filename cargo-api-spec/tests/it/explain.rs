use crate::support::{Sandbox, snapshot};

#[test]
fn explanations() {
    let lines = ["explain S107", "explain s507", "explain S999"];
    snapshot("explain", &Sandbox::new().session(&lines));
}

#[test]
fn without_a_code_all_are_listed() {
    let list = Sandbox::new().run(["explain"]).stdout();
    assert!(list.lines().count() > 40, "{list}");
    for line in list.lines() {
        let (code, title) = line.split_once("  ").unwrap();
        let text = Sandbox::new().run(["explain", code]).stdout();
        assert!(text.contains(&format!("[{code}]: {title}\n")), "{text}");
    }
}
