//! Descriptions of the document as documentation.

/// Cleans up Markdown so that rustdoc finds no code in it to compile.
///
/// Code fences become `text`, and lines indented by four or more columns are indented by three.
pub(in crate::import) fn markdown(text: &str) -> String {
    let mut in_fence = false;
    let lines = text.trim().lines().map(|line| {
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        let content = line.trim();
        let fence = ["```", "~~~"]
            .into_iter()
            .find(|it| content.starts_with(it));
        if let Some(fence) = fence {
            in_fence = !in_fence;
            return format!("{fence}{}", if in_fence { "text" } else { "" });
        }
        let indent = line.len() - line.trim_start().len();
        let indent = if in_fence { indent } else { indent.min(3) };
        format!("{}{content}", " ".repeat(indent))
    });
    let mut lines: Vec<String> = lines.collect();
    if in_fence {
        lines.push("```".to_owned());
    }
    lines.join("\n").trim().to_owned()
}

/// Returns the first paragraph on one line. A paragraph with a code fence is omitted.
pub(in crate::import) fn first_paragraph(text: &str) -> String {
    let text = markdown(text);
    let first = text.split("\n\n").next().unwrap_or_default();
    if first.contains("```") || first.contains("~~~") {
        return String::new();
    }
    first.split_whitespace().collect::<Vec<_>>().join(" ")
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
