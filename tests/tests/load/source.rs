//! Source of commands.
//!
//! In Python, R and Scala, a command increments a counter of its context, and its line is `CONTEXT NUMBER
//! COUNT`: the number of the context, that of the command, and the counter. A SQL command is one
//! statement, so that some append their number to a variable of the context, and the rows of others are
//! `CONTEXT, NUMBER, VARIABLE`.

use generated_client::Language;

/// Effect of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Prints its line. In SQL: appends its number to the variable.
    Print,
    /// Prints its line, which it computes with Spark. In SQL: returns its row.
    Spark,
    /// Prints something else, and fails with its line as message.
    Fail,
    /// Prints its line [`LINES`] times. In SQL: returns as many rows.
    Large,
    /// Prints its line, and sleeps for an hour. In SQL, nothing is printed.
    Sleep,
    /// As [`Print`](Self::Print), and its client cancels it at once.
    Abandon,
}

pub(super) const LINES: usize = 2000;

/// Returns the commands that define the number of a context and its state.
pub(super) fn setup(language: &Language, context: usize) -> Vec<String> {
    match language {
        Language::Python => vec![format!("me, seen = {context}, 0")],
        Language::R => vec![format!("me <- {context}L; seen <- 0L")],
        Language::Scala => vec![format!(
            "object Soak {{ val me = {context}; var seen = 0 }}"
        )],
        _ => vec![
            format!("declare variable me int default {context}"),
            "declare variable log string default ''".to_owned(),
        ],
    }
}

/// Returns a command that prints the counter, or selects the variable.
pub(super) fn state(language: &Language) -> &'static str {
    match language {
        Language::Python => "print(seen)",
        Language::R => "cat(seen)",
        Language::Scala => "print(Soak.seen)",
        _ => "select log",
    }
}

pub(super) fn source(language: &Language, kind: Kind, number: usize) -> String {
    match language {
        Language::Python => python(kind, number),
        Language::R => r(kind, number),
        Language::Scala => scala(kind, number),
        _ => sql(kind, number),
    }
}

fn python(kind: Kind, number: usize) -> String {
    let effect = match kind {
        Kind::Print | Kind::Abandon => "print(line)".to_owned(),
        Kind::Spark => "print(spark.sql(f\"select '{line}'\").first()[0])".to_owned(),
        Kind::Fail => "print('lost')\nraise ValueError(line)".to_owned(),
        Kind::Large => format!("for _ in range({LINES}): print(line)"),
        Kind::Sleep => "print(line)\nimport time\ntime.sleep(3600)".to_owned(),
    };
    format!("seen += 1\nline = f'{{me}} {number} {{seen}}'\n{effect}")
}

fn r(kind: Kind, number: usize) -> String {
    let effect = match kind {
        Kind::Print | Kind::Abandon | Kind::Spark => "cat(line)".to_owned(),
        Kind::Fail => "cat('lost'); stop(line)".to_owned(),
        Kind::Large => format!("cat(rep(line, {LINES}), sep = '\\n')"),
        Kind::Sleep => "cat(line, '\\n', sep = ''); Sys.sleep(3600)".to_owned(),
    };
    format!("seen <- seen + 1L; line <- paste(me, {number}, seen); {effect}")
}

fn scala(kind: Kind, number: usize) -> String {
    let effect = match kind {
        Kind::Print | Kind::Abandon => "print(line)".to_owned(),
        Kind::Spark => "print(sc.parallelize(Seq(line), 1).collect.head)".to_owned(),
        Kind::Fail => "print(\"lost\"); sys.error(line)".to_owned(),
        Kind::Large => format!("for (_ <- 1 to {LINES}) println(line)"),
        Kind::Sleep => "println(line); System.out.flush(); Thread.sleep(3600000)".to_owned(),
    };
    // In a block, so that no definition is printed.
    format!("{{ Soak.seen += 1; val line = s\"${{Soak.me}} {number} ${{Soak.seen}}\"; {effect} }}")
}

fn sql(kind: Kind, number: usize) -> String {
    match kind {
        Kind::Print | Kind::Abandon => format!("set var log = concat(log, '{number} ')"),
        Kind::Spark => format!("select me, {number}, log"),
        Kind::Fail => format!("select raise_error(concat_ws('/', me, {number}, log))"),
        Kind::Large => format!("select me, {number}, id from range({LINES})"),
        Kind::Sleep => "select reflect('java.lang.Thread', 'sleep', 3600000L)".to_owned(),
    }
}
