//! Recognition of files in other formats than TOML.

/// A format that people mistake for TOML, or that a download results in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Yaml,
    Markup,
}

impl Format {
    /// Returns the name for messages.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Markup => "HTML or XML",
        }
    }
}

/// Returns the format of a text that is not TOML, and the offset of its first line.
pub(super) fn detect(text: &str) -> Option<(Format, usize)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim().trim_start_matches('\u{feff}');
        if content.is_empty() || content.starts_with('#') {
            at += line.len();
            continue;
        }
        let start = at + line.len() - line.trim_start_matches(['\u{feff}', ' ', '\t']).len();
        let format = if is_json(&text[start..]) {
            Format::Json
        } else if content.starts_with('<') {
            Format::Markup
        } else if is_yaml(content) {
            Format::Yaml
        } else {
            return None;
        };
        return Some((format, start));
    }
    None
}

fn is_json(text: &str) -> bool {
    let inner = text.strip_prefix('[').unwrap_or(text);
    inner.trim_start().starts_with('{')
}

/// Returns whether the line is a key of YAML, e.g. `openapi: 3.0.0`, or the start of a document.
fn is_yaml(line: &str) -> bool {
    if line == "---" || line.starts_with("%YAML") {
        return true;
    }
    let Some((key, value)) = line.split_once(':') else {
        return false;
    };
    let is_key = |c: char| c.is_alphanumeric() || "_-./$".contains(c);
    let key = key.trim_matches(['"', '\'']);
    // A quoted value is more likely TOML with a colon in place of `=`.
    let is_value = value.is_empty() || value.starts_with(' ') && !value.contains(['"', '=']);
    !key.is_empty() && key.chars().all(is_key) && is_value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_recognized_by_their_first_line() {
        for (text, expected) in [
            ("{\n\"openapi\": \"3.0.0\"}", Some((Format::Json, 0))),
            ("\n[\n  {}\n]", Some((Format::Json, 1))),
            ("# Jobs\nopenapi: 3.0.0\n", Some((Format::Yaml, 7))),
            ("---\n", Some((Format::Yaml, 0))),
            ("\u{feff}<html>", Some((Format::Markup, 3))),
            ("[api]\nname: x", None),
            ("name: \"Jobs\"\n", None),
            ("", None),
        ] {
            assert_eq!(detect(text), expected, "{text:?}");
        }
    }
}
