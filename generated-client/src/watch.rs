//! Observation of a running command: its output so far, and the callbacks for it.

use std::borrow::Cow;
use std::time::Duration;

use api_runtime::Progress;
use api_runtime::types::RawJson;

use crate::api::{CommandId, CommandStatus, Results, commands};
use crate::output_stream::OutputStream;
use crate::script::Records;

/// Progress of a command, for callbacks. See [`Command::on_progress`](crate::Command::on_progress).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CommandProgress<'a> {
    /// The command.
    pub id: &'a CommandId,
    /// Status of the command.
    pub status: &'a CommandStatus,
    /// Time since the command was started, or since it was
    /// [attached](crate::ExecutionContext::attach_command) to.
    pub elapsed: Duration,
}

/// Callback that receives new output.
type OnOutput<'a> = Box<dyn FnMut(&str) + 'a>;

/// Callback that receives the progress.
type OnProgress<'a> = Box<dyn FnMut(&CommandProgress<'_>) + 'a>;

/// Output of a running command, and the callbacks for its status responses.
#[derive(Default)]
pub(crate) struct Watch<'a> {
    stream: OutputStream,
    on_output: Option<OnOutput<'a>>,
    on_progress: Option<OnProgress<'a>>,
    /// Records that are not part of the output, if the command is a script.
    pub(crate) records: Option<Records>,
}

impl<'a> Watch<'a> {
    pub(crate) fn set_on_output(&mut self, on_output: impl FnMut(&str) + 'a) {
        self.on_output = Some(Box::new(on_output));
    }

    pub(crate) fn set_on_progress(&mut self, on_progress: impl FnMut(&CommandProgress<'_>) + 'a) {
        self.on_progress = Some(Box::new(on_progress));
    }

    /// Passes a status response to the callbacks. Returns the new output if `keeps_output` is set.
    pub(crate) fn observe(
        &mut self,
        id: &CommandId,
        response: &commands::StatusResponse,
        elapsed: impl FnOnce() -> Duration,
        keeps_output: bool,
    ) -> Option<String> {
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(&CommandProgress {
                id,
                status: &response.status,
                elapsed: elapsed(),
            });
        }
        let Some(Results::Text(text)) = &response.results else {
            return None;
        };
        let text = text.data.as_ref()?;
        let text: String = RawJson::parse(text).ok()?;
        let is_running = matches!(commands::execute_progress(response), Progress::Pending(_));
        let text = match &self.records {
            Some(records) => records.strip(&text, is_running),
            None => Cow::Borrowed(&*text),
        };
        let piece = if is_running {
            self.stream.update(&text)
        } else {
            self.stream.finish(&text)
        }?;
        if self.on_output.is_none() && !keeps_output {
            return None;
        }
        let piece = piece.without_prompts();
        if let Some(on_output) = &mut self.on_output {
            on_output(&piece);
        }
        (keeps_output && !piece.is_empty()).then(|| piece.into_owned())
    }

    /// Returns the last output received, if any.
    pub(crate) fn take_text(&mut self) -> Option<String> {
        std::mem::take(&mut self.stream).into_text()
    }
}
