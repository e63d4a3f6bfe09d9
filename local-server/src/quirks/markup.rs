//! Markup that Databricks adds to errors.

/// Formats a summary as HTML: the name of the exception is an element, and special characters are
/// entities.
pub(crate) fn html_summary(summary: &str) -> String {
    let (name, rest) = split_exception(summary);
    let mut html = String::with_capacity(summary.len() + 64);
    if !name.is_empty() {
        html.push_str("<span class=\"ansi-red-fg\">");
        escape(name, &mut html);
        html.push_str("</span>");
    }
    escape(rest, &mut html);
    html
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
}

/// Adds colors to a traceback, as notebooks do: the names of exceptions are red, and the positions of
/// frames are green.
pub(crate) fn ansi_cause(cause: &str) -> String {
    const RED: &str = "\u{1b}[0;31m";
    const GREEN: &str = "\u{1b}[0;32m";
    const RESET: &str = "\u{1b}[0m";
    let mut colored = String::with_capacity(cause.len() + 64);
    for line in cause.split_inclusive('\n') {
        let text = line.trim_end_matches('\n');
        let (name, rest) = split_exception(text);
        if text.starts_with("  File ") {
            colored.extend([GREEN, text, RESET]);
        } else if !name.is_empty() {
            colored.extend([RED, name, RESET, rest]);
        } else {
            colored.push_str(text);
        }
        colored.push_str(&line[text.len()..]);
    }
    colored
}

/// Splits a line into the name of the exception at its start, which may be empty, and the rest.
fn split_exception(line: &str) -> (&str, &str) {
    let is_part = |c: char| c.is_alphanumeric() || "._$".contains(c);
    let end = line.find(|c| !is_part(c)).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let is_exception = rest.starts_with(':') || (rest.is_empty() && name.ends_with("Error"));
    if is_exception {
        (name, rest)
    } else {
        ("", line)
    }
}

#[cfg(test)]
mod tests {
    use super::{ansi_cause, html_summary};

    #[test]
    fn summary_is_html() {
        assert_eq!(
            html_summary("ValueError: a < b & 'c'"),
            "<span class=\"ansi-red-fg\">ValueError</span>: a &lt; b &amp; &#39;c&#39;"
        );
        assert_eq!(html_summary("no name"), "no name");
    }

    #[test]
    fn cause_is_colored() {
        let cause = "Traceback (most recent call last):\n  File \"a\", line 1\n    1/0\nKeyError";
        assert_eq!(
            ansi_cause(cause),
            "Traceback (most recent call last):\n\u{1b}[0;32m  File \"a\", line 1\u{1b}[0m\n    \
             1/0\n\u{1b}[0;31mKeyError\u{1b}[0m"
        );
    }
}
