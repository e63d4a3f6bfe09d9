//! Commands that are interrupted, and what they leave on purpose.

/// Contexts and commands that remain after a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remains {
    Nothing,
    /// As above, after `dbexec repl`, which writes no report.
    NothingOfSession,
    /// The new context, with its command, if its handle was printed.
    Detached,
    /// New contexts whose handles were printed, without commands.
    Kept,
    /// The context that existed before, without commands.
    Attached,
    /// The context that existed before, and its command unless it has ended.
    Waited,
    /// The context that existed before, and the command of `dbexec call`.
    Called,
}

#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    /// Without the options of the workspace. `HANDLE` is the context that existed before.
    pub(super) arguments: &'static [&'static str],
    pub(super) remains: Remains,
    /// Approximate number of events of an uninterrupted life, without the requests for the cluster.
    events: usize,
}

/// Names and code of the files.
pub(super) const FILES: [(&str, &str); 5] = [
    ("a.py", "print(1)"),
    ("b.py", "print(2)"),
    ("c.scala", "println(3)"),
    ("d.sql", "SELECT :n"),
    (
        "nb.py",
        "# Databricks notebook source\n1\n# COMMAND ----------\n%sql SELECT 1\n# COMMAND ----------\n%scala 1",
    ),
];

/// Inputs of a session.
pub(super) const INPUTS: &str = "1\n:sql SELECT 1\n:scala 1\n2\n";

pub(super) const SCENARIOS: [Scenario; 15] = [
    run("code", &["-l", "r", "-c", "1"], 24),
    run("script", &["a.py"], 24),
    run("files", &["a.py", "b.py", "c.scala", "--param", "n=1"], 70),
    run("notebook", &["nb.py", "--save-notebook", "out.ipynb"], 60),
    run("arguments", &["-l", "python", "-c", "1", "--", "x"], 32),
    run(
        "parallel",
        &[
            "--parallel",
            "3",
            "a.py",
            "b.py",
            "c.scala",
            "d.sql",
            "--param",
            "n=1",
        ],
        90,
    ),
    run(
        "one after the other in parallel",
        &["--parallel", "1", "a.py", "b.py"],
        48,
    ),
    run("file", &["d.sql", "--param", "n=1", "--output", "csv"], 24),
    Scenario {
        name: "detach",
        arguments: &["run", "--detach", "b.py"],
        remains: Remains::Detached,
        events: 13,
    },
    Scenario {
        name: "detached code",
        arguments: &["run", "--detach", "-l", "sql", "-c", "SELECT 1"],
        remains: Remains::Detached,
        events: 13,
    },
    Scenario {
        name: "keep",
        arguments: &["run", "--keep", "a.py", "c.scala"],
        remains: Remains::Kept,
        events: 40,
    },
    Scenario {
        name: "context",
        arguments: &[
            "run",
            "--context",
            "HANDLE",
            "a.py",
            "d.sql",
            "--param",
            "n=1",
        ],
        remains: Remains::Attached,
        events: 24,
    },
    Scenario {
        name: "wait",
        arguments: &["wait", "HANDLE/command-0"],
        remains: Remains::Waited,
        events: 14,
    },
    Scenario {
        name: "repl",
        arguments: &["repl"],
        remains: Remains::NothingOfSession,
        events: 44,
    },
    Scenario {
        name: "call",
        arguments: &[
            "call",
            "commands.execute",
            "clusterId=c",
            "contextId=context-0",
            "language=python",
            "command=1",
            "--wait",
        ],
        remains: Remains::Called,
        events: 14,
    },
];

/// A `dbexec run` that leaves nothing.
const fn run(name: &'static str, arguments: &'static [&'static str], events: usize) -> Scenario {
    Scenario {
        name,
        arguments,
        remains: Remains::Nothing,
        events,
    }
}

impl Scenario {
    /// Returns the approximate number of events of an uninterrupted life.
    pub(super) fn events(&self) -> usize {
        self.events + if self.is_run() { 8 } else { 0 }
    }

    pub(super) fn is_run(&self) -> bool {
        !matches!(
            self.remains,
            Remains::Waited | Remains::Called | Remains::NothingOfSession
        )
    }

    /// Returns whether inputs are read from standard input.
    pub(super) fn is_session(&self) -> bool {
        self.remains == Remains::NothingOfSession
    }

    /// Returns whether a context exists before.
    pub(super) fn has_context(&self) -> bool {
        matches!(
            self.remains,
            Remains::Attached | Remains::Waited | Remains::Called
        )
    }

    /// Returns the arguments with those of the workspace.
    pub(super) fn arguments(&self, url: &str, token: &str, cleanup_timeout: &str) -> Vec<String> {
        let mut all = Vec::new();
        if self.remains == Remains::Nothing {
            all.push("run");
        }
        all.extend(self.arguments);
        let mut all: Vec<_> = all
            .into_iter()
            .map(|argument| argument.replace("HANDLE", "c/context-0"))
            .collect();
        let options = ["--host", url, "--token", token];
        let of_contexts = ["--cluster", "c", "--cleanup-timeout", cleanup_timeout];
        let mut added: Vec<_> = options.into_iter().collect();
        if self.is_run() || self.is_session() {
            added.extend(of_contexts);
        }
        if self.is_run() {
            added.extend(["--report", "r.json"]);
            if self.remains == Remains::Attached {
                added.retain(|text| !matches!(*text, "--cluster" | "c"));
            }
        }
        // Before the arguments of the code.
        let at = all
            .iter()
            .position(|text| text == "--")
            .unwrap_or(all.len());
        all.splice(at..at, added.into_iter().map(str::to_owned));
        all
    }
}
