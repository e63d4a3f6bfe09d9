//! Contexts and commands of one language.

use std::time::Duration;

use api_runtime::{Argument, Client, Wait};
use generated_client::{ENDPOINTS, ErrorKind, Language, commands, contexts};
use serde_json::{Value, json};

use super::{Steps, described, wait};
use crate::scripts::Script;

pub(super) fn drive(client: &Client, cluster: &str, script: &Script, steps: &mut Steps) {
    let language = Language::from(script.language);
    let create = contexts::Create::new(cluster, language.clone());
    let context = contexts::create(client, &create).unwrap();
    let running = contexts::wait_for_create(client, &create, &context, wait()).unwrap();
    steps.record("context", running.status.as_str());

    let execute = |source: &str| {
        let request = commands::Execute::new(cluster, &context.id, language.clone(), source);
        let command = commands::execute(client, &request).unwrap();
        (request, command)
    };
    let ids = |command: &str| {
        let ids = [
            ("clusterId", cluster),
            ("contextId", context.id.as_str()),
            ("commandId", command),
        ];
        ids.map(|(name, id)| (name.to_owned(), Argument::Text(id.to_owned())))
    };
    for source in script.commands {
        let (request, command) = execute(source);
        commands::wait_for_execute(client, &request, &command, wait()).unwrap();
        steps.record(
            source,
            status_and_results(client, &ids(command.id.as_str())),
        );
    }

    let (request, command) = execute(script.endless);
    let short = Wait::new().timeout(Duration::from_secs(1));
    let error = commands::wait_for_execute(client, &request, &command, short).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimeout, "{error}");
    steps.record("timeout", true);
    let cancel = commands::Cancel::new(cluster, &context.id, &command.id);
    commands::cancel(client, &cancel).unwrap();
    commands::wait_for_cancel(client, &cancel, wait()).unwrap();
    steps.record(
        "cancel",
        status_and_results(client, &ids(command.id.as_str())),
    );

    contexts::destroy(client, &contexts::Destroy::new(cluster, &context.id)).unwrap();
    let request = contexts::Status::new(cluster, &context.id);
    let error = contexts::status(client, &request).unwrap_err();
    steps.record_with_id("destroyed", &described(&error), context.id.as_str());
}

/// Returns the response of `commands/status`, without the id.
fn status_and_results(client: &Client, ids: &[(String, Argument)]) -> Value {
    let endpoint = ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.operation.name == "commands.status");
    let response = client.call_by_name(endpoint.unwrap(), ids).unwrap();
    let mut response: Value = response.parse().unwrap();
    response.as_object_mut().unwrap().remove("id");
    json!(response)
}
