//! Execution contexts of a run.

use generated_client::{ExecutionContext, RunError};

use super::part::Part;
use super::shared::Run;
use crate::context::{ContextSettings, close, keep};
use crate::error::CliError;
use crate::language::Language;
use crate::out::Out;
use crate::progress::Progress;

/// Contexts of a job: one for each language that needs its own.
pub(crate) struct Contexts<'a> {
    run: &'a Run<'a>,
    out: &'a Out,
    /// Languages of all parts.
    languages: Vec<Language>,
    created: Vec<(Language, ExecutionContext)>,
}

impl<'a> Contexts<'a> {
    pub(crate) fn new(run: &'a Run<'a>, parts: &[Part], out: &'a Out) -> Self {
        Self {
            run,
            out,
            languages: parts.iter().map(Part::language).collect(),
            created: Vec::new(),
        }
    }

    /// Returns whether there is a context for code in a language.
    pub(crate) fn has(&self, language: Language) -> bool {
        self.position(self.language_of_context(language)).is_some()
    }

    /// Returns the index of the context that was created for a language.
    fn position(&self, language: Language) -> Option<usize> {
        self.created
            .iter()
            .position(|(created, _)| *created == language)
    }

    /// Returns the context for code in a language, which is created for the first such code.
    pub(crate) fn get(
        &mut self,
        language: Language,
        progress: &Progress,
    ) -> Result<&ExecutionContext, CliError> {
        let language = self.language_of_context(language);
        if let Some(index) = self.position(language) {
            return Ok(&self.created[index].1);
        }
        let run = self.run;
        let settings = ContextSettings {
            target: run.target,
            leftovers: run.leftovers,
            timeout: run.args.timeout,
            cleanup_timeout: run.args.cleanup_timeout,
        };
        let client = &run.target.client;
        let context = match &run.args.context {
            Some(handle) => settings.attach(client, handle, language)?,
            None => settings.create(client, language, progress)?,
        };
        if run.target.is_local() {
            // It is not in the record of contexts that remain.
            run.report.add_context(context.id().as_str());
        }
        self.created.push((language, context));
        if self.run.target.client.interrupt().is_raised() {
            return Err(CliError::interrupted("the code was not sent"));
        }
        Ok(&self.created[self.created.len() - 1].1)
    }

    /// Returns the language of the context for code in a language.
    fn language_of_context(&self, language: Language) -> Language {
        match self.run.args.context {
            // The only context has the language of the first part, as far as this run is concerned.
            Some(_) => self.languages.first().copied().unwrap_or(language),
            None => language_of_context(language, &self.languages),
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
            if is_attached {
                are_destroyed = false;
                context.detach();
                continue;
            }
            if self.run.args.keep {
                are_destroyed = false;
                keep(context, self.out);
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
    /// text with the state of the contexts.
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
