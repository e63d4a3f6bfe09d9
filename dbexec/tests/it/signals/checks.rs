//! Conditions after the end of a process.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use super::life::End;
use super::plan::{Line, Plan};
use super::scenario::Remains;
use super::workspace::State;
use crate::support::{Outcome, Sandbox, TOKEN};

/// Separates processes that end within their budget of a few seconds from those that wait for the workspace.
pub(super) const MAX_DURATION: Duration = Duration::from_secs(60);

/// Facts after the end of a process.
pub(super) struct Evidence<'a> {
    pub(super) plan: &'a Plan,
    /// Signals that were sent.
    pub(super) signals: Vec<Signal>,
    /// Time between the last signal and the end.
    pub(super) elapsed: Duration,
    pub(super) outcome: Outcome,
    pub(super) state: State,
    pub(super) sandbox: Sandbox,
}

/// Entry of the journal.
struct Entry {
    context: Option<String>,
    is_detached: bool,
}

impl Evidence<'_> {
    /// Checks all.
    pub(super) fn check(&self) -> Result<End, String> {
        let mut problems = Vec::new();
        self.check_end(&mut problems);
        self.check_contexts(&mut problems);
        self.check_commands(&mut problems);
        self.check_journal(&mut problems);
        self.check_report(&mut problems);
        if problems.is_empty() {
            return Ok(if self.ended_by_signal() {
                End::BySignal
            } else {
                End::BeforeSignal
            });
        }
        Err(self.describe(&problems))
    }

    /// Returns whether nothing prevents the clean-up.
    fn is_clean(&self) -> bool {
        self.signals.len() <= 1 && matches!(self.plan.line, Line::Responsive(_))
    }

    fn ended_by_signal(&self) -> bool {
        let code = self.outcome.code;
        let mut codes = self.signals.iter().map(|signal| 128 + signal.as_raw());
        codes.any(|expected| code == Some(expected))
    }

    /// Returns whether text was printed for the user.
    fn prints(&self, text: &str) -> bool {
        self.outcome.stderr.contains(text) || self.outcome.stdout.contains(text)
    }

    fn remains(&self) -> Remains {
        self.plan.scenario.remains
    }

    fn handle_was_printed(&self) -> bool {
        self.remains() == Remains::Detached && !self.outcome.stdout.is_empty()
    }

    /// Returns the contexts that exist and were not meant to remain.
    fn left(&self) -> BTreeSet<&str> {
        let contexts = self.state.contexts.keys().map(String::as_str);
        contexts
            .filter(|id| *id != "context-0" && !self.handle_was_printed())
            .filter(|id| self.remains() != Remains::Kept || !self.prints(&format!("c/{id}")))
            .collect()
    }

    fn check_end(&self, problems: &mut Vec<String>) {
        let Outcome {
            code,
            stdout,
            stderr,
        } = &self.outcome;
        let by_signal = self.ended_by_signal();
        if !by_signal && *code != Some(0) {
            problems.push(format!("the exit code is {code:?}"));
        }
        // A command that never ends can only be interrupted.
        let is_endless = self.plan.polls.is_none() && self.remains() != Remains::Detached;
        if is_endless && !by_signal {
            problems.push("a signal was ignored".to_owned());
        }
        if stderr.contains("panicked") || stderr.contains(TOKEN) || stdout.contains(TOKEN) {
            problems.push("the output has a panic or a secret".to_owned());
        }
        if self.elapsed >= MAX_DURATION {
            problems.push(format!(
                "the process has not ended after {:?}",
                self.elapsed
            ));
        }
    }

    fn check_contexts(&self, problems: &mut Vec<String>) {
        let has_first = self.state.contexts.contains_key("context-0");
        let keeps_first = match self.remains() {
            Remains::Attached | Remains::Called => true,
            // Destroyed after the end of the command.
            Remains::Waited => self.plan.polls.is_none(),
            _ => false,
        };
        if keeps_first && !has_first {
            problems.push("the context that existed before was destroyed".to_owned());
        }
        for id in self.left() {
            if self.is_clean() {
                problems.push(format!("{id} remains"));
            } else if !self.prints(id) && !self.prints("may exist") {
                problems.push(format!("{id} remains, and nothing was printed"));
            }
        }
    }

    fn check_commands(&self, problems: &mut Vec<String>) {
        if matches!(self.remains(), Remains::Waited | Remains::Called) && self.state.cancels > 0 {
            problems.push("a command was canceled that belongs to another process".to_owned());
        }
        let before = self.plan.scenario.has_context().then_some("command-0");
        for id in self.state.running() {
            if Some(id) == before || self.handle_was_printed() {
                continue;
            }
            let is_named = self.prints(id);
            let is_in_doubt = self.prints("may be running")
                || self.prints("may exist")
                || self.prints("may have been processed");
            match self.remains() {
                Remains::Called if is_named || is_in_doubt => {}
                Remains::Called if !self.state.commands[id].is_known => {}
                _ if self.is_clean() => problems.push(format!("{id} is running")),
                _ if is_named || is_in_doubt => {}
                _ => problems.push(format!("{id} is running, and nothing was printed")),
            }
        }
    }

    fn check_journal(&self, problems: &mut Vec<String>) {
        let entries = self.journal();
        let is_recorded = |id: &str| {
            let mut contexts = entries.iter().map(|entry| &entry.context);
            contexts.any(|context| context.as_deref().is_none_or(|context| context == id))
        };
        let first = "context-0";
        for id in self.state.contexts.keys().filter(|id| *id != first) {
            if !is_recorded(id) {
                problems.push(format!("{id} remains, and is not in the journal"));
            }
        }
        if !self.is_clean() {
            return;
        }
        for entry in &entries {
            match entry.context.as_deref() {
                Some(id) if self.state.contexts.contains_key(id) && entry.is_detached => {}
                context => problems.push(format!("the journal has {context:?}")),
            }
        }
        let count = self.journal_files().len();
        if entries.is_empty() && count > 0 {
            problems.push(format!("the folder of the journal has {count} files"));
        }
    }

    fn journal_files(&self) -> Vec<std::path::PathBuf> {
        let folder = self.sandbox.path(".local/state/dbexec/contexts");
        let files = fs::read_dir(folder).into_iter().flatten();
        files.map(|file| file.unwrap().path()).collect()
    }

    fn journal(&self) -> Vec<Entry> {
        let files = self.journal_files().into_iter();
        let entries = files.filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        });
        entries
            .map(|path| {
                let entry: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
                Entry {
                    context: entry["context"].as_str().map(str::to_owned),
                    is_detached: entry["detached"].as_bool().unwrap(),
                }
            })
            .collect()
    }

    fn check_report(&self, problems: &mut Vec<String>) {
        if !self.plan.scenario.is_run() {
            return;
        }
        let text = match fs::read_to_string(self.sandbox.path("r.json")) {
            Ok(text) => text,
            // The process ended before it has read its arguments.
            Err(_) if self.state.events.is_empty() => return,
            Err(error) => return problems.push(format!("the report: {error}")),
        };
        let report: Value = match serde_json::from_str(&text) {
            Ok(report) => report,
            Err(error) => return problems.push(format!("the report: {error}: {text}")),
        };
        let exit = report["exit"].as_i64();
        let is_early = exit.is_none() && self.state.events.is_empty();
        if exit != self.outcome.code.map(i64::from) && !is_early {
            problems.push(format!("the report has the exit code {exit:?}"));
        }
        self.check_reported_contexts(&report, problems);
        let commands = report["commands"].as_array().into_iter().flatten();
        for command in commands {
            let result = command["result"].as_str().unwrap_or_default();
            let is_running_expected = self.handle_was_printed() || !self.is_clean();
            if result == "running" && !is_running_expected {
                problems.push(format!("the report has a command with the result {result}"));
            }
            if result == "success" && self.plan.polls.is_none() {
                problems.push("the report has a success of a command that never ends".to_owned());
            }
        }
    }

    fn check_reported_contexts(&self, report: &Value, problems: &mut Vec<String>) {
        let reported: Vec<_> = report["contexts"]
            .as_array()
            .into_iter()
            .flatten()
            .collect();
        let mut exists = 0;
        for context in &reported {
            // Without an id, it may remain.
            let id = context["id"].as_str();
            let remains = id.is_none_or(|id| self.state.contexts.contains_key(id));
            let is_destroyed = context["destroyed"] == true;
            exists += usize::from(remains);
            // Without a response, a destroyed context counts as one that remains.
            if is_destroyed && remains || self.is_clean() && !is_destroyed && !remains {
                problems.push(format!("the report has {context}"));
            }
        }
        let known = self
            .state
            .contexts
            .values()
            .filter(|is_known| **is_known)
            .count();
        if exists < known {
            problems.push(format!("the report has {exists} of {known} contexts"));
        }
    }

    fn describe(&self, problems: &[String]) -> String {
        let Plan {
            seed,
            line,
            scenario,
            polls,
            moments,
            last_event,
            is_on_terminal,
        } = self.plan;
        let mut text = format!("SIGNAL_SEED={seed}, {line:?}, {}:\n", scenario.name);
        for problem in problems {
            let _ = writeln!(text, "- {problem}");
        }
        let report = fs::read_to_string(self.sandbox.path("r.json")).unwrap_or_default();
        let _ = write!(
            text,
            "terminal {is_on_terminal}, polls {polls:?}, moments {moments:?}, last event {last_event}\nsignals {:?} after {}\n{:#?}\n{}\n{report}",
            self.signals,
            self.state
                .events
                .last()
                .map(String::as_str)
                .unwrap_or_default(),
            self.state,
            self.outcome,
        );
        text
    }
}
