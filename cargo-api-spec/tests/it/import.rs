//! OpenAPI documents as specs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::export;
use crate::support::{Done, Sandbox, snapshot};

fn documents() -> Vec<PathBuf> {
    files("tests/documents")
}

/// Returns the documents that use every construct of their version of OpenAPI.
fn complete_documents() -> Vec<PathBuf> {
    files("tests/documents/every")
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|it| it.unwrap().path());
    let mut files: Vec<_> = paths.filter(|it| it.is_file()).collect();
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
fn document_of_another_format_is_named() {
    let supported =
        "help: OpenAPI 3.0, OpenAPI 3.1 and Swagger 2.0 in JSON or YAML are supported\n";
    for (text, reason) in [
        ("asyncapi: 3.0.0\n", "it is an AsyncAPI document"),
        ("", "it is an empty document"),
        (
            "[api]\nname = \"Pets\"\n",
            "it is a spec, which `cargo api-spec check` reads",
        ),
        (
            "swagger: '1.2'\n",
            "unsupported Swagger version \"1.2\", expected 2.0",
        ),
        ("paths: {}\n", "missing key `openapi` or `swagger`"),
    ] {
        let error = format!("error: cannot import <stdin>: {reason}\n{supported}");
        let done = Sandbox::new().run_with(text, ["import", "-"]);
        done.assert(1, "", &error);
    }
}

#[test]
fn url_and_compressed_file_have_help() {
    let url = "https://pets.example/openapi.json";
    let done = Sandbox::new().run(["import", url]);
    assert_eq!(done.code, Some(2), "{done}");
    let help =
        format!("help: a URL is not a file: download it first, e.g. with `curl -fLO '{url}'`\n");
    assert!(done.stderr.ends_with(&help), "{done}");
    let folder = Sandbox::new();
    folder.write("pets.json.gz", [0x1f, 0x8b, 8, 0]);
    let error = "error: cannot read pets.json.gz: not valid UTF-8\n\
                 help: the file is compressed with gzip: unpack it with `gunzip`\n";
    folder.run(["import", "pets.json.gz"]).assert(2, "", error);
}

#[test]
fn imported_specs_have_no_warnings() {
    for path in documents().into_iter().chain(complete_documents()) {
        let done = imported(&path);
        assert_eq!(done.code, Some(0), "{done}");
        let stem = path.file_stem().unwrap().to_str().unwrap();
        snapshot(&format!("import_{stem}"), &done.to_string());
        Sandbox::new()
            .run_with(&done.stdout, ["check", "--deny-warnings", "-"])
            .assert(0, "", "");
    }
}

/// Imports the documents of this test and the exports of all specs.
#[test]
fn imported_specs_compile_and_document() {
    let mut lib = String::new();
    let mut texts = Vec::new();
    for path in documents().into_iter().chain(complete_documents()) {
        texts.push(imported(&path).stdout);
    }
    for path in export::specs() {
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

/// The package `tests` calls clients from these specs.
#[test]
fn specs_of_clients_are_imports_of_their_documents() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/specs/imported");
    let mut documents = files("tests/documents/vendors");
    assert_eq!(documents.len(), 4);
    documents.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/several.yaml"));
    for document in documents {
        let spec = specs.join(document.with_extension("toml").file_name().unwrap());
        let done = imported(&document);
        assert_eq!(done.code, Some(0), "{done}");
        let text = fs::read_to_string(&spec).unwrap();
        assert_eq!(text, done.stdout, "import {}", document.display());
        Sandbox::new()
            .run_with(&text, ["check", "--deny-warnings", "-"])
            .assert(0, "", "");
    }
}

#[test]
fn spec_is_unchanged_by_export_and_import() {
    let sandbox = Sandbox::with(&[("clock.toml", crate::support::CLOCK)]);
    let json = sandbox.run(["export", "clock.toml"]).stdout();
    sandbox.write("clock.json", json);
    let done = sandbox.run(["import", "clock.json", "--out", "back.toml"]);
    assert_eq!(done.code, Some(0), "{done}");
    let report = "wrote back.toml\nimported 1 of 1 operation\n";
    assert!(done.stderr.starts_with(report), "{done}");
    assert!(
        done.stderr
            .contains("\n0 operations dropped, 0 parts approximated, "),
        "{done}"
    );
    let diff = sandbox.run(["diff", "clock.toml", "back.toml", "--fail-on", "minor"]);
    assert_eq!(diff.code, Some(0), "{diff}");
    let again = sandbox.run(["import", "clock.json", "--out", "back.toml"]);
    again.assert(2, "", "error: back.toml already exists\n");
    let forced = sandbox.run(["import", "clock.json", "--out", "back.toml", "--force"]);
    assert_eq!(forced.code, Some(0), "{forced}");
}

/// Specs with `with`, which `import` does not restore.
const NOT_RESTORED: [&str; 1] = ["with"];

#[test]
fn all_specs_are_unchanged_by_export_and_import() {
    for path in export::specs() {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if NOT_RESTORED.contains(&name) {
            continue;
        }
        let sandbox = Sandbox::new();
        let json = sandbox.run(["export".as_ref(), path.as_os_str()]).stdout;
        let done = sandbox.run_with(&json, ["import", "-"]);
        assert_eq!(done.code, Some(0), "{}: {done}", path.display());
        let complete = done
            .stderr
            .contains("\n0 operations dropped, 0 parts approximated, ");
        assert!(complete, "{}: {done}", path.display());
        let arguments = ["diff".as_ref(), path.as_os_str(), "-".as_ref()];
        let diff = sandbox.run_with(&done.stdout, arguments);
        assert_eq!(diff.stdout, "no change\n", "{}: {diff}", path.display());
    }
}

#[test]
fn untagged_union_is_unchanged_by_export_and_import() {
    let spec = r#"
        [api]
        name = "Jobs"
        doc = "Runs jobs."
        [unions.Outcome]
        doc = "Result of a job."
        variants.text = { doc = "Text output.", fields = { id = "int", text = "string" } }
        variants.table = { doc = "Table output.", fields = { id = "int", rows = "[json]", cut = "bool?" } }
        [endpoints.jobs.outcome]
        doc = "Returns the result of a job."
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

#[test]
fn durations_are_unchanged_by_export_and_import() {
    let spec = r#"
        [api]
        name = "Jobs"
        doc = "Runs jobs."
        [endpoints.jobs.limit]
        doc = "Returns the limits."
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

#[test]
fn invalid_pagination_is_dropped_and_the_endpoint_kept() {
    let document = r#"{ "openapi": "3.1.0", "info": { "title": "T", "version": "1" }, "paths": {
        "/a": { "get": { "x-api-spec-pages": { "items": "nothing", "offset": "none" } } } } }"#;
    let done = Sandbox::new().run_with(document, ["import", "-"]);
    assert!(done.stderr.contains("imported 1 of 1 operation"), "{done}");
    assert!(
        done.stderr.contains(
            "approximated: <stdin>:2: #/paths/~1a/get: extensions `x-api-spec-…` ignored: "
        ),
        "{done}"
    );
    assert!(!done.stdout.contains("pages"), "{done}");
}

/// PowerDNS has only a text, and OAuth a code beside it.
#[test]
fn text_of_an_error_is_its_code_only_beside_a_message() {
    for (properties, keys) in [
        ("error: {type: string}", r#"message = ["error"]"#),
        (
            "error: {type: string}, error_description: {type: string}",
            r#"message = ["error_description", "error"], code = ["error"]"#,
        ),
    ] {
        let document = "openapi: 3.1.0\ninfo: {title: T}\npaths:\n  /a:\n    get:\n      responses:\n        \
             '204': {description: Done.}\n        '400': {content: {application/json: {schema: \
             {$ref: '#/components/schemas/Problem'}}}}\ncomponents: {schemas: {Problem: {type: \
             object, properties: {PROPERTIES}}}}\n";
        let document = document.replace("PROPERTIES", properties);
        let done = Sandbox::new().run_with(&document, ["import", "-"]);
        let expected = format!("errors = {{ type = \"Problem\", {keys} }}");
        assert!(done.stdout.contains(&expected), "{done}");
    }
}

#[test]
fn invalid_base_path_is_dropped_and_the_credentials_kept() {
    let document = r#"{ "swagger": "2.0", "info": { "title": "T", "version": "1" },
        "host": "a.example.com", "basePath": "Your path", "security": [{ "basic": [] }],
        "securityDefinitions": { "basic": { "type": "basic" } },
        "paths": { "/a": { "get": { "responses": { "204": { "description": "Done." } } } } } }"#;
    let done = Sandbox::new().run_with(document, ["import", "-"]);
    let note = "approximated: <stdin>:1: #: `Your path` omitted: invalid path `Your path`\n";
    assert!(done.stderr.contains(note), "{done}");
    for line in ["url = \"https://a.example.com\"", "auth = \"basic\""] {
        assert!(done.stdout.lines().any(|it| it == line), "{line}\n{done}");
    }
}

#[test]
fn all_operations_of_a_large_document_are_checked() {
    let doc = "Returns a value. ".repeat(60);
    let mut paths = String::new();
    for index in 0..300 {
        // The language has no empty segments.
        let path = if index % 100 == 99 { "/a//b" } else { "/a/b" };
        write!(
            paths,
            "{}\"{path}{index}\": {{\"get\": {{\"description\": \"{doc}\"}}}}",
            if index == 0 { "" } else { ", " }
        )
        .unwrap();
    }
    let document = format!(
        "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"T\"}}, \"paths\": {{{paths}}}}}"
    );
    let done = Sandbox::new().run_with(&document, ["import", "-"]);
    assert!(
        done.stderr.starts_with("imported 297 of 300 operations\n"),
        "{}",
        done.stderr
    );
    assert_eq!(
        done.stderr
            .matches("dropped: <stdin>:1: `GET /a//b")
            .count(),
        3
    );
    assert!(done.stdout.len() > 4 * 64 * 1024);
    Sandbox::new()
        .run_with(&done.stdout, ["check", "-"])
        .assert(0, "", "");
}

#[test]
fn input_that_is_not_openapi_is_rejected() {
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
            done.stderr.starts_with("error: cannot import <stdin>: "),
            "{done}"
        );
    }
    let deep = "[".repeat(100_000);
    assert_eq!(sandbox.run_with(&deep, ["import", "-"]).code, Some(1));
    let deep = "{\"a\":".repeat(100_000);
    assert_eq!(sandbox.run_with(&deep, ["import", "-"]).code, Some(1));
}

/// Imports long chains and cycles of schemas, and documents with one line removed.
#[test]
fn import_never_panics() {
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
        for removed in 0..lines.len() {
            let mut rest = lines.clone();
            rest.remove(removed);
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

#[test]
fn properties_of_one_direction_are_those_of_requests_or_responses() {
    let sandbox = Sandbox::with(&[("pets.yaml", include_str!("../documents/directions.yaml"))]);
    let done = sandbox.run(["import", "pets.yaml"]);
    for line in [
        "id = { type = \"int\", only = \"response\" }",
        "owner = { type = \"Owner?\", only = \"response\" }",
        "key = { type = \"secret\", only = \"request\" }",
        // The parameter of the path, without a clash.
        "path = { id = \"int\" }",
        "json = { name = \"string\", key = \"secret\" }",
        "form = { name = \"string?\" }",
        "response = { done = \"bool?\" }",
        // In a type that is not sent, absent and null are the same.
        "fields = { name = \"string?\" }",
    ] {
        let mut lines = done.stdout.lines();
        assert!(lines.any(|it| it == line), "{line}\n{done}");
    }
    assert!(!done.stderr.contains("Only"), "{done}");
    sandbox.write("pets.toml", &done.stdout);
    let exported = sandbox.run(["export", "pets.toml"]).stdout();
    assert_eq!(
        exported.matches("\"readOnly\": true").count(),
        2,
        "{exported}"
    );
    assert_eq!(
        exported.matches("\"writeOnly\": true").count(),
        1,
        "{exported}"
    );
}
