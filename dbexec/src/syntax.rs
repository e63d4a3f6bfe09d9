//! Syntax of the four languages: tokens for highlighting and for the end of an input, and statements of SQL.
//!
//! ```text
//! statement_reader   statements of SQL from a file of any size
//!    ├──▶ statement_end   where a statement of SQL ends, token by token
//!    ▼        ▼
//!   tokens ──▶ keywords
//! ```

pub(crate) mod keywords;
mod statement_end;
mod statement_reader;
mod tokens;

pub(crate) use self::statement_end::StatementEnd;
pub(crate) use self::statement_reader::{Position, Statement, StatementReader};
pub(crate) use self::tokens::{Kind, Token, name_len, tokens};

/// Returns the statements of SQL code, without `;` and empty ones.
pub(crate) fn statements(code: &str) -> Vec<String> {
    // Code in memory has no errors.
    let statements = StatementReader::new(code.as_bytes()).map_while(Result::ok);
    statements.map(|statement| statement.text).collect()
}
