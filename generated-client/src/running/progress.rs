//! Status requests of a running command, and its end.

use api_runtime::{Delivery, Error, ErrorKind, Polls, ServerText};

use super::{Running, since};
use crate::api::commands;
use crate::code::Code;
use crate::command_run::{CommandRun, Purpose};
use crate::event::{CommandResult, EventKind};
use crate::outcome;
use crate::output::Output;
use crate::run_error::RunError;
use crate::script::{self, Records};
use crate::watch::Watch;

impl Running<'_> {
    /// Records the result.
    pub(super) fn set_result(&mut self, result: Result<Output, RunError>) {
        self.has_ended = true;
        let ended = EventKind::CommandEnded(CommandResult::of(&result));
        self.emit(ended);
        if let Err(error) = &result
            && let Some(leftover) = error.leftover().filter(|leftover| !leftover.is_kept())
        {
            self.emit(EventKind::Left(leftover));
        }
        self.result = Some(result);
    }

    /// Polls once. Returns the new output if `keeps_output` is set.
    pub(super) fn poll(&mut self, keeps_output: bool) -> Option<String> {
        let Self {
            run,
            request,
            watch,
            start,
            ..
        } = self;
        // The client has the deadline.
        let polls =
            (self.polls).get_or_insert_with(|| Polls::new(&run.client, None, self.operation));
        let response = polls.poll(&mut |client| commands::status(client, request));
        let response = match response {
            Ok(response) => response,
            Err(error) => {
                self.fail(error);
                return None;
            }
        };
        let elapsed = || since(&run.client, *start);
        let piece = watch.observe(&self.id, &response, elapsed, keeps_output);
        match polls.is_done(commands::execute_progress(&response)) {
            Ok(false) => {}
            Ok(true) => self.end(response),
            Err(error) => self.fail(error),
        }
        piece
    }

    /// Records the final response.
    fn end(&mut self, mut response: commands::StatusResponse) {
        self.run.forget();
        let records = self.watch.records.take();
        let record = records.as_ref().map(|records| records.take(&mut response));
        let (run, printed) = (&self.run, self.watch.take_text());
        let result = outcome::read(response, &self.language, printed, || run.is_lost());
        let result = match (result, records, record) {
            (Ok(output), Some(_), Some(Some(record))) => record.into_result(output),
            (Ok(output), Some(records), _) => self
                .request_record(&records)
                .and_then(|record| record.into_result(output)),
            (result, ..) => result,
        };
        let result = result.map_err(|error| match error {
            RunError::ContextLost(message) => {
                let message = run.session.client.show(ServerText::new(&message));
                RunError::ContextLost(message)
            }
            error => error,
        });
        self.set_result(result);
    }

    /// Runs a command that prints the record of a script. Its output was cut, or replaced by a table.
    fn request_record(&self, records: &Records) -> Result<script::Outcome, RunError> {
        let (session, client) = (self.run.session, self.run.client.clone());
        let start = client.clock().now();
        let run = CommandRun::new(session, client);
        let sent = run.send(Code::Text(records.code().into()), &self.language);
        let output = sent.and_then(|id| {
            let language = self.language.clone();
            Running::new(run, id, self.operation, language, Watch::default(), start).wait()
        });
        // The script has run in any case.
        let output = output.map_err(|error| error.map(|e| e.with_delivery(Delivery::Unknown)))?;
        let record = output.text().and_then(|text| records.read(text));
        record.ok_or_else(|| {
            let message = "the script has ended; its output was cut, and its result is not known";
            Error::after_sending(ErrorKind::InvalidResponse, message).into()
        })
    }

    /// Records an error of waiting, after the command was canceled.
    fn fail(&mut self, error: Error) {
        let is_canceled =
            error.kind() == ErrorKind::Interrupted && self.run.is_canceled_by_handle();
        if is_canceled {
            self.cancel_by_handle(error);
            return;
        }
        let cleanup = &self.run.session.cleanup;
        cleanup.begin(&self.run.client);
        let error = match self.run.wait_error(error) {
            // A lost context has no running commands.
            error @ RunError::ContextLost(_) => {
                self.run.forget();
                error
            }
            error if !self.cancels_on_drop => {
                self.run.set_kept();
                let error = error.map(|error| self.run.attach(error));
                self.run.keep();
                cleanup.finish(&self.run.session.client);
                error
            }
            error => {
                self.clean_up();
                error.map(|error| self.run.attach(error))
            }
        };
        self.set_result(Err(error));
    }

    /// Cancels the command after an error. Returns whether it has ended.
    pub(super) fn clean_up(&mut self) -> bool {
        let has_ended = match self.send_cancel(Purpose::CleanUp) {
            Ok(_) => true,
            Err(error) => outcome::reports_missing(&error),
        };
        if has_ended {
            self.run.forget();
        }
        has_ended
    }

    /// Cancels the command, and records its result, or `interrupted` if its end is not confirmed.
    fn cancel_by_handle(&mut self, interrupted: Error) {
        let session = self.run.session;
        session.cleanup.begin(&self.run.client);
        let canceled = self.send_cancel(Purpose::CancelOnly);
        match canceled {
            // The response of a command that was not canceled has results.
            Ok(response) if response.results.is_none() => {
                self.run.forget();
                self.set_result(Err(RunError::Cancelled));
            }
            Ok(response) => self.end(response),
            Err(error) if outcome::reports_missing(&error) => {
                self.run.forget();
                let error = self.run.cancel_error(error);
                self.set_result(Err(error));
            }
            Err(_) => {
                let error = self.run.wait_error(interrupted);
                let error = error.map(|error| self.run.attach(error));
                self.set_result(Err(error));
            }
        }
        session.cleanup.finish(&session.client);
    }

    /// Cancels the command, and passes the responses to the callbacks until its end.
    pub(super) fn send_cancel(
        &mut self,
        purpose: Purpose,
    ) -> Result<commands::StatusResponse, Error> {
        let Self {
            run,
            id,
            watch,
            start,
            ..
        } = self;
        run.cancel(id, purpose, |response| {
            watch.observe(id, response, || since(&run.client, *start), false);
        })
    }
}
