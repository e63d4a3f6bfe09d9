//! The execution contexts that are alive.

mod context;
mod worker;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

pub(crate) use self::context::{CommandStatus, Context, ContextStatus};
use crate::watchdog::Watchdog;
use crate::ids;
use crate::kernel::Kernel;
use crate::language::{Interpreters, Language};

/// All contexts of a server. Made and ended on the server's own thread, counted from any.
#[derive(Debug)]
pub(crate) struct Contexts {
    interpreters: Interpreters,
    most: usize,
    cancel_grace: Duration,
    guard: Arc<Watchdog>,
    alive: Mutex<Alive>,
}

#[derive(Debug, Default)]
struct Alive {
    closed: bool,
    entries: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    context: Arc<Context>,
    worker: JoinHandle<()>,
}

/// Why something is not done. How a client is told is for `http` to know.
#[derive(Debug)]
pub(crate) enum Refusal {
    NoSuchContext(String),
    NoSuchCommand { context: String, command: String },
    NotAvailable(Language),
    CannotStart { program: String, why: String },
    TooManyContexts(usize),
    QueueIsFull(String),
    ContextFailed { context: String, why: String },
    Stopping,
}

impl Contexts {
    pub(crate) fn new(interpreters: Interpreters, most: usize, cancel_grace: Duration) -> Self {
        Self {
            interpreters,
            most,
            cancel_grace,
            guard: Arc::default(),
            alive: Mutex::default(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().entries.len()
    }

    /// Starts an interpreter and does not wait for it to be ready.
    pub(crate) fn create(&self, cluster: String, language: Language) -> Result<String, Refusal> {
        let mut alive = self.lock();
        if alive.closed {
            return Err(Refusal::Stopping);
        }
        if alive.entries.len() >= self.most {
            return Err(Refusal::TooManyContexts(self.most));
        }
        let kernel = self.start(language)?;
        let id = ids::context();
        let context = Arc::new(Context::new(id.clone(), cluster));
        let worker = worker::work(Arc::clone(&context), kernel, self.cancel_grace);
        let worker = tokio::spawn(worker);
        alive.entries.insert(id.clone(), Entry { context, worker });
        Ok(id)
    }

    /// Says why commands of that language cannot run here, if they cannot.
    pub(crate) fn check_language(&self, language: Language) -> Result<(), Refusal> {
        match self.interpreters.launch(language) {
            Some(_) => Ok(()),
            None => Err(Refusal::NotAvailable(language)),
        }
    }

    fn start(&self, language: Language) -> Result<Kernel, Refusal> {
        let Some(launch) = self.interpreters.launch(language) else {
            return Err(Refusal::NotAvailable(language));
        };
        let program = launch.command.get_program().to_string_lossy().into_owned();
        Kernel::start(launch, Arc::clone(&self.guard)).map_err(|error| Refusal::CannotStart {
            program,
            why: error.to_string(),
        })
    }

    pub(crate) fn find(&self, cluster: &str, id: &str) -> Result<Arc<Context>, Refusal> {
        match self.lock().entries.get(id) {
            Some(entry) if entry.context.cluster() == cluster => Ok(Arc::clone(&entry.context)),
            _ => Err(Refusal::NoSuchContext(id.to_owned())),
        }
    }

    /// Forgets the context and ends its interpreter; when this is done, so is the interpreter.
    pub(crate) async fn destroy(&self, cluster: &str, id: &str) -> Result<(), Refusal> {
        self.find(cluster, id)?;
        let entry = self.lock().entries.remove(id);
        let entry = entry.ok_or_else(|| Refusal::NoSuchContext(id.to_owned()))?;
        entry.end().await;
        Ok(())
    }

    /// Ends all contexts, for good.
    pub(crate) async fn close(&self) {
        let entries = {
            let mut alive = self.lock();
            alive.closed = true;
            std::mem::take(&mut alive.entries)
        };
        for entry in entries.values() {
            entry.context.destroy(); // all at once, then one after the other is waited for
        }
        for entry in entries.into_values() {
            entry.end().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Alive> {
        self.alive.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    async fn end(self) {
        self.context.destroy();
        let _ = self.worker.await; // it does not panic, and if it did its interpreter is gone too
    }
}
