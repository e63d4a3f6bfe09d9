//! Specs that are read at run time.

use std::cell::RefCell;
use std::path::Path;

use api_dynamic::{Endpoint, Polled};
use api_runtime::operation;
use api_runtime::transport::Scripted;
use api_runtime::{Argument, Client, ErrorKind, Wait};
use api_spec::model::Api;
use api_spec::{Source, shipped};
use generated_client::{api, api_2_0};
use serde_json::Value;

macro_rules! generated {
    ($($module:ident: $path:tt),* $(,)?) => {
        $(mod $module {
            #![allow(missing_docs, dead_code)]
            api_runtime::api!($path);
        })*

        /// Returns the path of each spec, and the endpoints in the code that is generated from it.
        fn generated() -> Vec<(&'static str, &'static [operation::Endpoint<'static>])> {
            vec![$(($path, $module::ENDPOINTS)),*]
        }
    };
}

generated! {
    authentication_keyed: "../runtime/tests/specs/authentication_keyed.toml",
    credentials: "../runtime/tests/specs/credentials.toml",
    bodies: "../runtime/tests/specs/bodies.toml",
    dates_and_decimals: "../runtime/tests/specs/dates_and_decimals.toml",
    documented_forms: "specs/documented-forms.toml",
    defaults_and_bounds: "../runtime/tests/specs/defaults_and_bounds.toml",
    event_streams: "../runtime/tests/specs/event_streams.toml",
    field_styles: "../runtime/tests/specs/field_styles.toml",
    fixed_values: "../runtime/tests/specs/fixed_values.toml",
    idempotency_keys: "../runtime/tests/specs/idempotency_keys.toml",
    lists_and_headers: "../runtime/tests/specs/lists_and_headers.toml",
    nested_fields: "../runtime/tests/specs/nested_fields.toml",
    page_kinds: "../runtime/tests/specs/page_kinds.toml",
    pages: "../runtime/tests/specs/pages.toml",
    paths: "../runtime/tests/specs/paths.toml",
    response_headers_by_status: "../runtime/tests/specs/response_headers_by_status.toml",
    responses: "../runtime/tests/specs/responses.toml",
    status_codes: "../runtime/tests/specs/status_codes.toml",
    timeouts: "../runtime/tests/specs/timeouts.toml",
    types: "../runtime/tests/specs/types.toml",
    unions_by_keys: "../runtime/tests/specs/unions_by_keys.toml",
    unions_by_kind: "../runtime/tests/specs/unions_by_kind.toml",
    recursive_types: "../runtime/tests/specs/recursive_types.toml",
    values_by_case: "../runtime/tests/specs/values_by_case.toml",
    directions: "../runtime/tests/specs/directions.toml",
    with: "../runtime/tests/specs/with.toml",
    registry: "specs/docker-registry.toml",
    databricks_jobs: "specs/databricks-jobs-2.1.toml",
    etcd_v2: "specs/etcd-v2.toml",
    etcd_v3: "specs/etcd-v3.toml",
    kubernetes: "specs/kubernetes.toml",
    vendors: "specs/credentials-of-vendors.toml",
    nats: "specs/nats-monitoring.toml",
    stripe: "specs/stripe.toml",
    openai: "specs/openai.toml",
    kubernetes_watch: "specs/kubernetes-watch.toml",
}

#[track_caller]
fn parse(name: &str, text: &str) -> Api {
    let parsed = api_spec::parse(&Source::new(name, text));
    assert!(!parsed.has_errors(), "{name}: {:?}", parsed.diagnostics);
    parsed.api.unwrap()
}

fn read(path: &str) -> Api {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    parse(path, &std::fs::read_to_string(file).unwrap())
}

#[track_caller]
fn assert_equal(name: &str, api: &Api, generated: &[operation::Endpoint<'_>]) {
    let dynamic: Vec<_> = Endpoint::all(api)
        .map(|endpoint| endpoint.describe(|endpoint| format!("{endpoint:#?}")))
        .collect();
    assert_eq!(dynamic.len(), generated.len(), "{name}");
    for (dynamic, generated) in dynamic.iter().zip(generated) {
        assert_eq!(*dynamic, format!("{generated:#?}"), "{name}");
    }
}

#[test]
fn descriptions_at_run_time_equal_those_in_generated_code() {
    assert_equal(
        "1.2",
        &parse("1.2", shipped::DATABRICKS_1_2),
        api::ENDPOINTS,
    );
    assert_equal(
        "2.0",
        &parse("2.0", shipped::DATABRICKS_2_0),
        api_2_0::ENDPOINTS,
    );
    let mut count = 0;
    for (path, endpoints) in generated() {
        assert_equal(path, &read(path), endpoints);
        count += endpoints.len();
    }
    assert!(count > 50, "{count}");
}

fn client(script: &Scripted) -> Client {
    let client = Client::builder("https://example.com").transport(script.clone());
    client.build().unwrap()
}

const PAGES: &str = "../runtime/tests/specs/pages.toml";
const PAGE_KINDS: &str = "../runtime/tests/specs/page_kinds.toml";

/// Returns the items of all pages, and the targets and bodies of the requests.
fn all(name: &str, arguments: &[(&str, &str)], script: &Scripted) -> (Vec<String>, Vec<String>) {
    let file = match Endpoint::find(&read(PAGES), name) {
        Some(_) => PAGES,
        None => PAGE_KINDS,
    };
    let api = read(file);
    let pages = Endpoint::find(&api, name).unwrap().pages().unwrap();
    let text =
        |(name, text): &(&str, &str)| ((*name).to_owned(), Argument::Text((*text).to_owned()));
    let arguments: Vec<_> = arguments.iter().map(text).collect();
    let mut items = Vec::new();
    pages
        .for_each(&client(script), &arguments, |page| {
            items.extend(page.iter().map(|item| item.as_str().to_owned()));
        })
        .unwrap();
    let requests = script.requests();
    let requests = requests
        .iter()
        .map(|it| format!("{}{}", it.target, String::from_utf8_lossy(&it.body)));
    (items, requests.collect())
}

#[test]
fn all_pages_are_requested() {
    let script = Scripted::new()
        .respond(200, r#"{"names": ["a", "b"], "next": "n&1"}"#)
        .respond(200, r#"{"names": ["c"], "next": ""}"#);
    let (items, requests) = all("files.list", &[("size", "2")], &script);
    assert_eq!(items, [r#""a""#, r#""b""#, r#""c""#]);
    assert_eq!(requests, ["/files?size=2", "/files?token=n%261&size=2"]);

    let script = Scripted::new()
        .respond(200, r#"{"hits": [1, 2.50]}"#)
        .respond(200, r#"{"hits": []}"#);
    let (items, requests) = all("files.find", &[], &script);
    assert_eq!(items, ["1", "2.50"]);
    assert_eq!(requests, ["/files{}", r#"/files{"from":2}"#]);

    let script = Scripted::new()
        .respond(200, r#"{"hits": [1]}"#)
        .respond(200, r#"{"hits": []}"#);
    let (_, requests) = all("files.browse", &[("page", "7")], &script);
    assert_eq!(requests, ["/pages?page=7", "/pages?page=8"]);
}

#[test]
fn pages_of_all_kinds_are_requested() {
    let script = Scripted::new()
        .respond(
            200,
            r#"{"data": [{"id": "a"}, {"id": "b"}], "has_more": true}"#,
        )
        .respond(200, r#"{"data": [{"id": "c"}], "has_more": false}"#);
    let (items, requests) = all("customers.list", &[("limit", "2")], &script);
    assert_eq!(
        items,
        [r#"{"id": "a"}"#, r#"{"id": "b"}"#, r#"{"id": "c"}"#]
    );
    let expected = ["/customers?limit=2", "/customers?limit=2&starting_after=b"];
    assert_eq!(requests, expected);

    let script = Scripted::new()
        .respond(200, r#"[{"meta": {"id": 9}}]"#)
        .respond(200, "[]");
    let (items, requests) = all("messages.list", &[], &script);
    assert_eq!(items.len(), 1);
    assert_eq!(requests, ["/messages", "/messages?before=9"]);

    let script = Scripted::new()
        .respond(
            200,
            r#"{"results": [1], "next": "https://example.com/x?page=2"}"#,
        )
        .respond(200, r#"{"results": [2], "next": null}"#);
    let (items, requests) = all("results.list", &[("id", "7"), ("page_size", "1")], &script);
    assert_eq!(items, ["1", "2"]);
    assert_eq!(requests, ["/results/7?page_size=1", "/x?page=2"]);

    let script = Scripted::new()
        .respond(
            200,
            r#"{"data": {"hits": {"items": ["a"], "next": "n1", "more": true}}}"#,
        )
        .respond(
            200,
            r#"{"data": {"hits": {"items": ["b"], "next": "n2", "more": false}}}"#,
        );
    let arguments = [
        ("text", "x"),
        ("page", r#"{"offset": 4, "inner": {"offset": 3}}"#),
    ];
    let (items, requests) = all("search.run", &arguments, &script);
    assert_eq!(items, [r#""a""#, r#""b""#]);
    let expected = [
        r#"{"text": "x", "page": {"offset": 4, "inner": {"offset": 3}}}"#,
        r#"{"text": "x", "page": {"offset": 4, "inner": {"offset": 3, "cursor": "n1"}}}"#,
    ];
    for (request, expected) in requests.iter().zip(expected) {
        let body: Value = request.strip_prefix("/search").unwrap().parse().unwrap();
        assert_eq!(body, expected.parse::<Value>().unwrap());
    }
    assert_eq!(requests.len(), 2);

    let script = Scripted::new()
        .respond(200, r#"{"hits": [1, 2]}"#)
        .respond(200, r#"{"hits": [3], "more": false}"#);
    let (items, requests) = all("search.offset", &[("body", "{}")], &script);
    assert_eq!(items.len(), 3);
    assert_eq!(
        requests,
        ["/search/offset{}", r#"/search/offset{"offset":2}"#]
    );
}

#[test]
fn flag_of_the_last_page_ends_the_list() {
    let script = Scripted::new()
        .respond(200, r#"{"values": [1], "isLast": false}"#)
        .respond(200, r#"{"values": [2], "isLast": true}"#);
    let (items, requests) = all("boards.list", &[], &script);
    assert_eq!(items, ["1", "2"]);
    assert_eq!(requests, ["/boards", "/boards?startAt=1"]);
}

#[test]
fn pages_without_progress_are_errors() {
    let api = read(PAGE_KINDS);
    for (name, page, expected) in [
        (
            "customers.list",
            r#"{"data": [], "has_more": true}"#,
            "does not select",
        ),
        ("messages.list", r#"[{"meta": null}]"#, "no id"),
        (
            "results.list",
            r#"{"results": [], "next": "https://example.org/"}"#,
            "another server",
        ),
        (
            "results.list",
            r#"{"results": [], "next": "/results?page=1"}"#,
            "same page",
        ),
        ("search.offset", r#"{"hits": []}"#, "does not select"),
    ] {
        let script = Scripted::new().respond(200, page).respond(200, page);
        let endpoint = Endpoint::find(&api, name).unwrap();
        let arguments = match name {
            "results.list" => vec![("id".to_owned(), Argument::Text("7".to_owned()))],
            "search.offset" => vec![("body".to_owned(), Argument::Text("{}".to_owned()))],
            _ => Vec::new(),
        };
        let pages = endpoint.pages().unwrap();
        let error = pages
            .for_each(&client(&script), &arguments, drop)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{name}");
        assert_eq!(error.operation(), Some(name));
        assert!(error.message().contains(expected), "{error}");
    }
}

/// Waits for an endpoint with these arguments and a response, and returns the statuses.
fn statuses(
    name: &str,
    arguments: &[(&str, &str)],
    response: &str,
    script: &Scripted,
) -> Vec<String> {
    let api = read("../runtime/tests/specs/nested_fields.toml");
    let waiter = Endpoint::find(&api, name).unwrap().waiter().unwrap();
    let text =
        |(name, text): &(&str, &str)| ((*name).to_owned(), Argument::Text((*text).to_owned()));
    let arguments: Vec<_> = arguments.iter().map(text).collect();
    let mut statuses = Vec::new();
    let wait = Wait::new().on_poll(|polled: &Polled| statuses.push(polled.status().to_owned()));
    let result = waiter.wait(
        &client(script),
        &arguments,
        &response.parse().unwrap(),
        wait,
    );
    result.unwrap();
    statuses
}

#[test]
fn wait_uses_nested_fields_and_booleans() {
    let script = Scripted::new()
        .respond(200, "{}")
        .respond(200, r#"{"status": {"phase": null}}"#)
        .respond(200, r#"{"status": {"phase": "done"}}"#);
    let job = [("job", r#"{"name": "n", "owner": "me"}"#)];
    let response = r#"{"body": {"run": {"info": {"id": "7"}}}}"#;
    let found = statuses("runs.create", &job, response, &script);
    assert_eq!(found, ["", "", "done"]);
    assert_eq!(script.requests()[2].target, "/runs/7?owner=me");

    // The field with a dot in its name has a default.
    let script = Scripted::new()
        .respond(200, r#"{"status": {"phase": "done"}}"#)
        .respond(200, r#"{"status.phase": "failed"}"#);
    let found = statuses("runs.stop", &[("id", "7")], "null", &script);
    assert_eq!(found, ["queued", "failed"]);

    let script = Scripted::new()
        .respond(200, r#"{"progress": {"done": false}}"#)
        .respond(200, r#"{"progress": {"done": true}}"#);
    let found = statuses("exports.start", &[], "null", &script);
    assert_eq!(found, ["false", "true"]);
}

#[test]
fn page_that_repeats_is_an_error() {
    let api = read("../runtime/tests/specs/pages.toml");
    let pages = Endpoint::find(&api, "files.walk").unwrap().pages();
    let page = r#"{"hits": [1], "next": 7}"#;
    let script = Scripted::new().respond(200, page).respond(200, page);
    let error = pages
        .unwrap()
        .for_each(&client(&script), &[], drop)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(error.operation(), Some("files.walk"));
}

#[test]
fn wait_binds_request_and_response_and_ends_with_a_final_status() {
    let api = parse("1.2", shipped::DATABRICKS_1_2);
    let create = Endpoint::find(&api, "contexts.create").unwrap();
    let waiter = create.waiter().unwrap();
    assert_eq!(waiter.poll().name(), "contexts.status");
    let run = |last: &str| {
        let script = Scripted::new()
            .respond(200, r#"{"id": "7", "status": "Pending"}"#)
            .respond(200, last);
        let arguments = [("clusterId", "a b"), ("language", "python")]
            .map(|(name, text)| (name.to_owned(), Argument::Text(text.to_owned())));
        let statuses = RefCell::new(Vec::new());
        let wait = Wait::new().on_poll(|polled: &Polled| {
            statuses.borrow_mut().push(polled.status().to_owned());
        });
        let response = r#"{"id": 7}"#.parse().unwrap();
        let result = waiter.wait(&client(&script), &arguments, &response, wait);
        let targets: Vec<_> = script.requests().into_iter().map(|it| it.target).collect();
        assert_eq!(
            targets,
            ["/api/1.2/contexts/status?clusterId=a%20b&contextId=7"; 2]
        );
        (result, statuses.into_inner())
    };
    let (result, statuses) = run(r#"{"id": "7", "status": "running"}"#);
    assert_eq!(
        result.unwrap().as_str(),
        r#"{"id": "7", "status": "running"}"#
    );
    assert_eq!(statuses, ["Pending", "running"]);
    let (result, _) = run(r#"{"id": "7", "status": "Error"}"#);
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitFailed);
    assert_eq!(error.operation(), Some("contexts.create"));
}
