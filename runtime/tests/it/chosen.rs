//! Some endpoints of a description.

mod api {
    #![deny(warnings)]

    /// There would be two of this name if it were generated.
    pub(crate) struct Other;

    api_runtime::api! { r#"
        [api]
        name = "Jobs"
        doc = "Jobs."

        [ids]
        JobId = "A job."
        OtherId = "Something else."

        [enums.State]
        values = { on = "", off = "" }

        [structs.Job]
        fields = { id = "JobId", state = "State" }

        [structs.Other]
        fields = { id = "OtherId" }

        [endpoints.jobs.start]
        doc = "Starts a job."
        http = "POST /jobs"
        response = { id = "JobId" }
        wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["on"], pending = ["off"] }

        [endpoints.jobs.get]
        doc = "Shows a job."
        http = "GET /jobs/{id}"
        path = { id = "JobId" }
        response = "Job"

        [endpoints.jobs.drop]
        doc = "Drops a job."
        http = "DELETE /jobs/{id}"
        path = { id = "JobId" }

        [endpoints.others.list]
        doc = "Lists others."
        http = "GET /others"
        response = { others = "[Other]" }

        [endpoints.more.list]
        doc = "Lists more."
        http = "GET /more"
    "#, only = ["jobs.start", "more.*"] }
}

#[test]
fn what_is_needed_is_there_and_nothing_else() {
    use api::*;

    let _: fn(&api_runtime::Client, &jobs::StartResponse, api_runtime::Wait) -> _ =
        jobs::wait_for_start;
    let names: Vec<_> = ENDPOINTS.iter().map(|it| it.operation.name).collect();
    assert_eq!(names, ["jobs.start", "jobs.get", "more.list"]);
    let job: Option<Job> = None;
    assert!(job.is_none());
    let Other = Other;
}
