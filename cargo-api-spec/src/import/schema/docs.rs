//! Descriptions of the document as documentation.

use std::borrow::Cow;

/// Cleans up Markdown so that rustdoc finds no code in it to compile.
///
/// Code fences become `text`, and lines indented by four or more columns are indented by three.
pub(in crate::import) fn markdown(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    let mut in_fence = false;
    for line in text.trim().lines() {
        if !markdown.is_empty() {
            markdown.push('\n');
        }
        let line = without_control(line);
        let content = line.trim();
        if let Some(fence) = fence(content) {
            in_fence = !in_fence;
            markdown.push_str(fence);
            markdown.push_str(if in_fence { "text" } else { "" });
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let indent = if in_fence { indent } else { indent.min(3) };
        markdown.extend(std::iter::repeat_n(' ', indent));
        markdown.push_str(content);
    }
    if in_fence {
        markdown.push_str("\n```");
    }
    markdown.truncate(markdown.trim_end().len());
    let start = markdown.len() - markdown.trim_start().len();
    markdown.drain(..start);
    markdown
}

/// Returns the first paragraph on one line. A paragraph with a code fence is omitted.
pub(in crate::import) fn first_paragraph(text: &str) -> String {
    let mut paragraph = String::new();
    for line in text.trim().lines() {
        let line = without_control(line);
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_none() && !paragraph.is_empty() {
            break;
        }
        for word in words {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(word);
        }
    }
    if paragraph.contains("```") || paragraph.contains("~~~") {
        paragraph.clear();
    }
    paragraph
}

/// Returns the characters that begin or end a block of code, if a line does so.
fn fence(content: &str) -> Option<&'static str> {
    let fences = ["```", "~~~"];
    fences.into_iter().find(|it| content.starts_with(it))
}

/// Removes control characters, which most lines do not contain.
fn without_control(line: &str) -> Cow<'_, str> {
    // In UTF-8, those outside of ASCII begin with this byte.
    let may_be_control = |byte: u8| byte.is_ascii_control() || byte == 0xC2;
    if line.bytes().any(may_be_control) {
        line.chars().filter(|c| !c.is_control()).collect()
    } else {
        line.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_markdown_is_not_compiled() {
        assert_eq!(
            markdown(" a\n\n    b\n```rust\n  c\n"),
            "a\n\n   b\n```text\n  c\n```"
        );
    }

    #[test]
    fn first_paragraph_is_joined_to_one_line() {
        assert_eq!(first_paragraph("a\n b\n\nc"), "a b");
    }
}
