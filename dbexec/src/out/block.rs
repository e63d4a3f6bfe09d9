//! Output of one of several files, in the order of the files.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::console;

/// Output that is held back until the previous blocks are complete.
#[derive(Debug, Default)]
pub(crate) struct Block(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Set if output is no longer held back.
    is_open: bool,
    held: Vec<Chunk>,
}

#[derive(Debug)]
enum Chunk {
    Stdout(Vec<u8>),
    Stderr(String),
}

impl Block {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.lock();
        if state.is_open {
            return console::write(bytes);
        }
        match state.held.last_mut() {
            Some(Chunk::Stdout(held)) => held.extend(bytes),
            _ => state.held.push(Chunk::Stdout(bytes.to_vec())),
        }
        Ok(())
    }

    pub(super) fn eprintln(&self, text: &str) {
        let mut state = self.lock();
        if state.is_open {
            console::eprintln(text);
        } else {
            state.held.push(Chunk::Stderr(text.to_owned()));
        }
    }

    /// Writes what was held back, and holds back nothing any more.
    pub(crate) fn open(&self) -> io::Result<()> {
        let mut state = self.lock();
        state.is_open = true;
        let mut result = Ok(());
        for chunk in std::mem::take(&mut state.held) {
            match chunk {
                Chunk::Stdout(bytes) if result.is_ok() => result = console::write(&bytes),
                Chunk::Stdout(_) => {}
                Chunk::Stderr(text) => console::eprintln(text),
            }
        }
        result
    }
}
