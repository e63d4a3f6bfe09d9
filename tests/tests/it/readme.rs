//! The documents at the root: programs are executed as written, and named files exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tests::secret::TOKEN;

use crate::cargo::Project;

const README: &str = include_str!("../../../README.md");

/// Text from a heading to the next one of the same level.
fn chapter(heading: &str) -> &'static str {
    let (_, text) = README
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no chapter `{heading}`"));
    text.split("\n## ").next().unwrap_or_default()
}

/// First code block of a language.
fn block(chapter: &'static str, language: &str) -> &'static str {
    let (_, text) = chapter
        .split_once(&format!("```{language}\n"))
        .unwrap_or_else(|| panic!("no block in {language}"));
    text.split_once("```").expect("the end of the block").0
}

#[test]
fn first_program_prints_its_result() {
    let chapter = chapter("A first program");
    let server = tests::serve::start();
    let project = Project::depending_on("first", "generated-client", "generated-client");
    project.write("src/main.rs", block(chapter, "rust"));
    let output = project.cargo_with_env(
        &["run", "--quiet"],
        &[
            ("DATABRICKS_HOST", &server.url()),
            ("DATABRICKS_TOKEN", TOKEN),
            // Variables and profiles of the user must not take part.
            ("DATABRICKS_AUTH_TYPE", "pat"),
            ("DATABRICKS_CONFIG_FILE", ""),
        ],
    );
    assert!(output.success, "{}", output.text);
    assert_eq!(output.messages, "45\n");
    assert!(chapter.contains("It prints `45`."));
}

#[test]
fn spec_author_tutorial_prints_its_result() {
    let chapter = chapter("For spec authors");
    let server = tests::serve::start();
    let spec = block(chapter, "toml").replace("http://127.0.0.1:8112", &server.url());
    let program = block(chapter, "rust").replace("\"secret\"", &format!("{TOKEN:?}"));
    assert!(spec.contains(&server.url()) && program.contains(TOKEN));

    let project = Project::new("hello");
    project.write("shell.toml", &spec);
    project.write("src/main.rs", &program);
    let output = project.cargo(&["run", "--quiet"]);
    assert!(output.success, "{}", output.text);
    assert_eq!(output.messages, "\"42\"\n");
    assert_eq!(output.text, "", "cargo printed warnings");
    assert!(chapter.contains("`cargo run` prints `\"42\"`"));

    let typo = spec.replacen("response =", "respones =", 1);
    project.write("shell.toml", &typo);
    let output = project.cargo(&["check", "--quiet"]);
    let error = block(chapter, "text");
    let printed = output.text.find("error: unknown key").unwrap();
    let mut printed = output.text[printed..].lines();
    for line in error.lines() {
        let printed = printed.next().unwrap_or_default();
        let is_shown = match line.strip_suffix("...") {
            Some(start) => printed.starts_with(start),
            None => printed == line,
        };
        assert!(is_shown, "{line:?} is not in\n{}", output.text);
    }
    let next = printed.next().unwrap_or_default();
    assert!(
        next.contains("src/main.rs:"),
        "{next:?} is not in the README"
    );
}

#[test]
fn files_named_in_documents_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let documents = [
        README,
        include_str!("../../../ARCHITECTURE.md"),
        include_str!("../../../CONTRIBUTING.md"),
    ];
    for document in documents {
        let paths: Vec<&str> = paths(document).collect();
        assert!(paths.len() > 5, "{paths:?}");
        for path in paths {
            let (file, section) = path.split_once('#').unwrap_or((path, ""));
            let file = root.join(file);
            assert!(file.exists(), "{path} does not exist");
            assert!(
                section.is_empty() || sections(&file).contains(section),
                "{path} does not exist"
            );
        }
    }
}

/// Anchors of the sections of a document, as GitHub writes them.
fn sections(document: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(document).unwrap();
    let titles = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |title: &str| {
        let title = title.trim_start_matches('#').trim().to_lowercase();
        let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        title
            .chars()
            .filter(is_kept)
            .collect::<String>()
            .replace(' ', "-")
    };
    titles.map(anchor).collect()
}

/// Targets of relative links, and code spans that start with a folder at the root.
fn paths(document: &str) -> impl Iterator<Item = &str> {
    let links = document.split("](").skip(1).filter_map(|rest| {
        let (target, _) = rest.split_once(')')?;
        (!target.contains("://") && !target.starts_with('#')).then_some(target)
    });
    let spans = document.split('`').skip(1).step_by(2).filter(|span| {
        let folder = span.split_once('/').map_or("", |(folder, _)| folder);
        FOLDERS.contains(&folder) && !span.contains([' ', '*'])
    });
    links.chain(spans)
}

const FOLDERS: [&str; 11] = [
    ".ci",
    "api-spec",
    "cargo-api-spec",
    "dbexec",
    "examples",
    "generated-client",
    "local-server",
    "macros",
    "runtime",
    "test-server",
    "tests",
];
