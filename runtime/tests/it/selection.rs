//! Generated code for selected endpoints.

mod api {
    #![deny(warnings)]

    /// Conflicts with the struct `Other` of the spec if that is generated.
    pub(crate) struct Other;

    api_runtime::api!(
        "tests/specs/selection.toml",
        only = ["jobs.start", "more.*"]
    );
}

#[test]
fn only_selected_endpoints_and_their_dependencies_are_generated() {
    use api::*;

    let _: fn(&api_runtime::Client, &jobs::StartResponse, api_runtime::Wait) -> _ =
        jobs::wait_for_start;
    let names: Vec<_> = ENDPOINTS.iter().map(|it| it.operation.name).collect();
    assert_eq!(names, ["jobs.start", "jobs.get", "more.list"]);
    let job: Option<Job> = None;
    assert!(job.is_none());
    let Other = Other;
}
