//! Execution contexts of a run.

use std::time::Duration;

use generated_client::{
    ContextBuilder, Error, ErrorKind, ExecutionContext, Leftover, RunError, Wait,
};

use super::shared::Run;
use super::step::Step;
use crate::error::{CliError, TIMEOUT_HELP, with_sources};
use crate::handle::Handle;
use crate::language::Language;
use crate::out::Out;
use crate::progress::Progress;
use crate::target::Target;

/// Contexts of a job: one for each language that needs its own.
pub(crate) struct Contexts<'a> {
    run: &'a Run<'a>,
    out: &'a Out,
    /// Languages of all steps.
    languages: Vec<Language>,
    created: Vec<(Language, ExecutionContext)>,
}

impl<'a> Contexts<'a> {
    pub(crate) fn new(run: &'a Run<'a>, steps: &[Step], out: &'a Out) -> Self {
        Self {
            run,
            out,
            languages: steps.iter().map(|step| step.language).collect(),
            created: Vec::new(),
        }
    }

    /// Returns the context for code in a language, which is created for the first such code.
    pub(crate) fn get(
        &mut self,
        language: Language,
        progress: &Progress,
    ) -> Result<&ExecutionContext, CliError> {
        let language = self.language_of_context(language);
        let is_created = |(created, _): &(Language, _)| *created == language;
        if let Some(index) = self.created.iter().position(is_created) {
            return Ok(&self.created[index].1);
        }
        let context = match &self.run.args.context {
            Some(handle) => self.attach(handle, language)?,
            None => self
                .create(language, progress)
                .map_err(|error| self.not_created(error))?,
        };
        self.run.report.add_context(context.id().as_str());
        self.created.push((language, context));
        if self.run.target.client.interrupt().is_raised() {
            return Err(CliError::interrupted(
                "interrupted before the code was sent",
            ));
        }
        Ok(&self.created[self.created.len() - 1].1)
    }

    /// Returns the language of the context for code in a language.
    fn language_of_context(&self, language: Language) -> Language {
        match self.run.args.context {
            // The only context has the language of the first step, as far as this run is concerned.
            Some(_) => self.languages.first().copied().unwrap_or(language),
            None => language_of_context(language, &self.languages),
        }
    }

    fn attach(&self, handle: &Handle, language: Language) -> Result<ExecutionContext, CliError> {
        let Handle {
            cluster, context, ..
        } = handle;
        let client = &self.run.target.client;
        let attached = ExecutionContext::attach(client, &**cluster, &**context, language.into());
        attached.map_err(|error| CliError::request(&error))
    }

    fn create(&self, language: Language, progress: &Progress) -> Result<ExecutionContext, Error> {
        let cleanup_timeout = self.run.args.cleanup_timeout.duration();
        // The client has the deadline of `--timeout`. Without it, the wait has its default timeout.
        let wait = match self.run.args.timeout.duration() {
            Some(_) => Wait::new().no_timeout(),
            None => Wait::new(),
        };
        let mut builder = ContextBuilder::new(self.run.target.cluster.as_str(), language.into())
            .wait(wait)
            .cleanup_timeout(cleanup_timeout.unwrap_or(Duration::MAX));
        let set_state = progress.setter();
        builder = builder.on_progress(move |progress| match progress.context {
            Some((_, status)) => set_state(&status.to_string()),
            None => set_state("waiting for the cluster"),
        });
        if self.run.target.is_local() {
            // There is no cluster that may still be starting, and nothing remains after this process.
            builder = builder.cluster_timeout(Duration::ZERO).attempts(1);
        } else {
            builder = builder.leftovers(self.run.leftovers);
        }
        builder.create(&self.run.target.client)
    }

    fn not_created(&self, mut error: Error) -> CliError {
        let target = self.run.target;
        if target.is_local() {
            // The context ends with the server.
            error.detach::<Leftover>();
        }
        if target.has_timed_out(&error) {
            let timeout = self.run.args.timeout;
            return CliError::timeout(format_args!(
                "timed out after {timeout} (--timeout) while the context was created"
            ))
            .note(with_sources(&error))
            .help(TIMEOUT_HELP);
        }
        let cli_error = CliError::request(&error);
        // The usual reason for a failure on this machine: Python is missing or too old.
        let is_python = error.kind() == ErrorKind::WaitFailed || error.status() == Some(500);
        if target.is_local() && is_python {
            cli_error.help("use `--python PROGRAM` to select Python 3.8 or newer")
        } else {
            cli_error
        }
    }

    /// Keeps all contexts without a note.
    pub(crate) fn detach(self) {
        for (_, context) in self.created {
            context.detach();
        }
    }

    /// Destroys or keeps all contexts, and returns whether they are destroyed. A failure is a warning, because
    /// the run itself is complete.
    pub(crate) fn close(self) -> bool {
        let mut are_destroyed = true;
        let is_attached = self.run.args.context.is_some();
        for (_, context) in self.created {
            if is_attached || self.run.args.keep {
                are_destroyed = false;
                keep(context, is_attached, self.out);
                continue;
            }
            let id = context.id().clone();
            let is_destroyed = close(context, self.run.target, self.out);
            if is_destroyed {
                self.run.report.set_destroyed(id.as_str());
            }
            are_destroyed &= is_destroyed;
        }
        are_destroyed
    }

    /// Destroys all contexts after an error of a command in one of them. Returns the error and a
    /// description of the state of the contexts.
    pub(crate) fn close_after(
        mut self,
        mut error: RunError,
        language: Language,
    ) -> (RunError, &'static str) {
        let is_kept = self.run.args.keep || self.run.args.context.is_some();
        let (destroyed, remain) = match self.created.len() {
            1 if is_kept => ("context destroyed", "context kept"),
            _ if is_kept => ("contexts destroyed", "contexts kept"),
            1 => ("context destroyed", "context not destroyed"),
            _ => ("contexts destroyed", "contexts not destroyed"),
        };
        // A lost context need not be destroyed, and mostly cannot.
        if let RunError::ContextLost(_) = error {
            let language = self.language_of_context(language);
            self.created.retain(|(created, _)| *created != language);
        }
        if self.close() {
            // The command has ended with its context.
            error.take_leftover();
            (error, destroyed)
        } else {
            (error, remain)
        }
    }
}

/// Returns the language of the context for code in a language. The contexts of Python and Scala also run
/// SQL, and then share temporary views with it.
fn language_of_context(language: Language, languages: &[Language]) -> Language {
    if language != Language::Sql {
        return language;
    }
    let candidates = [Language::Python, Language::Scala];
    let other = candidates
        .into_iter()
        .find(|candidate| languages.contains(candidate));
    other.unwrap_or(language)
}

/// Keeps a context, and prints its handle if it is new.
fn keep(context: ExecutionContext, is_attached: bool, out: &Out) {
    let handle = Handle::context(context.cluster_id().as_str(), context.id().as_str());
    context.detach();
    if !is_attached {
        out.note(format_args!(
            "the context is kept: `dbexec run --context {handle}` uses it, `dbexec destroy {handle}` \
             destroys it"
        ));
    }
}

/// Destroys a context, and returns whether it is destroyed.
fn close(context: ExecutionContext, target: &Target, out: &Out) -> bool {
    if target.is_local() {
        // The context ends with the server, which is certain.
        context.detach();
        return true;
    }
    let Err(mut error) = context.close() else {
        return true;
    };
    let remains = error.detach::<Leftover>().is_some();
    out.warn(format_args!(
        "cannot destroy the execution context: {error}"
    ));
    !remains
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_runs_in_the_context_of_another_language() {
        use Language::{Python, R, Scala, Sql};

        for (language, languages, expected) in [
            (Python, &[Python, Sql][..], Python),
            (Sql, &[Sql, Scala, Python], Python),
            (Sql, &[Sql, Scala, R], Scala),
            (Sql, &[Sql, R], Sql),
            (R, &[Python, R], R),
        ] {
            assert_eq!(
                language_of_context(language, languages),
                expected,
                "{languages:?}"
            );
        }
    }
}
