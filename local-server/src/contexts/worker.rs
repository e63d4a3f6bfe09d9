//! The task that drives the engine of a context.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::context::Context;
use super::state::Task;
use crate::engine::{Engine, Event};
use crate::limits;
use crate::process::NotKilled;

/// Sends commands to the engine and results to the context, until the engine ends or the context is
/// destroyed. Returns after all processes of the context have exited.
pub(super) async fn run(
    context: Arc<Context>,
    mut engine: Engine,
    cancel_grace: Duration,
) -> Result<(), NotKilled> {
    let reason = match drive(&context, &mut engine, cancel_grace).await {
        WorkerExit::Disconnected => engine.reap().await,
        WorkerExit::Destroyed => "The context was destroyed.".to_owned(),
        WorkerExit::TimedOut(reason) => reason,
    };
    let killed = engine.kill().await;
    context.fail(reason);
    killed
}

/// Reason for the end of [`drive`].
enum WorkerExit {
    Disconnected,
    Destroyed,
    TimedOut(String),
}

async fn drive(context: &Context, engine: &mut Engine, cancel_grace: Duration) -> WorkerExit {
    let mut timer = Timer::Start(Instant::now() + engine.start_timeout());
    loop {
        match context.next_task() {
            Task::Run {
                id,
                language,
                source,
                capture,
            } => engine.run(&id, language, &source, capture),
            Task::Interrupt(id) => {
                engine.interrupt(&id);
                timer = Timer::cancel(id, Instant::now() + cancel_grace);
            }
            Task::Shutdown => return WorkerExit::Destroyed,
            Task::Wait => {}
        }
        tokio::select! {
            event = engine.event() => {
                match event {
                    Event::Ready => context.mark_ready(),
                    Event::Done { id, results } => context.finish(&id, results),
                    // Other engines than Python do not request Spark.
                    Event::Attach | Event::Disconnected => return WorkerExit::Disconnected,
                }
                timer = Timer::Off;
            }
            () = context.changed() => {}
            () = timer.expired() => match timer {
                Timer::Off => {}
                Timer::Start(_) => {
                    let timeout = engine.start_timeout();
                    return WorkerExit::TimedOut(start_timed_out(timeout));
                }
                Timer::Cancel { deadline, .. } if deadline <= Instant::now() => {
                    return WorkerExit::TimedOut(cancel_timed_out(cancel_grace));
                }
                Timer::Cancel { id, deadline, .. } => {
                    engine.interrupt(&id);
                    timer = Timer::cancel(id, deadline);
                }
            },
        }
    }
}

/// Timeout of the event that is waited for.
enum Timer {
    Off,
    Start(Instant),
    /// The command is interrupted repeatedly until the deadline: `except: pass` discards an
    /// interrupt, and `os.system` ignores SIGINT.
    Cancel {
        id: String,
        next_interrupt: Instant,
        deadline: Instant,
    },
}

impl Timer {
    fn cancel(id: String, deadline: Instant) -> Self {
        let next_interrupt = deadline.min(Instant::now() + limits::INTERRUPT_INTERVAL);
        Self::Cancel {
            id,
            next_interrupt,
            deadline,
        }
    }

    async fn expired(&self) {
        match self {
            Self::Off => std::future::pending().await,
            Self::Start(at)
            | Self::Cancel {
                next_interrupt: at, ..
            } => sleep_until(*at).await,
        }
    }
}

fn start_timed_out(timeout: Duration) -> String {
    format!(
        "The process was killed: it was not ready within {} seconds.",
        timeout.as_secs()
    )
}

fn cancel_timed_out(grace: Duration) -> String {
    format!(
        "The process was killed: the canceled command did not end within {} seconds.",
        grace.as_secs_f64()
    )
}
