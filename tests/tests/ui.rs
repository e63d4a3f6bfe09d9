//! Compiler errors: `ui/<topic>/<case>.rs` with the expected output in `<case>.stderr`.
//!
//! README.md explains how to add a case and how to accept changed output.

#[test]
fn compiler_output_is_as_expected() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/spec/*.rs");
    cases.compile_fail("tests/ui/misuse/*.rs");
}
