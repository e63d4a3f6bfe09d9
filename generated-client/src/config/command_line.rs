//! A command line as a list of words.

/// Splits at white space. What stands between `"` or between `'` belongs together; nothing is
/// escaped, so that paths of Windows stay as they are. `None` if a quote does not end.
pub(super) fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' | '\'' => {
                let (inner, behind) = rest.as_str().split_once(c)?;
                word.get_or_insert_default().push_str(inner);
                rest = behind.chars();
            }
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

/// The line that is split into these words.
pub(super) fn join<W: Into<String>>(words: impl IntoIterator<Item = W>) -> String {
    let quoted = |word: W| format!("\"{}\"", word.into().replace('"', "\"'\"'\""));
    let words: Vec<_> = words.into_iter().map(quoted).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_quotes() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            (" \t\n", &[]),
            ("a", &["a"]),
            (
                " databricks  auth\ttoken ",
                &["databricks", "auth", "token"],
            ),
            (r#""a b" 'c d'"#, &["a b", "c d"]),
            (r#"--x="a b"c"#, &["--x=a bc"]),
            (r#"'"' "it's""#, &["\"", "it's"]),
            (r#""" ''"#, &["", ""]),
            (
                r#""C:\Program Files\x.exe" \n"#,
                &[r"C:\Program Files\x.exe", r"\n"],
            ),
            ("$HOME;`id`|x", &["$HOME;`id`|x"]),
        ];
        for (line, expected) in cases {
            assert_eq!(split(line).unwrap(), *expected, "{line}");
        }
        for line in ["\"", "a 'b", "'a\"", "\"a\" '"] {
            assert!(split(line).is_none(), "{line}");
        }
    }

    #[test]
    fn words_survive_a_line() {
        arbtest::arbtest(|u| {
            let words: Vec<String> = u.arbitrary()?;
            assert_eq!(split(&join(words.clone())), Some(words));
            Ok(())
        });
    }
}
