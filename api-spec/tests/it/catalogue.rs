//! Every code is explained, and produced by a case.

use std::collections::BTreeSet;

use api_spec::{Code, Source, render};

use crate::cases::{files, source};

/// What every example leans on.
const API: &str = "[api]\nname = \"Example\"\ndoc = \"An example.\"\n\n";

/// What the examples of waiters lean on.
const JOBS: &str = r#"[ids]
JobId = "A job."

[enums.JobState]
values = { queued = "", running = "", done = "", failed = "" }

[endpoints.jobs.get]
doc = "Shows a job."
http = "GET /jobs/get"
query = { id = "JobId" }
response = { state = "JobState" }

"#;

#[test]
fn every_code_is_produced_by_a_case() {
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
fn every_code_is_explained() {
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
fn every_example_is_as_wrong_or_right_as_it_says() {
    for code in Code::ALL {
        let (source, codes) = try_example(code.explanation().wrong);
        assert_eq!(codes, [*code], "{code}, wrong:\n{source}");
        let (source, codes) = try_example(code.explanation().right);
        assert_eq!(codes, [], "{code}, right:\n{source}");
    }
}

fn try_example(example: &str) -> (String, Vec<Code>) {
    let jobs = if example.contains("JobId") { JOBS } else { "" };
    // What is in no table stands before the first.
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
