//! What stands between a context and its interpreter, one task per context.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::context::{Context, Task};
use crate::kernel::{Event, Kernel};
use crate::limits;

/// Carries commands to the interpreter and results back until one of the two has ended.
pub(super) async fn work(context: Arc<Context>, mut kernel: Kernel, cancel_grace: Duration) {
    let why = match drive(&context, &mut kernel, cancel_grace).await {
        Parting::Gone => kernel.bury().await,
        Parting::Destroyed => {
            kernel.kill().await;
            "The context was destroyed.".to_owned()
        }
        Parting::TimedOut(why) => {
            kernel.kill().await;
            why
        }
    };
    context.fail(why);
}

enum Parting {
    Gone,
    Destroyed,
    TimedOut(String),
}

async fn drive(context: &Context, kernel: &mut Kernel, cancel_grace: Duration) -> Parting {
    let mut alarm = Alarm::Start(Instant::now() + limits::START);
    loop {
        match context.task() {
            Task::Run {
                id,
                source,
                printed,
            } => kernel.run(&id, &source, printed),
            Task::Interrupt(id) => {
                kernel.interrupt(&id);
                alarm = Alarm::cancel(id, Instant::now() + cancel_grace);
            }
            Task::Leave => return Parting::Destroyed,
            Task::Wait => {}
        }
        tokio::select! {
            event = kernel.event() => {
                match event {
                    Event::Ready => context.ready(),
                    Event::Done { id, results } => context.finish(&id, results),
                    Event::Gone => return Parting::Gone,
                }
                alarm = Alarm::Off;
            }
            () = context.news() => {}
            () = alarm.rings() => match alarm {
                Alarm::Off => {}
                Alarm::Start(_) => return Parting::TimedOut(start_timed_out()),
                Alarm::Cancel { until, .. } if until <= Instant::now() => {
                    return Parting::TimedOut(cancel_timed_out(cancel_grace));
                }
                Alarm::Cancel { id, until, .. } => {
                    kernel.interrupt(&id);
                    alarm = Alarm::cancel(id, until);
                }
            },
        }
    }
}

/// What the worker does not wait for any longer than this.
enum Alarm {
    Off,
    Start(Instant),
    /// Told again from time to time: an interrupt is lost on `except: pass` and `os.system`.
    Cancel {
        id: String,
        again: Instant,
        until: Instant,
    },
}

impl Alarm {
    fn cancel(id: String, until: Instant) -> Self {
        let again = until.min(Instant::now() + limits::CANCEL_AGAIN);
        Self::Cancel { id, again, until }
    }

    async fn rings(&self) {
        match self {
            Self::Off => std::future::pending().await,
            Self::Start(at) | Self::Cancel { again: at, .. } => sleep_until(*at).await,
        }
    }
}

fn start_timed_out() -> String {
    format!(
        "The process was killed: it was not ready within {} seconds.",
        limits::START.as_secs()
    )
}

fn cancel_timed_out(grace: Duration) -> String {
    format!(
        "The process was killed: the cancelled command did not end within {} seconds.",
        grace.as_secs_f64()
    )
}
