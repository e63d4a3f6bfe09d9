//! The catalogue of codes: every code has an explanation and a case.

use std::collections::BTreeSet;

use api_spec::{Code, Source, render};

use crate::cases::{files, source};

/// The start of every example without its own `[api]`.
const API: &str = "[api]\nname = \"Example\"\ndoc = \"An example.\"\n\n";

/// The types and the poll of the examples about jobs.
const JOBS: &str = r#"[ids]
JobId = "A job."

[enums.JobState]
values = { queued = "", running = "", done = "", failed = "" }

[endpoints.jobs.get]
doc = "Returns a job."
http = "GET /jobs/get"
query = { id = "JobId" }
response = { state = "JobState" }

"#;

#[test]
fn every_code_has_a_case() {
    let mut produced = BTreeSet::new();
    for path in files("invalid") {
        produced.extend(
            api_spec::parse(&source(&path))
                .diagnostics
                .into_iter()
                .map(|it| it.code),
        );
    }
    let all: BTreeSet<Code> = Code::ALL.iter().copied().collect();
    assert_eq!(produced, all);
}

#[test]
fn every_code_has_a_title_and_an_explanation() {
    for code in Code::ALL {
        let explanation = code.explanation();
        for text in [
            code.title(),
            explanation.text,
            explanation.wrong,
            explanation.right,
        ] {
            assert!(!text.trim().is_empty(), "{code}");
        }
        assert!(
            !code.title().ends_with('.') && explanation.text.ends_with('.'),
            "{code}"
        );
        assert_eq!(Code::from_id(code.id()), Some(*code));
    }
    let ids: BTreeSet<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(ids.len(), Code::ALL.len());
}

#[test]
fn wrong_examples_have_their_code_and_right_examples_have_none() {
    for code in Code::ALL {
        let (source, codes) = try_example(code.explanation().wrong);
        assert_eq!(codes, [*code], "{code}, wrong:\n{source}");
        let (source, codes) = try_example(code.explanation().right);
        assert_eq!(codes, [], "{code}, right:\n{source}");
    }
}

fn try_example(example: &str) -> (String, Vec<Code>) {
    let jobs = if example.contains("JobId") { JOBS } else { "" };
    // Top-level keys precede the first table.
    let example = if example.starts_with("include") {
        let api = if example.contains("[api]") { "" } else { API };
        format!("{example}\n{api}")
    } else {
        format!("{API}{jobs}{example}")
    };
    let mut source = Source::new("example.toml", example);
    source.include("types.toml", Ok(Source::new("types.toml", "")));
    let diagnostics = api_spec::parse(&source).diagnostics;
    let text = render::plain(&diagnostics, &source);
    (
        text,
        diagnostics
            .into_iter()
            .map(|diagnostic| diagnostic.code)
            .collect(),
    )
}
