//! Tables, text and images, as one asks for them.

use std::fs;

use crate::support::{Done, Sandbox, TOKEN, faulty_server};

type Answers = &'static [(&'static str, u16, &'static str)];

/// A workspace whose commands end like this.
macro_rules! answers {
    ($results:literal) => {
        &[
            ("/api/1.2/contexts/create", 200, r#"{"id": "1"}"#),
            ("/api/1.2/contexts/status", 200, r#"{"status": "Running"}"#),
            ("/api/1.2/commands/execute", 200, r#"{"id": "2"}"#),
            ("/api/1.2/contexts/destroy", 200, "{}"),
            (
                "/api/1.2/commands/status",
                200,
                concat!(r#"{"status": "Finished", "results": "#, $results, "}"),
            ),
        ]
    };
}

const TABLE: Answers = answers!(
    r#"{"resultType": "table", "isJsonSchema": true, "truncated": true,
        "schema": [{"name": "n", "type": "\"long\""}, {"name": "who, what", "type": "\"string\""},
            {"name": "p", "type": "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":\"integer\"}]}"}],
        "data": [[9007199254740993, "say \"hi\"", [1]], [null, null, null]]}"#
);
const TEXT: Answers = answers!(r#"{"resultType": "text", "data": "a\nOut[3]: 'b'"}"#);
const NOTHING: Answers = answers!("null");
const IMAGES: Answers = answers!(
    r#"{"resultType": "images", "fileNames": ["data:image/png;base64,iVBORw==", "/plots/1.png"]}"#
);
const CUT: &str = "warning: the server cut the results: this is not all of them\n";

fn run(sandbox: &Sandbox, answers: Answers, more: &[&str]) -> Done {
    let server = faulty_server(answers);
    let url = server.url();
    let place = [
        "run",
        "-l",
        "sql",
        "-c",
        "1",
        "--host",
        &url,
        "--token",
        TOKEN,
        "--cluster-id",
        "c",
    ];
    sandbox.run([&place[..], more].concat())
}

#[test]
fn tables() {
    let sandbox = Sandbox::new();
    for (format, stdout) in [
        (
            "text",
            "               n  who, what  p\n\
             9007199254740993  say \"hi\"   {\"x\":1}\n            \
             null  null       null\n",
        ),
        (
            "csv",
            "n,\"who, what\",p\n\
             9007199254740993,\"say \"\"hi\"\"\",\"{\"\"x\"\":1}\"\n,,\n",
        ),
        (
            "json",
            "[\n{\"n\":9007199254740993,\"who, what\":\"say \\\"hi\\\"\",\"p\":{\"x\":1}},\n\
             {\"n\":null,\"who, what\":null,\"p\":null}\n]\n",
        ),
    ] {
        run(&sandbox, TABLE, &["--format", format]).assert(0, stdout, CUT);
    }
}

#[test]
fn text_and_nothing() {
    let sandbox = Sandbox::new();
    for (format, text, nothing) in [
        ("text", "a\n'b'\n", ""),
        ("csv", "a\n'b'\n", ""),
        ("json", "\"a\\n'b'\"\n", "null\n"),
    ] {
        run(&sandbox, TEXT, &["--format", format]).assert(0, text, "");
        run(&sandbox, NOTHING, &["--format", format]).assert(0, nothing, "");
    }
}

#[test]
fn images_are_saved_or_told() {
    let stored = "note: image in the workspace: /FileStore/plots/1.png\n";
    let sandbox = Sandbox::new();
    let told = format!("note: image (image/png, 4 bytes): `--save-images DIR` saves it\n{stored}");
    run(&sandbox, IMAGES, &[]).assert(0, "", &told);
    run(&sandbox, IMAGES, &["--format", "json"]).assert(0, "[null,null]\n", &told);

    let save = ["--save-images", "a/b"];
    run(&sandbox, IMAGES, &save).assert(0, "a/b/image-1.png\n", stored);
    assert_eq!(
        fs::read(sandbox.path("a/b/image-1.png")).unwrap(),
        b"\x89PNG"
    );
    let as_json = [&save[..], &["--format", "json"]].concat();
    run(&sandbox, IMAGES, &as_json).assert(0, "[\"a/b/image-1.png\",null]\n", stored);

    // A place that is none is noticed before anything is sent.
    sandbox.write("file", "");
    let done = run(&sandbox, IMAGES, &["--save-images", "file"]);
    done.assert_begins(2, "", "error: file: ");
    // One that was taken meanwhile is not.
    fs::create_dir_all(sandbox.path("c/image-1.png")).unwrap();
    let done = run(&sandbox, IMAGES, &["--save-images", "c"]);
    done.assert_begins(3, "", "error: the image cannot be saved: c/image-1.png: ");
}

#[test]
fn only_results_are_written_in_a_format() {
    let sandbox = Sandbox::new();
    // Nothing comes before the end: what was printed is told with the error.
    let code = "import os, time\nprint('printed')\nopen('started', 'w').close()\n\
                while not os.path.exists('go'): time.sleep(.005)\n1/0";
    let arguments = [
        "run", "--local", "-l", "python", "-c", code, "--format", "json",
    ];
    let observed = sandbox.start(arguments);
    crate::support::until("it has printed", || sandbox.path("started").exists());
    sandbox.write("go", "");
    let done = observed.finish();
    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""), "{done}");
    let error = done
        .stderr
        .strip_prefix("printed\n")
        .unwrap_or(&done.stderr);
    assert!(error.starts_with("Traceback"), "{done}");
}
