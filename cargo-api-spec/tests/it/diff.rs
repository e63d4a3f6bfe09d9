use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Sandbox, snapshot};

const JOBS: &str = r#"[api]
name = "Jobs"
doc = "Runs jobs."
errors = { message = ["message"] }

[groups]
jobs = "Pieces of work."

[ids]
JobId = "A job."

[enums.State]
doc = "How far a job is."
values.queued = "Waiting."
values.running = "Running."
values.done = { doc = "Done.", also = ["DONE"] }
values.failed = "Failed."

[structs.Task]
doc = "A step."
fields = { name = "string", retries = "int?", wait = "int" }

[structs.Log]
doc = "What was said."
fields = { text = "string", cut = "bool?" }

[unions.Outcome]
doc = "What is left."
tag = "kind"
variants.rows = { doc = "Rows.", fields = { rows = "[json]" } }
variants.none = { doc = "Nothing." }

[unions.Cause.variants]
step.fields = { step = "string", exit = "int" }
server.fields = { trouble = "string" }

[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
json = { name = "string", size = "int", tasks = "[Task]?" }
response = { id = "JobId" }

[endpoints.jobs.start.wait]
poll = "jobs.show"
bind = { id = "response.id" }
field = "state"
until = ["done"]
fail = ["failed"]
pending = ["queued", "running"]

[endpoints.jobs.show]
doc = "Shows a job."
http = "GET /jobs/show"
query = { id = "JobId" }
response = { state = "State", log = "Log?", outcome = "Outcome?" }

[endpoints.jobs.stop]
doc = "Stops a job."
http = "POST /jobs/stop"
json = { id = "JobId" }

[endpoints.jobs.every]
doc = "Lists jobs."
http = "GET /jobs"
query = { from = "string?", skip = "int?" }
response = { jobs = "[JobId]", next = "string?", cause = "Cause?" }
pages = { items = "jobs", next = "next", into = "from" }
"#;

/// What is replaced by what.
type Edit = (&'static str, &'static str);

const CASES: &[(&str, &[Edit])] = &[
    ("nothing", &[]),
    (
        "comments and order of endpoints",
        &[("[groups]", "# Groups.\n[groups]")],
    ),
    (
        "words",
        &[
            ("Runs jobs", "Runs many jobs"),
            ("Stops a job", "Halts a job"),
            ("A step", "One step"),
            ("\"Done.\"", "\"Ended.\""),
            ("Pieces", "Bits"),
        ],
    ),
    ("errors", &[("[\"message\"]", "[\"error\"]")]),
    (
        "troubles that pass",
        &[(
            "[groups]",
            "[api.transient]\nfailed = [\"again\"]\n[groups]",
        )],
    ),
    (
        "an endpoint goes",
        &[(
            "[endpoints.jobs.stop]\ndoc = \"Stops a job.\"\nhttp = \"POST /jobs/stop\"\njson = { id = \"JobId\" }\n",
            "",
        )],
    ),
    (
        "an endpoint comes",
        &[(
            "[endpoints.jobs.stop]",
            "[endpoints.jobs.list]\ndoc = \"Lists jobs.\"\nhttp = \"GET /jobs/list\"\nresponse = \"[JobId]\"\n\n[endpoints.jobs.stop]",
        )],
    ),
    (
        "an endpoint is renamed",
        &[("endpoints.jobs.stop", "endpoints.jobs.halt")],
    ),
    (
        "a function is renamed",
        &[(
            "http = \"POST /jobs/stop\"",
            "http = \"POST /jobs/stop\"\nrust = \"halt\"",
        )],
    ),
    (
        "a function keeps its name",
        &[(
            "[endpoints.jobs.stop]",
            "[endpoints.jobs.halt]\nrust = \"stop\"",
        )],
    ),
    (
        "a required field of a request comes",
        &[(
            "{ name = \"string\", size",
            "{ user = \"string\", name = \"string\", size",
        )],
    ),
    (
        "an optional field of a request comes",
        &[(
            "size = \"int\", tasks",
            "size = \"int\", user = \"string?\", tasks",
        )],
    ),
    ("a field of a request goes", &[("size = \"int\", ", "")]),
    (
        "arguments change places",
        &[(
            "name = \"string\", size = \"int\", tasks",
            "size = \"int\", name = \"string\", tasks",
        )],
    ),
    (
        "a field becomes optional",
        &[("size = \"int\"", "size = \"int?\"")],
    ),
    (
        "a field is renamed on the wire",
        &[("size = \"int\"", "Size = \"int\"")],
    ),
    (
        "a field is renamed in Rust",
        &[(
            "size = \"int\"",
            "size = { type = \"int\", rust = \"length\" }",
        )],
    ),
    (
        "a field of an answer goes",
        &[
            ("log = \"Log?\", ", ""),
            (
                "[structs.Log]\ndoc = \"What was said.\"\nfields = { text = \"string\", cut = \"bool?\" }\n",
                "",
            ),
        ],
    ),
    (
        "fields of an answer come",
        &[(
            "state = \"State\", log",
            "state = \"State\", at = \"int\", by = \"string?\", log",
        )],
    ),
    (
        "a field of an answer changes its type",
        &[("{ text = \"string\"", "{ text = \"[string]\"")],
    ),
    (
        "fields of structs come",
        &[
            (
                "retries = \"int?\"",
                "retries = \"int?\", must = \"bool\", may = \"bool?\"",
            ),
            ("cut = \"bool?\"", "cut = \"bool?\", must = \"bool\""),
        ],
    ),
    (
        "a value comes",
        &[
            ("values.failed", "values.lost = \"Lost.\"\nvalues.failed"),
            ("fail = [", "fail = [\"lost\", "),
        ],
    ),
    (
        "a value goes",
        &[
            ("values.queued = \"Waiting.\"\n", ""),
            ("pending = [\"queued\", ", "pending = ["),
        ],
    ),
    (
        "a value is read from other words",
        &[("also = [\"DONE\"]", "also = [\"ENDED\"]")],
    ),
    (
        "a value takes the name of the unknown",
        &[
            ("values.failed", "values.unknown = \"Lost.\"\nvalues.failed"),
            ("fail = [", "fail = [\"unknown\", "),
        ],
    ),
    (
        "variants and tags",
        &[
            ("tag = \"kind\"", "tag = \"type\""),
            (
                "variants.none = { doc = \"Nothing.\" }",
                "variants.text = { doc = \"Text.\" }",
            ),
            (
                "rows = \"[json]\" }",
                "rows = \"[json]\", more = \"bool\" }",
            ),
        ],
    ),
    (
        "a type changes its kind",
        &[(
            "[ids]\nJobId = \"A job.\"",
            "[enums.JobId]\ndoc = \"A job.\"\nvalues.one = \"\"",
        )],
    ),
    (
        "a struct is sent no more",
        &[
            (", tasks = \"[Task]?\"", ""),
            (
                "outcome = \"Outcome?\"",
                "outcome = \"Outcome?\", task = \"Task?\"",
            ),
        ],
    ),
    ("another path", &[("POST /jobs/stop", "POST /jobs/halt")]),
    ("another method", &[("POST /jobs/stop", "PUT /jobs/stop")]),
    (
        "another body",
        &[("/jobs/stop\"\njson", "/jobs/stop\"\nform")],
    ),
    (
        "another place",
        &[("/jobs/stop\"\njson", "/jobs/stop\"\nquery")],
    ),
    (
        "another retry class",
        &[(
            "http = \"POST /jobs/stop\"",
            "http = \"POST /jobs/stop\"\nretry = \"idempotent\"",
        )],
    ),
    (
        "another answer",
        &[
            ("response = { id = \"JobId\" }", "response = \"json\""),
            (
                "[endpoints.jobs.start.wait]\npoll = \"jobs.show\"\nbind = { id = \"response.id\" }\nfield = \"state\"\nuntil = [\"done\"]\nfail = [\"failed\"]\npending = [\"queued\", \"running\"]\n",
                "",
            ),
        ],
    ),
    (
        "another end of the wait",
        &[(
            "until = [\"done\"]\nfail = [\"failed\"]",
            "until = [\"done\", \"failed\"]\nfail = []",
        )],
    ),
    (
        "another source of the wait",
        &[
            ("size = \"int\"", "size = \"int\", id = \"JobId\""),
            ("response.id", "request.id"),
        ],
    ),
    (
        "a parameter goes into the path",
        &[("GET /jobs/show\"\nquery", "GET /jobs/{id}\"\npath")],
    ),
    (
        "a header, always the same",
        &[("errors = {", "headers = { X-Version = \"2\" }\nerrors = {")],
    ),
    (
        "deprecation",
        &[
            (
                "http = \"POST /jobs/stop\"",
                "http = \"POST /jobs/stop\"\ndeprecated = \"Wait.\"",
            ),
            (
                "size = \"int\"",
                "size = { type = \"int\", deprecated = \"Leave it.\" }",
            ),
        ],
    ),
    (
        "answers by status",
        &[
            (
                "response = { state = \"State\", log = \"Log?\", outcome = \"Outcome?\" }",
                "responses = { 200 = { state = \"State\", log = \"Log?\", outcome = \"Outcome?\" }, 404 = \"text\" }",
            ),
            (
                "[endpoints.jobs.start.wait]\npoll = \"jobs.show\"\nbind = { id = \"response.id\" }\nfield = \"state\"\nuntil = [\"done\"]\nfail = [\"failed\"]\npending = [\"queued\", \"running\"]\n",
                "",
            ),
        ],
    ),
    (
        "headers of answers",
        &[(
            "outcome = \"Outcome?\" }",
            "outcome = \"Outcome?\" }\nresponse_headers = { ETag = \"string?\" }",
        )],
    ),
    (
        "errors with words of their own",
        &[(
            "errors = { message",
            "errors = { type = \"Log\", when = { ok = false }, message",
        )],
    ),
    (
        "a default and bounds",
        &[(
            "size = \"int\"",
            "size = { type = \"int\", default = 1, max = 9 }",
        )],
    ),
    (
        "a place and a scheme",
        &[
            (
                "errors = {",
                "url = \"https://a.example.com\"\nauth = \"basic\"\nerrors = {",
            ),
            (
                "http = \"GET /jobs/show\"",
                "http = \"GET /jobs/show\"\nauth = \"none\"",
            ),
        ],
    ),
    (
        "another timeout",
        &[(
            "http = \"GET /jobs/show\"",
            "http = \"GET /jobs/show\"\ntimeout = 90",
        )],
    ),
    (
        "another way from page to page",
        &[("next = \"next\", into = \"from\"", "offset = \"skip\"")],
    ),
    (
        "no pages",
        &[(
            "pages = { items = \"jobs\", next = \"next\", into = \"from\" }",
            "",
        )],
    ),
    (
        "another key does not tell any more",
        &[(
            "trouble = \"string\"",
            "trouble = \"string\", exit = \"int\"",
        )],
    ),
    (
        "a variant with keys of its own comes",
        &[(
            "server.fields",
            "network.fields = { host = \"string\" }\nserver.fields",
        )],
    ),
    (
        "variants get other names",
        &[
            (
                "server.fields = {",
                "\"SERVER\" = { rust = \"Server\", fields = {",
            ),
            ("trouble = \"string\" }", "trouble = \"string\" } }"),
        ],
    ),
    (
        "a tag comes",
        &[(
            "[unions.Cause.variants]",
            "[unions.Cause]\ntag = \"why\"\n\n[unions.Cause.variants]",
        )],
    ),
    (
        "whole bodies",
        &[("json = { id = \"JobId\" }", "json = \"[JobId]\"")],
    ),
];

fn edited(edits: &[Edit]) -> String {
    edits.iter().fold(JOBS.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn changes() {
    let sandbox = Sandbox::with(&[("old.toml", JOBS)]);
    let mut seen = String::new();
    for (title, edits) in CASES {
        sandbox.write("new.toml", edited(edits));
        let done = sandbox.run(["diff", "old.toml", "new.toml"]);
        write!(seen, "## {title}\n\n{done}\n").unwrap();
    }
    snapshot("diff", seen.trim_end());
}

#[test]
fn forms_and_exit_codes() {
    let patch = edited(CASES[2].1);
    let minor = edited(CASES[6].1);
    let major = edited(CASES[5].1);
    let sandbox = Sandbox::with(&[
        ("old.toml", JOBS),
        ("patch.toml", &patch),
        ("minor.toml", &minor),
        ("major.toml", &major),
        ("faulty.toml", "[api]\n"),
    ]);
    let code = |new: &str, limit: &str| {
        sandbox
            .run(["diff", "old.toml", new, "--fail-on", limit])
            .code
    };
    assert_eq!(code("old.toml", "patch"), Some(0));
    assert_eq!(code("patch.toml", "patch"), Some(1));
    assert_eq!(code("patch.toml", "minor"), Some(0));
    assert_eq!(code("minor.toml", "minor"), Some(1));
    assert_eq!(code("minor.toml", "major"), Some(0));
    assert_eq!(code("major.toml", "major"), Some(1));
    let lines = [
        "diff old.toml major.toml --fail-on major --message-format json",
        "diff old.toml old.toml --message-format json",
        "diff old.toml faulty.toml",
    ];
    snapshot("diff_forms", &sandbox.session(&lines));
    let done = sandbox.run_with(JOBS, ["diff", "-", "old.toml"]);
    done.assert(0, "no change\n", "");
}

/// Descriptions of all kinds: the cases above, and those that the reader is tested with.
fn descriptions() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api-spec/tests/valid");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    files.sort();
    let files = files
        .into_iter()
        .map(|file| fs::read_to_string(file).unwrap());
    let cases = CASES.iter().map(|(_, edits)| edited(edits));
    files.chain(cases).collect()
}

#[test]
fn nothing_differs_from_itself() {
    for text in descriptions() {
        let sandbox = Sandbox::with(&[("a.toml", &text)]);
        let done = sandbox.run(["diff", "a.toml", "a.toml", "--fail-on", "patch"]);
        done.assert(0, "no change\n", "");
    }
}

/// What one direction adds the other removes, and what changes in one changes in the other.
#[test]
fn the_way_back_is_the_way_there_backwards() {
    let all = descriptions();
    for (index, old) in all.iter().enumerate() {
        let new = &all[(index + 1) % all.len()];
        let sandbox = Sandbox::with(&[("old.toml", old), ("new.toml", new)]);
        let there = items(&sandbox, "old.toml", "new.toml");
        let mut back = items(&sandbox, "new.toml", "old.toml");
        for (kind, _) in &mut back {
            *kind = match kind.as_str() {
                "added" => "removed".to_owned(),
                "removed" => "added".to_owned(),
                _ => kind.clone(),
            };
        }
        back.sort();
        assert_eq!(there, back);
    }
}

fn items(sandbox: &Sandbox, old: &str, new: &str) -> Vec<(String, String)> {
    let text = sandbox
        .run(["diff", old, new, "--message-format", "json"])
        .stdout();
    let json: Value = serde_json::from_str(&text).unwrap();
    let word = |change: &Value, key: &str| change[key].as_str().unwrap().to_owned();
    let changes = json["changes"].as_array().unwrap().iter();
    let mut items: Vec<_> = changes
        .map(|change| (word(change, "change"), word(change, "item")))
        .collect();
    items.sort();
    items
}
