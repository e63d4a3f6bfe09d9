//! `dbexec jar`: upload, installation, and the code that uses the library.

use local_server::spark::testing;
use rustix::process::Signal;

use crate::cleanup::NOTICE_WITHOUT_COMMAND;
use crate::support::{
    CLUSTER, MockResponse, NO_RESPONSE, Outcome, Sandbox, ServeProcess, TOKEN, exit_code,
    mock_server, start_with_spark, until, without_times,
};

/// Path of a JAR with the contents `PK`, which has this checksum.
const UPLOADED: &str = "dbfs:/dbexec/jars/app-fcab7fcc2b4cffd9.jar";

const PYTHON: [&str; 4] = ["-l", "python", "-c", "print(6*7)"];

fn jar(sandbox: &Sandbox, url: &str, token: &str, arguments: &[&str]) -> Outcome {
    let workspace = ["--host", url, "--token", token, "--cluster", CLUSTER];
    let command = ["jar", "app.jar", "--progress", "plain"];
    let mut outcome = sandbox.run([&command[..], &workspace, arguments].concat());
    // The first lines depend on the speed of the machine.
    let is_progress = |line: &&str| {
        ["upload  ", "library  ", "context  ", "the code  "]
            .iter()
            .any(|name| line.starts_with(name))
    };
    let lines = outcome.stderr.split_inclusive('\n');
    outcome.stderr = lines.filter(|line| !is_progress(line)).collect();
    outcome
}

#[test]
fn jar_is_uploaded_once_and_installed() {
    let sandbox = Sandbox::new();
    sandbox.write("app.jar", "PK");
    let serve = ServeProcess::start(&sandbox);
    let end = "library Installed TIME\ndone in TIME; library stays attached until restart\n";
    jar(&sandbox, &serve.url, "secret", &PYTHON).assert(
        0,
        "42\n",
        &format!("uploaded to {UPLOADED} TIME\n{end}"),
    );
    jar(&sandbox, &serve.url, "secret", &PYTHON).assert(
        0,
        "42\n",
        &format!("{UPLOADED} exists\n{end}"),
    );
    // An incomplete file is replaced.
    let workspace = ["--host", &serve.url, "--token", "secret"];
    sandbox.write("part", "P");
    let copy = ["fs", "cp", "--overwrite", "part", UPLOADED];
    sandbox
        .run([&copy[..], &workspace].concat())
        .assert(0, "", "");
    let outcome = jar(&sandbox, &serve.url, "secret", &PYTHON);
    assert!(outcome.stderr.starts_with("uploaded to "), "{outcome}");

    // As for `run`: nothing is printed about success.
    let quiet = [&PYTHON[..], &["--progress", "none"]].concat();
    jar(&sandbox, &serve.url, "secret", &quiet).assert(0, "42\n", "");
}

#[test]
fn failed_code_and_its_report_are_those_of_run() {
    let sandbox = Sandbox::new();
    sandbox.write("app.jar", "PK");
    sandbox.write(
        "job.py",
        "# dbexec: output=json\nimport sys\nsys.exit(sys.argv[1])",
    );
    let serve = ServeProcess::start(&sandbox);
    let arguments = ["job.py", "--report", "r.json", "--", "failed"];
    let outcome = jar(&sandbox, &serve.url, "secret", &arguments);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(
        without_times(&outcome.stderr).ends_with("failed after TIME; context destroyed\n"),
        "{outcome}"
    );
    let report = std::fs::read_to_string(sandbox.path("r.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["exit"], 1);
    assert_eq!(report["commands"][0]["file"], "job.py");
}

/// Response if the JAR has been uploaded before.
const UPLOADED_FILE: MockResponse = (
    "/api/2.0/dbfs/get-status",
    200,
    r#"{"path": "/dbexec/jars/app-fcab7fcc2b4cffd9.jar", "file_size": 2}"#,
);

#[test]
fn failed_installation_is_reported_with_its_message() {
    let sandbox = Sandbox::new();
    sandbox.write("app.jar", "PK");
    let server = mock_server(&[
        UPLOADED_FILE,
        ("/api/2.0/libraries/install", 200, "{}"),
        (
            "/api/2.0/libraries/cluster-status",
            200,
            r#"{"library_statuses": [{"library": {"jar": "dbfs:/dbexec/jars/app-fcab7fcc2b4cffd9.jar"}, "status": "FAILED", "messages": ["no such file"]}]}"#,
        ),
    ]);
    let outcome = jar(&sandbox, &server.url(), TOKEN, &PYTHON);
    outcome.assert_starts_with(
        3,
        "",
        &format!("{UPLOADED} exists\nerror: libraries.install: "),
    );
    assert!(outcome.stderr.contains("FAILED: no such file"), "{outcome}");
    assert!(outcome.stderr.contains("may be installed"), "{outcome}");
}

#[test]
fn library_is_not_awaited_on_a_terminated_cluster() {
    let sandbox = Sandbox::new();
    sandbox.write("app.jar", "PK");
    let server = mock_server(&[(
        "/api/2.1/clusters/get",
        200,
        r#"{"cluster_id": "0123-456789-c", "state": "TERMINATED"}"#,
    )]);
    let outcome = jar(&sandbox, &server.url(), TOKEN, &PYTHON);
    let expected = format!("error: the cluster `{CLUSTER}` is Terminated\nhelp: use `--start`");
    outcome.assert_starts_with(3, "", &expected);
}

#[test]
fn timeout_while_the_library_is_installed_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("app.jar", "PK");
    let server = mock_server(&[
        UPLOADED_FILE,
        ("/api/2.0/libraries/install", 200, "{}"),
        ("/api/2.0/libraries/cluster-status", NO_RESPONSE, ""),
    ]);
    let arguments = [&PYTHON[..], &["--timeout", "3"]].concat();
    let outcome = jar(&sandbox, &server.url(), TOKEN, &arguments);
    let expected = "error: timed out after 3 s (--timeout) while the library was installed\n";
    outcome.assert_starts_with(4, "", &format!("{UPLOADED} exists\n{expected}"));
}

#[test]
fn signal_while_the_library_is_installed_reports_that_it_may_remain() {
    let sandbox = Sandbox::new();
    sandbox.write("app.jar", "PK");
    let server = mock_server(&[
        UPLOADED_FILE,
        ("/api/2.0/libraries/install", NO_RESPONSE, ""),
    ]);
    let url = server.url();
    let workspace = ["--host", &url, "--token", TOKEN, "--cluster", CLUSTER];
    let command = ["jar", "app.jar"];
    let running = sandbox.start([&command[..], &workspace, &PYTHON].concat());
    until("the library is installed", || {
        let requests = server.requests();
        requests
            .iter()
            .any(|request| request.target() == "/api/2.0/libraries/install")
    });
    running.signal(Signal::INT);
    let outcome = running.finish();
    assert_eq!(outcome.code, Some(130), "{outcome}");
    // No command exists that could be canceled.
    assert!(outcome.stderr.contains(NOTICE_WITHOUT_COMMAND), "{outcome}");
    let note = format!("note: {UPLOADED} may be installed on the cluster until it restarts\n");
    assert!(outcome.stderr.contains(&note), "{outcome}");
}

#[test]
fn jar_is_installed_on_this_machine() {
    let sandbox = Sandbox::new();
    sandbox.write("app.jar", "PK");
    let jar = ["jar", "app.jar", "--local", "--progress", "plain"];
    let outcome = sandbox.run([&jar[..], &PYTHON].concat());
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(0), "42\n"),
        "{outcome}"
    );
    let stderr = without_times(&outcome.stderr);
    for line in [
        &format!("uploaded to {UPLOADED} TIME\n"),
        "library Installed TIME\n",
        // Nothing remains.
        "done in TIME\n",
    ] {
        assert!(stderr.contains(line), "{line}: {outcome}");
    }
    sandbox.wait_for_processes();
}

#[test]
fn wrong_jars_are_reported_before_anything_is_sent() {
    let sandbox = Sandbox::new();
    sandbox.write("app.jar", "text");
    let url = "http://127.0.0.1:1";
    jar(&sandbox, url, TOKEN, &PYTHON).assert(2, "", "error: app.jar is not a JAR\n");
    let sandbox = Sandbox::new();
    let outcome = jar(&sandbox, url, TOKEN, &PYTHON);
    outcome.assert_starts_with(2, "", "error: app.jar: ");
}

#[test]
fn class_of_the_jar_is_called_on_spark() {
    let sandbox = Sandbox::new();
    let installation = testing::installation();
    let source = "package com.example\n\
                  object Main {\n\
                    def run(spark: org.apache.spark.sql.SparkSession): Unit =\n\
                      println(\"rows: \" + spark.range(41).count())\n\
                  }\n";
    let _permit = testing::jvm_start_permit();
    testing::compile_jar(&installation, &sandbox.path(""), "app", source);
    let server = start_with_spark(installation);
    let url = server.url();
    let arguments = [
        "jar",
        "app.jar",
        "-c",
        "com.example.Main.run(spark)",
        "--cluster",
        CLUSTER,
        "--host",
        &url,
        "--token",
        TOKEN,
    ];
    // A JVM starts in seconds, and on a busy machine in minutes.
    let output = sandbox.command(arguments).output().unwrap();
    let outcome = Outcome {
        code: exit_code(output.status),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    outcome.assert(0, "rows: 41\n", "");
}
