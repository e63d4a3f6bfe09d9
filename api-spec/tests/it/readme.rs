//! The TOML blocks of the language page form a valid spec.

use api_spec::{Source, render};

#[test]
fn the_blocks_of_the_language_page_are_one_spec() {
    let readme = include_str!("../../README.md");
    let blocks: Vec<&str> = readme
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split_once("```").expect("unclosed block").0)
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
    let groups = parsed.api.unwrap().groups;
    let endpoints: usize = groups.iter().map(|group| group.endpoints.len()).sum();
    assert_eq!(endpoints, source.text().matches("\nhttp ").count());
}
