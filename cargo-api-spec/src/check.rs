//! `check`: errors and warnings in specs.

mod json;

use api_spec::{Diagnostic, Level, Source, Style};

use crate::cli::{CheckArgs, MessageFormat};
use crate::console::count;
use crate::error::CliError;
use crate::spec::level_name;
use crate::{console, spec};

pub(crate) fn check(args: &CheckArgs) -> Result<(), CliError> {
    let mut tally = Tally::default();
    let mut read_error = None;
    for path in &args.files {
        // The other files are checked even if one cannot be read.
        match spec::read(path) {
            Ok(source) => tally.add(&check_spec(&source, args)?),
            Err(error) => {
                if let Some(earlier) = read_error.replace(error) {
                    console::note(earlier);
                }
            }
        }
    }
    match read_error {
        Some(error) => Err(error),
        None => tally.into_result(),
    }
}

fn check_spec(source: &Source, args: &CheckArgs) -> Result<Vec<Diagnostic>, CliError> {
    let mut diagnostics = api_spec::parse(source).diagnostics;
    if args.deny_warnings {
        for diagnostic in &mut diagnostics {
            diagnostic.level = Level::Error;
        }
    }
    for diagnostic in &diagnostics {
        let text = match args.message_format {
            MessageFormat::Human => format!("{}\n\n", diagnostic.render(source, Style::Terminal)),
            MessageFormat::Short => short(source, diagnostic),
            MessageFormat::Json => json::compiler_message(source, diagnostic).line() + "\n",
        };
        console::print(&text)?;
    }
    Ok(diagnostics)
}

/// Returns `file:line:column: error[S101]: message`, like `--error-format=short` of rustc.
fn short(source: &Source, diagnostic: &Diagnostic) -> String {
    let start = diagnostic.span().start;
    let (name, position) = (source.name_at(start), source.position(start));
    let level = level_name(diagnostic.level);
    format!(
        "{name}:{}:{}: {level}[{}]: {}\n",
        position.line, position.column, diagnostic.code, diagnostic.message
    )
}

#[derive(Default)]
struct Tally {
    errors: usize,
    warnings: usize,
}

impl Tally {
    fn add(&mut self, diagnostics: &[Diagnostic]) {
        let errors = diagnostics.iter().filter(|it| it.is_error()).count();
        self.errors += errors;
        self.warnings += diagnostics.len() - errors;
    }

    fn into_result(self) -> Result<(), CliError> {
        if self.errors == 0 {
            return Ok(());
        }
        let mut message = format!("found {}", count(self.errors, "error"));
        if self.warnings > 0 {
            message = format!("{message} and {}", count(self.warnings, "warning"));
        }
        Err(CliError::failed(message))
    }
}
