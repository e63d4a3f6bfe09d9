//! Generated code in hostile surroundings: no prelude, and every name taken.

mod hostile;

use api_runtime::transport::Scripted;
use api_runtime::{Client, Upload, Wait};
use serde_json::{Value, json};

use self::hostile::{Option as State, Reader, Result as Everything};
use crate::cargo::Project;

fn client(answer: &Value) -> (Client, Scripted) {
    let script = Scripted::new().respond(200, answer.to_string());
    let client = Client::builder("http://127.0.0.1:1").transport(script.clone());
    (client.build().unwrap(), script)
}

/// What was sent, as JSON.
fn body(script: &Scripted) -> Value {
    serde_json::from_slice(&script.requests()[0].body).unwrap()
}

fn everything() -> Value {
    json!({
        "option": "None", "string": "g", "reader": "r", "index": -1, "to": true, "client": 0.5,
        "request": {"a": null}, "response": "1", "f": ["Ok", "other"], "wait": {}, "poll": "2",
        "type": "3", "self": "4", "match": "5", "super": "6", "word": "7", "body": "8", "value": "9",
        "default": "10", "clone": "11", "found_reader": "12", "answer": "13", "status": "14",
    })
}

/// Read and sent again, nothing is lost or exchanged.
#[test]
fn there_and_back() {
    let (client_, _) = client(&everything());
    let request = hostile::r#match::Default::default();
    let answer: Everything = hostile::r#match::default(&client_, &request).unwrap();
    assert_eq!(answer.option, State::None);
    assert_eq!(answer.f, [State::Ok, State::Unrecognized("other".into())]);
    let (client_, script) = client(&everything());
    let request = hostile::r#match::Default::new()
        .client("c".to_owned())
        .index(7)
        .to(answer);
    hostile::r#match::default(&client_, &request).unwrap();
    assert_eq!(body(&script), json!({"to": everything()}));
    assert_eq!(
        script.requests()[0].target,
        "/match/default?client=c&index=7"
    );
}

#[test]
fn unions_keep_what_they_do_not_know() {
    let objects = json!([
        {"Self": "Unknown", "reader": "r"},
        {"Self": "Decode", "more": 1},
        {"Self": "something else"},
    ]);
    let (client_, _) = client(&objects);
    let readers = hostile::api_runtime::list(&client_, &hostile::api_runtime::List::new()).unwrap();
    assert!(matches!(&readers[0], Reader::Unknown(known) if known.reader == "r"));
    assert!(matches!(&readers[1], Reader::Decode(_)));
    let Reader::Unrecognized(kept) = &readers[2] else {
        panic!("{readers:?}")
    };
    assert_eq!(*kept, objects[2]);
}

#[test]
fn a_waiter_takes_the_right_values() {
    let started =
        json!({"client": "from response.client", "request": "from response.request", "index": "x"});
    let (client_, script) = client(&started);
    let script = script.respond(200, json!({"status": "Ok", "answer": "self"}).to_string());
    let request = hostile::r#match::Self_::new("from request.request", "b", "c", 4);
    let response = hostile::r#match::self_(&client_, &request).unwrap();
    let ended =
        hostile::r#match::wait_for_self_(&client_, &request, &response, Wait::new()).unwrap();
    assert_eq!(ended.answer, Some(State::Self_));
    assert_eq!(
        script.requests()[1].target,
        "/rt/super?wait=from%20request.request&poll=from%20response.client&client=4\
         &answer=from%20response.request"
    );
}

#[test]
fn a_file_in_a_group_named_like_a_crate() {
    let (client_, script) = client(&json!(null));
    let request = hostile::core::Std::new(Upload::bytes("x", "content"), "e");
    hostile::core::std(&client_, &request).unwrap();
    let body = String::from_utf8(script.requests()[0].body.clone()).unwrap();
    assert!(
        body.contains("content") && body.contains("\r\n\r\ne\r\n"),
        "{body}"
    );
}

/// As a crate of its own: documentation, reachability and the lints of clippy are looked at only
/// there. The dependency is none of a workspace, as for a user.
#[test]
fn no_lint_has_a_word() {
    let project = Project::new("hostile");
    project.write("src/lib.rs", include_str!("hygiene/hostile.rs"));
    let ended = project.cargo(&["clippy"]);
    assert!(ended.success, "{}", ended.text);
}

/// The same for the description that is really used.
#[test]
fn no_lint_has_a_word_about_databricks() {
    let project = Project::new("databricks");
    let lints = include_str!("hygiene/hostile.rs");
    let start = lints.find("#![no_implicit_prelude]").unwrap();
    let end = lints.find("/// The user's own").unwrap();
    let code = format!(
        "//! A client.\n{}\n::api_runtime::api!(\"databricks.toml\");\n",
        &lints[start..end]
    );
    project.write("src/lib.rs", &code);
    project.write(
        "databricks.toml",
        include_str!("../../../api-spec/databricks-1.2.toml"),
    );
    let ended = project.cargo(&["clippy"]);
    assert!(ended.success, "{}", ended.text);
}

/// What a description quotes is not Rust unless it says so: a user's `cargo test` has nothing of it
/// to compile.
#[test]
fn documentation_is_no_program() {
    let project = Project::new("documented");
    project.write("src/lib.rs", "::api_runtime::api!(\"api.toml\");\n");
    project.write("api.toml", include_str!("expansion/docs.toml"));
    let ended = project.cargo(&["test", "--doc"]);
    assert!(ended.success, "{}\n{}", ended.messages, ended.text);
}
