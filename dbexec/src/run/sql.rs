//! Parameter markers in queries.

/// Parameter markers of a query.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Markers {
    /// Names in `:name`, each once, in order.
    pub(super) names: Vec<String>,
    /// Number of `?`.
    pub(super) positional: usize,
}

/// Returns the markers outside of strings, quoted names and comments.
pub(super) fn markers(query: &str) -> Markers {
    let mut markers = Markers::default();
    let mut rest = query;
    // A path in JSON, e.g. `column:field`, and a cast, e.g. `x::int`, are no markers.
    let mut is_operand = false;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\'' | '"' | '`' => quoted_len(rest, c),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest[2..].find("*/").map_or(rest.len(), |end| end + 4),
            ':' if rest.starts_with("::") => 2,
            ':' if !is_operand => {
                let name = &rest[1..];
                let name = &name[..name_len(name)];
                if !name.is_empty() && !markers.names.iter().any(|other| other == name) {
                    markers.names.push(name.to_owned());
                }
                1 + name.len()
            }
            '?' => {
                markers.positional += 1;
                1
            }
            _ if is_name(c) => name_len(rest),
            _ => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length.max(1));
        is_operand = token.ends_with(|c| is_name(c) || matches!(c, ')' | ']' | '`' | '\'' | '"'));
        rest = after;
    }
    markers
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn name_len(text: &str) -> usize {
    text.find(|c| !is_name(c)).unwrap_or(text.len())
}

/// Returns the length of a text in quotes, in which a backslash escapes a character.
fn quoted_len(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' && quote != '`' {
            is_escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_outside_of_strings_and_comments() {
        for (query, names, positional) in [
            ("", &[][..], 0),
            ("SELECT :a, :b, :a", &["a", "b"], 0),
            (
                "SELECT * FROM t WHERE x=:x AND y IN (:y_1,?)",
                &["x", "y_1"],
                1,
            ),
            (
                "SELECT ':a', \":b\", `:c`, 'it\\':d', '\\\\', :e",
                &["e"],
                0,
            ),
            ("-- :a ?\n/* :b\n? */ SELECT :c", &["c"], 0),
            ("SELECT x::int, raw:owner, raw['a']:b, f(x):c", &[], 0),
            ("SELECT 'a", &[], 0),
            ("/* :a", &[], 0),
            ("/*/ :a */ :b", &["b"], 0),
            (":é : ::", &["é"], 0),
        ] {
            let expected = Markers {
                names: names.iter().map(|&name| name.to_owned()).collect(),
                positional,
            };
            assert_eq!(markers(query), expected, "{query}");
        }
    }
}
