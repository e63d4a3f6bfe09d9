//! Quoting of names in messages.

/// Maximum number of labels for parts of other items.
pub(super) const MAX_LABELS: usize = 6;

/// Returns the name in backticks.
pub(super) fn quote(name: &str) -> String {
    format!("`{}`", excerpt(name))
}

/// Returns the name for use in a single-line message: shortened, and without control characters.
pub(super) fn excerpt(name: &str) -> String {
    const MAX_CHARS: usize = 60;
    let mut excerpt: String = name.chars().take(MAX_CHARS).map(printable).collect();
    if name.chars().nth(MAX_CHARS).is_some() {
        excerpt.push('…');
    }
    excerpt
}

fn printable(c: char) -> char {
    if c.is_control() { '\u{fffd}' } else { c }
}

/// Returns `lead` and the quoted names, at most twelve of them.
pub(super) fn list(lead: &str, names: &[&str]) -> String {
    const MAX_NAMES: usize = 12;
    if names.is_empty() {
        return format!("{lead} (none)");
    }
    let quoted: Vec<String> = names.iter().take(MAX_NAMES).map(|it| quote(it)).collect();
    let quoted = quoted.join(", ");
    match names.len().checked_sub(MAX_NAMES) {
        Some(more @ 1..) => format!("{lead} {quoted} and {more} more"),
        _ => format!("{lead} {quoted}"),
    }
}

/// Returns the quoted names of a cycle, at most six of them, and the first name again.
pub(super) fn cycle(names: &[&str]) -> String {
    const MAX_NAMES: usize = 6;
    let mut path: Vec<String> = names.iter().take(MAX_NAMES).map(|it| quote(it)).collect();
    if names.len() > MAX_NAMES {
        path.push("…".to_owned());
    }
    path.extend(names.first().map(|first| quote(first)));
    path.join(" → ")
}

/// Returns the quoted names as an enumeration, at most twelve of them.
pub(super) fn and(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, first @ [_, ..])) => format!("{} and {}", list("", first).trim(), quote(last)),
        _ => list("", names).trim().to_owned(),
    }
}

/// Returns all names, quoted and separated by commas.
pub(super) fn all(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
