//! Generated code without a prelude, among names that shadow all others.

mod hostile;

use std::fs;

use api_codegen::Options;
use api_runtime::transport::Scripted;
use api_runtime::{Client, Upload, Wait};
use api_spec::Source;
use serde_json::{Value, json};

use self::hostile::{Option as State, Reader, Result as Everything};
use crate::cargo::Project;

fn client(response: &Value) -> (Client, Scripted) {
    let script = Scripted::new().respond(200, response.to_string());
    let client = Client::builder("http://127.0.0.1:1").transport(script.clone());
    (client.build().unwrap(), script)
}

/// Returns the body of the first request as JSON.
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

#[test]
fn struct_round_trips() {
    let (client_, _) = client(&everything());
    let request = hostile::r#match::Default::default();
    let decoded: Everything = hostile::r#match::default(&client_, &request).unwrap();
    assert_eq!(decoded.option, State::None);
    assert_eq!(decoded.f, [State::Ok, State::Unrecognized("other".into())]);
    let (client_, script) = client(&everything());
    let request = hostile::r#match::Default::new()
        .client("c".to_owned())
        .index(7)
        .to(decoded);
    hostile::r#match::default(&client_, &request).unwrap();
    assert_eq!(body(&script), json!({"to": everything()}));
    assert_eq!(
        script.requests()[0].target,
        "/match/default?client=c&index=7"
    );
}

#[test]
fn unknown_union_variants_are_kept() {
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
    assert_eq!(kept.as_str(), objects[2].to_string());
}

#[test]
fn waiter_binds_values_of_the_right_response() {
    let started =
        json!({"client": "from response.client", "request": "from response.request", "index": "x"});
    let (client_, script) = client(&started);
    let script = script.respond(200, json!({"status": "Ok", "answer": "self"}).to_string());
    let request = hostile::r#match::Self_::new("from request.request", "b", "c", 4);
    let response = hostile::r#match::self_(&client_, &request).unwrap();
    let finished =
        hostile::r#match::wait_for_self_(&client_, &request, &response, Wait::new()).unwrap();
    assert_eq!(finished.answer, Some(State::Self_));
    assert_eq!(
        script.requests()[1].target,
        "/rt/super?wait=from%20request.request&poll=from%20response.client&client=4\
         &answer=from%20response.request"
    );
}

#[test]
fn group_may_be_named_like_a_crate() {
    let (client_, script) = client(&json!(null));
    let request = hostile::core::Std::new(Upload::bytes("x", "content"), "e");
    hostile::core::std(&client_, &request).unwrap();
    let body = String::from_utf8(script.requests()[0].body.clone()).unwrap();
    assert!(
        body.contains("content") && body.contains("\r\n\r\ne\r\n"),
        "{body}"
    );
}

/// The code is checked as a separate package, because several lints do not apply to tests.
#[test]
fn generated_code_passes_all_lints() {
    let project = Project::new("hostile");
    project.write("src/lib.rs", include_str!("hygiene/hostile.rs"));
    let output = project.cargo(&["clippy"]);
    assert!(output.success, "{}", output.text);
}

#[test]
fn databricks_client_passes_all_lints() {
    let project = Project::new("databricks");
    let lints = include_str!("hygiene/hostile.rs");
    let start = lints.find("#![no_implicit_prelude]").unwrap();
    let end = lints.find("/// Types of the user").unwrap();
    let code = format!(
        "//! A client.\n{}\n::api_runtime::api!(\"databricks.toml\");\n",
        &lints[start..end]
    );
    project.write("src/lib.rs", &code);
    project.write(
        "databricks.toml",
        include_str!("../../../api-spec/databricks-1.2.toml"),
    );
    let output = project.cargo(&["clippy"]);
    assert!(output.success, "{}", output.text);
}

/// Forms in which Markdown contains code that rustdoc would compile and run as a test. `CODE` is replaced.
const CODE_BLOCKS: &[&str] = &[
    "```\nCODE\n```",
    "```rust\nCODE\n```",
    "```rust,should_panic\nCODE\n```",
    "```no_run\nCODE\n```",
    "```compile_fail\nCODE\n```",
    "```{.rust}\nCODE\n```",
    "```edition2021\nCODE\n```",
    "``` rust\nCODE\n```",
    "````\nCODE\n````",
    "~~~\nCODE\n~~~",
    "~~~~rust\nCODE\n~~~~",
    " ```\n CODE\n ```",
    "   ```\n   CODE\n   ```",
    "```\nCODE",
    "```\nCODE\n~~~",
    "text\n```\nCODE\n```\ntext",
    "```text\n```\n```\nCODE\n```",
    "````text\n```\n````\n```\nCODE\n```",
    "~~~text\n```\n~~~\n```\nCODE\n```",
    "    CODE",
    "text\n\n    CODE\n\ntext",
    "\tCODE",
    " \tCODE",
    "# title\n    CODE",
    "> ```\n> CODE\n> ```",
    ">```\n>CODE\n>```",
    "> > ```rust\n> > CODE\n> > ```",
    ">     CODE",
    ">\tCODE\n>\t\tCODE",
    "- ```\n  CODE\n  ```",
    "* ```rust\n  CODE\n  ```",
    "+ text\n\n  ```\n  CODE\n  ```",
    "1. ```\n   CODE\n   ```",
    "10) text\n\n    ```\n    CODE\n    ```",
    "-     CODE",
    "1.      CODE",
    "- text\n\n      CODE",
    "-\n  ```\n  CODE\n  ```",
    "- > ```\n  > CODE\n  > ```",
    "> - ```\n>   CODE\n>   ```",
    "- - ```\n    CODE\n    ```",
    "<div>\n\n```\nCODE\n```\n\n</div>",
    "<!-- -->\n\n```\nCODE\n```",
    "[^note]: text\n\n    ```\n    CODE\n    ```",
    "| a |\n|---|\n| b |\n\n```\nCODE\n```",
    "***\n```\nCODE\n```",
    "text\r\n\r\n```\r\nCODE\r\n```\r\n",
    "text\\\n```\nCODE\n```",
    "`` ` ``\n```\nCODE\n```",
];

/// Returns a spec with each code block as the documentation of each kind of item.
fn spec_with_code_blocks() -> String {
    let code = "panic!(\"code of a spec was run\");";
    let docs = CODE_BLOCKS.iter().map(|block| block.replace("CODE", code));
    let docs: Vec<String> = docs.map(|doc| toml_string(&doc)).collect();
    let of_api = docs.first().expect("the table is not empty");
    let mut spec = format!("[api]\nname = \"Documented\"\ndoc = {of_api}\n");
    spec.push_str("[ids]\n");
    for (index, doc) in docs.iter().enumerate() {
        spec.extend([format!("Id{index} = "), doc.clone(), "\n".to_owned()]);
    }
    for (index, doc) in docs.iter().enumerate() {
        let tables = format!(
            "
[enums.Enum{index}]
doc = {doc}
values = {{ One = {doc} }}
[structs.Struct{index}]
doc = {doc}
fields = {{ field = {{ type = \"Id{index}\", doc = {doc} }} }}
[unions.Union{index}]
doc = {doc}
tag = \"kind\"
variants = {{ One = {{ doc = {doc}, fields = {{ a = {{ type = \"string?\", doc = {doc} }} }} }} }}
[groups.group{index}]
doc = {doc}
[endpoints.group{index}.show]
doc = {doc}
http = \"GET /show/{index}\"
query = {{ e = \"Enum{index}\", o = {{ type = \"string?\", doc = {doc} }} }}
response = {{ s = \"Struct{index}\", u = \"Union{index}?\", f = {{ type = \"int\", doc = {doc} }} }}
"
        );
        spec.push_str(&tables);
    }
    spec
}

/// Returns a basic string of TOML.
fn toml_string(text: &str) -> String {
    serde_json::to_string(text).expect("a string can be encoded")
}

/// `cargo test` of the user's crate neither compiles nor runs code of a spec, and lists no ignored
/// examples.
#[test]
fn code_blocks_in_a_spec_are_no_doc_tests() {
    let project = Project::new("documented");
    project.write(
        "src/lib.rs",
        "//! A client.\n#![deny(missing_docs)]\n::api_runtime::api!(\"api.toml\");\n",
    );
    project.write("api.toml", &spec_with_code_blocks());
    let output = project.cargo(&["test", "--doc"]);
    assert!(output.success, "{}\n{}", output.messages, output.text);
    assert!(
        output.messages.contains("running 0 tests"),
        "{}",
        output.messages
    );
    let documented = project.cargo(&["doc", "--no-deps"]);
    assert!(documented.success, "{}", documented.text);
    let page = fs::read_to_string(Project::doc_page("documented/group0/fn.show.html"));
    let page = page.expect("the function has a page");
    assert!(page.contains("code of a spec was run"), "{page}");
}

/// The same for a file with the generated code.
#[test]
fn code_blocks_in_a_checked_in_file_are_no_doc_tests() {
    let source = Source::new("api.toml", spec_with_code_blocks());
    let api = api_spec::parse(&source).api.expect("a valid spec");
    let code = api_codegen::generate_file(&api, &Options::new(&source)).to_string();
    let project = Project::new("documented-file");
    project.write("src/lib.rs", &code);
    let output = project.cargo(&["test", "--doc"]);
    assert!(output.success, "{}\n{}", output.messages, output.text);
    let lines: Vec<_> = output.messages.lines().collect();
    let run = lines
        .iter()
        .filter(|line| line.starts_with("test src") && !line.ends_with("ignored"));
    assert_eq!(run.count(), 0, "{}", output.messages);
    assert!(!output.messages.contains("panic"), "{}", output.messages);
}
