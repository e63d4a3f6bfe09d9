//! `dbexec run --report`.

use std::fs;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::{Sandbox, until};

fn read(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&fs::read_to_string(sandbox.path("r.json")).unwrap()).unwrap()
}

#[test]
fn report_describes_each_command() {
    let sandbox = Sandbox::new();
    sandbox.write("a.py", "print(1)");
    sandbox.write("b.py", "\n\nx = {}['region']");
    sandbox.write("c.py", "print(3)");
    let run = ["run", "--local", "a.py", "b.py", "c.py", "--report"];
    let outcome = sandbox.run([&run[..], &["r.json"]].concat());
    assert_eq!((outcome.code, &*outcome.stdout), (Some(1), "1\n"));
    let report = read(&sandbox);
    assert_eq!((&report["schema"], &report["exit"]), (&1.into(), &1.into()));
    assert_eq!(report["cluster"], "local");
    assert_eq!(report["contexts"].as_array().unwrap().len(), 1);
    assert_eq!(report["contexts"][0]["destroyed"], true);
    assert_eq!(report["destroyed"], true);
    assert_eq!(report["context"], report["contexts"][0]["id"]);
    let commands = &report["commands"];
    let results = [0, 1, 2].map(|index: usize| commands[index]["result"].as_str().unwrap());
    assert_eq!(results, ["success", "error", "not run"]);
    assert_eq!(commands[1]["context"], report["context"]);
    assert!(commands[1]["id"].is_string(), "{report}");
    let facts = |index: usize| {
        ["state", "delivery", "truncated"].map(|name| commands[index][name].to_string())
    };
    assert_eq!(facts(1), ["\"Finished\"", "\"processed\"", "false"]);
    assert_eq!(facts(2), ["null", "\"not processed\"", "false"]);
    let error = &commands[1]["error"];
    assert_eq!(
        (&error["name"], &error["line"]),
        (&"KeyError".into(), &3.into())
    );

    sandbox.run([&run[..], &["r.md"]].concat());
    let markdown = fs::read_to_string(sandbox.path("r.md")).unwrap();
    assert!(markdown.contains("| b.py | error | "), "{markdown}");
    sandbox.run([&run[..], &["r.xml"]].concat());
    let xml = fs::read_to_string(sandbox.path("r.xml")).unwrap();
    assert!(
        xml.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""),
        "{xml}"
    );
}

#[test]
fn report_is_written_after_errors_and_signals() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "a.py",
        "open('started', 'w').close(); import time; time.sleep(600)",
    );
    let options = ["--report", "r.json"];
    sandbox.run([&["run", "--local", "missing.py"][..], &options].concat());
    assert_eq!(read(&sandbox)["exit"], 2);
    assert_eq!(
        read(&sandbox)["error"],
        "error: missing.py: No such file or directory (os error 2)"
    );

    let running = sandbox.start([&["run", "--local", "a.py"][..], &options].concat());
    until("the code runs", || sandbox.path("started").exists());
    running.signal(Signal::TERM);
    let outcome = running.finish();
    assert_eq!(outcome.code, Some(143), "{outcome}");
    let report = read(&sandbox);
    assert_eq!(report["exit"], 143);
    assert_eq!(report["commands"][0]["result"], "interrupted");
}

#[test]
fn invalid_report_file_is_an_error_before_the_code_runs() {
    let sandbox = Sandbox::new();
    let run = [
        "run", "--local", "-l", "python", "-c", "print(1)", "--report",
    ];
    sandbox.run([&run[..], &["r.txt"]].concat()).assert(
        2,
        "",
        "error: unknown format of the report r.txt\n\
         help: use a name that ends with .json, .md or .xml (JUnit)\n",
    );
    let missing =
        "error: cannot write the report no/r.json: No such file or directory (os error 2)\n";
    sandbox
        .run([&run[..], &["no/r.json"]].concat())
        .assert(2, "", missing);
}
