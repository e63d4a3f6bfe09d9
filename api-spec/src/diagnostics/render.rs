//! Rendering of diagnostics as text.

use annotate_snippets::{Annotation, AnnotationKind, Level as Severity, Renderer, Snippet};

use super::diagnostic::Diagnostic;
use super::level::Level;
use crate::source::{Source, Span};

/// Output format of a rendered diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Plain text without a leading `error:`, for `compile_error!`, which adds its own.
    Plain,
    /// Text with ANSI colors and a leading `error[S101]:`, for a terminal.
    Terminal,
}

impl Diagnostic {
    /// Renders the diagnostic with the source lines it refers to.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_spec::{Source, Style};
    ///
    /// let source = Source::new("api.toml", "[api]\nname = \"Jobs\"\ndocs = \"Runs jobs.\"\n");
    /// let parsed = api_spec::parse(&source);
    /// let text = parsed.diagnostics[0].render(&source, Style::Plain);
    /// assert!(text.starts_with("unknown key `docs` in `[api]` [S101]"), "{text}");
    /// assert!(text.contains("api.toml:3:1"), "{text}");
    /// assert!(text.contains("did you mean `doc`?"), "{text}");
    /// ```
    pub fn render(&self, source: &Source, style: Style) -> String {
        let severity = match self.level {
            Level::Error => Severity::ERROR,
            Level::Warning => Severity::WARNING,
        };
        let code = self.code.id();
        let title = match style {
            Style::Plain => severity
                .no_name()
                .primary_title(format!("{} [{code}]", self.message)),
            Style::Terminal => severity.primary_title(self.message.as_str()).id(code),
        };
        let helps = self
            .help
            .iter()
            .map(|help| Severity::HELP.message(printable(help)));
        let report = [title.elements(self.snippets(source)).elements(helps)];
        match style {
            Style::Plain => Renderer::plain().render(&report),
            Style::Terminal => Renderer::styled().render(&report),
        }
    }

    /// Returns the annotated lines of each file, starting with the file of the primary label.
    fn snippets<'s>(&'s self, source: &'s Source) -> Vec<Snippet<'s, Annotation<'s>>> {
        let mut files: Vec<(usize, Vec<usize>)> = Vec::new();
        for (index, label) in self.labels.iter().enumerate() {
            let (_, start) = source.file_at(label.span.start);
            match files.iter_mut().find(|(known, _)| *known == start) {
                Some((_, labels)) => labels.push(index),
                None => files.push((start, vec![index])),
            }
        }
        let files = files.iter();
        files
            .map(|(start, labels)| self.snippet(source.file_at(*start).0, *start, labels))
            .collect()
    }

    /// Returns the annotated lines of one file.
    fn snippet<'s>(
        &'s self,
        file: &'s Source,
        start: usize,
        labels: &[usize],
    ) -> Snippet<'s, Annotation<'s>> {
        // The renderer panics on a span outside of the text or inside a character.
        let spans: Vec<Span> = labels
            .iter()
            .map(|&index| file.clamp(self.labels[index].span.relative_to(start)))
            .collect();
        let first = spans.iter().map(|span| span.start).min().unwrap_or(0);
        let end = spans.iter().map(|span| span.end).max().unwrap_or(0);
        let (line, window) = file.lines_of(Span { start: first, end });
        let annotations = labels.iter().zip(&spans).map(|(&index, span)| {
            let kind = if index == 0 {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let text = self.labels[index].text.as_str();
            kind.span(span.start - window.start..span.end - window.start)
                .label((!text.is_empty()).then_some(text))
        });
        Snippet::source(&file.text()[window.range()])
            .path(file.name())
            .line_start(line + 1)
            .annotations(annotations)
    }
}

/// Replaces control characters. The renderer prints help texts verbatim, and they quote the file.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// Renders all diagnostics as plain text, separated by empty lines.
pub fn plain(diagnostics: &[Diagnostic], source: &Source) -> String {
    let rendered: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.render(source, Style::Plain))
        .collect();
    rendered.join("\n\n")
}
