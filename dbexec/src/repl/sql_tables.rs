//! Tables that a SQL statement reads, for the completion of their columns.

use crate::language::Language;
use crate::syntax::{Kind, Token, tokens};

/// Table of a statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table<'c> {
    /// Name, for example `sales` or `prod.sales`.
    pub(super) name: &'c str,
    pub(super) alias: Option<&'c str>,
}

/// Returns the tables that follow `FROM` and `JOIN` in the last statement of the code. Subqueries and names in
/// quotes are not among them.
pub(super) fn tables(code: &str) -> Vec<Table<'_>> {
    let tokens = tokens(Language::Sql, code);
    let text = |token: &Token| &code[token.start..token.end];
    let is = |token: &Token, words: &[&str]| {
        words
            .iter()
            .any(|word| word.eq_ignore_ascii_case(text(token)))
    };
    let end = tokens
        .iter()
        .rposition(|token| is(token, &[";"]))
        .map_or(0, |at| at + 1);
    let mut rest = tokens[end..]
        .iter()
        .filter(|token| !matches!(token.kind, Kind::LineEnd | Kind::Comment))
        .peekable();
    let mut tables = Vec::new();
    while let Some(token) = rest.next() {
        let begins = is(token, &["FROM", "JOIN"]) || is(token, &[","]) && !tables.is_empty();
        let Some(first) = rest.next_if(|next| begins && next.kind == Kind::Name) else {
            continue;
        };
        let mut last = first;
        while rest.next_if(|next| is(next, &["."])).is_some() {
            match rest.next_if(|next| next.kind == Kind::Name) {
                Some(part) => last = part,
                None => break,
            }
        }
        let _ = rest.next_if(|next| is(next, &["AS"]));
        let alias = rest.next_if(|next| next.kind == Kind::Name).map(text);
        let name = &code[first.start..last.end];
        tables.push(Table { name, alias });
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_their_aliases_are_found() {
        for (code, expected) in [
            ("SELECT a", &[][..]),
            ("SELECT a FROM t WHERE ", &[("t", None)]),
            ("select a from prod.t AS x where ", &[("prod.t", Some("x"))]),
            (
                "SELECT * FROM a x JOIN b ON x.",
                &[("a", Some("x")), ("b", None)],
            ),
            ("SELECT * FROM a, b\nWHERE ", &[("a", None), ("b", None)]),
            ("SELECT 1 FROM old; SELECT x, FROM new", &[("new", None)]),
            (
                "SELECT 1 FROM (SELECT 2 FROM inner_one)",
                &[("inner_one", None)],
            ),
            ("SELECT 'FROM t' -- FROM u", &[]),
            ("SELECT 1 FROM a.", &[("a", None)]),
        ] {
            let found: Vec<_> = tables(code)
                .into_iter()
                .map(|table| (table.name, table.alias))
                .collect();
            assert_eq!(found, expected, "{code}");
        }
    }
}
