//! `check`: every fault of descriptions, in one of three forms.

mod message;

use api_spec::{Diagnostic, Level, Source, Style};

use crate::cli::{CheckArgs, MessageFormat};
use crate::exit::Failure;
use crate::spec::count;
use crate::{console, spec};

pub(crate) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let mut tally = Tally::default();
    let mut unread = None;
    for path in &args.files {
        // One file that is not there keeps none of the others from being checked.
        match spec::read(path) {
            Ok(source) => tally.add(&check_one(&source, args)?),
            Err(failure) => {
                if let Some(earlier) = unread.replace(failure) {
                    console::say(earlier);
                }
            }
        }
    }
    match unread {
        Some(failure) => Err(failure),
        None => tally.verdict(),
    }
}

fn check_one(source: &Source, args: &CheckArgs) -> Result<Vec<Diagnostic>, Failure> {
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
            MessageFormat::Json => message::wrapped(source, diagnostic).line() + "\n",
        };
        console::print(&text)?;
    }
    Ok(diagnostics)
}

/// `file:line:column: error[S101]: message`, as rustc has it.
fn short(source: &Source, diagnostic: &Diagnostic) -> String {
    let at = source.position(diagnostic.span().start);
    let (name, level, code) = (
        source.name_at(diagnostic.span().start),
        level(diagnostic),
        diagnostic.code,
    );
    format!(
        "{name}:{}:{}: {level}[{code}]: {}\n",
        at.line, at.column, diagnostic.message
    )
}

fn level(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
    }
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

    fn verdict(&self) -> Result<(), Failure> {
        if self.errors == 0 {
            return Ok(());
        }
        let mut words = count(self.errors, "fault");
        if self.warnings > 0 {
            words = format!("{words} and {}", count(self.warnings, "warning"));
        }
        Err(Failure::no(words))
    }
}
