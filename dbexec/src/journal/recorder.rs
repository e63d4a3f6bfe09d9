//! Records the contexts of this process.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use std::{mem, process};

use generated_client::{CommandId, ContextId, Leftover, LeftoverChange, LeftoverEvent, Leftovers};

use super::entry::{Entry, Workspace};
use super::session::{Session, journal_dir};
use super::store;
use crate::console;

/// Recorder of the contexts of this process. Clones share the record.
///
/// Errors of the folder prevent nothing: the first one is printed as a warning.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    workspace: Workspace,
    file: Option<String>,
    /// Id of the script that is detached next.
    script: Option<String>,
    /// Started with the first context.
    session: Option<Session>,
    /// Entries by the key of the context in the [`Leftovers`].
    entries: BTreeMap<u64, Entry>,
    /// Keys of attached contexts that had no entry, and will have none.
    foreign: BTreeSet<u64>,
    has_warned: bool,
}

impl Recorder {
    /// Sets the name of the file that runs in the contexts that are created from now on.
    pub(crate) fn set_file(&self, file: Option<String>) {
        self.lock().file = file;
    }

    /// Sets the workspace of the contexts that are created from now on.
    pub(crate) fn set_workspace(&self, workspace: Workspace) {
        self.lock().workspace = workspace;
    }

    /// Sets the id of the script whose context is detached next.
    pub(crate) fn set_script(&self, id: Option<String>) {
        self.lock().script = id;
    }

    /// Returns a record for [`ContextBuilder`](generated_client::ContextBuilder) whose changes are written
    /// to the journal.
    pub(crate) fn leftovers(&self) -> Leftovers {
        let recorder = self.clone();
        Leftovers::observed(move |event| recorder.record(event))
    }

    /// Writes a change to the journal.
    pub(crate) fn record(&self, event: &LeftoverEvent<'_>) {
        self.lock().record(event);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn record(&mut self, event: &LeftoverEvent<'_>) {
        let result = if event.leftover.is_command() {
            self.record_command(event)
        } else {
            self.record_context(event)
        };
        if let Err(error) = result
            && !mem::replace(&mut self.has_warned, true)
        {
            let place = journal_dir().map(|dir| format!(" in {}", dir.display()));
            console::warn(format_args!(
                "cannot record this context{}: {error}; `dbexec clean` will not find it if `dbexec` is killed",
                place.unwrap_or_default()
            ));
        }
    }

    fn record_context(&mut self, event: &LeftoverEvent<'_>) -> io::Result<()> {
        let key = event.key;
        if event.change == LeftoverChange::Removed {
            self.entries.remove(&key);
            return self.remove(key);
        }
        let context = event.leftover.context_id().map(|id| id.as_str().to_owned());
        let is_attached = event.change == LeftoverChange::Added && context.is_some();
        let is_detached = event.change == LeftoverChange::Detached;
        if is_detached && self.foreign.remove(&key) {
            self.entries.remove(&key);
            return self.remove(key);
        }
        let script = self.script.clone();
        let entry = self.entry(key, event.leftover);
        entry.context = context;
        // A context that existed before is not abandoned if this process is killed.
        entry.is_detached |= is_attached || is_detached;
        if is_detached {
            entry.script = script;
        }
        self.write(key, true)?;
        if is_attached {
            return self.adopt(key);
        }
        Ok(())
    }

    /// Replaces the entries of the processes that have detached a context.
    fn adopt(&mut self, key: u64) -> io::Result<()> {
        let (Some(session), Some(entry)) = (&self.session, self.entries.get_mut(&key)) else {
            return Ok(());
        };
        let earlier = store::take_earlier(session.dir(), session.name(), entry)?;
        if let Some(earlier) = earlier {
            entry.started = earlier.started;
            entry.file = entry.file.take().or(earlier.file);
            return self.write(key, true);
        }
        self.foreign.insert(key);
        Ok(())
    }

    fn remove(&mut self, key: u64) -> io::Result<()> {
        let Some(session) = &self.session else {
            return Ok(());
        };
        session.remove(key)?;
        match self.session.take_if(|_| self.entries.is_empty()) {
            Some(session) => session.end(),
            None => Ok(()),
        }
    }

    /// Sets the command of the entry of its context.
    fn record_command(&mut self, event: &LeftoverEvent<'_>) -> io::Result<()> {
        let context = event.leftover.context_id().map(ContextId::as_str);
        let cluster = event.leftover.cluster_id().as_str();
        let mut entries = self.entries.iter_mut();
        let Some((key, entry)) = entries
            .find(|(_, entry)| entry.cluster == cluster && entry.context.as_deref() == context)
        else {
            return Ok(());
        };
        let command = event.leftover.command_id().map(CommandId::as_str);
        match event.change {
            LeftoverChange::Added | LeftoverChange::Updated if command.is_some() => {
                entry.command = command.map(str::to_owned);
            }
            LeftoverChange::Removed if entry.command.as_deref() == command => entry.command = None,
            _ => return Ok(()),
        }
        let key = *key;
        self.write(key, false)
    }

    fn entry(&mut self, key: u64, leftover: &Leftover) -> &mut Entry {
        self.entries.entry(key).or_insert_with(|| Entry {
            workspace: self.workspace.clone(),
            cluster: leftover.cluster_id().as_str().to_owned(),
            context: None,
            command: None,
            script: None,
            file: self.file.clone(),
            pid: process::id(),
            started: leftover.since().unwrap_or_else(SystemTime::now),
            is_detached: false,
        })
    }

    fn write(&mut self, key: u64, is_durable: bool) -> io::Result<()> {
        self.session()?;
        match (&self.session, self.entries.get(&key)) {
            (Some(session), Some(entry)) => session.write(key, entry, is_durable),
            _ => Ok(()),
        }
    }

    fn session(&mut self) -> io::Result<&Session> {
        if self.session.is_none() {
            self.session = Some(Session::start(&journal_dir().ok_or_else(no_dir)?)?);
        }
        self.session.as_ref().ok_or_else(no_dir)
    }
}

fn no_dir() -> io::Error {
    io::Error::other("neither `HOME` nor `XDG_STATE_HOME` is set")
}
