//! The official SDK for Python against the local server, compared with the client of this project.

mod client;
mod venv;

use std::io::Write as _;
use std::process::{Command, Stdio};

use local_server::spark::testing;
use local_server::{Options, Quirk, Server, SparkChoice};
use serde_json::{Value, json};

pub(crate) const TOKEN: &str = "dapi0123";
const DRIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdk/drive.py");

/// Language, commands, and a command that does not end.
pub(crate) type Script = (&'static str, &'static [&'static str], &'static str);

const PYTHON: Script = (
    "python",
    &[
        "print(6*7)",
        "text = 'h\u{e9}llo \u{1f600} & x=1'",
        "text",
        "1/0",
        "def f():\n    return 'a\\nb\\n'\nprint(f(), end='')",
    ],
    "import time\ntime.sleep(100000)",
);

const SQL: Script = (
    "sql",
    &[
        "select 1 as one, 'a' as text, cast(2.5 as decimal(3, 2)) as price",
        "drop table if exists sdk_numbers",
        "create table sdk_numbers using parquet as select id from range(3)",
        "select * from sdk_numbers order by id",
        "select nope",
    ],
    "select count(*) from range(1000000) a cross join range(1000000) b where a.id + b.id < 0",
);

const SCALA: Script = (
    "scala",
    &[
        "sc.parallelize(1 to 10).collect",
        "println(\"a\")",
        "nope",
        "sc.parallelize(Seq(1), 1).map(_ / 0).collect",
    ],
    "Thread.sleep(100000000L)",
);

/// Runs the plan with the SDK.
fn sdk(server: &Server, plan: &Value) -> Vec<Value> {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(venv::python());
    command.arg(DRIVE).env_clear().env("HOME", home.path());
    if let Some(certificate) = server.ca_certificate() {
        let file = home.path().join("ca.pem");
        std::fs::write(&file, certificate).unwrap();
        command.env("REQUESTS_CA_BUNDLE", file);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(plan.to_string().as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns the values of the steps with a name.
#[track_caller]
fn value<'a>(steps: &'a [Value], step: &str) -> &'a Value {
    let found = steps.iter().find(|found| found["step"] == step);
    &found.unwrap_or_else(|| panic!("no step {step}: {steps:#?}"))["value"]
}

/// Runs scripts with the SDK and with the client of this project, and compares all results.
fn compare(options: Options, cancel_waits: bool, scripts: &[Script]) -> Vec<Value> {
    let options = options
        .token(TOKEN)
        .quirk(Quirk::CancelIsFinished, !cancel_waits);
    let server = Server::start(options).unwrap();
    let plan = json!({
        "host": server.url(),
        "token": TOKEN,
        "languages": scripts,
        "cancel_waits": cancel_waits,
        "files": true,
    });
    let steps = sdk(&server, &plan);
    assert_eq!(value(&steps, "equal"), &json!(true));
    let file = json!({"path": "/sdk/a.bin", "is_dir": false, "file_size": 1_536_000});
    assert_eq!(value(&steps, "list"), &json!([file]));
    assert_eq!(value(&steps, "exists"), &json!(false));

    let ours = client::drive(&server, scripts);
    let theirs: Vec<_> = steps[..steps.len() - 3].iter().map(normalized).collect();
    assert_eq!(theirs, ours.iter().map(normalized).collect::<Vec<_>>());
    assert_eq!(server.contexts(), 0);
    steps
}

/// Removes what the SDK omits, and what differs between runs.
fn normalized(value: &Value) -> Value {
    let Value::Object(fields) = value else {
        return value.clone(); // cells of tables may be null
    };
    let sent = fields
        .iter()
        .filter(|(_, value)| ![json!(null), json!(false), json!(""), json!([])].contains(value));
    sent.map(|(name, value)| match value.as_str() {
        Some(cause) if name == "cause" => (name.clone(), json!(without_frames(cause))),
        _ => (name.clone(), normalized(value)),
    })
    .collect()
}

/// Removes the frames of a JVM, and the details of a cancellation, for example ids of jobs.
fn without_frames(cause: &str) -> String {
    const CANCELED: &str = "CommandCancelledException";
    let end = cause
        .find(CANCELED)
        .map_or(cause.len(), |at| at + CANCELED.len());
    let lines = cause[..end].lines().filter(|line| !line.starts_with('\t'));
    lines.collect::<Vec<_>>().join("\n")
}

fn assert_python(steps: &[Value], canceled: &str) {
    assert_eq!(value(steps, "context"), "Running");
    let text =
        |data: &str| json!({"status": "Finished", "results": {"resultType": "text", "data": data}});
    assert_eq!(value(steps, "print(6*7)"), &text("42"));
    assert_eq!(value(steps, "text"), &text("'h\u{e9}llo \u{1f600} & x=1'"));
    let error = &value(steps, "1/0")["results"];
    assert_eq!(error["summary"], "ZeroDivisionError: division by zero");
    let cancel = value(steps, "cancel");
    assert_eq!(cancel["status"], canceled, "{cancel}");
    let cause = cancel["results"]["cause"].as_str().unwrap();
    assert!(cause.contains("CommandCancelledException"), "{cause}");
    let error = value(steps, "destroyed").as_str().unwrap();
    assert!(error.contains("does not exist"), "{error}");
}

#[test]
fn python_over_http() {
    let steps = compare(Options::new(), true, &[PYTHON]);
    assert_python(&steps, "Cancelled");
}

#[test]
fn python_over_tls() {
    let steps = compare(Options::new().tls(true), false, &[PYTHON]);
    assert_python(&steps, "Finished");
}

#[test]
fn sql_and_scala_over_tls() {
    let spark = SparkChoice::Home(testing::installation().spark.home);
    let permit = testing::jvm_start_permit();
    let steps = compare(Options::new().tls(true).spark(spark), true, &[SQL, SCALA]);
    drop(permit);
    let table = &value(&steps, SQL.1[0])["results"];
    assert_eq!(table["data"], json!([[1, "a", "2.50"]]), "{table}");
    let error = &value(&steps, "select nope")["results"];
    assert_eq!(error["resultType"], "error");
    let text = &value(&steps, "sc.parallelize(1 to 10).collect")["results"]["data"];
    assert_eq!(
        text,
        "res0: Array[Int] = Array(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"
    );
}
