//! Behaviors of Databricks that can be switched.

use local_server::{Options, Quirk};
use serde_json::json;

use crate::harness::Harness;

fn with(quirk: Quirk, is_on: bool) -> Harness {
    Harness::with(Options::new().quirk(quirk, is_on))
}

#[test]
fn destroy_and_cancel_may_respond_with_an_empty_object() {
    for is_on in [true, false] {
        let harness = with(Quirk::ReturnIds, is_on);
        let command = harness.submit("1");
        let expected = |id: &str| {
            if is_on {
                json!({ "id": id })
            } else {
                json!({})
            }
        };
        assert_eq!(harness.cancel(&command).json(), expected(&command));
        assert_eq!(harness.destroy().json(), expected(&harness.context));
    }
}

#[test]
fn missing_results_may_be_absent() {
    for is_on in [true, false] {
        let harness = with(Quirk::NullResults, is_on);
        let command = harness.submit("while True: pass");
        harness.await_command(&command, "Running");
        let response = harness.command(&command).json();
        assert_eq!(response.get("results"), is_on.then_some(&json!(null)));
    }
}

#[test]
fn output_of_running_commands_may_be_absent() {
    let harness = with(Quirk::PartialResults, false);
    let file = std::env::temp_dir().join(format!("local-server-{}", harness.context));
    let command = harness.submit(&format!(
        "print('a', flush=True); open({file:?}, 'w').close()\nwhile True: pass"
    ));
    crate::harness::poll(|| file.exists().then_some(()));
    std::fs::remove_file(&file).unwrap();
    for _ in 0..50 {
        assert_eq!(harness.command(&command).json()["results"], json!(null));
    }
}
