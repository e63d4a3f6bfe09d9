//! A client of the Jobs API of Databricks, with the requests and responses that its documentation shows:
//! <https://docs.databricks.com/api/azure/workspace/jobs_21>.

use api_dynamic::Endpoint;
use api_runtime::{Argument, Client, Credentials, ErrorKind, Wait};
use api_spec::Source;
use api_spec::model::Api;
use test_server::{Action, Request, Server};
use tests::secret::TOKEN;

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/databricks-jobs-2.1.toml");
}

use api::{LifeCycleState, PythonTask, ResultState, SubmitTask, jobs, runs};

const RUN: &str = r#"{"run_id": 455644833}"#;

fn client(server: &Server) -> Client {
    let credentials = Credentials::bearer(TOKEN).unwrap();
    let builder = Client::builder(server.url()).credentials(credentials);
    builder.build().unwrap()
}

/// Returns a response of `runs/get`, as documented.
fn run(state: &str) -> Action {
    let body = format!(
        r#"{{
            "job_id": 11223344,
            "run_id": 455644833,
            "number_in_job": 455644833,
            "original_attempt_run_id": 455644833,
            "state": {state},
            "cluster_spec": {{"existing_cluster_id": "0923-164208-meows279"}},
            "start_time": 1625060460483,
            "run_page_url": "https://my-workspace.cloud.databricks.com/#job/11223344/run/123"
        }}"#
    );
    Action::json(200, body)
}

fn submit() -> runs::Submit {
    let python = PythonTask::new("dbfs:/scripts/etl.py").parameters(vec!["2026-11-27".to_owned()]);
    let task = SubmitTask::new("etl")
        .existing_cluster_id("0923-164208-meows279")
        .spark_python_task(python);
    runs::Submit::new(vec![task])
        .run_name("A one-time run")
        .idempotency_token("8f018174-4792-40d5-bcbc-3e6a527352c8")
}

fn lines(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(|request| &*request.line).collect()
}

#[test]
fn submitted_run_is_polled_until_it_has_terminated() {
    let server = Server::scripted([
        Action::json(200, RUN),
        run("null"),
        run(r#"{"life_cycle_state": "QUEUED", "state_message": ""}"#),
        run(r#"{"life_cycle_state": "RUNNING", "state_message": "In run"}"#),
        run(
            r#"{"life_cycle_state": "TERMINATED", "result_state": "SUCCESS", "user_cancelled_or_timedout": false}"#,
        ),
    ]);
    let client = client(&server);
    let request = submit();
    let submitted = runs::submit(&client, &request).unwrap();
    let ended = runs::wait_for_submit(&client, &submitted, Wait::new()).unwrap();
    let state = ended.state.unwrap();
    assert_eq!(state.life_cycle_state, Some(LifeCycleState::Terminated));
    assert_eq!(state.result_state, Some(ResultState::Success));
    let requests = server.requests();
    let poll = "GET /api/2.1/jobs/runs/get?run_id=455644833 HTTP/1.1";
    assert_eq!(
        lines(&requests),
        [
            "POST /api/2.1/jobs/runs/submit HTTP/1.1",
            poll,
            poll,
            poll,
            poll
        ]
    );
    assert_eq!(
        requests[0].text(),
        concat!(
            r#"{"run_name":"A one-time run","tasks":[{"task_key":"etl","existing_cluster_id":"0923-164208-meows279","#,
            r#""spark_python_task":{"python_file":"dbfs:/scripts/etl.py","parameters":["2026-11-27"]}}],"#,
            r#""idempotency_token":"8f018174-4792-40d5-bcbc-3e6a527352c8"}"#
        )
    );
}

#[test]
fn run_that_is_skipped_is_an_error() {
    let server = Server::scripted([
        Action::json(200, RUN),
        run(r#"{"life_cycle_state": "SKIPPED", "state_message": "Another run is active."}"#),
    ]);
    let client = client(&server);
    let submitted = runs::submit(&client, &submit()).unwrap();
    let error = runs::wait_for_submit(&client, &submitted, Wait::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitFailed);
    assert!(error.message().contains("`SKIPPED`"), "{error}");
}

/// Pages of `jobs/list`, as documented.
fn pages() -> [Action; 2] {
    [
        r#"{"jobs": [{"job_id": 11223344, "creator_user_name": "user.name@databricks.com", "settings": {"name": "A multitask job"}, "created_time": 1601370337343}], "has_more": true, "next_page_token": "CAEomPuciYcxMKbM9JvMlwU=", "prev_page_token": ""}"#,
        // The documentation contains tokens on the last page as well.
        r#"{"jobs": [{"job_id": 5}], "has_more": false, "next_page_token": "CAEomPuciYcxMKbM9JvMlwU=", "prev_page_token": "CAAos-uriYcxMN7_rt_v7B4="}"#,
    ]
    .map(|page| Action::json(200, page))
}

const LIST: [&str; 2] = [
    "GET /api/2.1/jobs/list?limit=1 HTTP/1.1",
    "GET /api/2.1/jobs/list?limit=1&page_token=CAEomPuciYcxMKbM9JvMlwU%3D HTTP/1.1",
];

#[test]
fn jobs_of_all_pages_are_listed() {
    let server = Server::scripted(pages());
    let client = client(&server);
    let jobs = jobs::list_all(&client, jobs::List::new().limit(1));
    let ids: Result<Vec<i64>, _> = jobs.map(|job| job.map(|job| job.job_id)).collect();
    assert_eq!(ids.unwrap(), [11_223_344, 5]);
    assert_eq!(lines(&server.requests()), LIST);
}

fn spec() -> Api {
    let text = include_str!("../../specs/databricks-jobs-2.1.toml");
    api_spec::parse(&Source::new("jobs.toml", text))
        .api
        .unwrap()
}

#[test]
fn spec_that_is_read_at_run_time_sends_the_same_requests() {
    let api = spec();
    let server = Server::scripted(pages());
    let list = Endpoint::find(&api, "jobs.list").unwrap();
    let limit = ("limit".to_owned(), Argument::Text("1".to_owned()));
    let mut count = 0;
    list.pages()
        .unwrap()
        .for_each(&client(&server), &[limit], |items| count += items.len())
        .unwrap();
    assert_eq!(count, 2);
    assert_eq!(lines(&server.requests()), LIST);

    let server = Server::scripted([
        run(r#"{"life_cycle_state": "PENDING"}"#),
        run(r#"{"life_cycle_state": "TERMINATED"}"#),
    ]);
    let waiter = Endpoint::find(&api, "runs.submit")
        .unwrap()
        .waiter()
        .unwrap();
    assert_eq!(waiter.field(), "state.life_cycle_state");
    let response = waiter
        .wait(&client(&server), &[], &RUN.parse().unwrap(), Wait::new())
        .unwrap();
    assert!(response.as_str().contains("TERMINATED"));
    let poll = "GET /api/2.1/jobs/runs/get?run_id=455644833 HTTP/1.1";
    assert_eq!(lines(&server.requests()), [poll, poll]);
}
