//! Results as Markdown (GitHub Flavored Markdown).

use std::io::{self, Write};

use generated_client::{Output, Table};

use super::cell;
use super::images::SavedImage;

/// Writes a table. Vertical bars and line ends in cells are escaped.
pub(crate) fn write_table(table: &Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let columns = table.columns();
    if columns.is_empty() {
        return Ok(());
    }
    let names = columns.iter().map(|column| escape(&column.name));
    write_row(names, out)?;
    let rules = columns.iter().map(|column| {
        let rule = if column.ty.is_numeric() {
            "---:"
        } else {
            "---"
        };
        rule.to_owned()
    });
    write_row(rules, out)?;
    for row in table.text_rows() {
        let cells = row
            .into_iter()
            .map(|text| text.map_or_else(|| "null".to_owned(), |text| escape(&text)));
        write_row(cells, out)?;
    }
    Ok(())
}

fn write_row(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    for cell in cells {
        write!(out, "| {cell} ")?;
    }
    out.write_all(b"|\n")
}

/// Escapes the characters with a meaning in a cell.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            escaped.push_str("<br>");
        }
        for c in cell::clean(Some(line.into()), false).chars() {
            match c {
                '<' => escaped.push_str("&lt;"),
                '&' => escaped.push_str("&amp;"),
                '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' => escaped.extend(['\\', c]),
                _ => escaped.push(c),
            }
        }
    }
    escaped
}

/// Returns results that are no table: images as links, other results as a block of code.
pub(super) fn text(output: &Output, saved: &[SavedImage]) -> String {
    if !saved.is_empty() {
        return saved
            .iter()
            .filter_map(SavedImage::path)
            .fold(String::new(), |text, path| {
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                format!("{text}![{}](<{}>)\n", escape(&name), path.display())
            });
    }
    let text = output.to_string();
    let text = text.trim_end_matches('\n');
    if text.is_empty() {
        return String::new();
    }
    // A fence is longer than all sequences of backticks in the block.
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn characters_with_a_meaning_are_escaped() {
        for (text, expected) in [
            ("a|b", "a\\|b"),
            ("a\r\nb\nc", "a<br>b<br>c"),
            ("<b> & `x_y`", "&lt;b> &amp; \\`x\\_y\\`"),
            ("\u{1b}[1m", "\\\\u{1b}\\[1m"),
            ("", ""),
        ] {
            assert_eq!(escape(text), expected);
        }
    }
}
