//! `dbexec call`.

use serde_json::{Value, json};

use crate::support::{Done, Running, Sandbox, Served, until};

/// A sandbox with a server, and how it is called.
struct Api {
    sandbox: Sandbox,
    server: Served,
}

impl Api {
    fn start() -> Self {
        let sandbox = Sandbox::new();
        let server = Served::start(&sandbox);
        Self { sandbox, server }
    }

    fn arguments<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        let place = ["--host", &self.server.url, "--token", "secret"];
        [&["call"][..], arguments, &place].concat()
    }

    fn call(&self, arguments: &[&str]) -> Done {
        self.sandbox.run(self.arguments(arguments))
    }

    /// The answer of a call that must be good.
    #[track_caller]
    fn answer(&self, arguments: &[&str]) -> Value {
        let done = self.call(arguments);
        assert!(done.code == Some(0) && done.stderr.is_empty(), "{done}");
        serde_json::from_str(&done.stdout).unwrap()
    }

    #[track_caller]
    fn id(&self, arguments: &[&str]) -> String {
        let answer = self.answer(arguments);
        answer["id"].as_str().expect("an id is a string").to_owned()
    }

    fn create(&self) -> String {
        self.id(&["contexts.create", "clusterId=peaceJam", "language=python"])
    }

    /// Asks for a command until it has ended.
    fn results(&self, context: &str, command: &str) -> Value {
        let arguments = ["commands.status", "clusterId=peaceJam", context, command];
        let mut answer = Value::Null;
        until("the command has ended", || {
            answer = self.answer(&arguments);
            answer["status"] == "Finished"
        });
        answer["results"].take()
    }
}

#[test]
fn every_endpoint() {
    let api = Api::start();
    let id = api.create();
    let context = format!("contextId={id}");

    until("the context is ready", || {
        let answer = api.answer(&["contexts.status", "clusterId=peaceJam", &context]);
        assert_eq!(answer["id"], id.as_str());
        answer["status"] == "Running"
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
    api.answer(&["commands.cancel", "clusterId=peaceJam", &context, &command]);
    assert_eq!(api.results(&context, &command)["resultType"], "error");

    api.answer(&["contexts.destroy", "clusterId=peaceJam", &context]);
    let done = api.call(&["contexts.status", "clusterId=peaceJam", &context]);
    done.assert(
        3,
        "",
        &format!(
            "error: contexts.status: the server refused with 404 Not Found: ContextNotFound: \
             execution context {id} does not exist\n"
        ),
    );
}

#[test]
fn the_form_of_an_answer() {
    let api = Api::start();
    let create = ["contexts.create", "clusterId=peaceJam", "language=python"];
    let done = api.call(&create);
    let id: Value = serde_json::from_str(&done.stdout).unwrap();
    let id = id["id"].as_str().unwrap();
    done.assert(0, &format!("{{\"id\": \"{id}\"}}\n"), "");

    let context = format!("contextId={id}");
    let done = api.call(&[
        "contexts.destroy",
        "clusterId=peaceJam",
        &context,
        "--pretty",
    ]);
    done.assert(0, &format!("{{\n  \"id\": \"{id}\"\n}}\n"), "");
}

#[test]
fn the_forms_of_an_argument() {
    let api = Api::start();
    let context = format!("contextId={}", api.create());
    let target = ["clusterId=peaceJam", &context, "language=python"];
    let outcome = |endpoint, argument: &str, input: &[u8]| {
        let execute = [&[endpoint][..], &target, &[argument]].concat();
        let command = api.sandbox.command(api.arguments(&execute));
        let done = Running::fed(command, input).finish();
        let answer: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|_| panic!("{done}"));
        let command = format!("commandId={}", answer["id"].as_str().unwrap());
        api.results(&context, &command)["data"].take()
    };
    api.sandbox.write("job.py", "6 * 7");
    for endpoint in ["commands.execute", "commands.execute_file"] {
        assert_eq!(
            outcome(endpoint, "command=@job.py", b""),
            "42",
            "{endpoint}"
        );
        assert_eq!(
            outcome(endpoint, "command=@-", b"6 * 7"),
            "42",
            "{endpoint}"
        );
        assert_eq!(
            outcome(endpoint, "command=@/dev/stdin", b"6 * 7"),
            "42",
            "{endpoint}"
        );
    }
    assert_eq!(
        outcome("commands.execute", "command:=\"'@x'\"", b""),
        "'@x'"
    );
    assert_eq!(
        outcome("commands.execute_file", "command=job.py", b""),
        "42"
    );
}

#[test]
fn settings_from_variables() {
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
    let done = Running::start(command).finish();
    assert!(
        done.code == Some(0) && done.stdout.starts_with("{\"id\": \""),
        "{done}"
    );
}

#[test]
fn the_list() {
    let done = Sandbox::new().run(["call"]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done}");
    let names: Vec<_> = done
        .stdout
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(
        names,
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
    let first = "contexts.create        POST  /api/1.2/contexts/create   Creates an execution \
                 context for one language on a cluster.\n";
    assert!(done.stdout.starts_with(first), "{done}");
}

#[test]
fn fields_are_told() {
    let sandbox = Sandbox::new();
    sandbox
        .run(["call", "commands.execute_file", "--fields"])
        .assert(
            0,
            "commands.execute_file  POST /api/1.2/commands/execute\n\
         Runs the contents of a file in an execution context.\n\
         \n  \
         clusterId  ClusterId  A cluster of the workspace, as in `0123-456789-abcde`.\n  \
         contextId  ContextId  An execution context on a cluster. Opaque: often digits beyond \
         2^53.\n  \
         language   Language   The language of a context or a command. One of `python`, `scala`, \
         `sql`, `r`.\n  \
         command    file       The code.\n\
         \n\
         Usage: dbexec call commands.execute_file clusterId=<ClusterId> contextId=<ContextId> \
         language=<Language> command=@<file>\n",
            "",
        );
    sandbox
        .run(["call", "contexts.create", "language=python"])
        .assert(
            2,
            "",
            "error: contexts.create needs `clusterId`\n\
         \n  \
         clusterId  ClusterId  A cluster of the workspace, as in `0123-456789-abcde`.\n  \
         language   Language   The language of a context or a command. One of `python`, `scala`, \
         `sql`, `r`.\n\
         \n\
         Usage: dbexec call contexts.create clusterId=<ClusterId> language=<Language>\n",
        );
}

#[test]
fn mistakes() {
    let sandbox = Sandbox::new();
    let unknown = "error: there is no endpoint `context.create`\n\
                   note: did you mean `contexts.create`?\n";
    sandbox
        .run(["call", "context.create"])
        .assert(2, "", unknown);
    let unknown = "error: there is no endpoint `clusters.list`\nnote: `dbexec call` lists them\n";
    sandbox
        .run(["call", "clusters.list"])
        .assert(2, "", unknown);
    let field = "error: contexts.create has no field `cluster_id`\n\
                 note: did you mean `clusterId`?\n";
    sandbox
        .run(["call", "contexts.create", "cluster_id=x"])
        .assert(2, "", field);

    let create = ["call", "contexts.create", "clusterId=x", "language=python"];
    sandbox
        .run(create)
        .assert_begins(2, "", "error: no host is known: ");
    let unreachable = [&create[..], &["--host", "http://127.0.0.1:1"]].concat();
    sandbox.run(unreachable).assert(
        3,
        "",
        "error: contexts.create: the server cannot be reached: Connection refused (os error 111) \
         (5 attempts)\n",
    );
}
