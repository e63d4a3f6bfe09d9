//! Comparison of two versions of a spec.

mod cases;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Sandbox, snapshot};
use cases::{CASES, Edit};

const JOBS: &str = include_str!("../specs/jobs.toml");

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

/// Changes of [`DIRECTIONS`], with their titles.
const DIRECTION_CASES: &[(&str, Edit)] = &[
    (
        "no longer sent",
        (
            "note = \"int?\"",
            "note = { type = \"int?\", only = \"response\" }",
        ),
    ),
    (
        "no longer decoded",
        (
            "note = \"int?\"",
            "note = { type = \"int?\", only = \"request\" }",
        ),
    ),
    (
        "required, no longer sent",
        (
            "name = \"string\"",
            "name = { type = \"string\", only = \"response\" }",
        ),
    ),
    (
        "required, no longer decoded",
        (
            "name = \"string\"",
            "name = { type = \"string\", only = \"request\" }",
        ),
    ),
    (
        "sent as well",
        (
            "id = { type = \"int\", only = \"response\" }",
            "id = \"int\"",
        ),
    ),
    (
        "decoded as well",
        (
            "key = { type = \"int\", only = \"request\" }",
            "key = \"int\"",
        ),
    ),
    (
        "other direction",
        (
            "\"int\", only = \"response\"",
            "\"int\", only = \"request\"",
        ),
    ),
    (
        "optional in responses",
        (
            "\"int\", only = \"response\"",
            "\"int?\", only = \"response\"",
        ),
    ),
    (
        "optional in requests",
        (
            "\"int\", only = \"request\"",
            "\"int?\", only = \"request\"",
        ),
    ),
    (
        "added",
        (
            "note =",
            "at = { type = \"date\", only = \"response\" }\nby = { type = \"int\", only = \"request\" }\nnote =",
        ),
    ),
    (
        "direction of a struct of responses",
        (
            "text = \"string\"",
            "text = { type = \"string\", only = \"response\" }",
        ),
    ),
    (
        "not in responses, in a struct of responses",
        (
            "text = \"string\"",
            "text = { type = \"string\", only = \"request\" }",
        ),
    ),
    (
        "struct of responses in requests as well",
        (
            "json = { pet = \"Pet\" }",
            "json = { pet = \"Pet\", log = \"Log\" }",
        ),
    ),
];

const DIRECTIONS: &str = r#"
[api]
name = "Pets"
doc = "Fields of one direction."

[structs.Pet.fields]
id = { type = "int", only = "response" }
key = { type = "int", only = "request" }
name = "string"
note = "int?"

[structs.Log.fields]
text = "string"
line = { type = "int", only = "response" }
column = { type = "int?", only = "response" }

[endpoints.pets.put]
doc = "Stores a pet."
http = "PUT /pet"
json = { pet = "Pet" }
response = { pet = "Pet", log = "Log" }
"#;

#[test]
fn changes_of_directions_have_their_level_and_reason() {
    let sandbox = Sandbox::with(&[("old.toml", DIRECTIONS)]);
    let mut seen = String::new();
    for (title, (from, to)) in DIRECTION_CASES {
        assert!(DIRECTIONS.contains(from), "{from}");
        for (old, new, title) in [
            ("old.toml", "new.toml", *title),
            ("new.toml", "old.toml", "reversed"),
        ] {
            sandbox.write("new.toml", DIRECTIONS.replacen(from, to, 1));
            let done = sandbox.run(["diff", old, new]);
            write!(seen, "## {title}\n\n{done}\n").unwrap();
        }
    }
    snapshot("diff_directions", seen.trim_end());
}

#[test]
fn fail_on_decides_the_exit_code() {
    let edited = |title: &str| {
        let case = CASES.iter().find(|(it, _)| *it == title);
        edited(case.unwrap().1)
    };
    let patch = edited("documentation");
    let minor = edited("endpoint added");
    let major = edited("endpoint removed");
    let sandbox = Sandbox::with(&[
        ("old.toml", JOBS),
        ("patch.toml", &patch),
        ("minor.toml", &minor),
        ("major.toml", &major),
        ("invalid.toml", "[api]\n"),
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
        "diff old.toml invalid.toml",
    ];
    snapshot("diff_formats", &sandbox.session(&lines));
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

#[test]
fn changes_of_json_kinds_and_boxes_are_reported() {
    let spec = |types: &str| {
        format!(
            "[api]\nname = \"Files\"\ndoc = \"Files.\"\n\n{types}\n\
             [endpoints.files.show]\ndoc = \"Shows.\"\nhttp = \"GET /show\"\n\
             response = {{ owner = \"Owner\", folder = \"Folder\" }}\n"
        )
    };
    let old = spec(
        "[structs.Folder]\nfields = { link = \"Link?\" }\n\n[structs.Link]\nfields = { to = \"string\" }\n\n\
         [unions.Owner]\nkinds = { name = \"string\", number = \"float\", flag = \"bool\" }\n",
    );
    let new = spec(
        "[structs.Folder]\nfields = { link = \"Link?\" }\n\n[structs.Link]\nfields = { to = \"Folder\" }\n\n\
         [unions.Owner]\nkinds = { name = { type = \"string\", doc = \"A name.\" }, number = \"decimal\", \
         int = \"int\", list = \"[string]\" }\n",
    );
    let tagged = spec(
        "[structs.Folder]\nfields = { link = \"string?\" }\n\n[unions.Owner]\ntag = \"kind\"\n\
         variants.user = {}\n",
    );
    let objects = spec(
        "[structs.Folder]\nfields = { link = \"string?\" }\n\n[structs.User]\nfields = { id = \"int\" }\n\n\
         [unions.Owner]\nkinds = { user = \"User\" }\n",
    );
    let sandbox = Sandbox::with(&[
        ("old.toml", &old),
        ("new.toml", &new),
        ("tagged.toml", &tagged),
        ("objects.toml", &objects),
    ]);
    let lines = [
        "diff old.toml new.toml",
        "diff new.toml tagged.toml",
        "diff tagged.toml objects.toml",
        "diff objects.toml tagged.toml",
    ];
    snapshot("diff_kinds_and_boxes", &sandbox.session(&lines));
}

#[test]
fn shared_fields_are_compared_where_they_are_used() {
    let spec = |types: &str| {
        format!(
            "[api]\nname = \"Files\"\ndoc = \"Files.\"\n\n{types}\n\
             [endpoints.files.show]\ndoc = \"Shows.\"\nhttp = \"GET /show\"\nresponse = \"File\"\n"
        )
    };
    let own = spec("[structs.File]\nfields = { author = \"string\", name = \"string\" }\n");
    let file = "[structs.File]\nwith = [\"Audit\"]\nfields = { name = \"string\" }\n";
    let shared = |ty: &str| {
        spec(&format!(
            "{file}\n[structs.Audit]\nfields = {{ author = \"{ty}\" }}\n"
        ))
    };
    let (shared, other) = (shared("string"), shared("int"));
    let sandbox = Sandbox::with(&[
        ("own.toml", &own),
        ("shared.toml", &shared),
        ("other.toml", &other),
    ]);
    let lines = [
        "diff own.toml shared.toml",
        "diff shared.toml other.toml",
        "export shared.toml",
    ];
    snapshot("diff_shared_fields", &sandbox.session(&lines));
}

#[test]
fn changes_of_credentials_are_reported() {
    // Credentials of the API and a line of the endpoint. Each pair is compared with the previous one.
    let auth = [
        ("\"bearer\"", ""),
        ("{ header = \"Authorization\", prefix = \"Bearer \" }", ""),
        ("{ header = \"Authorization\", prefix = \"Bot \" }", ""),
        ("{ header = \"Authorization\", prefix = \"Token \" }", ""),
        ("{ query = \"key\" }", ""),
        ("[{ query = \"key\" }, \"basic\"]", ""),
        (
            "{ any = [[{ query = \"key\" }, \"basic\"], \"bearer\"] }",
            "",
        ),
        (
            "{ any = [[{ query = \"key\" }, \"basic\"], \"bearer\", \"none\"] }",
            "auth = \"bearer\"",
        ),
        (
            "{ any = [\"bearer\", [{ query = \"key\" }, \"basic\"], \"none\"] }",
            "auth = [{ query = \"key\" }, \"basic\"]",
        ),
        ("{ any = [\"bearer\", \"none\"] }", "auth = \"none\""),
        ("\"bearer\"", "auth = \"bearer\""),
    ];
    let files: Vec<_> = auth
        .iter()
        .enumerate()
        .map(|(index, (api, endpoint))| {
            let text = format!(
                "[api]\nname = \"Files\"\ndoc = \"Files.\"\nauth = {api}\n\n\
                 [endpoints.files.show]\ndoc = \"Shows.\"\nhttp = \"GET /show\"\n{endpoint}\n"
            );
            (format!("{index}.toml"), text)
        })
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let sandbox = Sandbox::with(&files);
    let title = |(api, endpoint): &(&str, &str)| format!("{api} {endpoint}").trim_end().to_owned();
    let mut seen = String::new();
    for (index, pair) in auth.windows(2).enumerate() {
        let (old, new) = (format!("{index}.toml"), format!("{}.toml", index + 1));
        let done = sandbox.run(["diff", &old, &new]);
        writeln!(
            seen,
            "## {} -> {}\n\n{done}",
            title(&pair[0]),
            title(&pair[1])
        )
        .unwrap();
    }
    snapshot("diff_credentials", seen.trim_end());
}
