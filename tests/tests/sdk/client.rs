//! The same steps as `drive.py`, with the client of this project.

use api_runtime::{Argument, Client, Credentials};
use generated_client::{ENDPOINTS, Language, Wait, commands, contexts};
use local_server::Server;
use serde_json::{Value, json};

use crate::{Script, TOKEN};

const CLUSTER: &str = "peaceJam";

pub(crate) fn drive(server: &Server, scripts: &[Script]) -> Vec<Value> {
    let mut builder =
        Client::builder(server.url()).credentials(Credentials::bearer(TOKEN).unwrap());
    let folder = tempfile::tempdir().unwrap();
    if let Some(certificate) = server.ca_certificate() {
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, certificate).unwrap();
        builder = builder.ca_file(file);
    }
    let client = builder.build().unwrap();
    let mut steps = Vec::new();
    for script in scripts {
        drive_language(&client, *script, &mut steps);
    }
    steps
}

fn drive_language(client: &Client, (language, sources, endless): Script, steps: &mut Vec<Value>) {
    let mut record = |step: &str, value: Value| steps.push(json!({"step": step, "value": value}));
    let language = Language::from(language);
    let create = contexts::Create::new(CLUSTER, language.clone());
    let context = contexts::create(client, &create).unwrap();
    contexts::wait_for_create(client, &create, &context, Wait::new()).unwrap();
    record("context", json!("Running"));
    let execute = |source: &str| {
        let request = commands::Execute::new(CLUSTER, &context.id, language.clone(), source);
        let command = commands::execute(client, &request).unwrap();
        (request, command)
    };
    let status = |command: &str| {
        let ids = [
            ("clusterId", CLUSTER),
            ("contextId", context.id.as_str()),
            ("commandId", command),
        ];
        let arguments = ids.map(|(name, id)| (name.to_owned(), Argument::Text(id.to_owned())));
        let endpoint = ENDPOINTS
            .iter()
            .find(|e| e.operation.name == "commands.status")
            .unwrap();
        let response = client.call_by_name(endpoint, &arguments).unwrap();
        let mut response: Value = response.parse().unwrap();
        response.as_object_mut().unwrap().remove("id");
        response
    };
    for source in sources {
        let (request, command) = execute(source);
        commands::wait_for_execute(client, &request, &command, Wait::new()).unwrap();
        record(source, status(command.id.as_str()));
    }
    let (_, command) = execute(endless);
    let cancel = commands::Cancel::new(CLUSTER, &context.id, &command.id);
    commands::cancel(client, &cancel).unwrap();
    commands::wait_for_cancel(client, &cancel, Wait::new()).unwrap();
    record("cancel", status(command.id.as_str()));
    contexts::destroy(client, &contexts::Destroy::new(CLUSTER, &context.id)).unwrap();
    let request = contexts::Status::new(CLUSTER, &context.id);
    let error = contexts::status(client, &request).unwrap_err();
    let message = error
        .message()
        .trim_start_matches("the server responded with 404 Not Found: ");
    let message = message.replace(context.id.as_str(), "ID");
    record("destroyed", json!(message));
}
