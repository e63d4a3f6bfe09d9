//! Tests of the statements of SQL.

use std::io;

use super::*;

/// Reader that returns one byte at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.0.len().min(out.len()).min(1);
        out[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

fn read(code: &str) -> Vec<Statement> {
    let statements = |reader: &mut dyn Iterator<Item = io::Result<Statement>>| {
        reader.collect::<io::Result<Vec<_>>>().unwrap()
    };
    let all = statements(&mut StatementReader::new(code.as_bytes()));
    assert_eq!(
        statements(&mut StatementReader::new(Slow(code.as_bytes()))),
        all
    );
    assert_eq!(StatementReader::count(code.as_bytes()).unwrap(), all.len());
    all
}

fn texts(code: &str) -> Vec<String> {
    read(code)
        .into_iter()
        .map(|statement| statement.text)
        .collect()
}

#[test]
fn code_is_split_at_semicolons() {
    for (code, expected) in [
        ("", &[][..]),
        (" \n-- nothing\n/* ; */;;", &[]),
        ("SELECT 1;", &["SELECT 1"]),
        ("SELECT 1", &["SELECT 1"]),
        (";SELECT ';'; ; select 2", &["SELECT ';'", "select 2"]),
        ("SELECT 1; -- end;\n", &["SELECT 1"]),
        (
            "-- a;\nSELECT 1; SELECT 2",
            &["-- a;\nSELECT 1", "SELECT 2"],
        ),
        (
            "-- a \\\n; b\nSELECT 1; SELECT 2",
            &["-- a \\\n; b\nSELECT 1", "SELECT 2"],
        ),
        (
            "SELECT /* /* ; */ ; */ 1; SELECT 2",
            &["SELECT /* /* ; */ ; */ 1", "SELECT 2"],
        ),
        (
            r"SELECT '\';', r'\'; SELECT 2",
            &[r"SELECT '\';', r'\'", "SELECT 2"],
        ),
        (
            "SELECT 'it'';s', \";\", `;`; SELECT 2",
            &["SELECT 'it'';s', \";\", `;`", "SELECT 2"],
        ),
        (
            "AS $$ a; b $$; AS $py$ $$; $py$; SELECT $1",
            &["AS $$ a; b $$", "AS $py$ $$; $py$", "SELECT $1"],
        ),
        ("SELECT 'a; SELECT 2", &["SELECT 'a; SELECT 2"]),
        (
            "\u{feff}#!/usr/bin/env -S dbexec run;\nSELECT 1; SELECT 2",
            &["SELECT 1", "SELECT 2"],
        ),
    ] {
        assert_eq!(texts(code), expected, "{code}");
    }
}

#[test]
fn scripts_are_statements() {
    for script in [
        "BEGIN SELECT 1; SELECT 2; END",
        "BEGIN CASE x WHEN 1 THEN SELECT 1; END CASE; SELECT CASE WHEN y THEN 1 END; END",
        "BEGIN IF x THEN BEGIN SELECT 1; END; ELSE SELECT 2; END IF; WHILE y DO SELECT 3; END WHILE; END",
        "a: BEGIN SELECT 'end'; END a",
        "CREATE OR REPLACE PROCEDURE p() AS BEGIN SELECT 1; END",
        "begin atomic INSERT INTO t VALUES (1); end",
        // These are no scripts.
        "SELECT x AS begin",
        "SELECT CASE WHEN x THEN 1 END",
        "SELECT end FROM `begin`",
        "BEGIN TRANSACTION",
        "BEGIN",
    ] {
        assert_eq!(texts(&format!("{script}; SELECT 2;")), [script, "SELECT 2"]);
    }
    let open = "BEGIN SELECT 1; SELECT 2;";
    assert_eq!(texts(open), [open]);
}

#[test]
fn statements_have_positions() {
    let code = "-- ä\n\nSELECT 'ä\n', 1; SELECT 2 /* ä\n*/ ;  -- b\n -- c\n  SELECT 3";
    let positions: Vec<_> = read(code)
        .iter()
        .map(|statement| {
            (
                statement.position.line,
                statement.position.column,
                statement.line,
            )
        })
        .collect();
    assert_eq!(positions, [(1, 0, 3), (4, 6, 4), (5, 6, 7)]);
}

#[test]
fn parts_of_the_code_have_no_effect() {
    let statements: Vec<_> = (0..40)
        .map(|number| {
            let text = "ä; ".repeat(number * 700);
            match number % 4 {
                0 => format!("SELECT '{text}'"),
                1 => format!("/* {text} */ SELECT {number}"),
                2 => format!("AS $py$ {text} $py$"),
                _ => format!("-- {text}\nSELECT{}{number}", " ".repeat(number * 2000)),
            }
        })
        .collect();
    let code = statements.join(";");
    assert!(code.len() > 8 * BLOCK_BYTES);
    assert_eq!(texts(&code), statements);
}

#[test]
fn window_is_no_larger_than_needed() {
    let mut reader = StatementReader::new(io::repeat(b';').take(1 << 20));
    assert!(reader.next().is_none());
    assert!(reader.window.capacity() < 4 * BLOCK_BYTES);
    let mut code = "INSERT INTO t VALUES (1, 'text');\n".repeat(1 << 14);
    code.push_str("SELECT 1");
    let mut reader = StatementReader::new(code.as_bytes());
    assert_eq!(reader.by_ref().count(), (1 << 14) + 1);
    assert!(reader.window.capacity() < 4 * BLOCK_BYTES);
}

#[test]
fn text_that_is_not_utf8_is_an_error() {
    for code in [&b"SELECT '\xff'; SELECT 1"[..], b"SELECT 1; \xf0\x9f"] {
        let result: io::Result<Vec<_>> = StatementReader::new(code).collect();
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
