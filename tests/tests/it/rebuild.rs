//! Rebuilds after changes of a spec, and the output of cargo.

use std::fs;

use serde_json::Value;

use crate::cargo::{CargoOutput, Project};

/// Creates a package with a spec of one endpoint, and a program that uses it.
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

/// Returns whether this run of cargo compiled a package.
fn was_built(output: &CargoOutput, package: &str) -> bool {
    let messages = output
        .messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let artifact = messages
        .filter(|message| message["reason"] == "compiler-artifact")
        .find(|message| message["target"]["name"] == package);
    !artifact.unwrap_or_else(|| panic!("{package}: {}", output.messages))["fresh"]
        .as_bool()
        .unwrap()
}

#[track_caller]
fn check(project: &Project) -> CargoOutput {
    let output = project.cargo(&["check", "--message-format=json-render-diagnostics"]);
    assert!(output.success, "{}", output.text);
    output
}

#[test]
fn changed_spec_is_compiled_again() {
    let project = project("rebuild-edit");
    check(&project);
    let untouched = check(&project);
    assert!(!was_built(&untouched, "rebuild-edit"));
    assert!(!was_built(&untouched, "api_runtime"));

    // Only the spec changes.
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
        "dependencies are compiled again"
    );
    let untouched = check(&project);
    assert!(!was_built(&untouched, "rebuild-edit"));

    // The new endpoint can be called, and is listed in `ENDPOINTS`.
    let main = MAIN.replace(
        "let _ = clusters::list;",
        "let client = api_runtime::Client::builder(\"http://127.0.0.1:1\");
    let client = client.transport(api_runtime::transport::Scripted::new().respond(200, r#\"{\"cluster_id\": \"1\", \"state\": \"RUNNING\"}\"#));
    let response = clusters::get(&client.build().unwrap(), &clusters::Get::new(\"1\")).unwrap();
    assert_eq!(response.state, \"RUNNING\");
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
fn errors_in_a_spec_have_positions_and_disappear_with_their_cause() {
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
fn missing_spec_is_found_after_it_is_created() {
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
    // The package directory takes precedence over `src`.
    project.write("api.toml", &toml);
    check(&project);
}

/// Git checks out symbolic links as text files if `core.symlinks` is false.
#[test]
fn link_that_was_checked_out_as_text_is_followed_and_tracked() {
    let project = project("rebuild-link");
    let toml = fs::read_to_string(project.path("api.toml")).unwrap();
    project.write("specs/linked.toml", &toml);
    project.write("api.toml", "specs/linked.toml");
    check(&project);
    assert!(!was_built(&check(&project), "rebuild-link"));

    let renamed = toml.replace("Lists clusters.", "Lists all clusters.");
    project.write("specs/linked.toml", &renamed);
    assert!(was_built(&check(&project), "rebuild-link"));

    fs::remove_file(project.path("specs/linked.toml")).unwrap();
    let broken = project.cargo(&["check"]);
    let message = "api.toml is a symbolic link to specs/linked.toml, which cannot be read";
    assert!(broken.text.contains(message), "{}", broken.text);
    assert_eq!(broken.text.matches("error: ").count(), 2, "{}", broken.text);
}

#[test]
fn ten_errors_in_one_run() {
    let project = project("rebuild-faults");
    project.write("api.toml", include_str!("../ui/spec/ten_errors.toml"));
    project.write(
        "src/main.rs",
        "api_runtime::api!(\"api.toml\");\nfn main() {\n    let _ = jobs::list;\n}\n",
    );
    let output = project.cargo(&["check"]);
    assert!(!output.success);
    let positions: Vec<_> = output
        .text
        .lines()
        .filter_map(|line| {
            line.split_once("--> api.toml:")
                .map(|(_, position)| position)
        })
        .collect();
    assert_eq!(
        positions,
        [
            "4:1", "6:18", "9:1", "12:54", "25:17", "31:9", "32:20", "36:19", "41:25", "42:29"
        ],
        "{}",
        output.text
    );
    // No other errors: valid endpoints are generated.
    assert!(
        output.text.contains("due to 10 previous errors"),
        "{}",
        output.text
    );
    insta::assert_snapshot!("first_of_ten_errors", first_block(&output.text));
}

/// Returns the first error as cargo prints it.
fn first_block(text: &str) -> &str {
    let start = text.find("error: ").unwrap();
    let block = &text[start..];
    &block[..block.find("\n\n").unwrap()]
}

/// The warning is of the lint `deprecated`, which a program can allow or deny.
#[test]
fn post_without_retry_is_a_warning_of_the_build() {
    let project = project("rebuild-retry");
    let toml = fs::read_to_string(project.path("api.toml")).unwrap();
    let start = "\n[endpoints.clusters.start]\ndoc = \"Starts a cluster.\"\nhttp = \"POST /clusters/start\"\n";
    project.write("api.toml", &format!("{toml}{start}"));
    let denied = project.cargo(&["check"]);
    assert!(!denied.success, "{}", denied.text);
    for expected in [
        "no retry class for the `POST` endpoint `clusters.start` [S416]",
        "api.toml:11:",
        "set `retry = \"never\"`",
    ] {
        assert!(denied.text.contains(expected), "{}", denied.text);
    }

    let warned = MAIN.replace("#![deny(warnings)]", "");
    project.write("src/main.rs", &warned);
    let output = project.cargo(&["check"]);
    assert!(output.success, "{}", output.text);
    assert!(
        output.text.contains("generated 1 warning"),
        "{}",
        output.text
    );

    // Only the selected endpoints count.
    let selected = MAIN.replace("\"api.toml\"", "\"api.toml\", only = [\"clusters.list\"]");
    project.write("src/main.rs", &selected);
    check(&project);

    project.write("src/main.rs", MAIN);
    project.write("api.toml", &format!("{toml}{start}retry = \"never\"\n"));
    check(&project);
}
