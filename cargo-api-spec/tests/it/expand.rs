use std::fs;

use crate::support::{CLOCK, Sandbox, snapshot};

#[test]
fn the_client_is_printed() {
    let sandbox = Sandbox::with(&[("clock.toml", CLOCK)]);
    let code = sandbox.run(["expand", "clock.toml"]).stdout();
    let head: Vec<_> = code.lines().take(26).collect();
    let head = head
        .join("\n")
        .replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
    snapshot("expand_clock", &head);
    assert!(code.contains("pub fn show("), "{code}");
}

#[test]
fn files_are_written_when_they_change_and_compared() {
    let sandbox = Sandbox::with(&[("clock.toml", CLOCK)]);
    let lines = [
        "expand clock.toml --out clock.rs --check",
        "expand clock.toml --out clock.rs",
        "expand clock.toml --out clock.rs",
        "expand clock.toml --out clock.rs --check",
        "expand clock.toml --out clock.rs --check --runtime ::my::runtime",
        "expand clock.toml --out nowhere/clock.rs",
        "expand clock.toml --runtime 2*2",
        "expand clock.toml --only time.hide",
    ];
    snapshot("expand_files", &sandbox.session(&lines));
    let written = |sandbox: &Sandbox| {
        let file = fs::metadata(sandbox.path("clock.rs"));
        file.and_then(|file| file.modified()).unwrap()
    };
    let before = written(&sandbox);
    assert_eq!(
        sandbox
            .run(["expand", "clock.toml", "--out", "clock.rs"])
            .code,
        Some(0)
    );
    assert_eq!(written(&sandbox), before);

    let windows = sandbox.read("clock.rs").replace('\n', "\r\n");
    sandbox.write("clock.rs", windows);
    sandbox.write("clock.toml", CLOCK.replace('\n', "\r\n"));
    let check = ["expand", "clock.toml", "--out", "clock.rs", "--check"];
    sandbox.run(check).assert(0, "", "");
    sandbox.write("clock.toml", CLOCK.replace("zone", "place"));
    assert_eq!(sandbox.run(check).code, Some(1));
}

#[test]
fn faulty_descriptions_make_nothing() {
    let sandbox = Sandbox::with(&[("clock.toml", &CLOCK.replace("GET", "GTE"))]);
    let lines = ["expand clock.toml --out clock.rs"];
    snapshot("expand_faulty", &sandbox.session(&lines));
    assert!(!sandbox.path("clock.rs").exists());
}

const USER: &str = r#"
/// A client.
pub mod clock {
    api_runtime::api!("clock.toml", checked_in = "src/clock.rs");
}

/// The time.
///
/// # Errors
///
/// When nobody knows.
pub fn now(client: &api_runtime::Client) -> Result<String, api_runtime::Error> {
    let request = clock::time::Show::new(clock::Precision::Minute).zone("Europe/Zurich");
    Ok(clock::time::show(client, &request)?.now)
}
"#;

/// From no file to a current one, through every way of being stale.
#[test]
fn a_checked_in_client_is_used_while_it_is_current() {
    let sandbox = Sandbox::package("user", USER);
    sandbox.write("clock.toml", CLOCK);
    let expand = ["expand", "clock.toml", "--out", "src/clock.rs"];
    let mut said = Vec::new();

    said.push(("no file", sandbox.cargo("check")));
    assert_eq!(sandbox.run(expand).code, Some(0));
    sandbox.compiles();

    sandbox.write("clock.toml", CLOCK.replace("Tells the time.", "Tells it."));
    said.push(("the description changes", sandbox.cargo("check")));
    sandbox.write("clock.toml", CLOCK.replace("GET", "GTE"));
    said.push(("a fault", sandbox.cargo("check")));
    sandbox.write("clock.toml", CLOCK);
    sandbox.compiles();

    let code = sandbox.read("src/clock.rs");
    let version = concat!(" generator=", env!("CARGO_PKG_VERSION"));
    sandbox.write("src/clock.rs", code.replace(version, " generator=0.0.7"));
    said.push(("another generator", sandbox.cargo("check")));
    sandbox.write("src/clock.rs", code.replace("// stamp", "// stomp"));
    said.push(("another file", sandbox.cargo("check")));
    assert_eq!(sandbox.run(expand).code, Some(0));
    sandbox.compiles();

    let told = said
        .iter()
        .map(|(title, done)| format!("## {title}\n\n{done}"));
    let told = told.collect::<Vec<_>>().join("\n");
    snapshot(
        "checked_in",
        &told.replace(env!("CARGO_PKG_VERSION"), "[VERSION]"),
    );
}

/// The runtime's path is part of the agreement, and so is that there is a file.
#[test]
fn a_checked_in_client_is_made_for_one_runtime() {
    let sandbox = Sandbox::package(
        "runtime",
        r#"
/// A client.
pub mod clock {
    api_runtime::api!("clock.toml", runtime = crate::rt, checked_in = "src/clock.rs");
}

/// The runtime.
pub mod rt {
    pub use api_runtime::*;
}
"#,
    );
    sandbox.write("clock.toml", CLOCK);
    sandbox.run(["expand", "clock.toml", "--out", "src/clock.rs"]);
    let done = sandbox.cargo("check");
    assert!(
        done.stderr.contains("made for the runtime `::api_runtime`"),
        "{done}"
    );
    let command = "cargo api-spec expand clock.toml --out src/clock.rs --runtime crate::rt";
    assert!(done.stderr.contains(command), "{done}");
    sandbox.run(command.split(' ').skip(1).collect::<Vec<_>>());
    sandbox.compiles();
}

/// So is the choice of endpoints.
#[test]
fn a_checked_in_client_is_made_for_one_choice() {
    let sandbox = Sandbox::package(
        "chosen",
        r#"
/// A client.
pub mod clock {
    api_runtime::api!("clock.toml", checked_in = "src/clock.rs", only = ["time.show"]);
}
"#,
    );
    let more = "\n[endpoints.zones.list]\ndoc = \"Lists.\"\nhttp = \"GET /zones\"\n";
    sandbox.write("clock.toml", format!("{CLOCK}{more}"));
    sandbox.run(["expand", "clock.toml", "--out", "src/clock.rs"]);
    assert!(sandbox.read("src/clock.rs").contains("mod zones"));
    let done = sandbox.cargo("check");
    let said = "made for another choice of endpoints";
    assert!(done.stderr.contains(said), "{done}");
    let command = "cargo api-spec expand clock.toml --out src/clock.rs --only time.show";
    assert!(done.stderr.contains(command), "{done}");
    sandbox.run(command.split(' ').skip(1).collect::<Vec<_>>());
    assert!(!sandbox.read("src/clock.rs").contains("mod zones"));
    sandbox.compiles();
}

/// What stands in the file is what the macro would have made, also for pickier lints, and also
/// where nothing uses it.
#[test]
fn the_shipped_description_compiles_from_a_file() {
    let sandbox = Sandbox::package(
        "shipped",
        r#"
#![deny(clippy::pedantic, dead_code, unused_qualifications, unreachable_pub)]

/// A client.
pub mod databricks {
    api_runtime::api!("databricks.toml", checked_in = "src/databricks.rs",);
}

mod unused {
    api_runtime::api!("databricks.toml", checked_in = "src/databricks.rs");
}
"#,
    );
    let spec = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../api-spec/databricks-1.2.toml"
    );
    sandbox.write("databricks.toml", fs::read_to_string(spec).unwrap());
    sandbox.run(["expand", "databricks.toml", "--out", "src/databricks.rs"]);
    sandbox.compiles();
    let done = sandbox.cargo("clippy");
    assert!(done.code == Some(0), "{done}");
}
