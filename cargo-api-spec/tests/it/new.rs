//! New specs.

use crate::support::{Sandbox, snapshot};

#[test]
fn existing_file_is_not_overwritten() {
    let sandbox = Sandbox::new();
    let lines = [
        "new Clock",
        "new Clock",
        "new Match --path specs/a.toml",
        "new type",
        "check clock.toml type.toml",
    ];
    let seen = sandbox.session(&lines);
    snapshot("new", &seen);
}

#[test]
fn any_line_of_text_is_an_api_name() {
    let sandbox = Sandbox::new();
    for (name, file) in [
        ("Our \"Files\" \\ 2", "our_files_2.toml"),
        ("3 Größen", "api_3_gr_en.toml"),
        ("名前", "api.toml"),
    ] {
        let done = sandbox.run(["new", name]);
        assert_eq!(done.code, Some(0), "{done}");
        sandbox
            .run(["check", "--deny-warnings", file])
            .assert(0, "", "");
    }
    for name in ["", " ", "a\nb"] {
        assert_eq!(sandbox.run(["new", name]).code, Some(2));
    }
}

#[test]
fn printed_example_compiles_with_the_new_spec() {
    let mut sandbox = Sandbox::package("starter", "");
    let done = sandbox.run(["new", "My Jobs", "--path", "jobs.toml"]);
    assert_eq!(done.code, Some(0), "{done}");
    let rust = done.stdout.split_once("In Rust:\n").unwrap().1;
    let (module, calls) = rust.split_once("\n\n    let ").unwrap();
    let lib = format!(
        "/// A client.\n{module}\n\n/// Starts a job.\n///\n/// # Errors\n///\n/// If the call fails.\n\
         pub fn start() -> Result<my_jobs::JobId, api_runtime::Error> {{\n    let {calls}\n    \
         Ok(started.id)\n}}\n"
    );
    sandbox = sandbox.lib(&lib);
    sandbox.compiles();
}
