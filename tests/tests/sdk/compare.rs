//! Comparison of the steps of the SDK with those of the client of this project.

use serde_json::{Value, json};

/// Fields that the SDK decodes, and that the spec of this project does not contain.
const FIELDS_OF_THE_SDK: [&str; 8] = [
    "category",
    "cluster_source",
    "driver_node_type_id",
    "instance_type_id",
    "is_deprecated",
    "node_info",
    "node_instance_type",
    "termination_reason",
];

/// Checks that both have the same steps with the same values.
#[track_caller]
pub(crate) fn assert_equal_steps(sdk: &[Value], client: &[Value]) {
    let names =
        |steps: &[Value]| -> Vec<Value> { steps.iter().map(|step| step["step"].clone()).collect() };
    assert_eq!(names(sdk), names(client));
    for (sdk, client) in sdk.iter().zip(client) {
        let step = &sdk["step"];
        let (sdk, client) = (comparable(&sdk["value"]), comparable(&client["value"]));
        assert_eq!(sdk, client, "{step}");
    }
}

/// Removes fields without a value, which the SDK omits, and what differs between runs.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, value)| {
                let is_empty = [json!(null), json!(false), json!(""), json!([])].contains(value);
                !is_empty && !FIELDS_OF_THE_SDK.contains(&name.as_str())
            });
            kept.map(|(name, value)| match value.as_str() {
                Some(cause) if name == "cause" => (name.clone(), json!(without_frames(cause))),
                _ => (name.clone(), comparable(value)),
            })
            .collect()
        }
        Value::Array(items) if items.iter().all(Value::is_object) => {
            items.iter().map(comparable).collect()
        }
        Value::Number(number) => json!(number.as_f64()),
        _ => value.clone(), // cells of tables may be null
    }
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
