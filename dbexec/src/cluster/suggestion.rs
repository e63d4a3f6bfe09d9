//! Command lines in messages.

/// Returns the command line of `dbexec cluster` for a cluster, e.g. `dbexec cluster start etl --wait`.
pub(crate) fn command_line(command: &str, cluster: &str, options: &str) -> String {
    let cluster = quote(cluster);
    format!("dbexec cluster {command} {cluster}{options}")
}

/// Quotes an argument for a POSIX shell if necessary.
fn quote(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || "_./:=@%+,-".contains(c);
    if !text.is_empty() && text.chars().all(is_word) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_for_a_shell() {
        for (name, word) in [
            ("etl", "etl"),
            ("0123-456789-a", "0123-456789-a"),
            ("etl prod", "'etl prod'"),
            ("a'b", r"'a'\''b'"),
            ("$(a)", "'$(a)'"),
        ] {
            let line = format!("dbexec cluster stop {word} --wait");
            assert_eq!(command_line("stop", name, " --wait"), line);
        }
    }
}
