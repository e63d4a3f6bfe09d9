//! Reports in each form.

use super::facts::{CommandError, CommandResult};
use generated_client::Delivery;
use serde_json::Value;

use super::*;

fn command(cell: usize, result: CommandResult) -> Command {
    let error = (result == CommandResult::Error).then(|| CommandError {
        name: Some("KeyError".to_owned()),
        message: "'<a>' | \"b\"\u{1}\nmore".to_owned(),
        line: Some(7),
    });
    Command {
        file: "n_b.py".to_owned(),
        cell: Some(cell),
        language: Language::Python,
        statements: 1,
        started: usize::from(result != CommandResult::NotRun),
        context: Some("17".to_owned()),
        id: (result != CommandResult::NotRun).then(|| "dd7f".to_owned()),
        state: (result != CommandResult::NotRun).then(|| "Finished".to_owned()),
        start: None,
        seconds: (result != CommandResult::NotRun).then_some(0.25),
        result,
        is_truncated: false,
        error,
        delivery: Delivery::NotProcessed,
    }
}

fn with_summary<R>(test: impl FnOnce(&Summary<'_>) -> R) -> R {
    let run = Run {
        start: Instant::now(),
        cluster: Some("etl".to_owned()),
        cluster_id: Some("0123-456789-a".to_owned()),
        contexts: vec![Context {
            key: None,
            id: Some("17".to_owned()),
            is_destroyed: true,
        }],
        commands: vec![
            command(1, CommandResult::Success),
            command(2, CommandResult::Error),
            command(3, CommandResult::NotRun),
        ],
    };
    test(&Summary {
        run: &run,
        exit: Some(1),
        seconds: 1.5,
        message: Some("error: failed"),
    })
}

#[test]
fn json_has_all_facts() {
    let text = with_summary(json::write);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["schema"], 1);
    assert_eq!(
        (&report["exit"], &report["seconds"]),
        (&1.into(), &1.5.into())
    );
    assert_eq!(report["contexts"][0]["destroyed"], true);
    assert_eq!(
        (&report["context"], &report["destroyed"]),
        (&"17".into(), &true.into())
    );
    assert_eq!(report["commands"][0]["result"], "success");
    let fields = ["id", "state", "delivery"];
    let of = |index: usize| fields.map(|name| report["commands"][index][name].clone());
    assert_eq!(of(1), ["dd7f", "Finished", "processed"]);
    assert_eq!(of(2), [Value::Null, Value::Null, "not processed".into()]);
    assert_eq!(report["commands"][0]["error"], Value::Null);
    assert_eq!(report["commands"][1]["error"]["line"], 7);
    assert_eq!(report["commands"][2]["result"], "not run");
}

#[test]
fn markdown_is_a_table() {
    assert_eq!(
        with_summary(markdown::write),
        "**dbexec run** failed with exit code 1 after 1.5 s\n\n\
         | command | result | seconds | error |\n\
         | --- | --- | ---: | --- |\n\
         | n\\_b.py (cell 1) | success | 0.2 |  |\n\
         | n\\_b.py (cell 2) | error | 0.2 | line 7: KeyError: '&lt;a>' \\| \"b\"  |\n\
         | n\\_b.py (cell 3) | not run |  |  |\n"
    );
}

#[test]
fn junit_counts_and_escapes() {
    assert_eq!(
        with_summary(junit::write),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"dbexec\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"1.500\">\n  \
         <testcase classname=\"n_b.py\" name=\"n_b.py (cell 1)\" time=\"0.250\"/>\n  \
         <testcase classname=\"n_b.py\" name=\"n_b.py (cell 2)\" time=\"0.250\">\
         <failure type=\"KeyError\" message=\"'&lt;a&gt;' | &quot;b&quot;\u{fffd}\">n_b.py:7: \
         '&lt;a&gt;' | &quot;b&quot;\u{fffd}\nmore</failure></testcase>\n  \
         <testcase classname=\"n_b.py\" name=\"n_b.py (cell 3)\" time=\"0.000\"><skipped/></testcase>\n  \
         <system-err>error: failed</system-err>\n\
         </testsuite>\n"
    );
}
