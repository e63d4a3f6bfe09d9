//! What a command has printed while it still runs.

use serde_json::{Value, json};

use crate::harness::{Harness, error_of, poll};

/// Code that waits until the test lets it go on.
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

/// The results of a running command, once these are its data.
fn await_data(harness: &Harness, id: &str, data: &str) -> Value {
    poll(|| {
        let answer = harness.command(id).json();
        assert_eq!(answer["status"], "Running", "{answer}");
        let results = answer["results"].clone();
        (results["data"] == data).then_some(results)
    })
}

#[test]
fn lines_are_told_as_they_come_and_stay_in_the_end() {
    let harness = Harness::start();
    let gate = Gate::new(&harness);
    let id = harness.submit("print('é')\nos.system('echo child')\nwait()\nprint('b')\n'value'");
    let results = await_data(&harness, &id, "é\nchild\n");
    assert_eq!(results, json!({"data": "é\nchild\n", "resultType": "text"}));
    gate.open();
    assert_eq!(harness.results(&id)["data"], "é\nchild\nb\n'value'");
}

#[test]
fn an_error_takes_their_place() {
    let harness = Harness::start();
    let gate = Gate::new(&harness);
    let id = harness.submit("print('a')\nwait()\n1 / 0");
    await_data(&harness, &id, "a\n");
    gate.open();
    let (summary, _) = error_of(&harness.results(&id));
    assert_eq!(summary, "ZeroDivisionError: division by zero");
}

#[test]
fn the_next_command_starts_with_nothing() {
    let harness = Harness::start();
    let gate = Gate::new(&harness);
    let first = harness.submit("print('first')");
    let second = harness.submit("wait()");
    let answer = poll(|| {
        let answer = harness.command(&second).json();
        (answer["status"] == "Running").then_some(answer)
    });
    assert_eq!(answer["results"], Value::Null);
    gate.open();
    assert_eq!(harness.results(&first)["data"], "first");
    assert_eq!(harness.results(&second)["data"], "");
}

#[test]
fn they_are_bounded_as_in_the_end() {
    let harness = Harness::start();
    let gate = Gate::new(&harness);
    let id = harness.submit("print('x' * (1 << 20) + 'y')\nwait()");
    let told = poll(|| {
        let results = harness.command(&id).json()["results"].clone();
        (results["truncated"] == true).then_some(results)
    });
    gate.open();
    let end = harness.results(&id);
    assert_eq!(told["data"].as_str().unwrap().len(), 1 << 20);
    assert!(told == end, "not the same in the end");
}
