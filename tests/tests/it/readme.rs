//! Programs and commands of the README at the root, executed as written.

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
    for line in block(chapter, "text").lines().map(str::trim) {
        assert!(
            output.text.contains(line),
            "{line:?} is not in\n{}",
            output.text
        );
    }
}
