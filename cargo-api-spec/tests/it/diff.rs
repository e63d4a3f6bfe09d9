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
jobs = "Work in progress."

[ids]
JobId = "A job."

[enums.State]
doc = "State of a job."
values.queued = "Waiting."
values.running = "Running."
values.done = { doc = "Done.", also = ["DONE"] }
values.failed = "Failed."

[structs.Task]
doc = "A step."
fields = { name = "string", retries = "int?", wait = "int" }

[structs.Log]
doc = "Output of a job."
fields = { text = "string", cut = "bool?" }

[unions.Outcome]
doc = "Result of a job."
tag = "kind"
variants.rows = { doc = "Rows.", fields = { rows = "[json]" } }
variants.none = { doc = "Nothing." }

[unions.Cause.variants]
step.fields = { step = "string", exit = "int" }
server.fields = { message = "string" }

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
doc = "Returns a job."
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

/// A text to replace, and its replacement.
type Edit = (&'static str, &'static str);

const CASES: &[(&str, &[Edit])] = &[
    ("no change", &[]),
    ("comment", &[("[groups]", "# Groups.\n[groups]")]),
    (
        "documentation",
        &[
            ("Runs jobs", "Runs many jobs"),
            ("Stops a job", "Halts a job"),
            ("A step", "One step"),
            ("\"Done.\"", "\"Ended.\""),
            ("Work", "All work"),
        ],
    ),
    (
        "other keys of error messages",
        &[("[\"message\"]", "[\"error\"]")],
    ),
    (
        "transient errors",
        &[(
            "[groups]",
            "[api.transient]\nfailed = [\"again\"]\n[groups]",
        )],
    ),
    (
        "endpoint removed",
        &[(
            "[endpoints.jobs.stop]\ndoc = \"Stops a job.\"\nhttp = \"POST /jobs/stop\"\njson = { id = \"JobId\" }\n",
            "",
        )],
    ),
    (
        "endpoint added",
        &[(
            "[endpoints.jobs.stop]",
            "[endpoints.jobs.list]\ndoc = \"Lists jobs.\"\nhttp = \"GET /jobs/list\"\nresponse = \"[JobId]\"\n\n[endpoints.jobs.stop]",
        )],
    ),
    (
        "endpoint renamed",
        &[("endpoints.jobs.stop", "endpoints.jobs.halt")],
    ),
    (
        "function renamed",
        &[(
            "http = \"POST /jobs/stop\"",
            "http = \"POST /jobs/stop\"\nrust = \"halt\"",
        )],
    ),
    (
        "endpoint renamed, function name kept",
        &[(
            "[endpoints.jobs.stop]",
            "[endpoints.jobs.halt]\nrust = \"stop\"",
        )],
    ),
    (
        "required request field added",
        &[(
            "{ name = \"string\", size",
            "{ user = \"string\", name = \"string\", size",
        )],
    ),
    (
        "optional request field added",
        &[(
            "size = \"int\", tasks",
            "size = \"int\", user = \"string?\", tasks",
        )],
    ),
    ("request field removed", &[("size = \"int\", ", "")]),
    (
        "arguments reordered",
        &[(
            "name = \"string\", size = \"int\", tasks",
            "size = \"int\", name = \"string\", tasks",
        )],
    ),
    (
        "field made optional",
        &[("size = \"int\"", "size = \"int?\"")],
    ),
    (
        "wire name of a field changed",
        &[("size = \"int\"", "Size = \"int\"")],
    ),
    (
        "Rust name of a field changed",
        &[(
            "size = \"int\"",
            "size = { type = \"int\", rust = \"length\" }",
        )],
    ),
    (
        "response field removed",
        &[
            ("log = \"Log?\", ", ""),
            (
                "[structs.Log]\ndoc = \"Output of a job.\"\nfields = { text = \"string\", cut = \"bool?\" }\n",
                "",
            ),
        ],
    ),
    (
        "response fields added",
        &[(
            "state = \"State\", log",
            "state = \"State\", at = \"int\", by = \"string?\", log",
        )],
    ),
    (
        "type of a response field changed",
        &[("{ text = \"string\"", "{ text = \"[string]\"")],
    ),
    (
        "struct fields added",
        &[
            (
                "retries = \"int?\"",
                "retries = \"int?\", must = \"bool\", may = \"bool?\"",
            ),
            ("cut = \"bool?\"", "cut = \"bool?\", must = \"bool\""),
        ],
    ),
    (
        "enum value added",
        &[
            ("values.failed", "values.lost = \"Lost.\"\nvalues.failed"),
            ("fail = [", "fail = [\"lost\", "),
        ],
    ),
    (
        "enum value removed",
        &[
            ("values.queued = \"Waiting.\"\n", ""),
            ("pending = [\"queued\", ", "pending = ["),
        ],
    ),
    (
        "aliases changed",
        &[("also = [\"DONE\"]", "also = [\"ENDED\"]")],
    ),
    (
        "enum value named like the variant for unknown values",
        &[
            ("values.failed", "values.unknown = \"Lost.\"\nvalues.failed"),
            ("fail = [", "fail = [\"unknown\", "),
        ],
    ),
    (
        "tag and variants changed",
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
        "kind of a type changed",
        &[(
            "[ids]\nJobId = \"A job.\"",
            "[enums.JobId]\ndoc = \"A job.\"\nvalues.one = \"\"",
        )],
    ),
    (
        "struct no longer in requests",
        &[
            (", tasks = \"[Task]?\"", ""),
            (
                "outcome = \"Outcome?\"",
                "outcome = \"Outcome?\", task = \"Task?\"",
            ),
        ],
    ),
    ("path changed", &[("POST /jobs/stop", "POST /jobs/halt")]),
    ("method changed", &[("POST /jobs/stop", "PUT /jobs/stop")]),
    (
        "encoding of the body changed",
        &[("/jobs/stop\"\njson", "/jobs/stop\"\nform")],
    ),
    (
        "location of fields changed",
        &[("/jobs/stop\"\njson", "/jobs/stop\"\nquery")],
    ),
    (
        "retry class changed",
        &[(
            "http = \"POST /jobs/stop\"",
            "http = \"POST /jobs/stop\"\nretry = \"idempotent\"",
        )],
    ),
    (
        "response type changed",
        &[
            ("response = { id = \"JobId\" }", "response = \"json\""),
            (
                "[endpoints.jobs.start.wait]\npoll = \"jobs.show\"\nbind = { id = \"response.id\" }\nfield = \"state\"\nuntil = [\"done\"]\nfail = [\"failed\"]\npending = [\"queued\", \"running\"]\n",
                "",
            ),
        ],
    ),
    (
        "status classes of a waiter changed",
        &[(
            "until = [\"done\"]\nfail = [\"failed\"]",
            "until = [\"done\", \"failed\"]\nfail = []",
        )],
    ),
    (
        "bindings of a waiter changed",
        &[
            ("size = \"int\"", "size = \"int\", id = \"JobId\""),
            ("response.id", "request.id"),
        ],
    ),
    (
        "parameter moved to the path",
        &[("GET /jobs/show\"\nquery", "GET /jobs/{id}\"\npath")],
    ),
    (
        "fixed header added",
        &[("errors = {", "headers = { X-Version = \"2\" }\nerrors = {")],
    ),
    (
        "items deprecated",
        &[
            (
                "http = \"POST /jobs/stop\"",
                "http = \"POST /jobs/stop\"\ndeprecated = \"Use `cancel`.\"",
            ),
            (
                "size = \"int\"",
                "size = { type = \"int\", deprecated = \"Has no effect.\" }",
            ),
        ],
    ),
    (
        "responses by status",
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
        "response headers added",
        &[(
            "outcome = \"Outcome?\" }",
            "outcome = \"Outcome?\" }\nresponse_headers = { ETag = \"string?\" }",
        )],
    ),
    (
        "error type and condition added",
        &[(
            "errors = { message",
            "errors = { type = \"Log\", when = { ok = false }, message",
        )],
    ),
    (
        "default and bounds added",
        &[(
            "size = \"int\"",
            "size = { type = \"int\", default = 1, max = 9 }",
        )],
    ),
    (
        "URL and authentication added",
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
        "timeout changed",
        &[(
            "http = \"GET /jobs/show\"",
            "http = \"GET /jobs/show\"\ntimeout = 90",
        )],
    ),
    (
        "pagination changed",
        &[("next = \"next\", into = \"from\"", "offset = \"skip\"")],
    ),
    (
        "pagination removed",
        &[(
            "pages = { items = \"jobs\", next = \"next\", into = \"from\" }",
            "",
        )],
    ),
    (
        "key no longer identifies a variant",
        &[(
            "message = \"string\"",
            "message = \"string\", exit = \"int\"",
        )],
    ),
    (
        "variant of an untagged union added",
        &[(
            "server.fields",
            "network.fields = { host = \"string\" }\nserver.fields",
        )],
    ),
    (
        "names of untagged variants changed",
        &[
            (
                "server.fields = {",
                "\"SERVER\" = { rust = \"Server\", fields = {",
            ),
            ("message = \"string\" }", "message = \"string\" } }"),
        ],
    ),
    (
        "tag added",
        &[(
            "[unions.Cause.variants]",
            "[unions.Cause]\ntag = \"why\"\n\n[unions.Cause.variants]",
        )],
    ),
    (
        "body replaced by a single value",
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
fn each_change_has_its_level_and_reason() {
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
fn fail_on_decides_the_exit_code() {
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

/// Returns the specs of the cases above, and those of the tests of `api-spec`.
fn specs() -> Vec<String> {
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
fn spec_does_not_differ_from_itself() {
    for text in specs() {
        let sandbox = Sandbox::with(&[("a.toml", &text)]);
        let done = sandbox.run(["diff", "a.toml", "a.toml", "--fail-on", "patch"]);
        done.assert(0, "no change\n", "");
    }
}

#[test]
fn comparison_is_symmetric() {
    let all = specs();
    for (index, old) in all.iter().enumerate() {
        let new = &all[(index + 1) % all.len()];
        let sandbox = Sandbox::with(&[("old.toml", old), ("new.toml", new)]);
        let forward = items(&sandbox, "old.toml", "new.toml");
        let mut backward = items(&sandbox, "new.toml", "old.toml");
        for (kind, _) in &mut backward {
            *kind = match kind.as_str() {
                "added" => "removed".to_owned(),
                "removed" => "added".to_owned(),
                _ => kind.clone(),
            };
        }
        backward.sort();
        assert_eq!(forward, backward);
    }
}

fn items(sandbox: &Sandbox, old: &str, new: &str) -> Vec<(String, String)> {
    let output = sandbox
        .run(["diff", old, new, "--message-format", "json"])
        .stdout();
    let json: Value = serde_json::from_str(&output).unwrap();
    let text = |change: &Value, key: &str| change[key].as_str().unwrap().to_owned();
    let changes = json["changes"].as_array().unwrap().iter();
    let mut items: Vec<_> = changes
        .map(|change| (text(change, "change"), text(change, "item")))
        .collect();
    items.sort();
    items
}
