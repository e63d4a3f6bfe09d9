//! Passes arguments and parameters to the code of the user.

use generated_client::{ExecutionContext, RunError, Wait};

use super::step::Step;
use crate::error::CliError;

/// Error of the code that passes arguments and parameters.
pub(super) enum InputError {
    Request(RunError),
    Code(CliError),
}

/// Runs the code that passes arguments and parameters to that of a step, if there are any.
pub(super) fn pass(context: &ExecutionContext, step: &Step) -> Result<(), InputError> {
    let Some(prelude) = &step.prelude else {
        return Ok(());
    };
    let command = context.command(prelude).language(step.language.into());
    match command.wait(Wait::new().no_timeout()).run() {
        Ok(_) => Ok(()),
        Err(RunError::Failed(failure)) => {
            let place = &step.place;
            let note = format!("the arguments and parameters could not be passed to {place}");
            let error = CliError::code_failed(failure.to_string()).note(note);
            Err(InputError::Code(error))
        }
        Err(error) => Err(InputError::Request(error)),
    }
}
