//! Requests that vendors document: the patches and the status of Kubernetes, and credentials in all
//! places.

use api_runtime::{Client, Credentials, Error, ManualClock, Secret, Wait};
use serde_json::json;
use test_server::{Action, Server};

mod kubernetes {
    #![allow(missing_docs)]
    api_runtime::api!("specs/kubernetes.toml");
}

mod vendors {
    #![allow(missing_docs)]
    api_runtime::api!("specs/credentials-of-vendors.toml");
}

use kubernetes::{Phase, deployments, pods};

/// Returns the last request with these of its headers, as in the documentation of the vendor.
fn last_request(server: &Server, headers: &[&str]) -> String {
    let request = server.requests().pop().unwrap();
    let mut lines = vec![request.line.replace(" HTTP/1.1", "")];
    lines.extend(headers.iter().map(|name| {
        let value = request.header(&name.to_ascii_lowercase());
        format!("{name}: {}", value.unwrap_or("(absent)"))
    }));
    lines.push(request.text().to_owned());
    lines.join("\n")
}

fn connect(server: &Server, credentials: Result<Credentials, Error>) -> Client {
    let builder = Client::builder(server.url()).credentials(credentials.unwrap());
    builder.build().unwrap()
}

/// The patches of "Update API Objects in Place Using kubectl patch" and "Server-Side Apply".
#[test]
fn kubernetes_receives_each_type_of_patch() {
    let server = Server::scripted((0..4).map(|_| Action::json(200, "{}")));
    let client = connect(&server, Credentials::bearer("t"));
    let (namespace, name) = ("default", "patch-demo");
    let sent = || last_request(&server, &["Content-Type"]);

    let containers = json!([{"name": "patch-demo-ctr-2", "image": "redis"}]);
    let patch = json!({"spec": {"template": {"spec": {"containers": containers}}}});
    let request = deployments::StrategicPatch::new(namespace, name, patch);
    deployments::strategic_patch(&client, &request).unwrap();
    assert_eq!(
        sent(),
        r#"PATCH /apis/apps/v1/namespaces/default/deployments/patch-demo
Content-Type: application/strategic-merge-patch+json
{"spec":{"template":{"spec":{"containers":[{"image":"redis","name":"patch-demo-ctr-2"}]}}}}"#
    );

    let patch = json!({"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}});
    let request = deployments::MergePatch::new(namespace, name, patch);
    deployments::merge_patch(&client, &request).unwrap();
    assert_eq!(
        sent(),
        r#"PATCH /apis/apps/v1/namespaces/default/deployments/patch-demo
Content-Type: application/merge-patch+json
{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}"#
    );

    let operation = json!({"op": "replace", "path": "/spec/replicas", "value": 2});
    let request = deployments::JsonPatch::new(namespace, name, vec![operation]);
    deployments::json_patch(&client, &request).unwrap();
    assert_eq!(
        sent(),
        r#"PATCH /apis/apps/v1/namespaces/default/deployments/patch-demo
Content-Type: application/json-patch+json
[{"op":"replace","path":"/spec/replicas","value":2}]"#
    );

    let object = json!({"apiVersion": "apps/v1", "kind": "Deployment"});
    let request = deployments::Apply::new(namespace, name, "kubectl", object).force(true);
    deployments::apply(&client, &request).unwrap();
    assert_eq!(
        sent(),
        r#"PATCH /apis/apps/v1/namespaces/default/deployments/patch-demo?fieldManager=kubectl&force=true
Content-Type: application/apply-patch+yaml
{"apiVersion":"apps/v1","kind":"Deployment"}"#
    );
}

#[test]
fn wait_for_a_pod_reads_its_nested_status() {
    let pod = |status: &str| {
        let pod = format!(r#"{{"kind": "Pod", "metadata": {{"name": "job-x"}}{status}}}"#);
        Action::json(200, pod)
    };
    let server = Server::scripted([
        pod(""),
        // A pod has no status before it is scheduled.
        pod(""),
        pod(r#", "status": {"phase": "Running"}"#),
        pod(r#", "status": {"phase": "Succeeded"}"#),
    ]);
    let clock = ManualClock::new();
    let client = Client::builder(server.url()).clock(clock).build().unwrap();
    let request = pods::Create::new("default", json!({"kind": "Pod"}));
    let created = pods::create(&client, &request).unwrap();
    let done = pods::wait_for_create(&client, &request, &created, Wait::new()).unwrap();
    assert_eq!(
        done.status.and_then(|status| status.phase),
        Some(Phase::Succeeded)
    );
    assert_eq!(
        last_request(&server, &[]),
        "GET /api/v1/namespaces/default/pods/job-x\n"
    );
}

#[test]
fn credentials_and_methods_are_those_that_vendors_document() {
    let keys = r#"{"auth": null, "data": {"keys": ["foo", "foo/"]}, "lease_duration": 2764800}"#;
    let server = Server::scripted([
        Action::json(200, keys),
        Action::json(200, r#"{"id": "80351110224678912"}"#),
        Action::json(200, r#"{"total": 1}"#),
        Action::json(200, r#"{"status": "OK"}"#),
        Action::json(200, r#"{"took": 5}"#),
    ]);

    let client = connect(&server, Credentials::key("X-Vault-Token", "hvs.s0"));
    let listed = vendors::vault::list(&client, &vendors::vault::List::new("my-secret")).unwrap();
    assert_eq!(listed.data.keys, ["foo", "foo/"]);
    assert_eq!(
        last_request(&server, &["X-Vault-Token"]),
        "LIST /v1/secret/my-secret\nX-Vault-Token: hvs.s0\n"
    );

    let bot = Credentials::key_with_prefix("Authorization", "Bot ", "MTk4NjIy.Cl2FMQ.ZnCjm1");
    let client = connect(&server, bot);
    vendors::discord::me(&client, &vendors::discord::Me::new()).unwrap();
    assert_eq!(
        last_request(&server, &["Authorization"]),
        "GET /api/v10/users/@me\nAuthorization: Bot MTk4NjIy.Cl2FMQ.ZnCjm1\n"
    );

    let builder = vendors::builder_with_plaid_client_id_and_plaid_secret(
        server.url(),
        Secret::new("5f2"),
        "a1b2",
    );
    let client = builder.unwrap().build().unwrap();
    let request = vendors::plaid::Institutions::new(200, 0, vec!["US".to_owned()]);
    vendors::plaid::institutions(&client, &request).unwrap();
    assert_eq!(
        last_request(
            &server,
            &["PLAID-CLIENT-ID", "PLAID-SECRET", "Content-Type"]
        ),
        "POST /institutions/get\nPLAID-CLIENT-ID: 5f2\nPLAID-SECRET: a1b2\n\
         Content-Type: application/json\n{\"count\":200,\"offset\":0,\"country_codes\":[\"US\"]}"
    );

    let client = connect(&server, Credentials::query_key("key", "AIza+0"));
    let request = vendors::google::Geocode::new("1600 Amphitheatre Parkway");
    vendors::google::geocode(&client, &request).unwrap();
    assert_eq!(
        last_request(&server, &["Authorization"]),
        "GET /maps/api/geocode/json?address=1600%20Amphitheatre%20Parkway&key=AIza%2B0\n\
         Authorization: (absent)\n"
    );

    let client = connect(&server, Credentials::basic("elastic", "changeme"));
    let query = json!({"term": {"user.id": "kimchy"}});
    let request = vendors::elasticsearch::Search::new("my-index-000001", query);
    vendors::elasticsearch::search(&client, &request).unwrap();
    assert_eq!(
        last_request(&server, &["Content-Type"]),
        "GET /my-index-000001/_search\nContent-Type: application/json\n\
         {\"query\":{\"term\":{\"user.id\":\"kimchy\"}}}"
    );
}
