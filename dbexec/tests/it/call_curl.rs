//! `dbexec call --dry-run` and `--curl`.

use std::process::Command;

use test_server::{Action, Request, Server};

use crate::call_spec::SPEC;
use crate::support::{Running, Sandbox, TOKEN};

const EXECUTE: [&str; 5] = [
    "call",
    "commands.execute",
    "clusterId=etl",
    "contextId=1",
    "language=python",
];

#[test]
fn dry_run_prints_the_request_without_secrets() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".databrickscfg",
        format!("[prod]\nhost = https://ws.example.com\ntoken = {TOKEN}\n"),
    );
    let destroy = ["call", "contexts.destroy", "clusterId=etl", "contextId=1"];
    let outcome = sandbox.run([&destroy[..], &["--dry-run", "--profile", "prod"]].concat());
    let (first, rest) = outcome.stdout.split_once('\n').unwrap();
    assert_eq!(
        first,
        "POST https://ws.example.com/api/1.2/contexts/destroy"
    );
    assert!(rest.starts_with("authorization: Bearer *** ("), "{outcome}");
    assert!(rest.lines().next().unwrap().contains("prod"), "{outcome}");
    assert!(
        rest.ends_with("\n{\"clusterId\":\"etl\",\"contextId\":\"1\"}\n"),
        "{outcome}"
    );
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    assert!(!outcome.stdout.contains(TOKEN), "{outcome}");
}

#[test]
fn secret_fields_are_redacted() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.toml", SPEC);
    let create = [
        "call",
        "--spec",
        "shop.toml",
        "--host",
        "https://example.com",
    ];
    let create = [
        &create[..],
        &["things.create", "name=a", "password=hunter2"],
    ]
    .concat();
    for option in ["--dry-run", "--curl"] {
        let mut command = sandbox.command([&create[..], &[option]].concat());
        command.env("DBEXEC_API_TOKEN", TOKEN);
        let outcome = Running::start(command).finish();
        assert!(
            outcome.code == Some(0) && outcome.stdout.contains("\"password\":\"***\""),
            "{outcome}"
        );
        let is_noted = outcome.stderr.contains("replace `***` by the secret");
        assert_eq!(is_noted, option == "--curl", "{outcome}");
        for secret in ["hunter2", TOKEN] {
            assert!(!outcome.stdout.contains(secret), "{outcome}");
            assert!(!outcome.stderr.contains(secret), "{outcome}");
        }
    }
}

#[test]
fn curl_command_has_variables_for_host_and_token() {
    let sandbox = Sandbox::new();
    sandbox.write("job.py", "1");
    let file = [
        "call",
        "commands.execute_file",
        "clusterId=etl",
        "contextId=1",
    ];
    let file = [&file[..], &["language=python", "command=@job.py", "--curl"]].concat();
    let mut command = sandbox.command(&file);
    command
        .env("DATABRICKS_HOST", "https://ws.example.com")
        .env("DATABRICKS_TOKEN", TOKEN);
    Running::start(command).finish().assert(
        0,
        "curl \"$DATABRICKS_HOST/api/1.2/commands/execute\" \
         -H \"Authorization: Bearer $DATABRICKS_TOKEN\" \\\n  \
         -F clusterId=etl -F contextId=1 -F language=python -F command=@job.py\n",
        "",
    );
    // Neither variable is set.
    let options = ["--host", "https://ws.example.com", "--token", TOKEN];
    let outcome = sandbox.run([&file[..], &options].concat());
    assert!(
        outcome
            .stdout
            .starts_with("curl https://ws.example.com/api/1.2/commands/execute "),
        "{outcome}"
    );
    assert!(
        outcome
            .stderr
            .starts_with("note: set the variable DATABRICKS_TOKEN before you run it"),
        "{outcome}"
    );
}

/// Returns the parts of a request that have to be equal, without those that describe the client.
fn essence(request: &Request) -> (String, Vec<(String, String)>, String) {
    let client = [
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "connection",
        "expect",
    ];
    let boundary = request
        .header("content-type")
        .and_then(|text| text.split_once("boundary="))
        .map(|(_, boundary)| boundary.to_owned());
    let without_boundary = |text: &str| match &boundary {
        Some(boundary) => text.replace(boundary.as_str(), "BOUNDARY"),
        None => text.to_owned(),
    };
    let mut headers: Vec<_> = request
        .headers
        .iter()
        .filter(|(name, _)| !client.contains(&name.as_str()))
        .filter(|(name, _)| name != "content-length" || boundary.is_none())
        .map(|(name, value)| (name.clone(), without_boundary(value)))
        .collect();
    headers.sort();
    // The names of the headers of parts may be in any case.
    let body = without_boundary(&String::from_utf8_lossy(&request.body));
    (request.line.clone(), headers, body)
}

#[test]
fn curl_sends_the_same_request() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.toml", SPEC);
    sandbox.write("job.py", "print('a')\n# \u{e9}");
    sandbox.write("notes; \"1\".txt", "text");
    let shop = ["call", "--spec", "shop.toml"];
    let in_shop = |arguments: &[&'static str]| [&shop[..], arguments].concat();
    let calls = [
        [&EXECUTE[..], &["command=print('$HOME `x` \"y\" \\n')\n@1"]].concat(),
        ["call", "contexts.status", "clusterId=a b&c", "contextId=$1"].to_vec(),
        in_shop(&["things.list", "color=red", "color=[a]{b}", "limit=5"]),
        in_shop(&["things.create", "name=it's", "tags=a", "tags=b"]),
        in_shop(&["things.export", "id=a/b"]),
        in_shop(&["things.import", "id=1", "body=@job.py"]),
        in_shop(&["things.attach", "note=@job.py", "file=@job.py"]),
        in_shop(&["things.attach", "note=plain", "file=@notes; \"1\".txt"]),
    ];
    for call in calls {
        let answers = [(); 2].map(|()| Action::json(200, r#"{"id": "1", "things": []}"#));
        let server = Server::scripted(answers);
        let run = |mut command: Command| {
            command
                .env("DATABRICKS_HOST", server.url())
                .env("DATABRICKS_TOKEN", TOKEN)
                .env("DBEXEC_API_TOKEN", TOKEN);
            let outcome = Running::start(command).finish();
            assert_eq!(outcome.code, Some(0), "{outcome}");
            outcome.stdout
        };
        let url = server.url();
        let call = if call.contains(&"--spec") {
            [&call[..], &["--host", &url]].concat()
        } else {
            call
        };
        run(sandbox.command(&call));
        let line = run(sandbox.command([&call[..], &["--curl"]].concat()));
        assert_eq!(server.requests().len(), 1, "`--curl` sends nothing");
        assert!(!line.contains(TOKEN), "{line}");
        let line = line.replacen("curl ", "curl --silent --show-error ", 1);
        run(sandbox.program("sh", ["-c", &line]));
        let requests = server.requests();
        assert_eq!(essence(&requests[0]), essence(&requests[1]), "{line}");
    }
}
