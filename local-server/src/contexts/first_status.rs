//! Statuses that are reported once, for `Quirk::PendingContext` and `Quirk::QueuedCommand`.

use std::collections::VecDeque;

use crate::limits;
use crate::quirks::{Quirk, Quirks};

/// Records if the status of the context, and of which commands, has been reported.
#[derive(Debug)]
pub(super) struct FirstStatus {
    is_context_new: bool,
    is_enabled_for_commands: bool,
    new_commands: VecDeque<String>,
}

impl FirstStatus {
    pub(super) fn new(quirks: Quirks) -> Self {
        Self {
            is_context_new: quirks.is_on(Quirk::PendingContext),
            is_enabled_for_commands: quirks.is_on(Quirk::QueuedCommand),
            new_commands: VecDeque::new(),
        }
    }

    pub(super) fn add_command(&mut self, id: &str) {
        if self.is_enabled_for_commands {
            self.new_commands.push_back(id.to_owned());
            // The results of older commands have been removed.
            if self.new_commands.len() > limits::KEPT_RESULTS {
                self.new_commands.pop_front();
            }
        }
    }

    /// Returns whether the context is reported for the first time.
    pub(super) fn take_context(&mut self) -> bool {
        std::mem::take(&mut self.is_context_new)
    }

    /// Returns whether a command is reported for the first time.
    pub(super) fn take_command(&mut self, id: &str) -> bool {
        let index = self.new_commands.iter().position(|new| new == id);
        index.is_some_and(|index| self.new_commands.remove(index).is_some())
    }
}
