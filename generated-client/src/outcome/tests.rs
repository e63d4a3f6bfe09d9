use api_runtime::codec::{Decode as _, Reader};

use super::*;

/// Returns the result for a final response, with the context existing or lost.
fn result(json: &str, language: &Language, lost: bool) -> String {
    let response = commands::StatusResponse::decode(&mut Reader::new(json.as_bytes())).unwrap();
    match read(response, language, None, || lost) {
        Ok(output) => format!("output: {output}"),
        Err(RunError::Failed(failure)) => format!("failed: {failure}"),
        Err(error) => error.to_string(),
    }
}

const CANCELLED: &str = r#"{"resultType": "error", "summary": null,
        "cause": "com.databricks.backend.common.rpc.CommandCancelledException"}"#;
const DEAD: &str =
    r#"{"resultType": "error", "summary": "Fatal error: The Python kernel is unresponsive."}"#;
const ZERO_DIVISION: &str = r#"{"resultType": "error", "summary": "<span>Zero&lt;1</span>", "cause": "\u001b[31mTraceback\u001b[0m\n"}"#;
const TEXT: &str = r#"{"resultType": "text", "data": "Out[12]: 42"}"#;
const NOT_STARTED: &str = r#"{"resultType": "error", "summary": "", "cause":
        "com.databricks.backend.daemon.driver.ReplStartFailureException: no"}"#;
const NAMES_IN_TRACEBACK: &str = r#"{"resultType": "error", "summary": "E: ReplStartFailureException", "cause":
        "Traceback\n  com.databricks.x.CommandCancelledException\nE: ReplStartFailureException"}"#;

#[track_caller]
fn assert_results(cases: &[(&str, &str, bool, &str)]) {
    for &(status, results, lost, expected) in cases {
        let json = format!(r#"{{"id": "1", "status": "{status}", "results": {results}}}"#);
        assert_eq!(result(&json, &Language::Python, lost), expected, "{json}");
    }
}

#[test]
fn finished_command_without_error_has_output() {
    assert_results(&[
        ("Finished", TEXT, false, "output: 42"),
        ("Finished", "null", false, "output: "),
        (
            "Finished",
            r#"{"resultType": "text", "data": null}"#,
            false,
            "output: ",
        ),
        (
            "Finished",
            r#"{"resultType": "text", "data": [1]}"#,
            false,
            "output: [1]",
        ),
        (
            "Finished",
            r#"{"resultType": "new", "x": 1}"#,
            false,
            r#"output: {"resultType":"new","x":1}"#,
        ),
        ("COMMAND_FINISHED", TEXT, false, "output: 42"),
        ("Finished", "{\"resultType\": \"text\"}", false, "output: "),
    ]);
}

#[test]
fn errors_of_code_cancelled_commands_and_lost_contexts_are_distinguished() {
    assert_results(&[
        ("Finished", ZERO_DIVISION, false, "failed: Traceback"),
        ("Finished", ZERO_DIVISION, true, "failed: Traceback"),
        ("Finished", CANCELLED, false, "the command was canceled"),
        ("Cancelled", CANCELLED, false, "the command was canceled"),
        ("Cancelled", "null", false, "the command was canceled"),
        (
            "Finished",
            CANCELLED,
            true,
            "execution context lost: com.databricks.backend.common.rpc.CommandCancelledException",
        ),
        (
            "Finished",
            DEAD,
            true,
            "execution context lost: Fatal error: The Python kernel is unresponsive.",
        ),
        (
            "Finished",
            DEAD,
            false,
            "failed: Fatal error: The Python kernel is unresponsive.",
        ),
        (
            "Error",
            "null",
            true,
            "execution context lost: the command ended with status `Error`; the server sent no error message",
        ),
        (
            "Error",
            "null",
            false,
            "failed: the command ended with status `Error`; the server sent no error message",
        ),
        (
            "Error",
            DEAD,
            false,
            "failed: Fatal error: The Python kernel is unresponsive.",
        ),
        (
            "Finished",
            NOT_STARTED,
            false,
            "execution context lost: com.databricks.backend.daemon.driver.ReplStartFailureException: no",
        ),
        (
            "Error",
            NOT_STARTED,
            true,
            "execution context lost: com.databricks.backend.daemon.driver.ReplStartFailureException: no",
        ),
        (
            "Error",
            r#"{"resultType": "error"}"#,
            true,
            "execution context lost: the server sent no details",
        ),
        (
            "Error",
            r#"{"resultType": "error"}"#,
            false,
            "failed: the command failed; the server sent no details",
        ),
        ("Error", CANCELLED, false, "the command was canceled"),
        (
            "Cancelled",
            ZERO_DIVISION,
            false,
            "the command was canceled",
        ),
        (
            "Cancelled",
            "null",
            true,
            "execution context lost: the command ended with status `Cancelled`; the server sent no error message",
        ),
        // Names in the traceback of the code are ignored.
        (
            "Finished",
            NAMES_IN_TRACEBACK,
            false,
            "failed: Traceback\n  com.databricks.x.CommandCancelledException\nE: ReplStartFailureException",
        ),
        (
            "Finished",
            NAMES_IN_TRACEBACK,
            true,
            "failed: Traceback\n  com.databricks.x.CommandCancelledException\nE: ReplStartFailureException",
        ),
    ]);
    let json = format!(r#"{{"status": "Finished", "results": {ZERO_DIVISION}}}"#);
    assert_eq!(result(&json, &Language::Sql, false), "failed: Zero<1");
}

#[test]
fn table_is_written_in_columns() {
    let json = r#"{"status": "Finished", "results": {"resultType": "table", "truncated": true,
        "schema": [{"name": "n", "type": "\"long\""}, {"name": "word", "type": "\"string\""}],
        "data": [[1, "a"], [200, null], []]}}"#;
    assert_eq!(
        result(json, &Language::Sql, false),
        "output:    n  word\n   1  a\n 200  null\nnull  null"
    );
    let response = commands::StatusResponse::decode(&mut Reader::new(json.as_bytes())).unwrap();
    let output = read(response, &Language::Sql, None, || false).unwrap();
    assert!(output.is_truncated() && output.text().is_none());
}

#[test]
fn messages_of_lost_contexts_are_recognized() {
    for (message, expected) in [
        ("ContextNotFound: context 1 does not exist", true),
        ("No such execution context: 1", true),
        ("Context ExecutionContextId(1) is disconnected.", true),
        ("Cluster 1 does not exist", false),
        ("requirement failed: missing contextId", false),
    ] {
        assert_eq!(names_lost_context(None, message), expected, "{message}");
    }
}

#[test]
fn only_exceptions_raised_by_the_server_are_recognized() {
    for (text, expected) in [
        (
            "com.databricks.backend.common.rpc.CommandCancelledException",
            true,
        ),
        ("com.databricks.a.CommandCancelledException\n\tat x", true),
        ("com.databricks.a.Outer$CommandCancelledException: x", true),
        ("CommandCancelledException: x", true),
        ("Error in SQL statement: CommandCancelledException: x", true),
        (
            "java.lang.X: y\nCaused by: com.databricks.a.CommandCancelledException",
            true,
        ),
        (
            "Py4JJavaError: x\n: com.databricks.a.CommandCancelledException",
            true,
        ),
        ("", false),
        ("NotACommandCancelledException", false),
        ("com.databricks.a.CommandCancelledExceptions", false),
        (
            "Exception: com.databricks.a.CommandCancelledException",
            false,
        ),
        ("Traceback\nCommandCancelledException: mine", false),
        (
            "    raise com.databricks.a.CommandCancelledException",
            false,
        ),
        ("org.example.CommandCancelledException", false),
    ] {
        let found = names_exception(text, "CommandCancelledException");
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn html_and_images_are_recognized() {
    let output = |results: &str| {
        let json = format!(r#"{{"status": "Finished", "results": {results}}}"#);
        let response = commands::StatusResponse::decode(&mut Reader::new(json.as_bytes()));
        read(response.unwrap(), &Language::Python, None, || false).unwrap()
    };
    for (text, is_html) in [
        ("<!DOCTYPE HTML><p>", true),
        ("a <DIV class='x'>", true),
        ("<table></table>", true),
        ("<htm", false),
        ("a < b", false),
        ("<é", false),
    ] {
        let text = output(&format!(r#"{{"resultType": "text", "data": "{text}"}}"#));
        assert_eq!(text.html().is_some(), is_html, "{text}");
    }
    let images = output(
        r#"{"resultType": "images", "fileNames": ["data:image/png;base64,iVBORw==", "/p.png"]}"#,
    );
    assert_eq!(images.images().len(), 2);
    assert_eq!(
        images.to_string(),
        "image (image/png, 4 bytes)\nimage in the workspace: /FileStore/p.png"
    );
    let image = output(r#"{"resultType": "image", "fileName": "x"}"#);
    assert_eq!(image.images(), [crate::Image::Unknown("x".to_owned())]);
    assert!(output(r#"{"resultType": "image"}"#).images().is_empty());
}

#[test]
fn error_codes_and_messages_of_missing_contexts_are_recognized() {
    for (code, message, expected) in [
        (Some("RESOURCE_DOES_NOT_EXIST"), "No such thing", true),
        (None, "invalid context id", true),
        (None, "Execution context expired", true),
        (Some("PERMISSION_DENIED"), "context", false),
    ] {
        assert_eq!(names_lost_context(code, message), expected, "{message}");
    }
}
