//! What the compiler says: `ui/<topic>/<case>.rs`, with the words in `<case>.stderr`.
//!
//! See README.md for how to add a case and how to accept new words.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/spec/*.rs");
    cases.compile_fail("tests/ui/misuse/*.rs");
}
