//! Optional derives of generated types.

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
        doc    = "State of a job."
        values = { queued = "Waiting.", done = "Finished." }

        [structs.Step]
        doc    = "A step of a job."
        fields = { stepName = "string", after = "[string]?", took = "seconds?" }

        [structs.Login]
        doc    = "Credentials of a job."
        fields = { user = "string", password = "secret" }

        [unions.Result]
        doc = "Result of a job."
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

/// Checks that a value is serialized as this JSON and deserialized from it.
#[track_caller]
fn assert_round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    value: &T,
    json: &Value,
) {
    assert_eq!(serde_json::to_value(value).unwrap(), *json);
    assert_eq!(serde_json::from_value::<T>(json.clone()).unwrap(), *value);
}

#[test]
fn derived_serde_uses_the_names_of_the_api() {
    assert_round_trip(&JobId::from("7"), &json!("7"));
    assert_round_trip(&State::Done, &json!("done"));
    assert_round_trip(&State::from("lost"), &json!("lost"));
    let step = Step::new("build").after(vec!["fetch".to_owned()]);
    assert_round_trip(&step, &json!({ "stepName": "build", "after": ["fetch"] }));
    assert_round_trip(
        &jobs::Get::new("7").depth(2),
        &json!({ "jobId": "7", "depth": 2 }),
    );
    let response = json!({
        "state": "queued",
        "steps": [{ "stepName": "x" }],
        "result": { "kind": "text", "data": "y" },
        "more": { "a": [1, null] },
    });
    let decoded: jobs::GetResponse = serde_json::from_value(response.clone()).unwrap();
    assert!(matches!(&decoded.result, Some(Result::Text(text)) if text.data == "y"));
    assert_round_trip(&decoded, &response);
    let unknown = json!({ "kind": "image", "size": 3 });
    assert_round_trip(
        &serde_json::from_value::<Result>(unknown.clone()).unwrap(),
        &unknown,
    );
}

#[test]
fn untagged_variants_are_selected_by_their_keys() {
    let step = json!({ "step": "build", "exit": 2 });
    let decoded: Cause = serde_json::from_value(step.clone()).unwrap();
    assert!(matches!(&decoded, Cause::Step(step) if step.exit == Some(2)));
    assert_round_trip(&decoded, &step);
    let server = json!({ "trouble": null });
    let decoded: Cause = serde_json::from_value(server.clone()).unwrap();
    assert!(matches!(decoded, Cause::Server(_)));
    assert_round_trip(&decoded, &server);
    let unknown = json!({ "exit": 2 });
    assert_round_trip(&Cause::Unknown(unknown.clone().into()), &unknown);
}

#[test]
fn type_mismatch_names_the_field() {
    let error = serde_json::from_value::<Step>(json!({ "stepName": 1 })).unwrap_err();
    assert!(error.to_string().contains("`stepName`"), "{error}");
}

/// Inherent methods take precedence over those of traits, and the inherent one exists only for types
/// that implement `Serialize`.
#[test]
#[expect(clippy::unused_self, reason = "only methods are selected this way")]
fn types_with_secrets_do_not_implement_serialize() {
    struct Probe<T>(std::marker::PhantomData<T>);
    trait Fallback {
        fn is_serialize(&self) -> bool {
            false
        }
    }
    impl<T> Fallback for Probe<T> {}
    impl<T: Serialize> Probe<T> {
        fn is_serialize(&self) -> bool {
            true
        }
    }
    assert!(Probe::<Step>(std::marker::PhantomData).is_serialize());
    assert!(!Probe::<api::Login>(std::marker::PhantomData).is_serialize());
    assert!(!Probe::<jobs::Start>(std::marker::PhantomData).is_serialize());
}
