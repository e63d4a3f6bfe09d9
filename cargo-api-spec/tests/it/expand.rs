//! Generated code as a file, and its use by the macro.

use std::fs;
use std::process::Command;

use crate::support::{CLOCK, Sandbox, snapshot};

#[test]
fn code_is_printed_with_header_and_stamp() {
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
fn file_is_written_only_if_outdated() {
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

/// `api!` with `checked_in` does not report them.
#[test]
fn selected_endpoints_without_a_retry_class_are_warnings() {
    let set = "\n[endpoints.time.set]\ndoc = \"Sets the time.\"\nhttp = \"POST /time\"\n";
    let unused = "\n[ids]\nZoneId = \"Id of a zone.\"\n";
    let spec = format!("{CLOCK}{set}{unused}");
    let sandbox = Sandbox::with(&[("clock.toml", spec.as_str())]);
    let lines = [
        "expand clock.toml --out clock.rs",
        "expand clock.toml --out clock.rs --check",
        "expand clock.toml --out show.rs --only time.show",
    ];
    snapshot("expand_warnings", &sandbox.session(&lines));
}

#[test]
fn reformatted_file_is_up_to_date() {
    let sandbox = Sandbox::with(&[("clock.toml", CLOCK)]);
    let expand = ["expand", "clock.toml", "--out", "clock.rs"];
    let check = ["expand", "clock.toml", "--out", "clock.rs", "--check"];
    assert_eq!(sandbox.run(expand).code, Some(0));
    let mut rustfmt = Command::new("rustfmt");
    let config = "max_width=60,hard_tabs=true";
    rustfmt.args(["--edition", "2024", "--config", config, "clock.rs"]);
    let generated = sandbox.read("clock.rs");
    sandbox.finish("", rustfmt).assert(0, "", "");
    let reformatted = sandbox.read("clock.rs");
    assert_ne!(reformatted, generated);

    sandbox.run(check).assert(0, "", "");
    sandbox.run(expand).assert(0, "", "");
    assert_eq!(sandbox.read("clock.rs"), reformatted);

    sandbox.write("clock.rs", reformatted.replace("Full seconds.", "Seconds."));
    assert_eq!(sandbox.run(check).code, Some(1));
    sandbox.write(
        "clock.rs",
        reformatted.replace("// stamp: spec=", "// stamp: spec=0"),
    );
    assert_eq!(sandbox.run(check).code, Some(1));
}

#[test]
fn spec_with_errors_writes_no_file() {
    let sandbox = Sandbox::with(&[("clock.toml", &CLOCK.replace("GET", "GTE"))]);
    let lines = ["expand clock.toml --out clock.rs"];
    snapshot("expand_invalid", &sandbox.session(&lines));
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
/// If the request fails.
pub fn now(client: &api_runtime::Client) -> Result<String, api_runtime::Error> {
    let request = clock::time::Show::new(clock::Precision::Minute).zone("Europe/Zurich");
    Ok(clock::time::show(client, &request)?.now)
}
"#;

#[test]
fn checked_in_code_is_used_only_while_up_to_date() {
    let sandbox = Sandbox::package("user", USER);
    sandbox.write("clock.toml", CLOCK);
    let expand = ["expand", "clock.toml", "--out", "src/clock.rs"];
    let mut errors = Vec::new();

    errors.push(("missing file", sandbox.cargo("check")));
    assert_eq!(sandbox.run(expand).code, Some(0));
    sandbox.compiles();

    sandbox.write(
        "clock.toml",
        CLOCK.replace("Returns the time.", "Returns it."),
    );
    errors.push(("changed spec", sandbox.cargo("check")));
    sandbox.write("clock.toml", CLOCK.replace("GET", "GTE"));
    errors.push(("spec with an error", sandbox.cargo("check")));
    sandbox.write("clock.toml", CLOCK);
    sandbox.compiles();

    let code = sandbox.read("src/clock.rs");
    let version = concat!(" generator=", env!("CARGO_PKG_VERSION"));
    sandbox.write("src/clock.rs", code.replace(version, " generator=0.0.7"));
    errors.push(("other generator", sandbox.cargo("check")));
    sandbox.write("src/clock.rs", code.replace("// stamp", "// stomp"));
    errors.push(("file without a stamp", sandbox.cargo("check")));
    assert_eq!(sandbox.run(expand).code, Some(0));
    sandbox.compiles();

    let seen = errors
        .iter()
        .map(|(title, done)| format!("## {title}\n\n{done}"));
    let seen = seen.collect::<Vec<_>>().join("\n");
    snapshot(
        "checked_in",
        &seen.replace(env!("CARGO_PKG_VERSION"), "[VERSION]"),
    );
}

#[test]
fn checked_in_code_for_another_runtime_is_rejected() {
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
        done.stderr
            .contains("generated for the runtime `::api_runtime`"),
        "{done}"
    );
    let command = "cargo api-spec expand clock.toml --out src/clock.rs --runtime crate::rt";
    assert!(done.stderr.contains(command), "{done}");
    sandbox.run(command.split(' ').skip(1).collect::<Vec<_>>());
    sandbox.compiles();
}

#[test]
fn checked_in_code_for_other_endpoints_is_rejected() {
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
    let message = "generated for other endpoints";
    assert!(done.stderr.contains(message), "{done}");
    let command = "cargo api-spec expand clock.toml --out src/clock.rs --only time.show";
    assert!(done.stderr.contains(command), "{done}");
    sandbox.run(command.split(' ').skip(1).collect::<Vec<_>>());
    assert!(!sandbox.read("src/clock.rs").contains("mod zones"));
    sandbox.compiles();
}
