//! `dbexec cluster` and `dbexec run --start` on a workspace whose cluster takes its time.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use rustix::process::Signal;
use serde_json::{Value, json};
use test_server::{Connection, DEADLINE, Server, response};

use crate::cleanup::NOTICE_WITHOUT_COMMAND;
use crate::pty::Terminal;
use crate::support::{CLUSTER, Outcome, Running, Sandbox, ServeProcess, TOKEN};

/// Workspace with the cluster `etl`, which has a library.
struct Workspace {
    server: Server,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    cluster: &'static str,
    /// State after a request to start the cluster, and after [`Workspace::release`].
    after_start: (&'static str, &'static str),
    library: &'static str,
    is_released: bool,
    /// Set if requests that create a context have no response.
    holds_contexts: bool,
    /// Endpoints of all requests.
    requests: Vec<String>,
}

impl Workspace {
    /// Starts a workspace whose cluster has this state. After a request to start it, the cluster is pending,
    /// and has the state `end` after [`Self::release`].
    fn start(cluster: &'static str, end: &'static str, library: &'static str) -> Self {
        let shared = Arc::new(Shared::default());
        *shared.lock() = State {
            cluster,
            after_start: ("PENDING", end),
            library,
            ..State::default()
        };
        let serving = Arc::clone(&shared);
        let server = Server::start(move |connection| serving.serve(connection));
        Self { server, shared }
    }

    fn release(&self) {
        let mut state = self.shared.lock();
        state.is_released = true;
        if state.count("clusters/start") > 0 {
            state.cluster = state.after_start.1;
        }
    }

    fn count(&self, endpoint: &str) -> usize {
        self.shared.lock().count(endpoint)
    }

    /// Waits until an endpoint has received this many requests.
    #[track_caller]
    fn wait_for(&self, endpoint: &str, count: usize) {
        let state = self.shared.lock();
        let wait = self
            .shared
            .changed
            .wait_timeout_while(state, DEADLINE, |state| state.count(endpoint) < count);
        assert!(!wait.unwrap().1.timed_out(), "no requests of {endpoint}");
    }

    fn arguments(&self, command: &[&str]) -> Vec<String> {
        let workspace = ["--host", &self.server.url(), "--token", TOKEN];
        let all = command.iter().copied().chain(workspace);
        all.map(String::from).collect()
    }

    fn run(&self, command: &[&str]) -> Outcome {
        Sandbox::new().run(self.arguments(command))
    }
}

impl State {
    fn count(&self, endpoint: &str) -> usize {
        self.requests
            .iter()
            .filter(|name| *name == endpoint)
            .count()
    }

    fn respond(&mut self, endpoint: &str) -> (u16, Value) {
        let cluster = json!({
            "cluster_id": CLUSTER,
            "cluster_name": "etl",
            "state": self.cluster,
            "state_message": if self.cluster == "RUNNING" { "" } else { "Finding instances" },
        });
        let body = match endpoint {
            "clusters/list" => json!({ "clusters": [cluster] }),
            "clusters/get" => cluster,
            "clusters/start" => {
                self.cluster = if self.is_released {
                    self.after_start.1
                } else {
                    self.after_start.0
                };
                json!({})
            }
            "libraries/cluster-status" => json!({"library_statuses": [
                {"library": {"jar": "dbfs:/a.jar"}, "status": self.library, "messages": ["no such file"]},
            ]}),
            "contexts/create" if self.cluster != "RUNNING" => {
                return (
                    400,
                    json!({ "error": "the cluster is in an unexpected state" }),
                );
            }
            "contexts/create" | "commands/execute" => json!({ "id": "1" }),
            "contexts/status" => json!({ "status": "Running" }),
            "commands/status" => json!({
                "status": "Finished",
                "results": {"resultType": "text", "data": "42"},
            }),
            _ => json!({}),
        };
        (200, body)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn serve(&self, mut connection: Connection) -> io::Result<()> {
        while connection.has_data()? {
            let request = connection.read_request()?;
            let path = request.target().split('?').next().unwrap_or_default();
            let endpoint = path.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
            let (status, body, is_held) = {
                let mut state = self.lock();
                state.requests.push(endpoint.clone());
                let (status, body) = state.respond(&endpoint);
                let is_held = state.holds_contexts && endpoint == "contexts/create";
                (status, body, is_held)
            };
            self.changed.notify_all();
            if is_held {
                return connection.wait_for_close();
            }
            let headers = ["content-type: application/json"];
            connection.send(response(status, &headers, body.to_string()))?;
        }
        Ok(())
    }
}

const START: [&str; 4] = ["cluster", "start", "etl", "--wait"];

#[test]
fn start_waits_until_the_cluster_is_ready() {
    let workspace = Workspace::start("TERMINATED", "RUNNING", "INSTALLED");
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(workspace.arguments(&START));
    command.env("DBEXEC_PROGRESS", "plain");
    let mut running = Running::start(command);
    let mut line = running.stderr_line();
    // Depending on the speed, the state before the start is displayed, too.
    while !line.contains("Pending") {
        line = running.stderr_line();
    }
    assert_eq!(line, "etl  Pending \"Finding instances\"\n");
    workspace.release();
    let outcome = running.finish();
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let end = outcome.stderr.lines().last().unwrap_or_default();
    assert!(end.starts_with("etl Running after "), "{outcome}");
    assert!(
        end.ends_with(", libraries installed, test context created"),
        "{outcome}"
    );
    for endpoint in ["clusters/start", "contexts/create", "contexts/destroy"] {
        assert_eq!(workspace.count(endpoint), 1, "{endpoint}");
    }
}

#[test]
fn terminal_shows_the_state_and_its_message() {
    let workspace = Workspace::start("TERMINATED", "RUNNING", "INSTALLED");
    let sandbox = Sandbox::new();
    let terminal = Terminal::new().variable("DBEXEC_PROGRESS", "auto");
    let session = terminal.start(&sandbox, workspace.arguments(&START));
    session.wait_for("etl  Pending 0:");
    session.wait_for("\"Finding instances\"");
    workspace.release();
    session.wait_for("test context created");
    let end = session.finish();
    assert_eq!(end.code(), Some(0), "{end}");
    // The line with the state is erased.
    assert!(!end.text.contains("Pending"), "{end}");
}

#[test]
fn interrupted_wait_leaves_the_cluster_starting() {
    let workspace = Workspace::start("TERMINATED", "RUNNING", "INSTALLED");
    let sandbox = Sandbox::new();
    let running = sandbox.start(workspace.arguments(&START));
    workspace.wait_for("clusters/start", 1);
    workspace.wait_for("clusters/get", 3);
    running.signal(Signal::INT);
    running.finish().assert(
        130,
        "",
        "interrupted: `etl` is Pending, and continues to start\n\
         help: `dbexec cluster status etl --wait` continues to wait\n",
    );
    assert_eq!(workspace.count("clusters/delete"), 0);
    assert_eq!(workspace.count("contexts/create"), 0);
}

#[test]
fn signals_during_the_test_context_report_that_it_may_exist() {
    for signals in [&[Signal::INT][..], &[Signal::INT, Signal::TERM]] {
        let workspace = Workspace::start("RUNNING", "", "INSTALLED");
        workspace.shared.lock().holds_contexts = true;
        let sandbox = Sandbox::new();
        let mut running = sandbox.start(workspace.arguments(&START));
        workspace.wait_for("contexts/create", 1);
        running.signal(Signal::INT);
        assert_eq!(running.stderr_line(), NOTICE_WITHOUT_COMMAND);
        // The response is awaited for some seconds, unless a second signal arrives.
        for signal in &signals[1..] {
            running.signal(*signal);
        }
        let outcome = running.finish();
        assert!(
            matches!(outcome.code, Some(130 | 143)),
            "{signals:?}: {outcome}"
        );
        let warning = format!("warning: an execution context may exist on the cluster `{CLUSTER}`");
        assert!(outcome.stderr.contains(&warning), "{signals:?}: {outcome}");
    }
}

#[test]
fn timeout_leaves_the_cluster_starting() {
    let workspace = Workspace::start("TERMINATED", "RUNNING", "INSTALLED");
    // Long enough for the first responses on a busy machine.
    let start = [&START[..], &["--timeout", "10s"]].concat();
    workspace.run(&start).assert(
        4,
        "",
        "error: `etl` is still Pending after 10 s (--timeout), and continues to start\n\
         help: `dbexec cluster status etl --wait` continues to wait\n",
    );
}

#[test]
fn cluster_or_library_that_fails_is_an_error() {
    let workspace = Workspace::start("TERMINATED", "TERMINATED", "INSTALLED");
    workspace.release();
    let outcome = workspace.run(&START);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(
        outcome.stderr.contains("TERMINATED: Finding instances"),
        "{outcome}"
    );

    let workspace = Workspace::start("RUNNING", "", "FAILED");
    let outcome = workspace.run(&START);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(outcome.stderr.contains("no such file"), "{outcome}");
}

#[test]
fn cluster_in_the_state_is_not_changed() {
    let workspace = Workspace::start("RUNNING", "", "INSTALLED");
    let start = ["cluster", "start", "etl"];
    workspace
        .run(&start)
        .assert(0, "", "etl is already Running\n");
    workspace.run(&START).assert(
        0,
        "",
        "etl is already Running, libraries installed, test context created\n",
    );
    assert_eq!(workspace.count("clusters/start"), 0);

    let workspace = Workspace::start("TERMINATED", "", "");
    let stop = ["cluster", "stop", "etl", "--wait"];
    workspace
        .run(&stop)
        .assert(0, "", "etl is already Terminated\n");
    assert_eq!(workspace.count("clusters/delete"), 0);
    let status = ["cluster", "status", CLUSTER, "--wait"];
    workspace
        .run(&status)
        .assert(0, "Terminated\n", "note: Finding instances\n");
}

#[test]
fn start_without_wait_sends_the_request_only() {
    let workspace = Workspace::start("TERMINATED", "RUNNING", "INSTALLED");
    workspace.run(&START[..3]).assert(
        0,
        "",
        "etl is starting; `dbexec cluster status etl --wait` waits until it runs\n",
    );
    workspace
        .run(&START[..3])
        .assert(0, "", "etl is already Pending\n");
    assert_eq!(workspace.count("clusters/start"), 1);

    let workspace = Workspace::start("TERMINATING", "", "");
    workspace.run(&START[..3]).assert(
        3,
        "",
        "error: `etl` is Terminating\n\
         help: `dbexec cluster start etl --wait` starts it afterwards\n",
    );
}

const RUN: [&str; 6] = ["run", "--as-command", "-l", "python", "-c", "6*7"];

#[test]
fn run_starts_a_cluster_only_if_the_option_is_set() {
    let workspace = Workspace::start("TERMINATED", "RUNNING", "");
    workspace.release();
    let run = [&RUN[..], &["--cluster", "etl"]].concat();
    let message = |cluster| {
        format!(
            "error: the cluster `{cluster}` is Terminated\n\
             help: use `--start` to start it, or `dbexec cluster start {cluster} --wait`\n"
        )
    };
    workspace.run(&run).assert(3, "", &message("etl"));
    assert_eq!(workspace.count("contexts/create"), 0);

    // The state of a cluster that was not looked up is requested after the error.
    let by_id = [&RUN[..], &["--cluster", CLUSTER]].concat();
    let note = "note: contexts.create: the server responded with 400 Bad Request: the cluster is in an \
                unexpected state\n";
    workspace
        .run(&by_id)
        .assert(3, "", &(message(CLUSTER) + note));
    assert_eq!(workspace.count("clusters/start"), 0);

    let run = [&run[..], &["--start"]].concat();
    workspace
        .run(&run)
        .assert(0, "42\n", "etl Running after TIME\n");
    assert_eq!(workspace.count("clusters/start"), 1);
    workspace.run(&run).assert(0, "42\n", "");
    assert_eq!(workspace.count("clusters/start"), 1);
}

#[test]
fn session_starts_a_cluster_only_if_the_option_is_set() {
    let workspace = Workspace::start("TERMINATED", "RUNNING", "");
    workspace.release();
    let run = |options: &[&str]| {
        let repl = ["repl", "-l", "python", "--cluster", "etl"];
        let arguments = workspace.arguments(&[&repl[..], options].concat());
        Running::with_input(Sandbox::new().command(arguments), b"6*7\n").finish()
    };
    let outcome = run(&[]);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(
        outcome.stderr.contains("use `--start` to start it"),
        "{outcome}"
    );
    assert_eq!(workspace.count("clusters/start"), 0);

    run(&["--start"]).assert(0, "42\n", "etl Running after TIME\n");
    assert_eq!(workspace.count("clusters/start"), 1);
}

#[test]
fn clusters_of_the_local_server_are_listed_stopped_and_started() {
    let (serving, sandbox) = (Sandbox::new(), Sandbox::new());
    let server = ServeProcess::with(&serving, &["--clusters", "strict"]);
    let workspace = ["--host", &server.url, "--token", "secret"];
    let run = |command: &[&str]| sandbox.run([command, &workspace].concat());
    for name in ["etl", "ad hoc"] {
        let create = [
            "call",
            "clusters.create",
            "spark_version=17.3.x-scala2.13",
            "num_workers=2",
        ];
        let name = format!("cluster_name={name}");
        let created = run(&[&create[..], &[&name, "--wait"]].concat());
        assert_eq!(created.code, Some(0), "{created}");
    }
    let stopped = run(&["cluster", "stop", "ad hoc", "--wait"]);
    stopped.assert(0, "", "ad hoc Terminated after TIME\n");
    let listed = run(&["cluster", "list", "--output", "json"]);
    let rows: Value = serde_json::from_str(&listed.stdout).unwrap();
    let started = rows[0]["started"].as_str().unwrap();
    assert!(started.contains('T') && started.ends_with('Z'), "{started}");
    let names = [rows[0]["name"].as_str(), rows[1]["name"].as_str()];
    assert_eq!(names, [Some("etl"), Some("ad hoc")], "{listed}");
    assert_eq!(rows[0]["workers"], "2");
    assert_eq!(rows[1]["state"], "Terminated");
    assert_eq!(run(&["cluster", "list"]).stdout.lines().count(), 4);

    let status = |name| run(&["cluster", "status", name]);
    assert_eq!(status("ad hoc").stdout, "Terminated\n");
    assert_eq!(status("etl").stdout, "Running\n");
    let json = run(&["cluster", "status", "etl", "--output", "json"]).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["message"], Value::Null);
    for name in ["name", "id", "state", "spark_version", "workers", "started"] {
        assert_eq!(json[name], rows[0][name], "{name}");
    }
    let started = run(&["cluster", "start", "ad hoc", "--wait"]);
    assert_eq!(started.code, Some(0), "{started}");
    assert!(
        started.stderr.ends_with(", test context created\n"),
        "{started}"
    );
    let unknown = run(&["cluster", "start", "unknown"]);
    assert_eq!(unknown.code, Some(3), "{unknown}");

    let narrow = Terminal::new().size(40, 24);
    let shown = narrow.run(&sandbox, [&["cluster", "list"][..], &workspace].concat());
    assert!(shown.stdout.contains("columns shown"), "{shown}");
    for line in run(&["cluster", "list", "--output", "ndjson"])
        .stdout
        .lines()
    {
        let cluster: Value = serde_json::from_str(line).unwrap();
        let id = cluster["id"].as_str().unwrap();
        assert!(shown.stdout.contains(id), "{id}: {shown}");
    }
}
