//! The traits that generated types have on request.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

mod api {
    api_runtime::api! { r#"
        [api]
        name = "Jobs"
        doc  = "Runs jobs."

        [ids]
        JobId = "A job."

        [enums.State]
        doc    = "What a job does."
        values = { queued = "It waits.", done = "It has ended." }

        [structs.Step]
        doc    = "A part of a job."
        fields = { stepName = "string", after = "[string]?", took = "seconds?" }

        [structs.Login]
        doc    = "Who starts it."
        fields = { user = "string", password = "secret" }

        [unions.Result]
        doc = "What a job left."
        tag = "kind"

        [unions.Result.variants.text]
        doc = "Text."
        fields = { data = "string" }

        [unions.Cause.variants]
        step.fields = { step = "string", exit = "int?" }
        server.fields = { trouble = "json" }

        [endpoints.jobs.start]
        doc      = "Starts a job."
        http     = "POST /jobs/{queue}"
        retry    = "never"
        path     = { queue = "string" }
        query    = { dry = "bool?" }
        json     = { steps = "[Step]", login = "Login?" }
        response = { jobId = "JobId" }

        [endpoints.jobs.get]
        doc      = "Shows a job."
        http     = "GET /jobs/{jobId}"
        path     = { jobId = "JobId" }
        query    = { depth = "int?" }
        response = { state = "State", steps = "[Step]", result = "Result?", cause = "Cause?", more = "{json}?" }
    "#, derive = [PartialEq, Serialize, Deserialize] }
}

use api::{Cause, JobId, Result, State, Step, jobs};

/// Written and read again it is the same, and this in JSON.
#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, json: &Value) {
    assert_eq!(serde_json::to_value(value).unwrap(), *json);
    assert_eq!(serde_json::from_value::<T>(json.clone()).unwrap(), *value);
}

#[test]
fn types_speak_as_the_api_does() {
    check(&JobId::from("7"), &json!("7"));
    check(&State::Done, &json!("done"));
    check(&State::from("lost"), &json!("lost"));
    let step = Step::new("build").after(vec!["fetch".to_owned()]);
    check(&step, &json!({ "stepName": "build", "after": ["fetch"] }));
    check(
        &jobs::Get::new("7").depth(2),
        &json!({ "jobId": "7", "depth": 2 }),
    );
    let answer = json!({
        "state": "queued",
        "steps": [{ "stepName": "x" }],
        "result": { "kind": "text", "data": "y" },
        "more": { "a": [1, null] },
    });
    let read: jobs::GetResponse = serde_json::from_value(answer.clone()).unwrap();
    assert!(matches!(&read.result, Some(Result::Text(text)) if text.data == "y"));
    check(&read, &answer);
    let unknown = json!({ "kind": "image", "size": 3 });
    check(
        &serde_json::from_value::<Result>(unknown.clone()).unwrap(),
        &unknown,
    );
}

#[test]
fn variants_are_known_by_their_keys() {
    let step = json!({ "step": "build", "exit": 2 });
    let read: Cause = serde_json::from_value(step.clone()).unwrap();
    assert!(matches!(&read, Cause::Step(it) if it.exit == Some(2)));
    check(&read, &step);
    let server = json!({ "trouble": null });
    let read: Cause = serde_json::from_value(server.clone()).unwrap();
    assert!(matches!(read, Cause::Server(_)));
    check(&read, &server);
    let unknown = json!({ "exit": 2 });
    check(&Cause::Unknown(unknown.clone()), &unknown);
}

#[test]
fn what_is_not_as_described_is_told() {
    let error = serde_json::from_value::<Step>(json!({ "stepName": 1 })).unwrap_err();
    assert!(error.to_string().contains("`stepName`"), "{error}");
}

/// What holds a secret has no trait that would tell it. That a call of it does not compile is what
/// makes this one choose the second.
#[test]
#[expect(clippy::unused_self, reason = "methods alone are chosen so")]
fn secrets_are_not_told() {
    struct Probe<T>(std::marker::PhantomData<T>);
    trait Otherwise {
        fn is_told(&self) -> bool {
            false
        }
    }
    impl<T> Otherwise for Probe<T> {}
    impl<T: Serialize> Probe<T> {
        fn is_told(&self) -> bool {
            true
        }
    }
    assert!(Probe::<Step>(std::marker::PhantomData).is_told());
    assert!(!Probe::<api::Login>(std::marker::PhantomData).is_told());
    assert!(!Probe::<jobs::Start>(std::marker::PhantomData).is_told());
}
