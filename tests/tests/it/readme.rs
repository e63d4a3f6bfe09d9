//! The chapter of the README that goes from nothing to a call, done as it says.

use tests::secret::TOKEN;

use crate::cargo::Project;

#[test]
fn from_nothing_to_a_call() {
    let readme = include_str!("../../../README.md");
    let chapter = readme
        .split_once("## Describe your own API")
        .expect("the chapter")
        .1;
    let block = |language: &str| {
        let block = chapter
            .split_once(&format!("```{language}\n"))
            .expect("a block")
            .1;
        block.split_once("```").expect("its end").0
    };
    let server = tests::serve::start();
    let description = block("toml").replace("http://127.0.0.1:8112", &server.url());
    let program = block("rust").replace("\"secret\"", &format!("{TOKEN:?}"));
    assert!(description.contains(&server.url()) && program.contains(TOKEN));

    let project = Project::new("hello");
    project.write("shell.toml", &description);
    project.write("src/main.rs", &program);
    let ended = project.cargo(&["run", "--quiet"]);
    assert!(ended.success, "{}", ended.text);
    assert_eq!(ended.messages, "\"42\"\n");
    assert_eq!(ended.text, "", "warnings");
    assert!(chapter.contains("`cargo run` prints `\"42\"`"));

    let typo = description.replacen("response =", "respones =", 1);
    project.write("shell.toml", &typo);
    let ended = project.cargo(&["check", "--quiet"]);
    let shown = chapter.split_once("```text\n").expect("the error").1;
    let shown = shown.split_once("```").expect("its end").0;
    for line in shown.lines() {
        let line = line.trim();
        assert!(
            ended.text.contains(line),
            "{line:?} is not in\n{}",
            ended.text
        );
    }
}
