use crate::support::{Sandbox, snapshot};

#[test]
fn starters_are_written_once() {
    let sandbox = Sandbox::new();
    let lines = [
        "new Clock",
        "new Clock",
        "new Match --path specs/a.toml",
        "new type",
        "check clock.toml type.toml",
    ];
    let seen = sandbox
        .session(&lines)
        .replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
    snapshot("new", &seen);
}

#[test]
fn any_name_will_do() {
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

/// What is printed below `In Rust` is what the starter makes.
#[test]
fn the_starter_compiles() {
    let mut sandbox = Sandbox::package("starter", "");
    let done = sandbox.run(["new", "My Jobs", "--path", "jobs.toml"]);
    assert_eq!(done.code, Some(0), "{done}");
    let rust = done.stdout.split_once("In Rust:\n").unwrap().1;
    let (module, calls) = rust.split_once("\n\n    let ").unwrap();
    let lib = format!(
        "/// A client.\n{module}\n\n/// Starts.\n///\n/// # Errors\n///\n/// Some.\n\
         pub fn start() -> Result<my_jobs::JobId, api_runtime::Error> {{\n    let {calls}\n    \
         Ok(started.id)\n}}\n"
    );
    sandbox = sandbox.lib(&lib);
    sandbox.compiles();
}
