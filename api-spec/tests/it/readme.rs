//! The page that explains the language is a spec itself.

use api_spec::{Source, render};

#[test]
fn the_blocks_of_the_readme_are_one_spec() {
    let readme = include_str!("../../README.md");
    let blocks: Vec<&str> = readme
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split_once("```").expect("the block is closed").0)
        .collect();
    assert_eq!(blocks.len(), readme.matches("```toml").count());
    assert!(blocks.len() > 3);
    let source = Source::new("README.md", blocks.concat());
    let parsed = api_spec::parse(&source);
    assert!(
        parsed.diagnostics.is_empty(),
        "{}",
        render::plain(&parsed.diagnostics, &source)
    );
    let endpoints = parsed
        .api
        .unwrap()
        .groups
        .into_iter()
        .flat_map(|group| group.endpoints);
    assert_eq!(endpoints.count(), 5);
}
