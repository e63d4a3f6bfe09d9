//! R contexts.

mod cancel;
mod dbutils;
mod display;
mod memory;
mod output;
mod processes;
mod values;

use std::ops::Deref;

use local_server::Options;
use serde_json::Value;

use crate::harness::{Harness, error_of, id, text_of};

/// Server with an R context.
struct R(Harness);

/// Starts a server with an R context.
fn start() -> R {
    start_with(Options::new())
}

fn start_with(options: Options) -> R {
    local_server::interpreters::testing::require_r();
    R(Harness::of("r", options))
}

/// Commands are in R, in place of those in Python.
impl R {
    fn submit(&self, command: &str) -> String {
        id(&self.execute_in("r", command))
    }

    fn run(&self, command: &str) -> Value {
        self.results(&self.submit(command))
    }

    #[track_caller]
    fn text(&self, command: &str) -> String {
        text_of(&self.run(command))
    }

    #[track_caller]
    fn failure(&self, command: &str) -> (String, String) {
        error_of(&self.run(command))
    }
}

impl Deref for R {
    type Target = Harness;

    fn deref(&self) -> &Harness {
        &self.0
    }
}
