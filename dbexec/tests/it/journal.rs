//! `dbexec ps` and `dbexec clean`: contexts of processes that were killed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::service::{Reaction, Service};
use crate::support::{
    MockResponse, Outcome, Running, Sandbox, ServeProcess, TOKEN, mock_server, until,
};

const FINISHED: &str =
    r#"{"status": "Finished", "results": {"resultType": "text", "data": "done"}}"#;

/// Starts a run on the cluster `c`.
fn start(sandbox: &Sandbox, url: &str) -> Running {
    let run = ["run", "-l", "python", "-c", "import time", "--cluster", "c"];
    sandbox.start([&run[..], &["--host", url, "--token", TOKEN]].concat())
}

fn kill(running: Running) {
    running.signal(Signal::KILL);
    running.finish();
}

fn with_workspace(sandbox: &Sandbox, command: &[&str], url: &str) -> Outcome {
    sandbox.run([command, &["--host", url, "--token", TOKEN]].concat())
}

/// Returns the output of `dbexec ps`.
#[track_caller]
fn list(sandbox: &Sandbox, url: &str) -> Vec<Value> {
    let outcome = with_workspace(sandbox, &["ps", "--output", "json"], url);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert_eq!(outcome.stderr, "");
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn journal(sandbox: &Sandbox) -> PathBuf {
    sandbox.path(".local/state/dbexec/contexts")
}

pub(crate) fn files(sandbox: &Sandbox) -> Vec<PathBuf> {
    let entries = fs::read_dir(journal(sandbox)).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn context_of_a_killed_process_is_listed_and_destroyed() {
    let (service, sandbox) = (Service::start(&[]), Sandbox::new());
    let running = start(&sandbox, &service.url());
    service.wait_for("commands/status");
    until("the command is recorded", || {
        list(&sandbox, &service.url())[0]["command"].is_string()
    });
    let [live] = &list(&sandbox, &service.url())[..] else {
        panic!("expected one context");
    };
    let expected = json!({
        "handle": "c/context-1/command-of-context-1",
        "host": service.url(),
        "workspace_id": null,
        "profile": null,
        "cluster": "c",
        "context": "context-1",
        "command": "command-of-context-1",
        "file": null,
        "started": live["started"],
        "pid": live["pid"],
        "live": true,
        "detached": false,
        "state": "Running",
        "error": null,
    });
    assert_eq!(*live, expected);
    with_workspace(&sandbox, &["clean"], &service.url()).assert(0, "", "");
    assert_eq!(
        service.contexts(),
        (1, 1),
        "contexts of live processes are kept"
    );

    kill(running);
    let outcome = with_workspace(&sandbox, &["ps"], &service.url());
    let words = outcome.stdout.split_whitespace().collect::<Vec<_>>();
    assert_eq!(
        words[..3],
        ["c/context-1/command-of-context-1", "-", "Running"]
    );
    assert_eq!(words[4..], ["ended", service.url().as_str()], "{outcome}");
    let handle = "c/context-1/command-of-context-1\n";
    with_workspace(&sandbox, &["clean", "--dry-run"], &service.url()).assert(
        0,
        &format!("would destroy {handle}"),
        "",
    );
    assert_eq!(service.contexts(), (1, 1));
    with_workspace(&sandbox, &["clean"], &service.url()).assert(
        0,
        &format!("destroyed {handle}"),
        "",
    );
    assert_eq!((service.contexts(), service.is_running()), ((1, 0), false));
    assert_eq!(list(&sandbox, &service.url()), Vec::<Value>::new());
    assert_eq!(files(&sandbox), Vec::<PathBuf>::new());
}

#[test]
fn context_without_an_id_is_reported_once() {
    let (service, sandbox) = (
        Service::start(&[("contexts/create", Reaction::Silent)]),
        Sandbox::new(),
    );
    let running = start(&sandbox, &service.url());
    service.wait_for("contexts/create");
    // The entry is written before the request is sent.
    kill(running);
    let [entry] = &list(&sandbox, &service.url())[..] else {
        panic!("expected one context");
    };
    assert_eq!(
        (&entry["context"], &entry["state"]),
        (&Value::Null, &json!("unknown id"))
    );
    let outcome = with_workspace(&sandbox, &["clean"], &service.url());
    let warning = format!(
        "warning: an execution context may exist on the cluster `c` of {}, requested at TIME; its id is not \
         known, and it ends with the cluster\n",
        service.url()
    );
    outcome.assert(0, "", &warning);
    with_workspace(&sandbox, &["clean"], &service.url()).assert(0, "", "");
    assert_eq!(service.count("contexts/destroy"), 0);
    assert_eq!(files(&sandbox), Vec::<PathBuf>::new());
}

#[test]
fn contexts_of_processes_that_end_are_not_listed() {
    let service = Service::start(&[("commands/status", Reaction::Body(FINISHED.to_owned()))]);
    let sandbox = Sandbox::new();
    start(&sandbox, &service.url())
        .finish()
        .assert(0, "done\n", "");
    assert_eq!(files(&sandbox), Vec::<PathBuf>::new());

    let service = Service::start(&[]);
    let running = start(&sandbox, &service.url());
    service.wait_for("commands/status");
    running.signal(Signal::TERM);
    assert_eq!(running.finish().code, Some(143));
    assert_eq!(files(&sandbox), Vec::<PathBuf>::new());
}

#[test]
fn clean_destroys_only_contexts_of_ended_processes() {
    let (service, sandbox) = (Service::start(&[]), Sandbox::new());
    let running = [(); 3].map(|()| start(&sandbox, &service.url()));
    until("all commands are recorded", || {
        let list = list(&sandbox, &service.url());
        list.iter()
            .filter(|entry| entry["command"].is_string())
            .count()
            == 3
    });
    let [first, second, third] = running;
    kill(first);
    kill(second);
    let outcome = with_workspace(&sandbox, &["clean"], &service.url());
    assert_eq!(
        (outcome.code, outcome.stdout.lines().count()),
        (Some(0), 2),
        "{outcome}"
    );
    assert_eq!(service.contexts(), (3, 1));
    let left = list(&sandbox, &service.url());
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["live"], json!(true));
    drop(third);
}

#[test]
fn files_are_private_and_contain_neither_code_nor_credentials() {
    let (service, sandbox) = (Service::start(&[]), Sandbox::new());
    let _running = start(&sandbox, &service.url());
    service.wait_for("commands/status");
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&journal(&sandbox)), 0o700);
    let files = files(&sandbox);
    assert!(files.len() >= 2, "{files:?}");
    for path in files {
        assert_eq!(mode(&path), 0o600, "{path:?}");
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(TOKEN) && !text.contains("import"), "{text}");
    }
}

#[test]
fn unusable_folder_is_one_warning() {
    let service = Service::start(&[("commands/status", Reaction::Body(FINISHED.to_owned()))]);
    let sandbox = Sandbox::new();
    // Even root cannot create a folder in a file.
    sandbox.write(".local", "");
    let outcome = start(&sandbox, &service.url()).finish();
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(0), "done\n"),
        "{outcome}"
    );
    let folder = sandbox.path(".local/state/dbexec/contexts");
    let message = format!(
        "warning: cannot record this context in {}: ",
        folder.display()
    );
    let is_one_warning =
        outcome.stderr.starts_with(&message) && outcome.stderr.lines().count() == 1;
    assert!(is_one_warning, "{outcome}");
    let outcome = with_workspace(&sandbox, &["ps"], &service.url());
    assert_eq!(outcome.code, Some(3), "{outcome}");
}

/// Writes the entry of an ended process.
pub(crate) fn write_entry(sandbox: &Sandbox, url: &str, context: &str, detached: bool) {
    fs::create_dir_all(journal(sandbox)).unwrap();
    let entry = json!({
        "schema": 1, "host": url, "cluster": "c", "context": context, "pid": 1, "started": 0,
        "detached": detached,
    });
    fs::write(
        journal(sandbox).join(format!("1-{context}.0.json")),
        entry.to_string(),
    )
    .unwrap();
}

#[test]
fn entries_of_missing_contexts_and_terminated_clusters_are_removed() {
    const MISSING: &[MockResponse] = &[("/api/1.2/contexts/destroy", 404, "{}")];
    const TERMINATED: &[MockResponse] = &[
        (
            "/api/1.2/contexts/destroy",
            400,
            r#"{"error": "cluster is terminated"}"#,
        ),
        (
            "/api/2.1/clusters/get",
            200,
            r#"{"cluster_id": "c", "state": "TERMINATED"}"#,
        ),
    ];
    const DENIED: &[MockResponse] = &[
        ("/api/1.2/contexts/destroy", 403, "{}"),
        (
            "/api/2.1/clusters/get",
            200,
            r#"{"cluster_id": "c", "state": "RUNNING"}"#,
        ),
    ];
    for (responses, is_removed) in [(MISSING, true), (TERMINATED, true), (DENIED, false)] {
        let (server, sandbox) = (mock_server(responses), Sandbox::new());
        write_entry(&sandbox, &server.url(), "1", false);
        let outcome = with_workspace(&sandbox, &["clean"], &server.url());
        if is_removed {
            outcome.assert(0, "already gone: c/1\n", "");
        } else {
            assert_eq!(outcome.code, Some(3), "{outcome}");
            assert!(
                outcome.stderr.starts_with("warning: cannot destroy c/1: "),
                "{outcome}"
            );
        }
        assert_eq!(files(&sandbox).is_empty(), is_removed);
    }
}

#[test]
fn credentials_are_sent_only_to_the_host_that_their_source_names() {
    let (service, other, sandbox) = (Service::start(&[]), Service::start(&[]), Sandbox::new());
    // A port of this machine needs no credentials, but those of the variable would be sent.
    write_entry(
        &sandbox,
        &service.url().replace("127.0.0.1", "ws.invalid"),
        "1",
        false,
    );
    let mut command = sandbox.command(["clean"]);
    command.env("DATABRICKS_TOKEN", TOKEN);
    let outcome = Running::start(command).finish();
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(
        outcome
            .stderr
            .contains("no credentials configured for http://ws.invalid")
            && outcome
                .stderr
                .contains("`DATABRICKS_TOKEN` (without a host)"),
        "{outcome}"
    );
    fs::remove_dir_all(journal(&sandbox)).unwrap();

    write_entry(&sandbox, &service.url(), "1", false);
    write_entry(&sandbox, &other.url(), "2", false);
    let profiles = format!(
        "[a]\nhost = {}\ntoken = {TOKEN}\n[b]\nhost = {}\ntoken = dapi-b\n",
        service.url(),
        other.url()
    );
    sandbox.write(".databrickscfg", profiles);
    let outcome = sandbox.run(["clean"]);
    assert_eq!(
        (outcome.code, outcome.stdout.lines().count()),
        (Some(0), 2),
        "{outcome}"
    );
    assert_eq!(service.count("contexts/destroy"), 1);
    assert_eq!(other.count("contexts/destroy"), 1);

    let outcome = sandbox.run(["clean", "--token", TOKEN]);
    outcome.assert(
        2,
        "",
        "error: no workspace selected\nhelp: use `--host URL` or `--profile NAME`\n",
    );
}

#[test]
fn detached_contexts_are_destroyed_on_request() {
    let (service, sandbox) = (Service::start(&[]), Sandbox::new());
    write_entry(&sandbox, &service.url(), "1", true);
    write_entry(&sandbox, &service.url(), "2", true);
    let kept = "note: 2 detached contexts are kept; `dbexec clean --all` destroys them, too\n";
    with_workspace(&sandbox, &["clean"], &service.url()).assert(0, "", kept);
    with_workspace(&sandbox, &["clean", "c/1/x"], &service.url()).assert(0, "destroyed c/1\n", "");
    with_workspace(&sandbox, &["clean", "c/1"], &service.url()).assert(
        2,
        "",
        "error: no context `c/1` in the journal\nhelp: `dbexec ps` lists the contexts\n",
    );
    let kept = "note: 1 detached context is kept; `dbexec clean --all` destroys it, too\n";
    with_workspace(&sandbox, &["clean"], &service.url()).assert(0, "", kept);
    with_workspace(&sandbox, &["clean", "--all"], &service.url()).assert(0, "destroyed c/2\n", "");
    assert_eq!(service.count("contexts/destroy"), 2);
}

#[test]
fn unreadable_entries_are_kept_with_a_warning() {
    let (service, sandbox) = (Service::start(&[]), Sandbox::new());
    write_entry(&sandbox, &service.url(), "1", false);
    fs::write(journal(&sandbox).join("2-0.0.json"), r#"{"schema": 2}"#).unwrap();
    let outcome = with_workspace(&sandbox, &["clean"], &service.url());
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(0), "destroyed c/1\n"),
        "{outcome}"
    );
    assert!(
        outcome
            .stderr
            .ends_with("it is not an entry of this version\n"),
        "{outcome}"
    );
    assert_eq!(files(&sandbox).len(), 1);
}

#[test]
fn ps_ends_on_a_server_that_does_not_respond() {
    let service = Service::start(&[("contexts/status", Reaction::Silent)]);
    let sandbox = Sandbox::new();
    for context in ["1", "2", "3"] {
        write_entry(&sandbox, &service.url(), context, false);
    }
    let outcome = with_workspace(&sandbox, &["ps"], &service.url());
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert_eq!(
        outcome.stdout.matches("unreachable").count(),
        3,
        "{outcome}"
    );
    assert_eq!(
        outcome.stderr.matches("the deadline passed").count(),
        3,
        "{outcome}"
    );
}

#[test]
fn killed_run_leaves_no_interpreter_after_clean() {
    let (serving, sandbox) = (Sandbox::new(), Sandbox::new());
    let server = ServeProcess::start(&serving);
    sandbox.write("job.py", "import time; time.sleep(100_000)");
    let workspace = ["--host", &server.url, "--token", "secret"];
    let run = ["run", "job.py", "--cluster", "c"];
    let running = sandbox.start([&run[..], &workspace].concat());
    let ps = || sandbox.run([&["ps"][..], &workspace].concat()).stdout;
    until("the command runs", || ps().contains(" Running "));
    kill(running);
    assert!(serving.has_interpreter());
    let outcome = sandbox.run([&["clean"][..], &workspace].concat());
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let is_listed =
        outcome.stdout.starts_with("destroyed c/") && outcome.stdout.ends_with(" (job.py)\n");
    assert!(is_listed, "{outcome}");
    until("the interpreter has ended", || !serving.has_interpreter());
}
