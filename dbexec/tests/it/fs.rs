//! `dbexec fs`: files of DBFS.

use std::fs;

use crate::support::{Outcome, Running, Sandbox, ServeProcess};

pub(crate) const MIB: usize = 1 << 20;

/// A local server, and `dbexec fs` for it.
pub(crate) struct Workspace {
    pub(crate) sandbox: Sandbox,
    pub(crate) serve: ServeProcess,
}

impl Workspace {
    fn start() -> Self {
        let sandbox = Sandbox::new();
        let serve = ServeProcess::start(&sandbox);
        Self { sandbox, serve }
    }

    fn arguments<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        let workspace = ["--host", &self.serve.url, "--token", "secret"];
        [&["fs"], arguments, &workspace].concat()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.sandbox.run(self.arguments(arguments))
    }

    /// Runs a command that prints nothing.
    #[track_caller]
    pub(crate) fn quiet(&self, arguments: &[&str]) {
        self.run(arguments).assert(0, "", "");
    }
}

/// Contents of two blocks and a byte.
pub(crate) fn large() -> Vec<u8> {
    (0..=2 * MIB)
        .map(|index| u8::try_from(index / 1000 % 256).unwrap())
        .collect()
}

#[test]
fn file_is_uploaded_listed_printed_downloaded_and_deleted() {
    let workspace = Workspace::start();
    let sandbox = &workspace.sandbox;
    sandbox.write("big.csv", large());
    workspace.quiet(&["cp", "big.csv", "dbfs:/in/big.csv"]);
    workspace.quiet(&["mkdir", "dbfs:/in/a/b"]);
    workspace
        .run(&["ls", "dbfs:/in"])
        .assert(0, "a/\nbig.csv\n", "");
    let long = workspace.run(&["ls", "-l", "dbfs:/in"]);
    let long = crate::support::without_times(&long.stdout);
    assert_eq!(long, "      -  TIME  a/\n2097153  TIME  big.csv\n");
    let json = workspace.run(&["ls", "--output", "json", "dbfs:/in/big.csv"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json[0]["path"], "/in/big.csv");
    assert_eq!(json[0]["size"], 2_097_153);
    assert_eq!(json[0]["is_folder"], false);

    fs::create_dir(sandbox.path("folder")).unwrap();
    workspace.quiet(&["cp", "dbfs:/in/big.csv", "folder"]);
    assert!(sandbox.path("folder/big.csv").is_file());
    workspace.quiet(&["cp", "dbfs:/in/big.csv", "copy.csv"]);
    assert!(fs::read(sandbox.path("copy.csv")).unwrap() == large());
    workspace.quiet(&["cp", "dbfs:/in/big.csv", "dbfs:/out/"]);
    sandbox.write("small", "one\n");
    workspace.quiet(&["cp", "small", "dbfs:/out"]);
    workspace
        .run(&["cat", "dbfs:/out/small", "dbfs:/out/small"])
        .assert(0, "one\none\n", "");

    workspace.quiet(&["rm", "dbfs:/out/big.csv", "dbfs:/out/small"]);
    workspace.quiet(&["rm", "-r", "dbfs:/in"]);
    workspace.run(&["ls"]).assert(0, "out/\n", "");
}

#[test]
fn existing_files_are_not_replaced_without_overwrite() {
    let workspace = Workspace::start();
    workspace.sandbox.write("a", "old");
    workspace.quiet(&["cp", "a", "dbfs:/a"]);
    workspace.sandbox.write("a", "new");
    workspace.run(&["cp", "a", "dbfs:/a"]).assert(
        3,
        "",
        "error: `dbfs:/a` exists\nhelp: use `--overwrite` to replace it\n",
    );
    workspace.run(&["cp", "dbfs:/a", "a"]).assert(
        2,
        "",
        "error: `a` exists\nhelp: use `--overwrite` to replace it\n",
    );
    workspace.quiet(&["cp", "--overwrite", "a", "dbfs:/a"]);
    workspace.run(&["cat", "dbfs:/a"]).assert(0, "new", "");
    // The path is below a file.
    workspace
        .run(&["cp", "--overwrite", "a", "dbfs:/a/b"])
        .assert_starts_with(3, "", "error: cannot copy `a` to `dbfs:/a/b`: dbfs.");
    workspace.sandbox.write("a", "other");
    workspace.quiet(&["cp", "--overwrite", "dbfs:/a", "a"]);
    assert_eq!(fs::read(workspace.sandbox.path("a")).unwrap(), b"new");
}

#[test]
fn folders_are_copied_in_all_directions() {
    let workspace = Workspace::start();
    let sandbox = &workspace.sandbox;
    fs::create_dir_all(sandbox.path("reports/a/empty")).unwrap();
    sandbox.write("reports/one", "1");
    sandbox.write("reports/a/two", "2");
    workspace.run(&["cp", "reports", "dbfs:/r"]).assert(
        2,
        "",
        "error: `reports` is a folder\nhelp: use `-r` to copy it with its contents\n",
    );
    workspace.quiet(&["cp", "-r", "reports", "dbfs:/r"]);
    // As `cp`: a copy in the existing folder.
    workspace.quiet(&["cp", "-r", "dbfs:/r", "dbfs:/s"]);
    workspace.quiet(&["cp", "-r", "dbfs:/r", "dbfs:/s"]);
    workspace.quiet(&["cp", "-r", "dbfs:/s", "back"]);
    for (path, contents) in [("one", "1"), ("a/two", "2"), ("r/one", "1")] {
        let path = sandbox.path("back").join(path);
        assert_eq!(fs::read_to_string(path).unwrap(), contents);
    }
    assert!(sandbox.path("back/r/a/empty").is_dir());
    workspace.run(&["cp", "-r", "dbfs:/r", "dbfs:/r/a"]).assert(
        2,
        "",
        "error: `dbfs:/r` cannot be copied into itself\n",
    );
    workspace
        .run(&["rm", "dbfs:/r"])
        .assert_starts_with(3, "", "error: `dbfs:/r` is a folder\n");
    workspace
        .run(&["rm", "-r", "dbfs:/"])
        .assert(2, "", "error: `dbfs:/` cannot be deleted\n");
}

#[test]
fn several_files_are_copied_until_the_first_error() {
    let workspace = Workspace::start();
    let sandbox = &workspace.sandbox;
    for name in ["a", "b", "c"] {
        sandbox.write(name, name);
    }
    workspace.quiet(&["cp", "b", "dbfs:/x/b"]);
    workspace.run(&["cp", "a", "b", "c", "dbfs:/x"]).assert(
        3,
        "",
        "error: `dbfs:/x/b` exists\n\
         help: use `--overwrite` to replace it\n\
         note: 1 of 3 files were copied\n",
    );
    workspace.quiet(&["cp", "--overwrite", "a", "b", "c", "dbfs:/x"]);
    workspace.run(&["ls", "dbfs:/x"]).assert(0, "a\nb\nc\n", "");
    workspace.run(&["cp", "a", "b", "dbfs:/x/c"]).assert(
        2,
        "",
        "error: `dbfs:/x/c` is not a folder\n",
    );
}

#[test]
fn standard_streams_are_copied() {
    let workspace = Workspace::start();
    let sandbox = &workspace.sandbox;
    let command = sandbox.command(workspace.arguments(&["cp", "-", "dbfs:/piped"]));
    Running::with_input(command, &large())
        .finish()
        .assert(0, "", "");
    let mut command = sandbox.command(workspace.arguments(&["cp", "-", "dbfs:/redirected"]));
    let file = sandbox.write("large", large());
    command.stdin(fs::File::open(file).unwrap());
    Running::start(command).finish().assert(0, "", "");
    for path in ["dbfs:/piped", "dbfs:/redirected"] {
        workspace.quiet(&["cp", path, "file"]);
        assert!(fs::read(sandbox.path("file")).unwrap() == large());
        fs::remove_file(sandbox.path("file")).unwrap();
    }
    sandbox.write("text", "é\n");
    workspace.quiet(&["cp", "text", "dbfs:/text"]);
    workspace
        .run(&["cp", "dbfs:/text", "-"])
        .assert(0, "é\n", "");
}

#[test]
fn wrong_paths_are_reported_before_anything_is_sent() {
    let sandbox = Sandbox::new();
    for (arguments, message) in [
        (
            &["cp", "a", "b"][..],
            "error: neither `a` nor `b` is on DBFS\n",
        ),
        (&["cp", "-", "-"], "error: neither `-` nor `-` is on DBFS\n"),
        (
            &["cp", "a", "dbfs:b"],
            "error: `dbfs:b`: expected a path of DBFS, for example `dbfs:/b`\n",
        ),
        (
            &["cp", "-", "a", "dbfs:/b"],
            "error: standard input (`-`) cannot be copied together with other sources\n",
        ),
    ] {
        let outcome = sandbox.run([&["fs"], arguments].concat());
        outcome.assert_starts_with(2, "", message);
    }
    let outcome = sandbox.run(["fs", "ls", "/in"]);
    let expected = "expected a path of DBFS, for example `dbfs:/in`";
    assert!(
        outcome.code == Some(2) && outcome.stderr.contains(expected),
        "{outcome}"
    );
}

#[test]
fn missing_files_are_errors() {
    let workspace = Workspace::start();
    for command in ["ls", "cat", "rm"] {
        workspace.run(&[command, "dbfs:/nowhere"]).assert(
            3,
            "",
            "error: `dbfs:/nowhere` does not exist\n",
        );
    }
    workspace.run(&["cp", "dbfs:/nowhere", "."]).assert(
        2,
        "",
        "error: `dbfs:/nowhere` does not exist\n",
    );
    workspace
        .run(&["cat", "dbfs:/"])
        .assert(2, "", "error: `/` is a folder\n");
    workspace
        .run(&["cp", "nowhere", "dbfs:/"])
        .assert(2, "", "error: `nowhere` does not exist\n");
}
