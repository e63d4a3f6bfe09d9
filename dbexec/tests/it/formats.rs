//! Output formats of tables, texts and images.

use std::fs;

use crate::support::{MockResponse, Outcome, Sandbox, TOKEN, mock_server};

type Responses = &'static [MockResponse];

/// Responses of a workspace whose commands have certain results.
macro_rules! responses {
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

const TABLE: Responses = responses!(
    r#"{"resultType": "table", "isJsonSchema": true, "truncated": true,
        "schema": [{"name": "n", "type": "\"long\""}, {"name": "who, what", "type": "\"string\""},
            {"name": "p", "type": "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":\"integer\"}]}"}],
        "data": [[9007199254740993, "say \"hi\"", [1]], [null, null, null]]}"#
);
const TEXT: Responses = responses!(r#"{"resultType": "text", "data": "a\nOut[3]: 'b'"}"#);
const NO_COLUMNS: Responses = responses!(r#"{"resultType": "table", "schema": [], "data": []}"#);
const NOTHING: Responses = responses!("null");
const IMAGES: Responses = responses!(
    r#"{"resultType": "images", "fileNames": ["data:image/png;base64,iVBORw==", "/plots/1.png"]}"#
);
const TRUNCATED: &str = "warning: truncated by the server at 2 rows\n";
const INCOMPLETE: &str = "\
error: truncated by the server at 2 rows; stdout has those
help: use `--allow-truncated` to accept it
";

fn run(sandbox: &Sandbox, responses: Responses, options: &[&str]) -> Outcome {
    let server = mock_server(responses);
    let url = server.url();
    let arguments = [
        "run",
        "-l",
        "sql",
        "-c",
        "1",
        "--host",
        &url,
        "--token",
        TOKEN,
        "--cluster",
        "c",
    ];
    sandbox.run([&arguments[..], options].concat())
}

/// Standard output of [`TABLE`] in each format.
const TABLES: [(&str, &str); 6] = [
    (
        "text",
        "                n  who, what  p\n \
         ----------------  ---------  -------\n \
         9007199254740993  say \"hi\"   {\"x\":1}\n             \
         null  null       null\n",
    ),
    (
        "table",
        "                n  who, what  p\n \
         ----------------  ---------  -------\n \
         9007199254740993  say \"hi\"   {\"x\":1}\n             \
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
    (
        "ndjson",
        "{\"n\":9007199254740993,\"who, what\":\"say \\\"hi\\\"\",\"p\":{\"x\":1}}\n\
         {\"n\":null,\"who, what\":null,\"p\":null}\n",
    ),
    (
        "markdown",
        "| n | who, what | p |\n\
         | ---: | --- | --- |\n\
         | 9007199254740993 | say \"hi\" | {\"x\":1} |\n\
         | null | null | null |\n",
    ),
];

#[test]
fn truncated_table_is_an_error_in_formats_for_programs() {
    let sandbox = Sandbox::new();
    for (format, stdout) in TABLES {
        let is_for_programs = ["csv", "json", "ndjson"].contains(&format);
        let (code, stderr) = if is_for_programs {
            (5, INCOMPLETE)
        } else {
            (0, TRUNCATED)
        };
        run(&sandbox, TABLE, &["--output", format]).assert(code, stdout, stderr);
        let accepted = ["--output", format, "--allow-truncated"];
        run(&sandbox, TABLE, &accepted).assert(0, stdout, TRUNCATED);
    }
}

#[test]
fn vertical_table_has_one_line_per_value() {
    let stdout = "row 1\n\
                  n          9007199254740993\n\
                  who, what  say \"hi\"\n\
                  p          {\"x\":1}\n\
                  \n\
                  row 2\n\
                  n          null\n\
                  who, what  null\n\
                  p          null\n";
    run(&Sandbox::new(), TABLE, &["-x"]).assert(0, stdout, TRUNCATED);
}

#[test]
fn text_and_missing_results_are_printed_in_each_format() {
    let sandbox = Sandbox::new();
    for (format, text, stderr, nothing) in [
        ("text", "a\n'b'\n", "", ""),
        ("table", "", "a\n'b'\n", ""),
        ("csv", "a\n'b'\n", "", ""),
        ("json", "\"a\\n'b'\"\n", "", "null\n"),
        ("ndjson", "\"a\\n'b'\"\n", "", ""),
        ("markdown", "```text\na\n'b'\n```\n", "", ""),
    ] {
        run(&sandbox, TEXT, &["--output", format]).assert(0, text, stderr);
        run(&sandbox, NOTHING, &["--output", format]).assert(0, nothing, "");
    }
}

#[test]
fn table_without_columns_is_printed_as_json_only() {
    let sandbox = Sandbox::new();
    for format in ["text", "table", "csv", "ndjson", "markdown"] {
        run(&sandbox, NO_COLUMNS, &["--output", format]).assert(0, "", "");
    }
    run(&sandbox, NO_COLUMNS, &["--output", "json"]).assert(0, "[]\n", "");
}

#[test]
fn images_are_saved_or_mentioned() {
    let sandbox = Sandbox::new();
    let notes = |path: &str| {
        format!(
            "note: saved the image {path}\n\
             note: image in the workspace: /FileStore/plots/1.png\n"
        )
    };
    run(&sandbox, IMAGES, &[]).assert(0, "", &notes("image-1.png"));
    assert_eq!(fs::read(sandbox.path("image-1.png")).unwrap(), b"\x89PNG");

    let save = ["--save-images", "a/b"];
    let notes = notes("a/b/image-1.png");
    run(&sandbox, IMAGES, &save).assert(0, "", &notes);
    assert_eq!(
        fs::read(sandbox.path("a/b/image-1.png")).unwrap(),
        b"\x89PNG"
    );
    let as_json = [&save[..], &["--output", "json"]].concat();
    run(&sandbox, IMAGES, &as_json).assert(0, "[\"a/b/image-1.png\",null]\n", &notes);
    let as_markdown = [&save[..], &["--output", "markdown"]].concat();
    run(&sandbox, IMAGES, &as_markdown).assert(0, "![image-1](<a/b/image-1.png>)\n", &notes);

    // An invalid directory is reported before a request is sent.
    sandbox.write("file", "");
    let outcome = run(&sandbox, IMAGES, &["--save-images", "file"]);
    outcome.assert_starts_with(2, "", "error: file: ");
    // A file that cannot be written is reported afterwards.
    fs::create_dir_all(sandbox.path("c/image-1.png")).unwrap();
    let outcome = run(&sandbox, IMAGES, &["--save-images", "c"]);
    outcome.assert_starts_with(3, "", "error: cannot save the image to c/image-1.png: ");
}

#[test]
fn output_of_failed_code_is_not_formatted_as_json() {
    let sandbox = Sandbox::new();
    // With `--output json`, output is not printed while the code runs, but with the error.
    let code = "import os, time\nprint('printed')\nopen('started', 'w').close()\n\
                while not os.path.exists('go'): time.sleep(.005)\n1/0";
    let arguments = [
        "run", "--local", "-l", "python", "-c", code, "--output", "json",
    ];
    let running = sandbox.start(arguments);
    crate::support::until("the code has printed", || sandbox.path("started").exists());
    sandbox.write("go", "");
    let outcome = running.finish();
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(1), ""),
        "{outcome}"
    );
    let error = outcome
        .stderr
        .strip_prefix("printed\n")
        .unwrap_or(&outcome.stderr);
    assert!(error.starts_with("Traceback"), "{outcome}");
}
