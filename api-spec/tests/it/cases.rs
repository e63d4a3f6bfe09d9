//! Cases: one file each.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use api_spec::model::{Api, Endpoint, Group, Response};
use api_spec::{Parsed, Source, Style, render};

use crate::dump::dump;

/// Returns the `.toml` files of a folder of cases, sorted by name.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Returns a case with its name in messages, e.g. `invalid/unknown_key.toml`.
pub(crate) fn source(path: &Path) -> Source {
    let folder = path
        .parent()
        .unwrap()
        .file_name()
        .unwrap()
        .to_str()
        .unwrap();
    let file = path.file_name().unwrap().to_str().unwrap();
    let mut source = Source::new(
        format!("{folder}/{file}"),
        fs::read_to_string(path).unwrap(),
    );
    for included in source.included_paths() {
        let path = path.with_file_name("").join("../included").join(&included);
        let text = fs::read_to_string(path).map_err(|_| "no such file".to_owned());
        let name = format!("included/{included}");
        source.include(included, text.map(|text| Source::new(name, text)));
    }
    source
}

#[test]
fn valid_cases_have_no_diagnostics() {
    for path in files("valid") {
        let source = source(&path);
        let parsed = api_spec::parse(&source);
        let diagnostics = render::plain(&parsed.diagnostics, &source);
        assert!(
            parsed.diagnostics.is_empty(),
            "{}\n{diagnostics}",
            path.display()
        );
        snapshot("valid", &path, &dump(&parsed.api.unwrap()));
    }
}

#[test]
fn spec_in_several_files_equals_the_same_spec_in_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/included/main.toml");
    let source = source(&path);
    let parsed = api_spec::parse(&source);
    assert_eq!(render::plain(&parsed.diagnostics, &source), "");
    let several = parsed.api.unwrap();

    let (include, main) = source.text().split_once("\n\n").unwrap();
    assert!(include.starts_with("include"));
    let parts = ["types.toml", "jobs.toml"].map(|name| {
        let path = path.with_file_name(name);
        fs::read_to_string(path).unwrap()
    });
    let one = Source::new("one.toml", [main, &parts.concat()].concat());
    let single = api_spec::parse(&one).api.unwrap();
    assert_eq!(dump(&several), dump(&single));
    assert_ne!(
        source.fingerprint(),
        Source::new("main.toml", source.text()).fingerprint()
    );
}

#[test]
fn invalid_cases_have_diagnostics() {
    for path in files("invalid") {
        let source = source(&path);
        let parsed = api_spec::parse(&source);
        assert!(
            !parsed.diagnostics.is_empty(),
            "{} has no diagnostics",
            path.display()
        );
        snapshot("invalid", &path, &outcome(&source, &parsed));
    }
}

/// The specs of the package: file name and name of the snapshot.
const DATABRICKS: [(&str, &str); 2] = [
    ("databricks-1.2.toml", "databricks"),
    ("databricks-2.0.toml", "databricks_2_0"),
];

fn read_databricks(file: &str) -> Source {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    Source::new(file, fs::read_to_string(path).unwrap())
}

#[test]
fn the_databricks_specs_are_valid() {
    for (file, name) in DATABRICKS {
        let source = read_databricks(file);
        let parsed = api_spec::parse(&source);
        assert!(
            parsed.diagnostics.is_empty(),
            "{}",
            render::plain(&parsed.diagnostics, &source)
        );
        snapshot("valid", Path::new(name), &dump(&parsed.api.unwrap()));
    }
}

#[test]
fn every_item_of_the_databricks_specs_has_documentation() {
    for (file, _) in DATABRICKS {
        check_documentation(&api_spec::parse(&read_databricks(file)).api.unwrap());
    }
}

fn check_documentation(api: &Api) {
    let structs = api.structs.iter();
    let variants = api
        .unions
        .iter()
        .flat_map(|it| &it.variants)
        .map(|it| &it.body);
    let endpoints = api.groups.iter().flat_map(|group| &group.endpoints);
    let responses = endpoints.clone().filter_map(|it| match &it.response {
        Response::Object(object) => Some(object),
        _ => None,
    });
    let fields = structs
        .chain(variants)
        .chain(responses)
        .flat_map(|it| &it.fields);
    for field in fields.chain(endpoints.flat_map(Endpoint::fields)) {
        assert!(!field.doc.is_empty(), "{}", field.wire);
    }
    for value in api.enums.iter().flat_map(|it| &it.values) {
        assert!(!value.doc.is_empty(), "{}", value.wire);
    }
}

#[test]
fn ten_errors_are_reported_in_one_run() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid/ten_errors.toml");
    let parsed = api_spec::parse(&source(&path));
    let mut codes: Vec<_> = parsed.diagnostics.iter().map(|error| error.code).collect();
    assert_eq!(codes.len(), 10, "{codes:?}");
    assert!(
        parsed
            .diagnostics
            .is_sorted_by_key(|error| error.labels[0].span.start)
    );
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 10, "{codes:?}");
}

/// The code follows the level, as in diagnostics of rustc.
#[test]
fn terminal_style_has_level_code_and_colors() {
    let source = Source::new(
        "api.toml",
        "[api]\nname = \"A\"\ndoc = \"B\"\nbase = \"\"\n",
    );
    let parsed = api_spec::parse(&source);
    let text = parsed.diagnostics[0].render(&source, Style::Terminal);
    let plain: String = text
        .split("\u{1b}[")
        .map(|part| part.split_once('m').map_or(part, |it| it.1))
        .collect();
    assert!(text.starts_with("\u{1b}["), "{text}");
    assert!(
        plain.starts_with("error[S101]: unknown key `base` in `[api]`\n"),
        "{plain}"
    );
}

fn snapshot(folder: &str, path: &Path, text: &str) {
    let name = format!("{folder}__{}", path.file_stem().unwrap().to_str().unwrap());
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

/// Returns the diagnostics and the valid endpoints.
fn outcome(source: &Source, parsed: &Parsed) -> String {
    let mut text = render::plain(&parsed.diagnostics, source);
    if let Some(api) = &parsed.api {
        let endpoints: Vec<String> = api.groups.iter().flat_map(keys).collect();
        let endpoints = if endpoints.is_empty() {
            "none".to_owned()
        } else {
            endpoints.join(" ")
        };
        write!(text, "\n\nvalid endpoints: {endpoints}").unwrap();
    }
    text
}

fn keys(group: &Group) -> impl Iterator<Item = String> {
    group.endpoints.iter().map(|endpoint| {
        let waits = if endpoint.wait.is_some() { "+wait" } else { "" };
        format!("{}.{}{waits}", group.key, endpoint.key)
    })
}
