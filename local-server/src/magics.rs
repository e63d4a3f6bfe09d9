//! Magic commands of notebooks, which the API does not support.

use crate::language::Language;

/// Returns the reason for rejecting a command that begins with a magic command, and what to use
/// instead. Empty lines and comments before it are skipped.
///
/// Databricks documents that `%run` is not supported. Other magic commands depend on the version of
/// its runtime.
pub(crate) fn unsupported(language: Language, source: &str) -> Option<String> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let line = source
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !is_comment(language, line))?;
    // `!x` is an expression in Scala and R.
    if language == Language::Python && line.starts_with('!') {
        return Some(reason("!", "use `subprocess.run` to run a program"));
    }
    let name = line.trim_start_matches('%');
    if name.len() == line.len() {
        return None;
    }
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let name = &name[..end.unwrap_or(name.len())];
    (!name.is_empty()).then(|| reason(&format!("%{name}"), instead_of(name)))
}

fn is_comment(language: Language, line: &str) -> bool {
    let prefix = match language {
        Language::Python | Language::R => "#",
        Language::Scala => "//",
        Language::Sql => "--",
    };
    line.starts_with(prefix)
}

fn reason(magic: &str, instead: &str) -> String {
    format!("the API does not support `{magic}`; {instead}")
}

fn instead_of(name: &str) -> &'static str {
    match name {
        "run" => "send the code of the other notebook as a command before this one",
        "python" => "send the code as a command with the language `python`",
        "sql" => "send the query as a command with the language `sql`",
        "scala" => "send the code as a command with the language `scala`",
        "r" => "send the code as a command with the language `r`",
        "sh" | "bash" => "use `subprocess.run` in Python to run a program",
        "fs" => "use `dbutils.fs` in Python",
        "pip" | "conda" => "install packages into the Python environment of the server",
        "md" => "remove the text, which is not code",
        _ => "magic commands are part of notebooks",
    }
}

#[cfg(test)]
mod tests {
    use super::unsupported;
    use crate::language::Language::{Python, R, Scala, Sql};

    #[test]
    fn magic_commands_at_the_start_are_found() {
        for (language, source, magic) in [
            (Python, "%run ./other", "%run"),
            (Python, "\n\n  # comment\n%sql select 1", "%sql"),
            (Python, "\u{feff}%%bash\nls", "%bash"),
            (Python, "!ls", "!"),
            (Scala, "// comment\n%python\n1", "%python"),
            (Sql, "-- comment\n%md text", "%md"),
            (R, "%fs ls", "%fs"),
        ] {
            let reason = unsupported(language, source).unwrap();
            assert!(reason.contains(&format!("`{magic}`")), "{source}: {reason}");
        }
    }

    #[test]
    fn code_is_accepted() {
        for (language, source) in [
            (Python, ""),
            (Python, "# %run ./other"),
            (Python, "text = '''\n%run ./other\n'''"),
            (Python, "x = 5 \\\n  % 3"),
            (Scala, "!flag"),
            (R, "!TRUE"),
            (R, "% %"),
            (Sql, "select 5 % 3"),
        ] {
            assert_eq!(unsupported(language, source), None, "{source}");
        }
    }
}
