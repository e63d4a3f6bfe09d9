//! Tests of the tokens.

use super::*;

/// Writes the tokens with the first letter of their kind.
fn describe(language: Language, code: &str) -> String {
    let describe = |token: &Token| {
        let text = code[token.start..token.end].replace('\n', "\\n");
        let open = if token.is_open { "…" } else { "" };
        let kind = format!("{:?}", token.kind);
        format!("{}:{text}{open}", &kind[..1])
    };
    let tokens = tokens(language, code);
    tokens.iter().map(describe).collect::<Vec<_>>().join(" ")
}

#[test]
fn code_has_tokens_of_its_language() {
    use Language::{Python, R, Scala, Sql};

    for (language, code, expected) in [
        (Python, "if x: # y", "K:if N:x S:: C:# y"),
        (
            Python,
            "rb'a\\'b' + f\"\"\"c\n\"\"\"",
            "Q:rb'a\\'b' S:+ Q:f\"\"\"c\\n\"\"\"",
        ),
        (Python, "x = '''a", "N:x S:= Q:'''a…"),
        (Python, "'a\nb", "Q:'a L:\\n N:b"),
        (Python, "0x1f + 1e-3 + 1.5j", "N:0x1f S:+ N:1e-3 S:+ N:1.5j"),
        (
            Sql,
            "select 'it''s', `a b` -- c",
            "K:select Q:'it' Q:'s' S:, Q:`a b` C:-- c",
        ),
        (Sql, "/* a /* b */ c */ 1", "C:/* a /* b */ c */ N:1"),
        (Sql, "/* a", "C:/* a…"),
        (Sql, "'a\nb", "Q:'a\\nb…"),
        (
            Scala,
            "val c = '\\n' + 'x' + 'sym",
            "K:val N:c S:= Q:'\\n' S:+ Q:'x' S:+ S:' N:sym",
        ),
        (
            Scala,
            "s\"$x\" // y\n\"\"\"a\\\"\"\"",
            "Q:s\"$x\" C:// y L:\\n Q:\"\"\"a\\\"\"\"",
        ),
        (Scala, "1.toString", "N:1 S:. N:toString"),
        (R, "x.y <- r\"-(a\"b)-\"", "N:x.y S:< S:- Q:r\"-(a\"b)-\""),
        (R, "'a\nb' # c", "Q:'a\\nb' C:# c"),
        (R, "r\"(a", "Q:r\"(a…"),
        (R, "", ""),
        (Python, "é = '\u{1f600}", "N:é S:= Q:'\u{1f600}"),
    ] {
        assert_eq!(describe(language, code), expected, "{code}");
    }
}

#[test]
fn tokens_are_in_order_for_any_text() {
    let mut random = fastrand::Rng::with_seed(7);
    let parts = [
        "'", "\"", "\"\"\"", "`", "\\", "\n", "#", "/*", "*/", "--", "(", "}", "r\"-(", ")-\"",
        "é", "1e", "+", "if", "x", " ", ".", "'\\",
    ];
    for _ in 0..5000 {
        let count = random.usize(0..12);
        let code: String = (0..count)
            .map(|_| parts[random.usize(..parts.len())])
            .collect();
        for language in [
            Language::Python,
            Language::Scala,
            Language::Sql,
            Language::R,
        ] {
            let mut end = 0;
            for token in tokens(language, &code) {
                assert!(
                    token.start >= end && token.end > token.start,
                    "{language} {code:?}"
                );
                assert!(code.is_char_boundary(token.start) && code.is_char_boundary(token.end));
                assert!(
                    code[end..token.start].chars().all(is_blank),
                    "{language} {code:?}"
                );
                end = token.end;
            }
            assert!(code[end..].chars().all(is_blank), "{language} {code:?}");
        }
    }
}
