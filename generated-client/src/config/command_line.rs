//! Command lines as lists of arguments.

/// Splits a command line at white space outside of `"` and `'` quotes. Returns `None` if a closing
/// quote is missing.
///
/// A backslash is not an escape character, so that Windows paths can be written unchanged.
pub(super) fn split(line: &str) -> Option<Vec<String>> {
    let mut arguments = Vec::new();
    // `None` between arguments; an empty string inside of an empty quoted argument.
    let mut argument: Option<String> = None;
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' | '\'' => {
                let (quoted, after) = rest.as_str().split_once(c)?;
                argument.get_or_insert_default().push_str(quoted);
                rest = after.chars();
            }
            c if c.is_whitespace() => arguments.extend(argument.take()),
            c => argument.get_or_insert_default().push(c),
        }
    }
    arguments.extend(argument);
    Some(arguments)
}

/// Joins arguments into a command line that [`split`] splits into the same arguments.
pub(super) fn join<A: Into<String>>(arguments: impl IntoIterator<Item = A>) -> String {
    let quote = |argument: A| format!("\"{}\"", argument.into().replace('"', "\"'\"'\""));
    let quoted: Vec<_> = arguments.into_iter().map(quote).collect();
    quoted.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_group_and_backslashes_are_kept() {
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
    fn joined_arguments_round_trip() {
        arbtest::arbtest(|u| {
            let arguments: Vec<String> = u.arbitrary()?;
            assert_eq!(split(&join(arguments.clone())), Some(arguments));
            Ok(())
        });
    }
}
