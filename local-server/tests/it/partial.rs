//! Output of commands that are still running.

use serde_json::{Value, json};

use crate::harness::{Harness, error_of, poll};

/// Blocks commands in the Python function `wait` until the test opens the gate.
struct Gate(std::path::PathBuf);

impl Gate {
    fn new(harness: &Harness) -> Self {
        let name = format!("local-server-gate-{}", harness.context);
        let gate = Self(std::env::temp_dir().join(name));
        let wait = format!(
            "import os, time\ndef wait():\n    while not os.path.exists('{}'): time.sleep(.005)",
            gate.0.display()
        );
        harness.text(&wait);
        gate
    }

    fn open(&self) {
        std::fs::write(&self.0, "").unwrap();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Waits until a running command has certain data, and returns its results.
fn await_data(harness: &Harness, id: &str, data: &str) -> Value {
    poll(|| {
        let body = harness.command(id).json();
        assert_eq!(body["status"], "Running", "{body}");
        let results = body["results"].clone();
        (results["data"] == data).then_some(results)
    })
}

#[test]
fn lines_are_available_when_printed_and_part_of_the_final_results() {
    let harness = Harness::start();
    let gate = Gate::new(&harness);
    let id = harness.submit("print('é')\nos.system('echo child')\nwait()\nprint('b')\n'value'");
    let results = await_data(&harness, &id, "é\nchild\n");
    assert_eq!(results, json!({"data": "é\nchild\n", "resultType": "text"}));
    gate.open();
    assert_eq!(harness.results(&id)["data"], "é\nchild\nb\n'value'");
}

#[test]
fn error_replaces_partial_output() {
    let harness = Harness::start();
    let gate = Gate::new(&harness);
    let id = harness.submit("print('a')\nwait()\n1 / 0");
    await_data(&harness, &id, "a\n");
    gate.open();
    let (summary, _) = error_of(&harness.results(&id));
    assert_eq!(summary, "ZeroDivisionError: division by zero");
}

#[test]
fn next_command_starts_without_output() {
    let harness = Harness::start();
    let gate = Gate::new(&harness);
    let first = harness.submit("print('first')");
    let second = harness.submit("wait()");
    let body = poll(|| {
        let body = harness.command(&second).json();
        (body["status"] == "Running").then_some(body)
    });
    assert_eq!(body["results"], Value::Null);
    gate.open();
    assert_eq!(harness.results(&first)["data"], "first");
    assert_eq!(harness.results(&second)["data"], "");
}

#[test]
fn partial_output_is_truncated_like_the_final_results() {
    let harness = Harness::start();
    let gate = Gate::new(&harness);
    let id = harness.submit("print('x' * (1 << 20) + 'y')\nwait()");
    let partial = poll(|| {
        let results = harness.command(&id).json()["results"].clone();
        (results["truncated"] == true).then_some(results)
    });
    gate.open();
    let results = harness.results(&id);
    assert_eq!(partial["data"].as_str().unwrap().len(), 1 << 20);
    assert!(partial == results, "the final results differ");
}
