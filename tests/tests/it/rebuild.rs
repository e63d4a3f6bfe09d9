//! What an author of a description sees: edit the TOML, build, call.

use std::fs;

use serde_json::Value;

use crate::cargo::{Ended, Project};

/// A package whose description has one endpoint, and a program that uses it.
fn project(name: &str) -> Project {
    let project = Project::new(name);
    project.write(
        "api.toml",
        r#"[api]
name = "Clusters"
doc = "Clusters of a workspace."
base_path = "/api/2.0"

[endpoints.clusters.list]
doc = "Lists clusters."
http = "GET /clusters/list"
response = { clusters = "[json]?" }
"#,
    );
    project.write("src/main.rs", MAIN);
    project
}

const MAIN: &str = r#"
#![deny(warnings)]
api_runtime::api!("api.toml");

fn main() {
    let _ = clusters::list;
    for endpoint in ENDPOINTS {
        println!("{} {}", endpoint.operation.name, endpoint.operation.path);
    }
}
"#;

/// Whether a package was built by this run.
fn was_built(ended: &Ended, package: &str) -> bool {
    let messages = ended
        .messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let artifact = messages
        .filter(|message| message["reason"] == "compiler-artifact")
        .find(|message| message["target"]["name"] == package);
    !artifact.unwrap_or_else(|| panic!("{package}: {}", ended.messages))["fresh"]
        .as_bool()
        .unwrap()
}

#[track_caller]
fn check(project: &Project) -> Ended {
    let ended = project.cargo(&["check", "--message-format=json-render-diagnostics"]);
    assert!(ended.success, "{}", ended.text);
    ended
}

#[test]
fn an_edit_of_the_description_is_seen() {
    let project = project("rebuild-edit");
    check(&project);
    let untouched = check(&project);
    assert!(!was_built(&untouched, "rebuild-edit"));
    assert!(!was_built(&untouched, "api_runtime"));

    // Nothing but lines of TOML.
    let toml = fs::read_to_string(project.path("api.toml")).unwrap();
    let longer = format!(
        "{toml}
[endpoints.clusters.get]
doc = \"Shows a cluster.\"
http = \"GET /clusters/get\"
query = {{ cluster_id = \"string\" }}
response = {{ cluster_id = \"string\", state = \"string\" }}
"
    );
    project.write("api.toml", &longer);
    let edited = check(&project);
    assert!(was_built(&edited, "rebuild-edit"));
    assert!(
        !was_built(&edited, "api_runtime"),
        "nothing below is built again"
    );
    let untouched = check(&project);
    assert!(!was_built(&untouched, "rebuild-edit"));

    // The new endpoint is there to be called, and in the table.
    let main = MAIN.replace(
        "let _ = clusters::list;",
        "let client = api_runtime::Client::builder(\"http://127.0.0.1:1\");
    let client = client.transport(api_runtime::transport::Scripted::new().respond(200, r#\"{\"cluster_id\": \"1\", \"state\": \"RUNNING\"}\"#));
    let answer = clusters::get(&client.build().unwrap(), &clusters::Get::new(\"1\")).unwrap();
    assert_eq!(answer.state, \"RUNNING\");
    let _ = clusters::list;",
    );
    project.write("src/main.rs", &main);
    let ran = project.cargo(&["run", "--quiet"]);
    assert!(ran.success, "{}", ran.text);
    assert_eq!(
        ran.messages,
        "clusters.list /api/2.0/clusters/list\nclusters.get /api/2.0/clusters/get\n"
    );
}

#[test]
fn a_broken_description_is_told_by_its_lines_and_heals() {
    let project = project("rebuild-break");
    let toml = fs::read_to_string(project.path("api.toml")).unwrap();
    check(&project);
    project.write(
        "api.toml",
        &toml.replace("[json]?", "[jason]?").replace("GET", "GTE"),
    );
    for _ in 0..2 {
        let broken = project.cargo(&["check"]);
        assert!(!broken.success);
        assert!(
            broken.text.contains("--> api.toml:8:9\n"),
            "{}",
            broken.text
        );
        assert!(
            broken.text.contains("--> api.toml:9:27\n"),
            "{}",
            broken.text
        );
        assert!(
            broken.text.contains("unknown type `jason`"),
            "{}",
            broken.text
        );
    }
    project.write("api.toml", &toml);
    assert!(was_built(&check(&project), "rebuild-break"));
}

#[test]
fn a_description_that_is_missing_is_told_and_found_when_it_comes() {
    let project = project("rebuild-missing");
    let toml = fs::read_to_string(project.path("api.toml")).unwrap();
    fs::remove_file(project.path("api.toml")).unwrap();
    let missing = project.cargo(&["check"]);
    assert!(!missing.success);
    assert!(
        missing
            .text
            .contains("cannot find the spec at api.toml or src/api.toml"),
        "{}",
        missing.text
    );
    project.write("src/api.toml", &toml);
    check(&project);
    // The one in the package's folder comes first.
    project.write("api.toml", &toml);
    check(&project);
}

/// One run tells all, each with its line and column in the TOML.
#[test]
fn ten_errors_in_one_run() {
    let project = project("rebuild-faults");
    project.write("api.toml", include_str!("../ui/spec/ten_errors.toml"));
    project.write(
        "src/main.rs",
        "api_runtime::api!(\"api.toml\");\nfn main() {\n    let _ = jobs::list;\n}\n",
    );
    let ended = project.cargo(&["check"]);
    assert!(!ended.success);
    let places: Vec<_> = ended
        .text
        .lines()
        .filter_map(|line| line.split_once("--> api.toml:").map(|(_, place)| place))
        .collect();
    assert_eq!(
        places,
        [
            "4:1", "6:18", "9:1", "12:36", "25:17", "31:9", "32:20", "36:19", "41:25", "42:29"
        ],
        "{}",
        ended.text
    );
    // Nothing else is wrong: what is sound was generated.
    assert!(
        ended.text.contains("due to 10 previous errors"),
        "{}",
        ended.text
    );
    insta::assert_snapshot!("first_of_ten_errors", first_block(&ended.text));
}

/// The first error as it stands on the terminal.
fn first_block(text: &str) -> &str {
    let start = text.find("error: ").unwrap();
    let block = &text[start..];
    &block[..block.find("\n\n").unwrap()]
}
