//! The task that drives the interpreter of a context.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::context::{Context, Task};
use crate::kernel::{Event, Kernel, NotKilled};
use crate::limits;

/// Sends commands to the interpreter and results to the context, until the interpreter exits or
/// the context is destroyed. Returns after all processes of the context have exited.
pub(super) async fn run(
    context: Arc<Context>,
    mut kernel: Kernel,
    cancel_grace: Duration,
) -> Result<(), NotKilled> {
    let reason = match drive(&context, &mut kernel, cancel_grace).await {
        WorkerExit::Disconnected => kernel.reap().await,
        WorkerExit::Destroyed => "The context was destroyed.".to_owned(),
        WorkerExit::TimedOut(reason) => reason,
    };
    let killed = kernel.kill().await;
    context.fail(reason);
    killed
}

/// Reason for the end of [`drive`].
enum WorkerExit {
    Disconnected,
    Destroyed,
    TimedOut(String),
}

async fn drive(context: &Context, kernel: &mut Kernel, cancel_grace: Duration) -> WorkerExit {
    let mut timer = Timer::Start(Instant::now() + limits::START_TIMEOUT);
    loop {
        match context.next_task() {
            Task::Run {
                id,
                source,
                capture,
            } => kernel.run(&id, &source, capture),
            Task::Interrupt(id) => {
                kernel.interrupt(&id);
                timer = Timer::cancel(id, Instant::now() + cancel_grace);
            }
            Task::Shutdown => return WorkerExit::Destroyed,
            Task::Wait => {}
        }
        tokio::select! {
            event = kernel.event() => {
                match event {
                    Event::Ready => context.mark_ready(),
                    Event::Done { id, results } => context.finish(&id, results),
                    Event::Disconnected => return WorkerExit::Disconnected,
                }
                timer = Timer::Off;
            }
            () = context.changed() => {}
            () = timer.expired() => match timer {
                Timer::Off => {}
                Timer::Start(_) => return WorkerExit::TimedOut(start_timed_out()),
                Timer::Cancel { deadline, .. } if deadline <= Instant::now() => {
                    return WorkerExit::TimedOut(cancel_timed_out(cancel_grace));
                }
                Timer::Cancel { id, deadline, .. } => {
                    kernel.interrupt(&id);
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

fn start_timed_out() -> String {
    format!(
        "The process was killed: it was not ready within {} seconds.",
        limits::START_TIMEOUT.as_secs()
    )
}

fn cancel_timed_out(grace: Duration) -> String {
    format!(
        "The process was killed: the canceled command did not end within {} seconds.",
        grace.as_secs_f64()
    )
}
