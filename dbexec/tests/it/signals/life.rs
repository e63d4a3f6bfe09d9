//! One process and its signals.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::checks::{Evidence, MAX_DURATION};
use super::plan::{Line, Plan};
use super::scenario::{FILES, INPUTS};
use super::workspace::Workspace;
use crate::pty::{Session, Terminal};
use crate::support::{Outcome, Running, Sandbox, TOKEN, until};

const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// End of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    BySignal,
    /// The process ended before all of its signals, or successfully in spite of them.
    BeforeSignal,
}

/// The process of a plan.
enum Process<'s> {
    Piped(Running),
    OnTerminal(Session<'s>),
}

impl<'s> Process<'s> {
    fn start(sandbox: &'s Sandbox, plan: &Plan, arguments: &[String]) -> Self {
        if plan.is_on_terminal {
            let mut session = Terminal::new().start(sandbox, arguments);
            session.press("1\r");
            Self::OnTerminal(session)
        } else if plan.scenario.is_session() {
            let command = sandbox.command(arguments);
            Self::Piped(Running::with_input(command, INPUTS.as_bytes()))
        } else {
            Self::Piped(sandbox.start(arguments))
        }
    }

    fn has_exited(&mut self) -> bool {
        match self {
            Self::Piped(running) => running.has_exited(),
            Self::OnTerminal(session) => session.has_exited(),
        }
    }

    fn signal(&self, signal: Signal) {
        match self {
            Self::Piped(running) => running.signal(signal),
            Self::OnTerminal(session) => session.signal(signal),
        }
    }

    fn finish(self) -> Outcome {
        match self {
            Self::Piped(running) => running.finish(),
            Self::OnTerminal(session) => {
                let end = session.finish();
                Outcome {
                    code: end.code(),
                    stdout: end.received,
                    stderr: String::new(),
                }
            }
        }
    }
}

/// Lives a plan.
///
/// # Errors
///
/// Returns the list of all violated conditions.
pub(super) fn live(plan: &Plan) -> Result<End, String> {
    let workspace = Workspace::start(plan);
    let sandbox = Sandbox::new();
    for (name, code) in FILES {
        sandbox.write(name, code);
    }
    let cleanup_timeout = match plan.line {
        // Never reached, whatever the load of the machine is.
        Line::Responsive(_) => "1h",
        Line::Silent => "2s",
    };
    let arguments = plan
        .scenario
        .arguments(&workspace.url(), TOKEN, cleanup_timeout);
    let mut running = Process::start(&sandbox, plan, &arguments);
    let mut signals = Vec::new();
    for moment in &plan.moments {
        let mut has_exited = false;
        until("the moment of a signal", || {
            has_exited = running.has_exited();
            has_exited || workspace.has_reached(moment.event)
        });
        if has_exited {
            break;
        }
        if let Some(delay) = moment.delay {
            thread::sleep(delay);
        }
        running.signal(moment.signal);
        signals.push(moment.signal);
        workspace.signal_was_sent();
    }
    let start = Instant::now();
    while !running.has_exited() && start.elapsed() < MAX_DURATION {
        thread::sleep(POLL_INTERVAL);
    }
    let elapsed = start.elapsed();
    if elapsed >= MAX_DURATION {
        running.signal(Signal::KILL);
    }
    let outcome = running.finish();
    let evidence = Evidence {
        plan,
        signals,
        elapsed,
        outcome,
        state: workspace.end(),
        sandbox,
    };
    evidence.check()
}
