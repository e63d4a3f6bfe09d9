//! End of an input: the rules by which a line is followed by another one.

use crate::language::Language;
use crate::syntax::{Kind, StatementEnd, Token, name_len, tokens};

/// Returns whether code can run, or needs further lines.
pub(super) fn is_complete(language: Language, code: &str) -> bool {
    let tokens = tokens(language, code);
    if has_open_part(&tokens) {
        return false;
    }
    match language {
        Language::Python => is_complete_python(code, &tokens),
        Language::Sql => StatementEnd::is_between(code, &tokens),
        Language::Scala | Language::R => {
            is_last_line_blank(code) || !ends_with_operator(language, code, &tokens)
        }
    }
}

/// Returns whether code that follows a command on its line, for example `:sql`, needs further lines.
pub(super) fn is_complete_after_command(language: Language, code: &str) -> bool {
    match language {
        Language::Sql => !has_open_part(&tokens(language, code)),
        _ => is_complete(language, code),
    }
}

/// Returns whether SQL code ends within a statement.
pub(super) fn is_in_statement(code: &str) -> bool {
    !StatementEnd::is_between(code, &tokens(Language::Sql, code))
}

/// Removes the indentation of the first line from all lines.
pub(super) fn dedent(code: &str) -> String {
    let first = code
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let indentation = &first[..first.len() - first.trim_start().len()];
    let lines = code
        .split('\n')
        .map(|line| line.strip_prefix(indentation).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns whether a line of Python continues the block before it: it is indented, or begins with `else`, for
/// example.
pub(super) fn continues_block(line: &str) -> bool {
    const CONTINUATIONS: [&str; 4] = ["elif", "else", "except", "finally"];
    line.starts_with([' ', '\t']) || CONTINUATIONS.contains(&first_name(line))
}

/// Returns whether Python code is a block, which lines may follow.
pub(super) fn is_open_block(code: &str) -> bool {
    let code = code.trim_end();
    !is_complete_python(code, &tokens(Language::Python, code))
}

fn has_open_part(tokens: &[Token]) -> bool {
    let mut depth = 0_i64;
    for token in tokens {
        match token.kind {
            _ if token.is_open => return true,
            Kind::OpenBracket => depth += 1,
            // A bracket too many is an error, which ends the input.
            Kind::CloseBracket if depth == 0 => return false,
            Kind::CloseBracket => depth -= 1,
            _ => {}
        }
    }
    depth > 0
}

fn significant(tokens: &[Token]) -> impl DoubleEndedIterator<Item = &Token> {
    tokens
        .iter()
        .filter(|token| !matches!(token.kind, Kind::Comment | Kind::LineEnd))
}

fn is_last_line_blank(code: &str) -> bool {
    let line = code.rsplit('\n').next().unwrap_or_default();
    code.contains('\n') && line.trim().is_empty()
}

fn is_complete_python(code: &str, tokens: &[Token]) -> bool {
    const BLOCKS: [&str; 13] = [
        "async", "class", "def", "elif", "else", "except", "finally", "for", "if", "match", "try",
        "while", "with",
    ];
    if code.ends_with('\\') {
        return false;
    }
    if is_last_line_blank(code) {
        return true;
    }
    let Some(last) = last_logical_line(code, tokens) else {
        return true;
    };
    let is_block = match first_name(last) {
        // `match` is a name, too.
        "match" => last.trim_end().ends_with(':'),
        name => BLOCKS.contains(&name),
    };
    !(is_block || last.starts_with([' ', '\t', '@']))
}

/// Returns the last line with code, from its start to the end of the code. Lines in brackets and strings are
/// parts of one line.
fn last_logical_line<'a>(code: &'a str, tokens: &[Token]) -> Option<&'a str> {
    let mut depth = 0_usize;
    let mut is_start = true;
    let mut start = None;
    for token in tokens {
        match token.kind {
            Kind::LineEnd if depth == 0 => {
                is_start = !code[..token.start].ends_with('\\');
                continue;
            }
            Kind::Comment | Kind::LineEnd => continue,
            Kind::OpenBracket => depth += 1,
            Kind::CloseBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
        if is_start {
            start = Some(token.start);
            is_start = false;
        }
    }
    let start = start?;
    let line_start = code[..start].rfind('\n').map_or(0, |at| at + 1);
    Some(&code[line_start..])
}

fn first_name(line: &str) -> &str {
    &line[..name_len(Language::Python, line)]
}

/// Returns whether the last token needs an operand.
fn ends_with_operator(language: Language, code: &str, tokens: &[Token]) -> bool {
    const SCALA: [&str; 6] = ["extends", "with", "else", "yield", "match", "new"];
    let mut last = significant(tokens).rev();
    let Some(token) = last.next() else {
        return false;
    };
    let text = &code[token.start..token.end];
    match (language, token.kind) {
        (Language::Scala, Kind::Keyword) => SCALA.contains(&text),
        (Language::Scala, Kind::Symbol) => match text {
            "=" | "." | "," => true,
            // `=>`, but not a method such as `->`.
            ">" => code[..token.start].ends_with('='),
            _ => false,
        },
        (Language::R, Kind::Keyword) => text == "else",
        (Language::R, Kind::Symbol) => match text {
            // An operator such as `%in%` has two of them.
            "%" => last
                .next()
                .is_some_and(|before| before.end < token.start || before.kind != Kind::Symbol),
            _ => "+-*/^&|=<>~,!:?$@".contains(text),
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_blocks_end_with_an_empty_line() {
        let complete = [
            "1 + 1",
            "x = (1,\n2)",
            "def f():\n    return 1\n",
            "def f():\n    return 1\n    ",
            "def f():\n    return 1\nf()",
            "'''a\nb'''",
            "match = 1",
            "print('(')  # (",
            "'a",
            ")",
            "",
            "# if",
            "x = 1 if y else 2",
            "format('x')",
        ];
        let incomplete = [
            "def f():",
            "def f():\n    return 1",
            "if x: y",
            "if x:\n    y\nelse:",
            "@cache",
            "@cache\ndef f(): pass",
            "x = (1,",
            "x = [\n1\n",
            "'''a",
            "'''a\n",
            "x = 1 + \\",
            "match x:",
            "async def f():",
            "for x in (\n1,\n): pass",
            "with a as b:\n    (c,\n     d)",
        ];
        for code in complete {
            assert!(is_complete(Language::Python, code), "{code:?}");
        }
        for code in incomplete {
            assert!(!is_complete(Language::Python, code), "{code:?}");
        }
    }

    #[test]
    fn indentation_of_the_first_line_is_removed() {
        for (code, expected) in [
            ("  x", "x"),
            ("\n  if x:\n    y\n\n  z\n", "\nif x:\n  y\n\nz\n"),
            ("  x\ny", "x\ny"),
            ("", ""),
        ] {
            assert_eq!(dedent(code), expected, "{code:?}");
        }
    }

    #[test]
    fn sql_ends_with_a_semicolon() {
        for (code, expected) in [
            ("SELECT 1", false),
            ("SELECT 1;", true),
            ("SELECT ';'", false),
            ("SELECT 1; -- comment", true),
            ("SELECT 1 -- ;", false),
            ("SELECT (1;", false),
            ("-- comment", true),
            ("", true),
            ("SELECT 1; SELECT", false),
            ("BEGIN SELECT 1;", false),
            (
                "BEGIN IF x THEN SELECT CASE WHEN y THEN 1 END; END IF; END;",
                true,
            ),
            ("BEGIN IF x THEN SELECT 1; END IF;", false),
        ] {
            assert_eq!(is_complete(Language::Sql, code), expected, "{code}");
        }
    }

    #[test]
    fn scala_and_r_end_with_closed_brackets_and_operands() {
        use Language::{R, Scala};

        for (language, code, expected) in [
            (Scala, "val x = 1", true),
            (Scala, "val x =", false),
            (Scala, "def f(x: Int) = {", false),
            (Scala, "list.map { x =>", false),
            (Scala, "a ->", true),
            (Scala, "class A extends", false),
            (Scala, "/* a", false),
            (Scala, "\"\"\"a", false),
            (Scala, "val x =\n", true),
            (R, "x <- 1", true),
            (R, "x <-", false),
            (R, "f <- function(x) {", false),
            (R, "x |>", false),
            (R, "x %in%", false),
            (R, "5 %% 2", true),
            (R, "'a", false),
            (R, "x[", false),
            (R, "x # +", true),
        ] {
            assert_eq!(is_complete(language, code), expected, "{language} {code}");
        }
        assert!(is_complete_after_command(Language::Sql, "SELECT 1"));
        assert!(!is_complete_after_command(Language::Sql, "SELECT (1"));
    }

    #[test]
    fn lines_continue_a_block_of_python() {
        for (line, expected) in [
            ("    x", true),
            ("else:", true),
            ("except E:", true),
            ("elsewhere()", false),
            ("x", false),
        ] {
            assert_eq!(continues_block(line), expected, "{line}");
        }
        assert!(is_open_block("def f():\n    x\n\n") && !is_open_block("f()\n"));
    }
}
