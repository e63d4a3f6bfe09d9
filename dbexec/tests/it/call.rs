//! `dbexec call`.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::service::{Reaction, Service};
use crate::support::{Outcome, Running, Sandbox, ServeProcess, until};

/// A server, and `dbexec call` in a sandbox.
struct Api {
    sandbox: Sandbox,
    server: ServeProcess,
}

impl Api {
    fn start() -> Self {
        let sandbox = Sandbox::new();
        let server = ServeProcess::start(&sandbox);
        Self { sandbox, server }
    }

    fn arguments<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        let workspace = ["--host", &self.server.url, "--token", "secret"];
        [&["call"][..], arguments, &workspace].concat()
    }

    fn call(&self, arguments: &[&str]) -> Outcome {
        self.sandbox.run(self.arguments(arguments))
    }

    /// Makes a call that succeeds, and returns the response.
    #[track_caller]
    fn response(&self, arguments: &[&str]) -> Value {
        let outcome = self.call(arguments);
        assert!(
            outcome.code == Some(0) && outcome.stderr.is_empty(),
            "{outcome}"
        );
        serde_json::from_str(&outcome.stdout).unwrap()
    }

    #[track_caller]
    fn id(&self, arguments: &[&str]) -> String {
        let response = self.response(arguments);
        response["id"]
            .as_str()
            .expect("the id is a string")
            .to_owned()
    }

    fn create(&self) -> String {
        self.id(&["contexts.create", "clusterId=peaceJam", "language=python"])
    }

    /// Waits for a command and returns its results.
    fn results(&self, context: &str, command: &str) -> Value {
        let arguments = ["commands.status", "clusterId=peaceJam", context, command];
        let mut response = Value::Null;
        until("the command has finished", || {
            response = self.response(&arguments);
            response["status"] == "Finished"
        });
        response["results"].take()
    }
}

#[test]
fn each_endpoint_is_callable() {
    let api = Api::start();
    let id = api.create();
    let context = format!("contextId={id}");

    until("the context is ready", || {
        let response = api.response(&["contexts.status", "clusterId=peaceJam", &context]);
        assert_eq!(response["id"], id.as_str());
        response["status"] == "Running"
    });

    let target = ["clusterId=peaceJam", &context, "language=python"];
    let execute = [&["commands.execute"][..], &target, &["command=print(6*7)"]].concat();
    let command = format!("commandId={}", api.id(&execute));
    let expected = json!({"resultType": "text", "data": "42"});
    assert_eq!(api.results(&context, &command)["data"], expected["data"]);

    let file = api.sandbox.write("job.py", "print('from a file')");
    let file = format!("command=@{}", file.display());
    let execute = [&["commands.execute_file"][..], &target, &[&file]].concat();
    let command = format!("commandId={}", api.id(&execute));
    assert_eq!(api.results(&context, &command)["data"], "from a file");

    let slow = "command=import time; time.sleep(600)";
    let execute = [&["commands.execute"][..], &target, &[slow]].concat();
    let command = format!("commandId={}", api.id(&execute));
    api.response(&["commands.cancel", "clusterId=peaceJam", &context, &command]);
    assert_eq!(api.results(&context, &command)["resultType"], "error");

    api.response(&["contexts.destroy", "clusterId=peaceJam", &context]);
    let outcome = api.call(&["contexts.status", "clusterId=peaceJam", &context]);
    assert!(outcome.stderr.starts_with("{\"error\":"), "{outcome}");
    let (_body, message) = outcome.stderr.split_once('\n').unwrap();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(3), ""));
    assert_eq!(
        message,
        format!(
            "error: contexts.status: the server responded with 404 Not Found: ContextNotFound: \
             execution context {id} does not exist\n"
        ),
    );
}

#[test]
fn response_is_one_line_or_pretty_printed() {
    let api = Api::start();
    let create = ["contexts.create", "clusterId=peaceJam", "language=python"];
    let outcome = api.call(&create);
    let id: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let id = id["id"].as_str().unwrap();
    outcome.assert(0, &format!("{{\"id\": \"{id}\"}}\n"), "");

    let context = format!("contextId={id}");
    let outcome = api.call(&[
        "contexts.destroy",
        "clusterId=peaceJam",
        &context,
        "--pretty",
    ]);
    outcome.assert(0, &format!("{{\n  \"id\": \"{id}\"\n}}\n"), "");
}

#[test]
fn each_form_of_argument_is_accepted() {
    let api = Api::start();
    let context = format!("contextId={}", api.create());
    let target = ["clusterId=peaceJam", &context, "language=python"];
    let output_of = |endpoint, argument: &str, input: &[u8]| {
        let execute = [&[endpoint][..], &target, &[argument]].concat();
        let command = api.sandbox.command(api.arguments(&execute));
        let outcome = Running::with_input(command, input).finish();
        let response: Value =
            serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{outcome}"));
        let command = format!("commandId={}", response["id"].as_str().unwrap());
        api.results(&context, &command)["data"].take()
    };
    api.sandbox.write("job.py", "6 * 7");
    for endpoint in ["commands.execute", "commands.execute_file"] {
        assert_eq!(
            output_of(endpoint, "command=@job.py", b""),
            "42",
            "{endpoint}"
        );
        assert_eq!(
            output_of(endpoint, "command=-", b"6 * 7"),
            "42",
            "{endpoint}"
        );
        assert_eq!(
            output_of(endpoint, "command=@/dev/stdin", b"6 * 7"),
            "42",
            "{endpoint}"
        );
    }
    assert_eq!(
        output_of("commands.execute", "command:=\"'@x'\"", b""),
        "'@x'"
    );
    assert_eq!(
        output_of("commands.execute_file", "command=job.py", b""),
        "42"
    );
}

#[test]
fn workspace_is_configured_by_environment_variables() {
    let api = Api::start();
    let create = [
        "call",
        "contexts.create",
        "clusterId=peaceJam",
        "language=python",
    ];
    let mut command = api.sandbox.command(create);
    command
        .env("DATABRICKS_HOST", &api.server.url)
        .env("DATABRICKS_TOKEN", "secret");
    let outcome = Running::start(command).finish();
    assert!(
        outcome.code == Some(0) && outcome.stdout.starts_with("{\"id\": \""),
        "{outcome}"
    );
}

#[test]
fn endpoints_are_listed() {
    let outcome = Sandbox::new().run(["call"]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (Some(0), ""),
        "{outcome}"
    );
    let names: Vec<_> = outcome
        .stdout
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(
        names[..7],
        [
            "contexts.create",
            "contexts.status",
            "contexts.destroy",
            "commands.execute",
            "commands.execute_file",
            "commands.status",
            "commands.cancel"
        ]
    );
    assert!(names.contains(&"dbfs.put_file"), "{names:?}");
    let first = outcome.stdout.lines().next().unwrap().split_whitespace();
    assert_eq!(
        first.collect::<Vec<_>>().join(" "),
        "contexts.create POST /api/1.2/contexts/create Creates an execution context for a language \
         on a cluster."
    );
}

#[test]
fn endpoint_is_described() {
    let sandbox = Sandbox::new();
    for help in ["--help", "-h"] {
        sandbox
            .run(["call", "contexts.create", help])
            .assert(0, CONTEXTS_CREATE, "");
    }
    let upload = sandbox.run(["call", "commands.execute_file", "--help"]);
    let example = "Example: dbexec call commands.execute_file clusterId=1234 contextId=1234 \
                   language=python command=@file\n";
    assert!(upload.stdout.ends_with(example), "{upload}");
    sandbox
        .run(["call", "contexts.create", "language=python"])
        .assert(
            2,
            "",
            "error: missing required fields of contexts.create: `clusterId`\n\
         \n  \
         clusterId  ClusterId  Cluster on which to create the context.\n\
         \n\
         Usage: dbexec call contexts.create clusterId=<ClusterId> language=<Language>\n",
        );
}

const CONTEXTS_CREATE: &str = "\
contexts.create  POST /api/1.2/contexts/create
Creates an execution context for a language on a cluster.

Fields:
  clusterId  ClusterId  Cluster on which to create the context.
  language   Language   Language of the context. One of `python`, `scala`, `sql`, `r`.

Response:
  id  ContextId  Id of the new context.

Rules:
  retry never  only if the server cannot have processed the request
  --wait       polls contexts.status until `status` is `Running`

Usage: dbexec call contexts.create clusterId=<ClusterId> language=<Language>
Example: dbexec call contexts.create clusterId=1234 language=python
";

#[test]
fn help_without_endpoint_is_that_of_the_command() {
    let sandbox = Sandbox::new();
    let long = sandbox.run(["call", "--help"]);
    assert!(
        long.code == Some(0) && long.stdout.contains("DBEXEC_API_TOKEN"),
        "{long}"
    );
    let short = sandbox.run(["call", "-h"]);
    assert!(
        short.code == Some(0) && !short.stdout.contains("DBEXEC_API_TOKEN"),
        "{short}"
    );
    for option in ["--spec", "--get", "--curl", "--dry-run", "--wait", "--all"] {
        assert!(short.stdout.contains(option), "{option}: {short}");
    }
}

#[test]
fn one_value_of_the_response_is_printed() {
    let api = Api::start();
    let create = ["contexts.create", "clusterId=c", "language=python"];
    let outcome = api.call(&[&create[..], &["--get", "id"]].concat());
    let id = outcome.stdout.trim_end();
    assert!(
        outcome.code == Some(0) && id.parse::<u64>().is_ok(),
        "{outcome}"
    );
    let context = format!("contextId={id}");
    let destroy = ["contexts.destroy", "clusterId=c", &context, "--get", "idd"];
    api.call(&destroy).assert(
        3,
        "",
        &format!(
            "note: the response was {{\"id\":\"{id}\"}}\n\
             error: the response has no `idd`\n\
             help: a similar field exists: `id`\n"
        ),
    );
}

#[test]
fn wait_prints_the_last_response() {
    let api = Api::start();
    let create = [
        "contexts.create",
        "clusterId=c",
        "language=python",
        "--wait",
    ];
    let outcome = api.call(&create);
    let response: Value =
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{outcome}"));
    assert_eq!(response["status"], "Running");
    let id = response["id"].as_str().unwrap();
    assert!(outcome.stderr.contains(id), "{outcome}");
    assert!(
        outcome.stderr.ends_with("note: contexts.create: Running\n"),
        "{outcome}"
    );
    let status = ["contexts.status", "clusterId=c", "contextId=1"];
    let outcome = api.call(&[&status[..], &["--wait"]].concat());
    outcome.assert(2, "", "error: the spec of contexts.status has no `wait`\n");
}

#[test]
fn interrupted_wait_names_the_command_that_ends_what_was_created() {
    let service = Service::start(&[("contexts/status", Reaction::Silent)]);
    let url = service.url();
    for (call, endpoint, id, help) in [
        (
            &["commands.execute", "contextId=context-0", "command=1"][..],
            "commands/status",
            "command-of-context-0",
            "help: dbexec cancel c/context-0/command-of-context-0\n",
        ),
        (
            &["contexts.create"],
            "contexts/status",
            "context-1",
            "help: dbexec destroy c/context-1\n",
        ),
    ] {
        let sandbox = Sandbox::new();
        let options = ["clusterId=c", "language=python", "--wait"];
        let workspace = ["--host", &url, "--token", "secret"];
        let arguments = [&["call"][..], call, &options, &workspace].concat();
        let mut running = sandbox.start(arguments);
        let note = running.stderr_line();
        assert!(note.contains(id), "{note}");
        service.wait_for(endpoint);
        running.signal(Signal::INT);
        let outcome = running.finish();
        assert_eq!(outcome.code, Some(130), "{outcome}");
        assert!(outcome.stderr.ends_with(help), "{outcome}");
        // The response has arrived.
        assert!(!outcome.stderr.contains("waiting up to"), "{outcome}");
    }
}

#[test]
fn unknown_value_of_an_enum_is_sent_with_a_warning() {
    let api = Api::start();
    let outcome = api.call(&["contexts.create", "clusterId=c", "language=pyton"]);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    let warning = "warning: `pyton` is not a known value of `language`; it is sent unchanged. A \
                   similar value exists: `python`\n";
    assert!(outcome.stderr.starts_with(warning), "{outcome}");
}

#[test]
fn invalid_calls_are_rejected() {
    let sandbox = Sandbox::new();
    let unknown = "error: unknown endpoint `context.create`\n\
                   help: a similar endpoint exists: `contexts.create`\n";
    sandbox
        .run(["call", "context.create"])
        .assert(2, "", unknown);
    let unknown = "error: unknown endpoint `secrets.put`\n\
                   help: `dbexec call` lists the endpoints\n";
    sandbox.run(["call", "secrets.put"]).assert(2, "", unknown);
    let field = "error: unknown field `cluster_id` of contexts.create\n\
                 help: a similar field exists: `clusterId`\n";
    sandbox
        .run(["call", "contexts.create", "cluster_id=x"])
        .assert(2, "", field);

    let create = ["call", "contexts.create", "clusterId=x", "language=python"];
    sandbox
        .run(create)
        .assert_starts_with(2, "", "error: no host configured: ");
    let unreachable = [&create[..], &["--host", "http://127.0.0.1:1"]].concat();
    sandbox.run(unreachable).assert(
        3,
        "",
        "error: contexts.create: the server cannot be reached: Connection refused (os error 111) \
         (5 attempts)\n",
    );
}
