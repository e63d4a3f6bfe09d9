//! Length of text from servers.

/// Limit of the text of a server in an error message, in characters.
pub(super) const MAX_CHARS: usize = 400;

/// Cuts a line after [`MAX_CHARS`] characters and marks a cut.
pub(super) fn truncate(mut line: String, is_cut: bool) -> String {
    let end = line.char_indices().nth(MAX_CHARS).map(|(end, _)| end);
    if is_cut || end.is_some() {
        let kept = &line[..end.unwrap_or(line.len())];
        line.truncate(kept.trim_end().len());
        line.push('…');
    }
    line
}
