//! Steps of a run: its commands.

use generated_client::{ExecutionContext, Script, Wait};

use super::place::Place;
use crate::error::CliError;
use crate::language::Language;
use crate::render::TextEnd;
use crate::source::{self, Code};

/// Code of one command.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) place: Place,
    pub(crate) language: Language,
    code: StepCode,
    /// Code that passes arguments to that of the user.
    pub(crate) prelude: Option<String>,
}

/// Code of a step.
#[derive(Debug)]
enum StepCode {
    /// Code that is sent unchanged.
    Command(Code),
    /// Python file that runs as a script.
    Script(Script),
}

impl Step {
    /// Creates a step whose code is sent unchanged.
    pub(super) fn new(place: Place, language: Language, code: Code) -> Self {
        Self {
            place,
            language,
            code: StepCode::Command(code),
            prelude: None,
        }
    }

    /// Creates the step of a Python file.
    pub(super) fn of_script(place: Place, script: Script) -> Self {
        Self {
            place,
            language: Language::Python,
            code: StepCode::Script(script),
            prelude: None,
        }
    }

    /// Returns whether the code runs as a script.
    pub(super) fn is_script(&self) -> bool {
        matches!(self.code, StepCode::Script(_))
    }
    /// Returns the code.
    pub(crate) fn text(&self) -> Result<String, CliError> {
        match (&self.code, self.place.origin.path()) {
            (StepCode::Command(code), _) => code.text(),
            (StepCode::Script(_), Some(path)) => source::read_text(path),
            (StepCode::Script(_), None) => Ok(String::new()),
        }
    }

    /// Returns how the text of the results ends.
    pub(crate) fn text_end(&self) -> TextEnd {
        match self.code {
            StepCode::Command(_) => TextEnd::NewlineRemoved,
            StepCode::Script(_) => TextEnd::Unchanged,
        }
    }

    /// Returns whether all output is kept if the code fails. The final response of a failed command contains
    /// the error only.
    pub(crate) fn keeps_output(&self) -> bool {
        // Queries print nothing.
        matches!(self.code, StepCode::Script(_)) || self.language == Language::Sql
    }

    /// Returns a command that runs the step in a context.
    pub(crate) fn command<'a>(
        &'a self,
        context: &'a ExecutionContext,
    ) -> generated_client::Command<'a> {
        let command = match &self.code {
            StepCode::Command(Code::Text(code)) => context.command(code),
            StepCode::Command(Code::File(path)) => context.command_file(path),
            StepCode::Script(script) => context.script(script),
        };
        // The client has the deadline of `--timeout`.
        let wait = Wait::new().no_timeout();
        command.language(self.language.into()).wait(wait)
    }
}
