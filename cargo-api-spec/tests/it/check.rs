//! Diagnostics of specs, in all formats.

use std::fs;
use std::path::Path;

use crate::support::{CLOCK, Sandbox, snapshot};

const DUPLICATE_KEY: &str = r#"[api]
name = "Größe"
docs = "Returns the time."

[endpoints.time.show]
doc      = "Returns the time."
http     = "GTE /time"
response = { "größe" = { type = "integer", rust = "size" } }
response = { now = "string" }
"#;

const SEVERAL_ERRORS: &str = r#"[api]
name = "Größe"
docs = "Returns the time."

[ids]
ZoneId = "A zone."

[endpoints.time.show]
doc      = "Returns the time."
http     = "GTE /time"
response = { "größe" = { type = "integer", rust = "size" } }
wait     = { poll = "time.show", bind = {}, field = "now", until = ["ä"] }
"#;

const UNUSED: &str = "[api]\nname = \"A\"\ndoc = \"B\"\n\n[ids]\nZoneId = \"A zone.\"\n";

fn sandbox() -> Sandbox {
    Sandbox::with(&[
        ("clock.toml", CLOCK),
        ("syntax.toml", DUPLICATE_KEY),
        ("two.toml", SEVERAL_ERRORS),
        ("unused.toml", UNUSED),
        ("latin.toml", "# caf\u{e9}"),
    ])
}

#[test]
fn errors_of_all_files_are_reported_with_source_lines() {
    let lines = [
        "check clock.toml",
        "api-spec check clock.toml two.toml syntax.toml unused.toml",
        "check unused.toml",
        "check --deny-warnings unused.toml",
        "check --message-format short two.toml unused.toml",
        "check missing.toml unused.toml also-missing.toml",
    ];
    snapshot("check", &sandbox().session(&lines));
}

/// The specs of Databricks, and those of the servers in the tests of the workspace.
#[test]
fn shipped_specs_have_no_warnings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let specs = fs::read_dir(root.join("tests/specs")).unwrap();
    let files = specs.map(|file| file.unwrap().path());
    // The folder has imported specs, which the tests of `import` check.
    let mut files: Vec<_> = files.filter(|it| it.is_file()).collect();
    assert!(files.len() >= 3);
    files.extend(["1.2", "2.0"].map(|it| root.join(format!("api-spec/databricks-{it}.toml"))));
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let first = text.lines().next().unwrap();
        let schema = first.strip_prefix("#:schema ").unwrap();
        assert!(file.parent().unwrap().join(schema).is_file(), "{first}");
        let file = file.to_str().unwrap();
        let done = Sandbox::new().run(["check", "--deny-warnings", file]);
        assert_eq!(done.code, Some(0), "{}", done.stderr);
    }
}

#[test]
fn json_messages_have_the_format_of_rustc() {
    let lines = ["check --message-format json two.toml syntax.toml unused.toml"];
    snapshot("check_json", &sandbox().session(&lines));
}

#[test]
fn suggested_edits_fix_their_errors() {
    let done = sandbox().run(["check", "--message-format", "json", "two.toml"]);
    let mut edits = Vec::new();
    for line in done.stdout.lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let message = &json["message"];
        let children = message["children"].as_array().unwrap();
        let spans = message["spans"].as_array().unwrap();
        let all = children
            .iter()
            .flat_map(|child| child["spans"].as_array().unwrap());
        for span in spans.iter().chain(all) {
            edits.extend(check_span(span));
        }
    }
    edits.sort();
    let mut text = SEVERAL_ERRORS.to_owned();
    for (start, end, replacement) in edits.into_iter().rev() {
        text.replace_range(start..end, &replacement);
    }
    assert!(text.contains("\ndoc = \"Returns"), "{text}");
    assert!(text.contains("\"GET /time\""), "{text}");
    assert!(text.contains("type = \"int\""), "{text}");
}

/// Asserts that lines and columns match the byte offsets. Returns the suggested edit.
fn check_span(span: &serde_json::Value) -> Option<(usize, usize, String)> {
    let number = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
    let offset = |line: &str, column: &str| {
        let before: usize = SEVERAL_ERRORS
            .split_inclusive('\n')
            .take(number(line) - 1)
            .map(str::len)
            .sum();
        let chars = SEVERAL_ERRORS[before..].chars().take(number(column) - 1);
        before + chars.map(char::len_utf8).sum::<usize>()
    };
    let (start, end) = (number("byte_start"), number("byte_end"));
    assert_eq!(start, offset("line_start", "column_start"));
    assert_eq!(end, offset("line_end", "column_end"));
    let replacement = span["suggested_replacement"].as_str()?;
    assert_eq!(span["suggestion_applicability"], "MaybeIncorrect");
    Some((start, end, replacement.to_owned()))
}

#[test]
fn dash_reads_standard_input() {
    let sandbox = Sandbox::new();
    sandbox.run_with(CLOCK, ["check", "-"]).assert(0, "", "");
    let done = sandbox.run_with("[api", ["check", "--message-format", "short", "-"]);
    assert_eq!(done.code, Some(1), "{done}");
    assert!(
        done.stdout.starts_with("<stdin>:1:5: error[S001]: "),
        "{done}"
    );
}

#[test]
fn file_that_is_not_utf8_is_an_error_with_a_position() {
    let sandbox = Sandbox::new();
    sandbox.write("latin.toml", b"[api]\n# caf\xe9\n");
    let done = sandbox.run(["check", "--message-format", "short", "latin.toml"]);
    let expected = "latin.toml:2:6: error[S001]: the file is not UTF-8 text\n";
    assert!(
        done.code == Some(1) && done.stdout.starts_with(expected),
        "{done}"
    );
    let stderr = "error: cannot read latin.toml: not valid UTF-8\n\
                  help: save the document as UTF-8 text\n";
    sandbox.run(["import", "latin.toml"]).assert(2, "", stderr);
}

#[test]
fn invalid_arguments_exit_with_2() {
    let sandbox = Sandbox::new();
    for arguments in [
        &["check"][..],
        &["chekc"],
        &["check", "--message-format", "xml", "a"],
    ] {
        assert_eq!(sandbox.run(arguments).code, Some(2), "{arguments:?}");
    }
}

#[test]
fn errors_in_included_files_name_the_file() {
    let main = format!("include = [\"types/units.toml\", \"gone.toml\"]\n{CLOCK}");
    let sandbox = Sandbox::with(&[
        ("clock.toml", &main),
        ("types/units.toml", "# Units.\n[ids]\nunit = \"A unit.\"\n"),
    ]);
    let mut seen = sandbox.session(&["check clock.toml"]);
    sandbox.write("clock.toml", main.replace(", \"gone.toml\"", ""));
    seen += &sandbox.session(&[
        "check clock.toml",
        "check clock.toml --message-format short",
        "check clock.toml --message-format json",
    ]);
    snapshot("check_included", &seen);
}
