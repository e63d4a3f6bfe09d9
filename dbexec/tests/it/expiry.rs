//! Credentials that expire while code runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use rustix::process::Signal;
use test_server::{Request, Server};

use crate::support::{CLUSTER, Running, Sandbox};

/// Responses of servers to an expired token.
const REJECTIONS: [(u16, &str); 6] = [
    (403, r#"{"error_code": 403, "message": "JWT has expired"}"#),
    (
        403,
        r#"{"error_code": 403, "message": "Token is expiring within 30 seconds. (token expired)"}"#,
    ),
    (
        403,
        r#"{"error_code": 403, "message": "Invalid access token."}"#,
    ),
    (
        403,
        "<html><title>Error 403 Invalid access token.</title><body></body></html>",
    ),
    (
        400,
        r#"{"error": "io.jsonwebtoken.ExpiredJwtException: JWT expired at 12:00"}"#,
    ),
    (401, r#"{"error_code": 401, "message": "Token is expired"}"#),
];

const CREATE: &str = "/api/1.2/contexts/create";
const CONTEXT: &str = "/api/1.2/contexts/status";
const EXECUTE: &str = "/api/1.2/commands/execute";
const COMMAND: &str = "/api/1.2/commands/status";
const CANCEL: &str = "/api/1.2/commands/cancel";
const DESTROY: &str = "/api/1.2/contexts/destroy";

/// Workspace that accepts each token for one request. The token command and the OAuth server issue the
/// latest token.
struct Workspace {
    /// Endpoints of the processed requests.
    processed: Mutex<Vec<String>>,
    /// File with the latest token.
    token_file: PathBuf,
    rejection: (u16, &'static str),
    /// Commands run until they are canceled.
    is_endless: bool,
}

impl Workspace {
    fn token(&self) -> String {
        fs::read_to_string(&self.token_file).unwrap()
    }

    fn start(self: &Arc<Self>) -> Server {
        let workspace = Arc::clone(self);
        fs::write(&self.token_file, "dapi-0").unwrap();
        Server::start(move |mut connection| {
            while connection.has_data()? {
                let request = connection.read_request()?;
                let (status, body) = workspace.respond(&request);
                connection.respond(status, &["content-type: application/json"], body)?;
            }
            Ok(())
        })
    }

    fn respond(&self, request: &Request) -> (u16, String) {
        let endpoint = request.target().split('?').next().unwrap();
        if endpoint.contains("oauth-authorization-server") {
            let host = request.header("host").unwrap();
            return (
                200,
                format!(r#"{{"token_endpoint": "http://{host}/oidc/v1/token"}}"#),
            );
        }
        if endpoint == "/oidc/v1/token" {
            let token = self.token();
            return (
                200,
                format!(r#"{{"access_token": "{token}", "expires_in": 3600}}"#),
            );
        }
        if request.header("authorization") != Some(&format!("Bearer {}", self.token())) {
            let (status, body) = self.rejection;
            return (status, body.to_owned());
        }
        let mut processed = self.processed.lock().unwrap();
        processed.push(endpoint.to_owned());
        fs::write(&self.token_file, format!("dapi-{}", processed.len())).unwrap();
        let polls = processed.iter().filter(|it| *it == COMMAND).count();
        let is_canceled = processed.iter().any(|it| it == CANCEL);
        let body = match endpoint {
            CONTEXT => r#"{"id": "context", "status": "Running"}"#,
            COMMAND if is_canceled => {
                r#"{"id": "command", "status": "Cancelled", "results": null}"#
            }
            COMMAND if polls < 3 || self.is_endless => {
                r#"{"id": "command", "status": "Running", "results": null}"#
            }
            COMMAND => {
                r#"{"id": "command", "status": "Finished",
                    "results": {"resultType": "text", "data": "42"}}"#
            }
            EXECUTE => r#"{"id": "command"}"#,
            _ => r#"{"id": "context"}"#,
        };
        (200, body.to_owned())
    }

    fn count(&self, endpoint: &str) -> usize {
        let processed = self.processed.lock().unwrap();
        processed.iter().filter(|it| *it == endpoint).count()
    }
}

fn workspace(
    sandbox: &Sandbox,
    rejection: (u16, &'static str),
    is_endless: bool,
) -> Arc<Workspace> {
    Arc::new(Workspace {
        processed: Mutex::default(),
        token_file: sandbox.path("token"),
        rejection,
        is_endless,
    })
}

fn run(sandbox: &Sandbox, server: &Server) -> Command {
    let mut command = sandbox.command([
        "run",
        "-l",
        "python",
        "-c",
        "print(6*7)",
        "--cluster",
        CLUSTER,
    ]);
    command.env("DATABRICKS_HOST", server.url());
    command
}

fn with_token_command(mut command: Command, token_file: &Path) -> Command {
    let line = format!("cat '{}'", token_file.display());
    command.env("DATABRICKS_TOKEN_COMMAND", line);
    command
}

fn with_oauth(mut command: Command) -> Command {
    command
        .env("DATABRICKS_CLIENT_ID", "id")
        .env("DATABRICKS_CLIENT_SECRET", "secret");
    command
}

#[test]
fn token_that_expires_at_each_step_is_refreshed_and_the_code_runs_once() {
    for rejection in REJECTIONS {
        for is_oauth in [false, true] {
            let sandbox = Sandbox::new();
            let workspace = workspace(&sandbox, rejection, false);
            let server = workspace.start();
            let command = run(&sandbox, &server);
            let command = if is_oauth {
                with_oauth(command)
            } else {
                with_token_command(command, &workspace.token_file)
            };
            Running::start(command).finish().assert(0, "42\n", "");
            let processed = workspace.processed.lock().unwrap();
            let steps = [CREATE, CONTEXT, EXECUTE, COMMAND, COMMAND, COMMAND, DESTROY];
            assert_eq!(*processed, steps, "{rejection:?}");
        }
    }
}

#[test]
fn token_that_expires_during_clean_up_is_refreshed() {
    for rejection in REJECTIONS {
        let sandbox = Sandbox::new();
        let workspace = workspace(&sandbox, rejection, true);
        let server = workspace.start();
        let command = with_token_command(run(&sandbox, &server), &workspace.token_file);
        let running = Running::start(command);
        crate::support::until("the code runs", || workspace.count(COMMAND) >= 2);
        running.signal(Signal::INT);
        let outcome = running.finish();
        assert_eq!(outcome.code, Some(130), "{rejection:?} {outcome}");
        let counts = [CREATE, EXECUTE, CANCEL, DESTROY].map(|endpoint| workspace.count(endpoint));
        assert_eq!(counts, [1; 4], "{rejection:?} {outcome}");
        assert!(!outcome.stderr.contains("left behind"), "{outcome}");
    }
}

#[test]
fn fixed_token_that_has_expired_is_sent_once() {
    for rejection in REJECTIONS {
        let sandbox = Sandbox::new();
        let workspace = workspace(&sandbox, rejection, false);
        let server = workspace.start();
        let mut command = run(&sandbox, &server);
        command.env("DATABRICKS_TOKEN", "dapi-old");
        let outcome = Running::start(command).finish();
        let code = format!(
            "error: contexts.create: the server responded with {} ",
            rejection.0
        );
        outcome.assert_starts_with(3, "", &code);
        let origin =
            "(sent with a bearer token from the environment variable `DATABRICKS_TOKEN`)\n";
        assert!(outcome.stderr.contains(origin), "{outcome}");
        // A refused context is followed by a request for the state of the cluster.
        let requests = server.requests();
        let created = requests
            .iter()
            .filter(|request| request.target() == "/api/1.2/contexts/create");
        assert_eq!(created.count(), 1, "{rejection:?}");
    }
}

#[test]
fn missing_permission_causes_no_refresh() {
    let sandbox = Sandbox::new();
    let denied = (
        403,
        r#"{"error_code": 403, "message": "denied: JWT has expired"}"#,
    );
    let workspace = workspace(&sandbox, denied, false);
    let server = workspace.start();
    sandbox.write("count", "");
    sandbox.write("command", "echo >> count; echo dapi-old");
    let mut command = run(&sandbox, &server);
    command.env("DATABRICKS_TOKEN_COMMAND", "sh command");
    let outcome = Running::start(command).finish();
    outcome.assert_starts_with(
        3,
        "",
        "error: contexts.create: the server responded with 403 ",
    );
    assert_eq!(server.requests().len(), 1);
    assert_eq!(fs::read_to_string(sandbox.path("count")).unwrap(), "\n");
}
