use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::export;
use crate::support::{Done, Sandbox, snapshot};

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    files.sort();
    files
}

fn imported(path: &Path) -> Done {
    let folder = Sandbox::new();
    let name = path.file_name().unwrap();
    folder.write(name, fs::read(path).unwrap());
    folder.run(["import".as_ref(), name])
}

#[test]
fn documents_become_descriptions() {
    for path in documents() {
        let done = imported(&path);
        assert_eq!(done.code, Some(0), "{done}");
        let stem = path.file_stem().unwrap().to_str().unwrap();
        snapshot(&format!("import_{stem}"), &done.to_string());
        Sandbox::new()
            .run_with(&done.stdout, ["check", "--deny-warnings", "-"])
            .assert(0, "", "");
    }
}

/// What is imported compiles, and so does what was exported and imported again.
#[test]
fn imported_descriptions_compile() {
    let mut lib = String::new();
    let mut texts = Vec::new();
    for path in documents() {
        texts.push(imported(&path).stdout);
    }
    for path in export::descriptions() {
        let json = Sandbox::new()
            .run(["export".as_ref(), path.as_os_str()])
            .stdout;
        texts.push(Sandbox::new().run_with(&json, ["import", "-"]).stdout);
    }
    for index in 0..texts.len() {
        write!(
            lib,
            "/// A client.\npub mod api{index} {{\n    api_runtime::api!(\"{index}.toml\");\n}}\n"
        )
        .unwrap();
    }
    let sandbox = Sandbox::package("imported", &lib);
    for (index, text) in texts.iter().enumerate() {
        sandbox.write(format!("{index}.toml"), text);
    }
    sandbox.compiles();
    let done = sandbox.cargo("doc --no-deps");
    assert_eq!(done.code, Some(0), "{done}");
}

/// What OpenAPI can tell comes back as it was.
#[test]
fn the_clock_survives_the_journey() {
    let sandbox = Sandbox::with(&[("clock.toml", crate::support::CLOCK)]);
    let json = sandbox.run(["export", "clock.toml"]).stdout();
    sandbox.write("clock.json", json);
    let done = sandbox.run(["import", "clock.json", "--out", "back.toml"]);
    let told = "wrote back.toml\nimported 1 of 1 operation\n";
    done.assert(0, "", told);
    let diff = sandbox.run(["diff", "clock.toml", "back.toml", "--fail-on", "minor"]);
    assert_eq!(diff.code, Some(0), "{diff}");
    let again = sandbox.run(["import", "clock.json", "--out", "back.toml"]);
    again.assert(2, "", "error: back.toml is there already\n");
    let forced = sandbox.run(["import", "clock.json", "--out", "back.toml", "--force"]);
    assert_eq!(forced.code, Some(0), "{forced}");
}

/// So does what OpenAPI has no words for, under `x-`.
#[test]
fn pages_survive_the_journey() {
    let sandbox = Sandbox::new();
    let valid = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api-spec/tests/valid");
    sandbox.write("pages.toml", fs::read(valid.join("pages.toml")).unwrap());
    sandbox.write("pages.json", sandbox.run(["export", "pages.toml"]).stdout());
    let done = sandbox.run(["import", "pages.json", "--out", "back.toml"]);
    assert_eq!(done.code, Some(0), "{done}");
    let diff = sandbox.run(["diff", "pages.toml", "back.toml"]).stdout();
    // Headers of answers are not imported, and links with them.
    let mut lost = diff.lines().filter(|line| line.contains("_all"));
    assert!(lost.all(|line| line.contains("::linked_all ")), "{diff}");
}

/// A union without a tag comes back with the names of its variants.
#[test]
fn unions_by_keys_survive_the_journey() {
    let spec = r#"
        [api]
        name = "Jobs"
        doc = "Runs jobs."
        [unions.Outcome]
        doc = "What a job left."
        variants.text = { doc = "Words.", fields = { id = "int", text = "string" } }
        variants.table = { doc = "Rows.", fields = { id = "int", rows = "[json]", cut = "bool?" } }
        [endpoints.jobs.outcome]
        doc = "Shows it."
        http = "GET /outcome"
        response = "Outcome"
    "#;
    let sandbox = Sandbox::with(&[("jobs.toml", spec)]);
    let json = sandbox.run(["export", "jobs.toml"]).stdout();
    assert!(json.contains("oneOf") && !json.contains("discriminator"));
    sandbox.write("jobs.json", json);
    let done = sandbox.run(["import", "jobs.json", "--out", "back.toml"]);
    assert_eq!(done.code, Some(0), "{done}");
    let diff = sandbox.run(["diff", "jobs.toml", "back.toml"]);
    diff.assert(0, "no change\n", "");
}

/// Spans of time as texts are told apart by their formats.
#[test]
fn spans_survive_the_journey() {
    let spec = r#"
        [api]
        name = "Jobs"
        doc = "Runs jobs."
        [endpoints.jobs.limit]
        doc = "Shows how long one may take."
        http = "GET /limit"
        response = { limit = "duration", used = "seconds_text?", all = "[duration]" }
    "#;
    let sandbox = Sandbox::with(&[("jobs.toml", spec)]);
    sandbox.write("jobs.json", sandbox.run(["export", "jobs.toml"]).stdout());
    let done = sandbox.run(["import", "jobs.json", "--out", "back.toml"]);
    assert_eq!(done.code, Some(0), "{done}");
    let diff = sandbox.run(["diff", "jobs.toml", "back.toml"]);
    diff.assert(0, "no change\n", "");
}

/// Pages that do not fit go before the endpoint does.
#[test]
fn pages_that_do_not_fit_are_left_out() {
    let document = r#"{ "openapi": "3.1.0", "info": { "title": "T", "version": "1" }, "paths": {
        "/a": { "get": { "x-pages": { "items": "nothing", "offset": "none" } } } } }"#;
    let done = Sandbox::new().run_with(document, ["import", "-"]);
    assert!(done.stderr.contains("imported 1 of 1 operation"), "{done}");
    assert!(
        done.stderr
            .contains("loosened: `GET /a`: without what `x-` keys say"),
        "{done}"
    );
    assert!(!done.stdout.contains("pages"), "{done}");
}

#[test]
fn what_is_no_document_is_refused() {
    let sandbox = Sandbox::new();
    for text in [
        "",
        "{}",
        "[1]",
        "{",
        "openapi: 4.0.0",
        "openapi: 3",
        "a: [",
        "\u{feff}{\"swagger\": ",
        "null",
    ] {
        let done = sandbox.run_with(text, ["import", "-"]);
        assert_eq!(done.code, Some(1), "{text}\n{done}");
        assert!(
            done.stderr
                .starts_with("error: <stdin> cannot be imported: "),
            "{done}"
        );
    }
    let deep = "[".repeat(100_000);
    assert_eq!(sandbox.run_with(&deep, ["import", "-"]).code, Some(1));
    let deep = "{\"a\":".repeat(100_000);
    assert_eq!(sandbox.run_with(&deep, ["import", "-"]).code, Some(1));
}

/// Long chains and wide circles of schemas end, and so do documents with pieces torn out.
#[test]
fn nothing_makes_it_panic() {
    let sandbox = Sandbox::new();
    let mut chains = [String::new(), String::new(), String::new()];
    for n in 0..3000 {
        let next = format!("\"$ref\": \"#/components/schemas/S{}\"", (n + 1) % 3000);
        write!(chains[0], "\"S{n}\": {{{next}}},").unwrap();
        write!(
            chains[1],
            "\"S{n}\": {{\"properties\": {{\"x\": {{{next}}}}}}},"
        )
        .unwrap();
        write!(
            chains[2],
            "\"S{n}\": {{\"allOf\": [{{{next}}}, {{{next}}}]}},"
        )
        .unwrap();
    }
    for chain in chains {
        let text = format!(
            "{{\"openapi\": \"3.0.0\", \"paths\": {{\"/a\": {{\"post\": {{\"responses\": {{\"200\": \
             {{\"content\": {{\"application/json\": {{\"schema\": {{\"$ref\": \
             \"#/components/schemas/S0\"}}}}}}}}}}}}}}}}, \"components\": {{\"schemas\": {{{}}}}}}}",
            chain.trim_end_matches(',')
        );
        let done = sandbox.run_with(&text, ["import", "-"]);
        assert_eq!(done.code, Some(0), "{}", done.stderr);
    }
    for path in documents() {
        let text = fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for torn in 0..lines.len() {
            let mut rest = lines.clone();
            rest.remove(torn);
            let done = sandbox.run_with(&rest.join("\n"), ["import", "-"]);
            assert!(matches!(done.code, Some(0 | 1)), "{done}");
            if done.code == Some(0) {
                sandbox
                    .run_with(&done.stdout, ["check", "--deny-warnings", "-"])
                    .assert(0, "", "");
            }
        }
    }
}
